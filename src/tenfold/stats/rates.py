"""Rates of events in time: exact Poisson intervals, and rates of changes that were only looked at now and then."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import scipy

CONFIDENCE = 0.95
STEPS = 200


@dataclass(frozen=True, slots=True)
class Rate:
    """Events per unit of `exposure`, with its interval; `high` is None where the data set no upper bound."""

    value: float
    low: float
    high: float | None
    events: int
    exposure: float


def poisson_rate(events: int, exposure: float, *, confidence: float = CONFIDENCE) -> Rate:
    """Events over exposure with Garwood's exact interval (Garwood 1936; chi-square quantiles).

    Raises:
        ValueError: exposure is not positive.
    """
    if exposure <= 0:
        raise ValueError("a rate needs a positive exposure")
    tail = (1 - confidence) / 2
    low = float(scipy.special.gammaincinv(events, tail)) if events else 0.0
    high = float(scipy.special.gammaincinv(events + 1, 1 - tail))
    return Rate(events / exposure, low / exposure, high / exposure, events, exposure)


def chance_of_more_than(count: int, mean: float) -> float:
    """P(N > count) for N Poisson with this mean."""
    return float(scipy.special.gammainc(count + 1, mean)) if mean > 0 else 0.0


def poisson_quantile(share: float, mean: float) -> int:
    """The smallest count c with P(N ≤ c) ≥ share."""
    count = 0
    while scipy.special.gammaincc(count + 1, mean) < share:
        count += 1
    return count


def poisson_upper_tail(count: int, mean: float) -> float:
    """P(N ≥ count)."""
    return chance_of_more_than(count - 1, mean) if count > 0 else 1.0


def share_interval(successes: int, trials: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Clopper–Pearson's exact interval of a share."""
    tail = (1 - confidence) / 2
    low = float(scipy.special.betaincinv(successes, trials - successes + 1, tail)) if successes else 0.0
    high = float(scipy.special.betaincinv(successes + 1, trials - successes, 1 - tail)) if successes < trials else 1.0
    return low, high


def polled_rate(gaps: Sequence[float], changed: Sequence[bool], *, confidence: float = CONFIDENCE) -> Rate:
    """The rate of changes where each gap between two looks shows only whether something changed, not how often.

    Maximum likelihood of a Poisson process seen through such a window: a gap g shows a change with probability
    1 − exp(−λg). Bounds: Clopper–Pearson on the share of gaps with a change, turned into the λ at which that share is
    expected; exact for equal gaps, on the safe side for unequal ones (a sum of unequal coin tosses varies less). Short
    gaps give the Poisson rate; a gap long against 1/λ widens the interval, without an upper bound at the end.

    Raises:
        ValueError: no gap, or one that is not positive.
    """
    if not gaps or min(gaps) <= 0:
        raise ValueError("a polled rate needs gaps longer than nothing")
    seen, exposure = sum(changed), math.fsum(gaps)
    low, high = share_interval(seen, len(gaps), confidence=confidence)
    return Rate(
        value=_most_likely(gaps, changed, exposure),
        low=_rate_expecting(low * len(gaps), gaps) or 0.0,
        high=_rate_expecting(high * len(gaps), gaps),
        events=seen,
        exposure=exposure,
    )


def _most_likely(gaps: Sequence[float], changed: Sequence[bool], exposure: float) -> float:
    quiet = math.fsum(gap for gap, was in zip(gaps, changed, strict=True) if not was)
    busy = [gap for gap, was in zip(gaps, changed, strict=True) if was]
    if not busy:
        return 0.0
    if quiet == 0:
        return len(busy) / exposure  # every look found a change: only a lower bound, told by the missing upper one

    def slope(rate: float) -> float:
        return math.fsum(gap / math.expm1(min(700.0, rate * gap)) for gap in busy) - quiet

    return _root(slope, len(busy) / exposure)


def _rate_expecting(changes: float, gaps: Sequence[float]) -> float | None:
    """The rate at which so many gaps are expected to show a change; None where no finite rate does."""
    if changes <= 0:
        return 0.0
    if changes >= len(gaps):
        return None

    def short_of(rate: float) -> float:
        return changes - math.fsum(-math.expm1(-rate * gap) for gap in gaps)

    return _root(short_of, changes / math.fsum(gaps))


def _root(falling: Callable[[float], float], low: float) -> float:
    """Where a falling function that is not negative at `low` comes to 0, by doubling and halving."""
    high = low
    while falling(high) > 0:
        high *= 2
    for _ in range(STEPS):
        middle = (low + high) / 2
        if falling(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
