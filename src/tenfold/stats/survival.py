"""How long things last when not all have ended: Kaplan–Meier with delayed entry, Aalen–Johansen by cause.

Times are in any one unit (here mostly years) since each spell's own start. A spell is seen from `entry` on (0 where it
was seen from its start; later where records begin later: left truncation) until `end`, when it ended or was still going
on. Variances are Greenwood's; intervals are on the log(−log) scale, after Kalbfleisch and Prentice, The Statistical
Analysis of Failure Time Data (2002), section 1.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
SMALLEST_RISK_SET = 10
"""A curve with delayed entry starts where this many are at risk: one early exit of two must not halve it for good."""

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; a bound is None where the data set none."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Spell:
    """One stay. `entry` < `end`, both since its start; `cause` only where `ended`."""

    end: float
    ended: bool
    entry: float = 0.0
    cause: str | None = None


@dataclass(frozen=True)
class SurvivalCurve:
    """The share that stays longer than t, given that it stayed until `starts_at`.

    One element of each array an event time at or after `starts_at`; `at_risk` and `exits` belong to that time, the
    other arrays hold from it on. `n` and `n_exits` count the spells that the curve rests on.
    """

    starts_at: float
    last_seen: float
    n: int
    n_exits: int
    confidence: float
    copies: int
    times: Floats
    at_risk: Floats
    exits: Floats
    survival: Floats
    low: Floats
    high: Floats
    spells: tuple[Spell, ...]

    def at(self, time: float) -> Estimate | None:
        """The share that stays longer than `time`; None before the curve starts and beyond what was seen."""
        if time < self.starts_at or (time > self.last_seen and not self._is_used_up):
            return None
        step = int(np.searchsorted(self.times, time, side="right")) - 1
        if step < 0:
            return Estimate(1.0, _zero_event_bound(self.under_observation(time), self.confidence), 1.0)
        return Estimate(float(self.survival[step]), float(self.low[step]), float(self.high[step]))

    def median(self) -> Estimate | None:
        """When half have left; None where the curve does not come down to a half."""
        value = self._crossing(self.survival)
        return None if value is None else Estimate(value, self._begins_to_hold(value), self._crossing(self.high))

    def restricted_mean(self, horizon: float) -> Estimate | None:
        """The mean time spent between `starts_at` and `horizon`; what can be said where there is no median."""
        if horizon > self.last_seen and not self._is_used_up:
            return None
        inside = self.times < horizon
        edges = np.concatenate(([self.starts_at], self.times[inside], [horizon]))
        heights = np.concatenate(([1.0], self.survival[inside]))
        areas = np.diff(edges) * heights
        tails = np.cumsum(areas[::-1])[::-1][1:]
        d, r = self.exits[inside], self.at_risk[inside]
        spread = np.divide(d, r * (r - d), out=np.zeros_like(d), where=r > d)
        half = _z(self.confidence) * float(np.sqrt(np.sum(tails**2 * spread)))
        mean = float(areas.sum())
        return Estimate(mean, max(0.0, mean - half), min(horizon - self.starts_at, mean + half))

    @property
    def _is_used_up(self) -> bool:
        return bool(len(self.survival)) and self.survival[-1] == 0

    def _begins_to_hold(self, median: float) -> float | None:
        """From when on, up to the median, the lower bound is a half or less (Brookmeyer and Crowley 1982).

        Under delayed entry the first risk sets are small, and the bound may dip below a half there and rise again: such
        a moment, apart from the median, is no part of its interval.
        """
        above = np.flatnonzero((self.low > 0.5) & (self.times < median))
        first = int(above[-1]) + 1 if len(above) else 0
        return float(self.times[first])

    def _crossing(self, heights: Floats) -> float | None:
        below = np.flatnonzero(heights <= 0.5)
        return float(self.times[below[0]]) if len(below) else None

    def under_observation(self, time: float) -> int:
        """How many were seen to be staying at this length of stay."""
        return sum(1 for spell in self.spells if spell.entry <= time <= spell.end) // self.copies


class NothingAtRisk(ValueError):
    """No time at which enough spells are under observation for a curve to start."""


def kaplan_meier(
    spells: Sequence[Spell],
    *,
    start: float | None = None,
    smallest_risk_set: int = SMALLEST_RISK_SET,
    confidence: float = CONFIDENCE,
    copies: int = 1,
) -> SurvivalCurve:
    """The product-limit estimate; a spell is at risk at t where entry < t ≤ end.

    `start`: condition on having stayed so long; default: the first time from which the risk set is never below
    `smallest_risk_set` while it still fills up (0 where every spell was seen from its start). `copies`: every stay
    stands so many times in `spells`, once for each date that it may have, and counts once.

    Raises:
        NothingAtRisk: no spell is seen after `start`.
    """
    begins = curve_start(spells, smallest_risk_set * copies) if start is None else start
    kept = tuple(spell for spell in spells if spell.end > begins)
    if not kept:
        raise NothingAtRisk(f"no spell is seen after {begins:g}")
    times, at_risk, exits = _risk_table(kept, begins)
    at_risk, exits = at_risk / copies, exits / copies
    survival: Floats = np.cumprod(1 - exits / at_risk)
    low, high = _log_log_bounds(survival, at_risk, exits, confidence)
    return SurvivalCurve(
        starts_at=begins,
        last_seen=max(spell.end for spell in kept),
        n=round(len(kept) / copies),
        n_exits=round(sum(spell.ended for spell in kept) / copies),
        confidence=confidence,
        copies=copies,
        times=times,
        at_risk=at_risk,
        exits=exits,
        survival=survival,
        low=low,
        high=high,
        spells=kept,
    )


def curve_start(spells: Sequence[Spell], smallest_risk_set: int = SMALLEST_RISK_SET) -> float:
    """Where a curve with delayed entry may start.

    That is after the last exit, on the way to the largest risk set, at which fewer than `smallest_risk_set` were at
    risk. 0 where nobody entered late: a small group seen from its start is small, not truncated.
    """
    if not spells or max(spell.entry for spell in spells) <= 0:
        return 0.0
    needed = min(smallest_risk_set, len(spells))
    times, at_risk, _ = _risk_table(spells, 0.0)
    filling = slice(0, int(np.argmax(at_risk)) + 1) if len(times) else slice(0, 0)
    thin = np.flatnonzero(at_risk[filling] < needed)
    earliest = min(spell.entry for spell in spells)
    if not len(thin):
        return earliest
    return max(earliest, float(times[filling][thin[-1]]))


def cumulative_incidence(
    curve: SurvivalCurve, cause: str, times: Sequence[float], *, confidence: float = CONFIDENCE
) -> list[Estimate | None]:
    """The share that has left for `cause` by each time, other causes competing (Aalen–Johansen).

    Never 1 − Kaplan–Meier of one cause: that supposes that the others could be switched off. Variance by the delta
    method (Marubini and Valsecchi 1995, formula 10.12); intervals on the log(−log) scale of the share not yet left.
    """
    table = _CauseTable.of(curve, cause)
    return [_incidence_at(table, time, confidence) for time in times]


def turning_points(spells: Sequence[Spell]) -> tuple[Floats, Floats, Floats]:
    """Event times with the number at risk and the number of exits, as of a table by hand."""
    return _risk_table(spells, 0.0)


def _risk_table(spells: Sequence[Spell], begins: float) -> tuple[Floats, Floats, Floats]:
    entry = np.sort(np.array([max(spell.entry, begins) for spell in spells], dtype=float))
    end = np.sort(np.array([spell.end for spell in spells], dtype=float))
    events = np.array([spell.end for spell in spells if spell.ended and spell.end > begins], dtype=float)
    times, exits = np.unique(events, return_counts=True)
    entered = np.searchsorted(entry, times, side="left")
    left = np.searchsorted(end, times, side="left")
    return times, (entered - left).astype(float), exits.astype(float)


def _log_log_bounds(survival: Floats, at_risk: Floats, exits: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Bounds by S^exp(±z·σ/log S); where all have left there is only the bound that held before."""
    if not len(survival):
        return np.empty(0), np.empty(0)
    remain = at_risk > exits
    greenwood = np.cumsum(np.divide(exits, at_risk * (at_risk - exits), out=np.zeros_like(exits), where=remain))
    inside = (survival > 0) & (survival < 1)
    logs = np.log(survival, out=np.full_like(survival, -1.0), where=inside)
    half = _z(confidence) * np.sqrt(greenwood) / np.abs(logs)
    low = np.where(inside, survival ** np.exp(half), 0.0)
    high = np.where(inside, survival ** np.exp(-half), np.nan)
    for index in np.flatnonzero(np.isnan(high)):
        high[index] = high[index - 1] if index else 1.0
    return low, high


