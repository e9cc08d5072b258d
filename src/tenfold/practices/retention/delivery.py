"""From changes, deployments and incidents to delivery: what a change waited for, and which deployment an incident hit.

The rules are those of Apache DevLake's DORA plugin, whose end-to-end tables are the oracle of the tests; minutes are
rounded up as there.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tenfold.connectors.records import Change, Deployment, Incident

PRODUCTION = frozenset({"production", "prod", "live"})


@dataclass(frozen=True, slots=True)
class ChangeTimes:
    """Minutes from one point of a change to the next; None where a point is missing or out of order.

    coding: first commit to opening · pickup: opening to first review · review: first review to merge · deploy: merge to
    production · cycle: the whole, from the first commit (or opening) to production (or merge).
    """

    coding: int | None
    pickup: int | None
    review: int | None
    deploy: int | None
    cycle: int | None


def time_change(change: Change, deployed_at: datetime | None) -> ChangeTimes:
    """What a merged change waited for; `deployed_at` is when it reached production."""
    coding = _minutes(change.first_commit_at, change.created_at)
    deploy = _minutes(change.merged_at, deployed_at)
    open_time = _minutes(change.created_at, change.merged_at)
    return ChangeTimes(
        coding=coding,
        pickup=_minutes(change.created_at, change.first_review_at),
        review=_minutes(change.first_review_at, change.merged_at),
        deploy=deploy,
        cycle=None if open_time is None else (coding or 0) + open_time + (deploy or 0),
    )


def is_production(deployment: Deployment) -> bool:
    return deployment.environment.casefold() in PRODUCTION


def production_successes(deployments: Iterable[Deployment]) -> list[Deployment]:
    """Successful deployments to production, oldest first."""
    found = [each for each in deployments if is_production(each) and each.has_succeeded]
    return sorted(found, key=lambda each: (each.finished_at, each.id))


def deployed_at(merge_sha: str, carried_by: Mapping[str, Sequence[Deployment]]) -> datetime | None:
    """When a commit first reached production; `carried_by` names the deployments that brought each commit."""
    found = [each.finished_at for each in carried_by.get(merge_sha, ())]
    return min(found) if found else None


def link_incidents(incidents: Iterable[Incident], deployments: Iterable[Deployment]) -> dict[str, Deployment]:
    """The deployment that each incident is laid to: the last success in production that was done before it began."""
    done = production_successes(deployments)
    times = [each.finished_at for each in done]
    linked = {}
    for incident in incidents:
        before = bisect_left(times, incident.started_at)
        if before:
            linked[incident.id] = done[before - 1]
    return linked


def first_review(author: str, comments: Iterable[tuple[datetime, str]]) -> datetime | None:
    """When somebody other than the author first commented."""
    return min((at for at, who in comments if who != author), default=None)


def _minutes(start: datetime | None, end: datetime | None) -> int | None:
    if start is None or end is None or end < start:
        return None
    return math.ceil((end - start).total_seconds() / 60)
