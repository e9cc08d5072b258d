"""How far applications get: counted from their moves, with n and an interval for every share."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import scipy

from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    ApplicationState,
    MoveKind,
    OpenRole,
    RoleStage,
    Source,
)
from tenfold.apps.candidates.queries.history import standing_moves

LEAST_FOR_A_SHARE = 5
"""Below this many, a share says nothing and is not shown: our own rule."""


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One stage: how many reached it, went on, ended or are in it; median days of those who left it.

    `share` of those who left by moving on or being ended, with the 95 % Wilson interval; None where they are few.
    """

    stage: RoleStage
    reached: int
    went_on: int
    rejected: int
    withdrawn: int
    here: int
    share: float | None
    interval: tuple[float, float] | None
    median_days: float | None
    n_days: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where people came from: how many, and how many of them got beyond the first stage and were hired."""

    source: str
    n: int
    beyond_first: int
    hired: int


@dataclass(frozen=True, slots=True)
class Funnel:
    n: int
    hired: int
    steps: tuple[FunnelStep, ...]
    sources: tuple[SourceLine, ...]


def funnel(role: OpenRole) -> Funnel:
    """Over all applications ever made to a role, erased people included: they are numbers by now."""
    stages = list(role.stages.all())
    applications = list(Application.objects.filter(role=role))
    histories = histories_of(role)
    place = {stage.pk: at for at, stage in enumerate(stages_in_order(stages))}
    furthest = {one.pk: furthest_place(histories.get(one.pk, ()), place) for one in applications}
    steps = tuple(_step(stage, applications, histories, place, furthest) for stage in stages_in_order(stages))
    hired = sum(one.state == ApplicationState.HIRED for one in applications)
    shown = tuple(step for step in steps if step.stage.removed_at is None or step.reached)
    return Funnel(len(applications), hired, shown, tuple(_sources(applications, furthest)))


def stages_in_order(stages: Sequence[RoleStage]) -> list[RoleStage]:
    """Removed stages stand where they stood."""
    return sorted(stages, key=lambda stage: (stage.position, stage.removed_at is not None, str(stage.pk)))


def histories_of(role: OpenRole) -> dict[uuid.UUID, list[ApplicationMove]]:
    found: dict[uuid.UUID, list[ApplicationMove]] = {}
    for move in ApplicationMove.objects.filter(application__role=role).order_by("application", "number"):
        found.setdefault(move.application_id, []).append(move)
    return {key: standing_moves(moves) for key, moves in found.items()}


def furthest_place(moves: Iterable[ApplicationMove], place: Mapping[uuid.UUID, int]) -> int:
    return max((place[move.to_stage_id] for move in moves), default=0)


def _step(
    stage: RoleStage,
    applications: Sequence[Application],
    histories: Mapping[uuid.UUID, Sequence[ApplicationMove]],
    place: Mapping[uuid.UUID, int],
    furthest: Mapping[uuid.UUID, int],
) -> FunnelStep:
    at = place[stage.pk]
    reached = [one for one in applications if furthest[one.pk] >= at]
    on = sum(furthest[one.pk] > at or one.state == ApplicationState.HIRED for one in reached)
    last = Counter(one.state for one in reached if furthest[one.pk] == at)
    over = on + last[ApplicationState.REJECTED]
    days = [length for one in applications for length in _days_in(stage, histories.get(one.pk, ()))]
    share = scipy.stats.binomtest(on, over).proportion_ci(method="wilson") if over >= LEAST_FOR_A_SHARE else None
    return FunnelStep(
        stage=stage,
        reached=len(reached),
        went_on=on,
        rejected=last[ApplicationState.REJECTED],
        withdrawn=last[ApplicationState.WITHDRAWN],
        here=last[ApplicationState.OPEN],
        share=on / over if share else None,
        interval=(float(share.low), float(share.high)) if share else None,
        median_days=median(days) if len(days) >= LEAST_FOR_A_SHARE else None,
        n_days=len(days),
    )


def _days_in(stage: RoleStage, moves: Sequence[ApplicationMove]) -> Iterable[float]:
    """How long each finished stay in a stage lasted."""
    entered = None
    for move in moves:
        if entered is not None and (move.to_stage_id != stage.pk or move.kind != MoveKind.MOVED):
            yield (move.at - entered).total_seconds() / 86_400
            entered = None
        if move.to_stage_id == stage.pk and move.to_state == ApplicationState.OPEN:
            entered = move.at


def _sources(applications: Sequence[Application], furthest: Mapping[uuid.UUID, int]) -> Iterable[SourceLine]:
    by_source: dict[str, list[Application]] = {}
    for one in applications:
        by_source.setdefault(one.source, []).append(one)
    for source, rows in sorted(by_source.items(), key=lambda pair: -len(pair[1])):
        yield SourceLine(
            Source(source).label,
            len(rows),
            sum(furthest[one.pk] > 0 for one in rows),
            sum(one.state == ApplicationState.HIRED for one in rows),
        )
