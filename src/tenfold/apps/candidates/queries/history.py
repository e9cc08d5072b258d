"""What an application's moves add up to, and whether its row says the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from tenfold.apps.candidates.models import Application, ApplicationMove, ApplicationState, MoveKind
from tenfold.core.models import AuditEntry
from tenfold.core.seals import KEY, hash_of_content


def standing_moves(moves: Iterable[ApplicationMove]) -> list[ApplicationMove]:
    """The moves that still count, oldest first: what was taken back is left out, and so is the taking back."""
    stack: list[ApplicationMove] = []
    for move in sorted(moves, key=lambda one: one.number):
        if move.kind == MoveKind.UNDONE:
            stack = [one for one in stack if one.pk != move.undoes_id]
        else:
            stack.append(move)
    return stack


def why_not_undone(move: ApplicationMove, moves: Sequence[ApplicationMove]) -> str:
    """Why a move cannot be taken back; "" where it can."""
    standing = standing_moves(moves)
    if move.kind == MoveKind.APPLIED:
        return "An application that was received stays received."
    if move.kind == MoveKind.WITHDRAWN:
        return "The candidate withdrew; only they can apply again."
    if not standing or standing[-1].pk != move.pk:
        return "Something happened since. Take that back first."
    return ""


def find_unexplained(application: Application, moves: Sequence[ApplicationMove]) -> list[str]:
    """What the row says and its moves do not explain; empty where they agree."""
    ordered = sorted(moves, key=lambda one: one.number)
    if [move.number for move in ordered] != list(range(1, len(ordered) + 1)):
        return ["moves are missing"]
    return [*_broken_links(ordered), *_differences(application, ordered)]


def _broken_links(moves: Sequence[ApplicationMove]) -> list[str]:
    """Each move begins where the one before ended."""
    broken = [
        f"move {after.number} does not begin where move {before.number} ended"
        for before, after in pairwise(moves)
        if (after.from_stage_id, after.from_state) != (before.to_stage_id, before.to_state)
    ]
    undone = [move for move in moves if move.kind == MoveKind.UNDONE]
    by_id = {move.pk: move for move in moves}
    for move in undone:
        target = by_id.get(move.undoes_id) if move.undoes_id else None
        if target is None or (move.to_stage_id, move.to_state) != (target.from_stage_id, target.from_state):
            broken.append(f"move {move.number} does not restore what it takes back")
    return broken


def _differences(application: Application, moves: Sequence[ApplicationMove]) -> list[str]:
    if not moves:
        return ["there is no move"]
    last = moves[-1]
    found = []
    if (application.stage_id, application.state) != (last.to_stage_id, last.to_state):
        found.append("stage or state differ from the last move")
    if (application.closed_at is None) != (application.state == ApplicationState.OPEN):
        found.append("closed without a day, or open with one")
    if application.stage_since != stage_since(moves):
        found.append("the day on which the stage was entered differs")
    return found


def stage_since(moves: Iterable[ApplicationMove]) -> datetime | None:
    """When the present stage was entered: by the last standing move that changed it."""
    since = None
    for move in standing_moves(moves):
        if move.from_stage_id != move.to_stage_id:
            since = move.at
    return since


def hash_of_move(move: ApplicationMove) -> str:
    return hash_of_content(
        [
            str(move.application_id),
            move.number,
            move.kind,
            str(move.batch or ""),
            str(move.from_stage_id or ""),
            move.from_state,
            str(move.to_stage_id),
            move.to_state,
            move.reason,
            move.actor,
            str(move.by_id or ""),
            str(move.undoes_id or ""),
        ]
    )


def hash_in_trail(entry: AuditEntry) -> str | None:
    """Of the move that an entry of the trail speaks of, as it is now (`core.seals`)."""
    move = ApplicationMove.objects.filter(application_id=entry.of_id, number=entry.data.get("move")).first()
    if move is not None:
        return hash_of_move(move)
    return "" if Application.objects.filter(pk=entry.of_id).exists() else None


def missing_in_trail(application: Application, moves: Sequence[ApplicationMove]) -> list[str]:
    """Moves that the audit trail does not hold, or holds otherwise."""
    entries = AuditEntry.objects.filter(of="application", of_id=str(application.pk)).order_by("n")
    held = {entry.data["move"]: entry.data.get(KEY) for entry in entries if "move" in entry.data}
    return [f"move {move.number} is not in the trail" for move in moves if held.get(move.number) != hash_of_move(move)]
