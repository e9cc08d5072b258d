"""A role's pipeline as board and table: a few queries, however many people there are."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils.timezone import localdate

from tenfold.apps.candidates.models import Application, ApplicationMove, ApplicationState, OpenRole, RoleStage

ON_A_CARD = (
    "role",
    "stage",
    "stage_since",
    "applied_at",
    "source",
    "former",
    "candidate__name",
    "candidate__erased_at",
)
"""What a card shows: nothing else is read, and nothing else is decrypted."""


@dataclass(frozen=True, slots=True)
class BoardCard:
    """One application. `is_late`: whoever has the stage's duty is past its day."""

    id: uuid.UUID
    name: str
    days: int
    applied: date
    source: str
    is_late: bool
    is_again: bool


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A stage and who is in it, the longest there first."""

    stage: RoleStage
    cards: tuple[BoardCard, ...]


@dataclass(frozen=True, slots=True)
class Board:
    columns: tuple[BoardColumn, ...]
    closed: dict[str, int]

    @property
    def n(self) -> int:
        return sum(len(column.cards) for column in self.columns)


@dataclass(frozen=True, slots=True)
class BatchDone:
    """What one call did, as the page says it, with the button that takes it back."""

    batch: uuid.UUID
    kind: str
    n: int
    standing: int


def board(role: OpenRole, *, now: datetime) -> Board:
    """Open applications by stage. A stage that was removed is shown while somebody is in it."""
    rows = Application.objects.filter(role=role, state=ApplicationState.OPEN).not_shut_away()
    held: dict[uuid.UUID, list[Application]] = {}
    for row in rows.select_related("candidate").only(*ON_A_CARD).order_by("stage_since", "pk"):
        held.setdefault(row.stage_id, []).append(row)
    stages = [stage for stage in role.stages.all() if stage.removed_at is None or stage.pk in held]
    columns = tuple(
        BoardColumn(stage, tuple(_card(row, stage, now) for row in held.get(stage.pk, ()))) for stage in stages
    )
    counts = Application.objects.filter(role=role).exclude(state=ApplicationState.OPEN).values_list("state")
    return Board(columns, dict(counts.annotate(n=Count("pk")).order_by("state")))


def _card(row: Application, stage: RoleStage, now: datetime) -> BoardCard:
    lasts = stage.duty_lasts
    return BoardCard(
        id=row.pk,
        name=str(row.candidate),
        days=(localdate(now) - localdate(row.stage_since)).days,
        applied=localdate(row.applied_at),
        source=row.get_source_display(),
        is_late=lasts is not None and row.stage_since + lasts < now,
        is_again=row.former_id is not None,
    )


def closed_applications(role: OpenRole, *, limit: int) -> list[Application]:
    """Those that are decided or withdrawn, the latest first."""
    rows = Application.objects.filter(role=role).exclude(state=ApplicationState.OPEN).not_shut_away()
    return list(rows.select_related("candidate", "stage").order_by("-closed_at")[:limit])


def batch_done(role: OpenRole, batch: uuid.UUID) -> BatchDone | None:
    """What a batch did and how much of it still stands; None where there is none of this role."""
    moves = ApplicationMove.objects.filter(batch=batch, application__role=role).exclude(kind="undone")
    found = moves.aggregate(n=Count("pk"), standing=Count("pk", filter=Q(undone_by=None)))
    first = moves.first()
    if first is None:
        return None
    return BatchDone(batch, first.get_kind_display().lower(), found["n"], found["standing"])
