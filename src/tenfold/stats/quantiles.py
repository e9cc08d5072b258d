"""Quantiles with exact intervals from order statistics: no shape of distribution is supposed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile; a bound is None where n is too small for any order statistic to bound it."""

    value: float
    low: float | None
    high: float | None
    n: int


def quantile(values: Sequence[float], share: float, *, confidence: float = 0.95) -> Quantile:
    """The quantile, linear between order statistics (type 7), with the binomial interval (Hahn and Meeker 1991, 5.2).

    Raises:
        ValueError: there is no value, or the share is not between 0 and 1.
    """
    if not values or not 0 < share < 1:
        raise ValueError("a quantile needs values and a share between 0 and 1")
    ordered, n = sorted(values), len(values)
    place = share * (n - 1)
    below = math.floor(place)
    above = min(below + 1, n - 1)
    middle = ordered[below] + (place - below) * (ordered[above] - ordered[below])
    low, high = _ranks(n, share, (1 - confidence) / 2)
    return Quantile(middle, ordered[low - 1] if low else None, ordered[high - 1] if high <= n else None, n)


def _ranks(n: int, share: float, tail: float) -> tuple[int, int]:
    """Ranks l and u with P(B < l) ≤ tail and P(B ≥ u) ≤ tail for B binomial; 0 and n + 1 where there are none."""
    total, low, high = 0.0, 0, n + 1
    for count in range(n + 1):
        total += math.exp(_log_binomial(n, count, share))
        if total <= tail:
            low = count + 1
        if total >= 1 - tail:
            high = count + 1
            break
    return min(low, n), high


def _log_binomial(n: int, count: int, share: float) -> float:
    choose = math.lgamma(n + 1) - math.lgamma(count + 1) - math.lgamma(n - count + 1)
    return choose + count * math.log(share) + (n - count) * math.log1p(-share)
