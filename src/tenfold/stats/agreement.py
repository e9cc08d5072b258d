"""Krippendorff's alpha: agreement of raters on units, by any number of raters, with missing ratings.

Krippendorff 2004, Content Analysis, chapter 11. Ordinal disagreement is squared distance of mid-ranks, and interval
disagreement squared distance of values, so both come from sums of squares: no table of all pairs of values is built.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alpha:
    """Agreement under three readings of the scale; None where the ratings never differ, or none can be paired.

    `n_pairable`: ratings of units that have at least two; only they count.
    """

    nominal: float | None
    ordinal: float | None
    interval: float | None
    ratio: float | None
    n_units: int
    n_pairable: int


def krippendorff_alpha(units: Sequence[Hashable], values: Sequence[float]) -> Alpha:
    """Alpha from one unit and one value a rating, in any order.

    `ratio` is None where a value is negative.
    """
    numbers: dict[Hashable, int] = {}
    codes = np.array([numbers.setdefault(unit, len(numbers)) for unit in units], dtype=np.intp)
    rated = np.asarray(values, dtype=float)
    pairable = np.bincount(codes, minlength=len(numbers))[codes] > 1 if len(codes) else np.array([], dtype=bool)
    _, codes = np.unique(codes[pairable], return_inverse=True)
    rated = rated[pairable]
    if len(rated) == 0 or np.ptp(rated) == 0:
        return Alpha(None, None, None, None, len(set(codes.tolist())), len(rated))
    return Alpha(
        nominal=_nominal(codes, rated),
        ordinal=_square(codes, scipy.stats.rankdata(rated)),
        interval=_square(codes, rated),
        ratio=_ratio(codes, rated) if rated.min() >= 0 else None,
        n_units=int(codes.max()) + 1,
        n_pairable=len(rated),
    )


def _square(codes: NDArray[np.intp], values: Vector) -> float:
    """One minus observed over expected squared distance of pairs."""
    sizes = np.bincount(codes)
    means = np.bincount(codes, values) / sizes
    inside = np.bincount(codes, (values - means[codes]) ** 2)
    observed = float((2 * sizes * inside / (sizes - 1)).sum()) / len(values)
    expected = 2 * float(((values - values.mean()) ** 2).sum()) / (len(values) - 1)
    return 1 - observed / expected


def _nominal(codes: NDArray[np.intp], values: Vector) -> float:
    """Disagreeing pairs inside units, weighted by 1 / (the unit's ratings − 1), over disagreeing pairs at large."""
    _, kinds = np.unique(values, return_inverse=True)
    n, sizes = len(values), np.bincount(codes)
    same = np.unique(np.stack([codes, kinds]), axis=1, return_counts=True)
    units, counts = same[0][0], same[1]
    agreeing = np.bincount(units, counts * (counts - 1), minlength=len(sizes))
    observed = float(((sizes * (sizes - 1) - agreeing) / (sizes - 1)).sum()) / n
    totals = np.bincount(kinds).astype(float)
    expected = (n * (n - 1) - float((totals * (totals - 1)).sum())) / (n * (n - 1))
    return 1 - observed / expected


def _ratio(codes: NDArray[np.intp], values: Vector) -> float:
    """Squared distance relative to the sum, ((a − b) / (a + b))², by the table of coincidences."""
    known, kinds = np.unique(values, return_inverse=True)
    counts = np.zeros((int(codes.max()) + 1, len(known)))
    np.add.at(counts, (codes, kinds), 1)
    weighted = counts / (counts.sum(axis=1, keepdims=True) - 1)
    coincidences = counts.T @ weighted - np.diag(weighted.sum(axis=0))
    sums = known[:, None] + known
    distance = np.divide(known[:, None] - known, sums, out=np.zeros_like(sums), where=sums > 0) ** 2
    totals = coincidences.sum(axis=1)
    n = float(totals.sum())
    expected = float((np.outer(totals, totals) * distance).sum()) / (n - 1)
    return 1 - float((coincidences * distance).sum()) / expected
