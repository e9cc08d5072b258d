"""Impact that can be shown: delivery, models and reliability, each measure with its definition, n, interval and source.

Definitions of delivery are DORA's of 2024 (change lead time, deployment frequency, change fail rate, failed deployment
recovery time, rework rate). No measure is of a person, and no measure has a grade: the baseline is the team's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

from tenfold.connectors.records import Commit, Deployment, Incident, Release
from tenfold.practices.retention.delivery import is_production, link_incidents, production_successes
from tenfold.practices.retention.promotions import Change as AliasChange
from tenfold.practices.retention.promotions import Move
from tenfold.stats.quantiles import quantile
from tenfold.stats.rates import poisson_rate, share_interval
from tenfold.stats.survival import Estimate

FAILED_WITHIN = timedelta(days=7)
SOON = timedelta(days=7)
DAY_S = 86400.0
WEEK_S = 7 * DAY_S


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `value` is None where there is not enough data, and `why` says what is missing."""

    id: str
    name: str
    definition: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    since: datetime | None
    until: datetime | None
    source: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """The time that records cover, and where they come from."""

    since: datetime
    until: datetime
    source: str

    @property
    def weeks(self) -> float:
        return (self.until - self.since).total_seconds() / WEEK_S


@dataclass(frozen=True, slots=True)
class _Kind:
    id: str
    name: str
    definition: str
    unit: str


FREQUENCY = _Kind("deployment-frequency", "Deployments", "Successful deployments to production", "a week")
LEAD_TIME = _Kind("lead-time", "Lead time", "Median time from a commit to its release or production", "days")
LEAD_TIME_P90 = _Kind("lead-time-p90", "Lead time, slowest tenth", "Time that nine of ten commits take at most", "days")
FAIL_RATE = _Kind(
    "change-fail-rate", "Failed deployments", "Share of production deployments followed by an incident", "share"
)
RECOVERY = _Kind("recovery-time", "Recovery", "Median time to the end of such an incident", "hours")
REWORK = _Kind(
    "release-rework",
    "Releases soon followed by another",
    "Share of releases followed by another within a week",
    "share",
)
REVERTS = _Kind("reverts", "Reverts", "Share of commits that take back another", "share")
PROMOTIONS = _Kind("model-promotions", "Model promotions", "Moves of an alias to a version new to it", "a week")
MODEL_LEAD = _Kind(
    "model-lead-time", "From training to serving", "Median time from end of training to promotion", "days"
)
MODEL_FAIL = _Kind(
    "failed-promotions", "Failed promotions", "Share of promotions taken back within seven days", "share"
)
AVAILABILITY = _Kind("availability", "Prediction availability", "Valid answers in time over requests", "share")


def delivery_measures(
    deployments: Sequence[Deployment], incidents: Sequence[Incident], window: Window
) -> list[Measure]:
    """Frequency, failures and recovery of production deployments in a window."""
    inside = [each for each in deployments if window.since <= each.finished_at < window.until]
    done = production_successes(inside)
    linked = link_incidents([each for each in incidents if each.started_at < window.until], inside)
    failed = {each.id for each in linked.values()}
    ended = [
        (each.resolved_at - each.started_at).total_seconds() / 3600
        for each in incidents
        if each.id in linked and each.resolved_at is not None
    ]
    broken = sum(1 for each in inside if is_production(each) and not each.has_succeeded)
    return [
        _frequency(FREQUENCY, len(done), window),
        _share(FAIL_RATE, len(failed) + broken, len(done) + broken, window),
        _median(RECOVERY, ended, window),
    ]


