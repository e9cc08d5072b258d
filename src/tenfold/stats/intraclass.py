"""Intraclass correlations of a complete table: six forms with intervals, from the analysis of variance.

Shrout and Fleiss 1979 (Psychological Bulletin 86:420), intervals by McGraw and Wong 1996 (Psychological Methods 1:30).
A table with gaps is refused: dropping the rows with gaps changes the answer (use `tenfold.stats.reliability`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from tenfold.kit.errors import NotEnoughData
from tenfold.stats.mixed_intervals import Estimate

BANDS = ((0.5, "poor"), (0.75, "moderate"), (0.9, "good"))
"""Readings of a reliability by Koo and Li 2016."""


@dataclass(frozen=True, slots=True)
class IntraclassCorrelations:
    """One rating (`one_…`) and the mean of the table's raters (`mean_…`).

    `one_way`: each subject has raters of its own. `agreement`: the same raters for all, and their leniency counts.
    `consistency`: the same, and it does not count.
    """

    n_subjects: int
    n_raters: int
    one_way: Estimate
    one_agreement: Estimate
    one_consistency: Estimate
    mean_one_way: Estimate
    mean_agreement: Estimate
    mean_consistency: Estimate


@dataclass(frozen=True, slots=True)
class _Squares:
    """Mean squares of n subjects × k raters."""

    n: int
    k: int
    subjects: float
    raters: float
    error: float
    within: float


def intraclass(table: Sequence[Sequence[float]] | NDArray[np.float64]) -> IntraclassCorrelations:
    """All six forms with 95 % intervals.

    Args:
        table: one row a subject, one column a rater, no gaps.

    Raises:
        NotEnoughData: fewer than two rows or columns, a gap, or ratings that never differ.
    """
    squares = _mean_squares(np.asarray(table, dtype=float))
    one_way, agreement, consistency = _one_way(squares), _agreement(squares), _consistency(squares)
    return IntraclassCorrelations(
        n_subjects=squares.n,
        n_raters=squares.k,
        one_way=one_way,
        one_agreement=agreement,
        one_consistency=consistency,
        mean_one_way=_of_mean(one_way, squares.k),
        mean_agreement=_of_mean(agreement, squares.k),
        mean_consistency=_of_mean(consistency, squares.k),
    )


def reading(one: Estimate) -> str:
    """Koo and Li's word for a reliability, judged by its interval: `poor to good`, or one word if both ends agree."""
    words = [_band(end) for end in (one.low, one.high) if end is not None]
    return " to ".join(dict.fromkeys(words)) or _band(one.value)


def _band(value: float) -> str:
    return next((word for below, word in BANDS if value < below), "excellent")


def _mean_squares(table: NDArray[np.float64]) -> _Squares:
    if table.ndim != 2 or min(table.shape) < 2:
        raise NotEnoughData("An intraclass correlation needs at least two subjects and two raters.")
    if not np.isfinite(table).all():
        raise NotEnoughData("The table has gaps.", remedy="Use the variance components, which need no complete table.")
    if np.ptp(table) == 0:
        raise NotEnoughData("All ratings are the same, so no correlation is defined.")
    n, k = table.shape
    grand = table.mean()
    rows = k * ((table.mean(axis=1) - grand) ** 2).sum()
    columns = n * ((table.mean(axis=0) - grand) ** 2).sum()
    total = ((table - grand) ** 2).sum()
    error = max(0.0, float(total - rows - columns))
    return _Squares(
        n=n,
        k=k,
        subjects=float(rows / (n - 1)),
        raters=float(columns / (k - 1)),
        error=error / ((n - 1) * (k - 1)),
        within=max(0.0, float(total - rows)) / (n * (k - 1)),
    )


def _one_way(squares: _Squares) -> Estimate:
    return _from_f(squares.subjects, squares.within, squares.k, squares.n - 1, squares.n * (squares.k - 1))


def _consistency(squares: _Squares) -> Estimate:
    freedom = (squares.n - 1) * (squares.k - 1)
    return _from_f(squares.subjects, squares.error, squares.k, squares.n - 1, freedom)


def _from_f(between: float, error: float, k: int, upper: int, lower: int) -> Estimate:
    """(F − 1) / (F + k − 1), with F moved to both ends of its interval; written so that no error at all gives one."""

    def correlation(times: float) -> float:
        return (between - times * error) / (between + (k - 1) * times * error)

    return Estimate(
        correlation(1.0),
        correlation(float(scipy.stats.f.ppf(0.975, upper, lower))),
        correlation(1 / float(scipy.stats.f.ppf(0.975, lower, upper))),
    )


def _agreement(s: _Squares) -> Estimate:
    value = (s.subjects - s.error) / (s.subjects + (s.k - 1) * s.error + s.k * (s.raters - s.error) / s.n)
    if s.raters == 0 and s.error == 0:
        return Estimate(1.0, 1.0, 1.0)
    a = s.k * value / (s.n * (1 - value))
    b = 1 + s.k * value * (s.n - 1) / (s.n * (1 - value))
    first, second = a * s.raters, b * s.error
    freedom = (first + second) ** 2 / (first**2 / (s.k - 1) + second**2 / ((s.n - 1) * (s.k - 1)))
    times = float(scipy.stats.f.ppf(0.975, s.n - 1, freedom))
    low = s.n * (s.subjects - times * s.error)
    low /= times * (s.k * s.raters + (s.k * s.n - s.k - s.n) * s.error) + s.n * s.subjects
    times = float(scipy.stats.f.ppf(0.975, freedom, s.n - 1))
    high = s.n * (times * s.subjects - s.error)
    high /= s.k * s.raters + (s.k * s.n - s.k - s.n) * s.error + s.n * times * s.subjects
    return Estimate(value, low, high)


def _of_mean(one: Estimate, k: int) -> Estimate:
    def step_up(value: float | None) -> float | None:
        return None if value is None else k * value / (1 + (k - 1) * value)

    return Estimate(k * one.value / (1 + (k - 1) * one.value), step_up(one.low), step_up(one.high))
