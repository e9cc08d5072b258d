"""What an edit of a ladder changed, and what that means for people already placed on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tenfold.practices.growth.ladder import Cell, Ladder


class Edit(StrEnum):
    """What happened to an entry."""

    ADDED = "added"
    REMOVED = "removed"
    RETIRED = "retired"
    REVIVED = "revived"
    MOVED = "moved"
    REWORDED = "reworded"
    EXAMPLES = "examples"


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One edit, with the words before and after."""

    edit: Edit
    cell: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlacementEffect:
    """What an edit means for evidence that rests on the entry."""

    cell: str
    edit: Edit
    meaning: str


MEANING = {
    Edit.REMOVED: "The entry is gone: evidence for it keeps its link and rests on nothing now. Retire entries instead.",
    Edit.RETIRED: "No longer asked for; evidence stays and counts for nothing new.",
    Edit.REVIVED: "Asked for again; evidence given before stands.",
    Edit.MOVED: "It now belongs to another level or theme: look at this person's evidence with the new level in mind.",
    Edit.REWORDED: "The words changed: the person and the manager check whether the evidence still shows it.",
    Edit.EXAMPLES: "Only examples changed; evidence stands.",
    Edit.ADDED: "New: nobody has evidence yet. That is no gap of theirs before the next check-in.",
}


def diff_ladders(old: Ladder, new: Ladder) -> list[CellEdit]:
    """Edits by entry id, in the new ladder's order; removed entries last."""
    before = {cell.id: cell for cell in old.competencies}
    edits = [edit for cell in new.competencies for edit in _edits(before.get(cell.id), cell)]
    kept = {cell.id for cell in new.competencies}
    return [
        *edits,
        *(CellEdit(Edit.REMOVED, cell.id, cell.summary, "") for cell in before.values() if cell.id not in kept),
    ]


def effects_on(placed: Iterable[str], edits: Sequence[CellEdit]) -> list[PlacementEffect]:
    """What the edits mean for someone with evidence in these cells."""
    touched = set(placed)
    return [PlacementEffect(edit.cell, edit.edit, MEANING[edit.edit]) for edit in edits if edit.cell in touched]


def _edits(before: Cell | None, after: Cell) -> list[CellEdit]:
    if before is None:
        return [CellEdit(Edit.ADDED, after.id, "", after.summary)]
    found = []
    if before.is_retired != after.is_retired:
        found.append(
            CellEdit(Edit.RETIRED if after.is_retired else Edit.REVIVED, after.id, before.summary, after.summary)
        )
    if (before.level, before.theme) != (after.level, after.theme):
        found.append(CellEdit(Edit.MOVED, after.id, f"{before.theme}/{before.level}", f"{after.theme}/{after.level}"))
    if before.summary.split() != after.summary.split():
        found.append(CellEdit(Edit.REWORDED, after.id, before.summary, after.summary))
    elif (before.examples, before.counter_examples) != (after.examples, after.counter_examples):
        found.append(CellEdit(Edit.EXAMPLES, after.id, "; ".join(before.examples), "; ".join(after.examples)))
    return found