@dataclass(frozen=True)
class _CauseTable:
    """What a curve says of one cause, by event time: the share still there before, its exits, the share gone by it."""

    curve: SurvivalCurve
    before: Floats
    exits: Floats
    shares: Floats

    @classmethod
    def of(cls, curve: SurvivalCurve, cause: str) -> _CauseTable:
        ends = [spell.end for spell in curve.spells if spell.ended and spell.cause == cause]
        exits = np.bincount(np.searchsorted(curve.times, ends), minlength=len(curve.times)) / curve.copies
        before = np.concatenate(([1.0], curve.survival))[: len(curve.survival)]
        return cls(curve, before, exits, np.cumsum(before * exits / curve.at_risk))

    def variance(self, steps: int) -> float:
        r, d = self.curve.at_risk[:steps], self.curve.exits[:steps]
        k, s = self.exits[:steps], self.before[:steps]
        still_to_come = self.shares[steps - 1] - self.shares[:steps]
        any_exit = np.divide(d, r * (r - d), out=np.zeros_like(d), where=r > d)
        first = np.sum(still_to_come**2 * any_exit)
        second = np.sum(s**2 * k * (r - k) / r**3)
        third = np.sum(still_to_come * s * k / r**2)
        return float(max(0.0, first + second - 2 * third))


def _incidence_at(table: _CauseTable, time: float, confidence: float) -> Estimate | None:
    if table.curve.at(time) is None:
        return None
    steps = int(np.searchsorted(table.curve.times, time, side="right"))
    share = float(table.shares[steps - 1]) if steps else 0.0
    if share <= 0:
        return Estimate(0.0, 0.0, 1 - _zero_event_bound(table.curve.under_observation(time), confidence))
    if share >= 1:
        return Estimate(1.0, None, 1.0)
    half = _z(confidence) * np.sqrt(table.variance(steps)) / ((1 - share) * abs(np.log(1 - share)))
    return Estimate(share, float(1 - (1 - share) ** np.exp(-half)), float(1 - (1 - share) ** np.exp(half)))


def _zero_event_bound(n: int, confidence: float) -> float:
    """The lower bound of a share when none of n has left (Clopper–Pearson): Greenwood's variance is 0 there."""
    return float(((1 - confidence) / 2) ** (1 / n)) if n else 0.0


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