def release_measures(
    releases: Sequence[tuple[Release, Sequence[Commit]]], commits: Sequence[Commit], window: Window
) -> list[Measure]:
    """Lead time and rework of releases; each release comes with the commits that it was the first to hold."""
    waits = [
        (release.at - commit.committed_at).total_seconds() / DAY_S
        for release, held in releases
        for commit in held
        if release.at >= commit.committed_at
    ]
    times = sorted(release.at for release, _ in releases)
    soon = sum(1 for one, two in pairwise(times) if two - one < SOON)
    reverts = sum(commit.is_revert for commit in commits)
    return [
        _frequency(_Kind("releases", "Releases", "Tags that were released", "a week"), len(releases), window),
        _median(LEAD_TIME, waits, window),
        _median(LEAD_TIME_P90, waits, window, share=0.9),
        _share(REWORK, soon, len(releases), window),
        _share(REVERTS, reverts, len(commits), window),
    ]


def model_measures(
    changes: Sequence[AliasChange], trained: dict[tuple[str, str], datetime], window: Window
) -> list[Measure]:
    """Promotions, time from training to serving, and promotions that were taken back, from changes seen by polling."""
    promoted = [change for change in changes if change.move is Move.PROMOTION]
    waits = [
        (change.seen_at - trained[change.name, change.after]).total_seconds() / DAY_S
        for change in promoted
        if (change.name, change.after) in trained and change.seen_at >= trained[change.name, change.after]
    ]
    settled = [change for change in promoted if change.seen_at + FAILED_WITHIN <= window.until]
    failed = sum(1 for change in settled if _is_taken_back(change, changes))
    return [
        _frequency(PROMOTIONS, len(promoted), window),
        _median(MODEL_LEAD, waits, window),
        _share(MODEL_FAIL, failed, len(settled), window),
    ]


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """How much of the failure that a target allows is used; 1 is all of it."""

    target: float
    allowed: float
    failed: float
    used: float | None


def availability(good: float, total: float, window: Window, *, target: float) -> tuple[Measure, ErrorBudget]:
    """Availability of predictions with its error budget.

    Raises:
        ValueError: the target is not a share below 1, or counts contradict each other.
    """
    if not 0 < target < 1 or not 0 <= good <= total:
        raise ValueError("a target lies between 0 and 1, and good answers between none and all")
    allowed = (1 - target) * total
    budget = ErrorBudget(target, allowed, total - good, (total - good) / allowed if allowed else None)
    return _share(AVAILABILITY, round(good), round(total), window), budget


def _is_taken_back(promotion: AliasChange, changes: Sequence[AliasChange]) -> bool:
    return any(
        change.move is Move.ROLLBACK
        and (change.name, change.alias, change.before) == (promotion.name, promotion.alias, promotion.after)
        and promotion.seen_at < change.seen_at <= promotion.seen_at + FAILED_WITHIN
        for change in changes
    )


def _frequency(kind: _Kind, count: int, window: Window) -> Measure:
    if window.weeks <= 0:
        return _unknown(kind, count, window, "The records cover no time.")
    rate = poisson_rate(count, window.weeks)
    return _measure(kind, rate, count, window)


def _share(kind: _Kind, count: int, n: int, window: Window) -> Measure:
    if not n:
        return _unknown(kind, 0, window, "There is none to take a share of.")
    return _measure(kind, Estimate(count / n, *share_interval(count, n)), n, window)


def _median(kind: _Kind, values: Sequence[float], window: Window, *, share: float = 0.5) -> Measure:
    if not values:
        return _unknown(kind, 0, window, "No case has both its beginning and its end.")
    found = quantile(values, share)
    return _measure(kind, found, found.n, window)


def _measure(kind: _Kind, found: _Found, n: int, window: Window) -> Measure:
    told = (kind.id, kind.name, kind.definition, kind.unit)
    return Measure(*told, found.value, found.low, found.high, n, window.since, window.until, window.source)


def _unknown(kind: _Kind, n: int, window: Window, why: str) -> Measure:
    told = (kind.id, kind.name, kind.definition, kind.unit)
    return Measure(*told, None, None, None, n, window.since, window.until, window.source, why)


class _Found(Protocol):
    """A value with its bounds."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
