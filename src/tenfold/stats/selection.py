"""What a selection method yields, in counts of people: Taylor and Russell's success rate, from the normal model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.polynomial.legendre import leggauss

from tenfold.kit.errors import UserError

NODES = 200
FARTHEST = 9.0
"""Standard deviations beyond which the normal distribution is nothing."""


@dataclass(frozen=True, slots=True)
class ExpectedOutcomes:
    """Of `hired` people chosen like this: how many succeed, and how many would by chance.

    `low` and `high` belong to the ends of the validity's interval, not to chance in the people themselves.
    """

    hired: int
    succeed: float
    low: float
    high: float
    by_chance: float


def taylor_russell(validity: float, base_rate: float, selection_ratio: float) -> float:
    """Share of those selected who succeed, where predictor and outcome are jointly normal.

    Args:
        validity: correlation of predictor and outcome, -1 to 1.
        base_rate: share that would succeed unselected, between 0 and 1.
        selection_ratio: share selected, above 0; 1 takes everyone.

    Raises:
        UserError: an argument outside its bounds.
    """
    if not -1 <= validity <= 1 or not 0 < base_rate < 1 or not 0 < selection_ratio <= 1:
        raise UserError(
            "The validity lies between -1 and 1, the base rate between 0 and 1, and so does the selection ratio.",
            remedy="Give shares, such as 0.2 for one in five.",
        )
    cut, bar = -scipy.special.ndtri(selection_ratio), -scipy.special.ndtri(base_rate)
    if abs(validity) == 1:
        return _deterministic(validity, base_rate, selection_ratio)
    start = max(float(cut), -FARTHEST)
    nodes, weights = leggauss(NODES)
    x = start + (FARTHEST - start) * (nodes + 1) / 2
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    succeeds = scipy.special.ndtr((validity * x - bar) / math.sqrt(1 - validity**2))
    return float((weights * density * succeeds).sum() * (FARTHEST - start) / 2 / selection_ratio)


def mean_of_selected(selection_ratio: float) -> float:
    """Mean standard score on the predictor of those selected from the top."""
    cut = -scipy.special.ndtri(selection_ratio)
    return float(np.exp(-(cut**2) / 2) / math.sqrt(2 * math.pi) / selection_ratio)


def expected_outcomes(
    hired: int, *, validity: float, low: float, high: float, base_rate: float, selection_ratio: float
) -> ExpectedOutcomes:
    """“Of 100 hired like this about 74 succeed; by chance 50 would.” `low` and `high` bound the validity."""
    succeed, least, most = (hired * taylor_russell(one, base_rate, selection_ratio) for one in (validity, low, high))
    return ExpectedOutcomes(hired, succeed, least, most, hired * base_rate)


def _deterministic(validity: float, base_rate: float, selection_ratio: float) -> float:
    if validity > 0:
        return min(1.0, base_rate / selection_ratio)
    return max(0.0, (base_rate + selection_ratio - 1) / selection_ratio)
