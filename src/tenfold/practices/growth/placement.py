"""Where an engineer stands: evidence per entry of the ladder, linked and dated, and what is missing for the next level.

There is no sum and no score, and no level is computed: people decide it, looking at the evidence together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from tenfold.connectors.dates import date_order, parse_day
from tenfold.kit.errors import UserError
from tenfold.practices.growth.ladder import Cell, Ladder

Day = date
OLD = timedelta(days=548)
"""Evidence older than eighteen months shows what somebody could do then."""


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    MERGED_CHANGE = "merged-change"
    DESIGN_DOCUMENT = "design-document"
    INCIDENT_LED = "incident-led"
    MODEL_RELEASE = "model-release"
    REVIEW = "review"
    LAB = "lab"
    PEER_NOTE = "peer-note"
    OTHER = "other"


class Judgement(StrEnum):
    """What somebody says of an entry in a check-in."""

    SHOWN = "shown"
    PARTLY = "partly"
    NOT_YET = "not-yet"


SYNONYMS = {
    "pull-request": EvidenceKind.MERGED_CHANGE,
    "merge-request": EvidenceKind.MERGED_CHANGE,
    "change": EvidenceKind.MERGED_CHANGE,
    "design-doc": EvidenceKind.DESIGN_DOCUMENT,
    "incident": EvidenceKind.INCIDENT_LED,
    "release": EvidenceKind.MODEL_RELEASE,
    "code-review": EvidenceKind.REVIEW,
    "peer": EvidenceKind.PEER_NOTE,
}


def _kind(written: object) -> object:
    """The kind as people write it: `Merged change`, `pull_request`."""
    if not isinstance(written, str):
        return written
    plain = "-".join(written.casefold().replace("_", " ").replace("-", " ").split())
    return SYNONYMS.get(plain, plain)


def _judgement(written: object) -> object:
    """A judgement as people write it: `Not yet`, `not_yet`."""
    if not isinstance(written, str):
        return written
    return "-".join(written.casefold().replace("_", " ").replace("-", " ").split())


def _day(written: object) -> object:
    """A day as people write it, where it can be read one way only: `12.03.2026`, `3 March 2026`."""
    if not isinstance(written, str):
        return written
    try:
        found = parse_day(written, date_order([written], name="evidence"))
    except UserError as error:
        raise ValueError(f"{error.what.partition(',')[0]}; write it as YYYY-MM-DD") from None
    if not found.is_exact:
        raise ValueError(f"“{written}” names no day")
    return found.first


class Strict(BaseModel):
    """A part of an evidence file; unknown keys are errors, so that a slip of the pen is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Evidence(Strict):
    """One piece: which entry (`cell`, or `competency` with `level`), what, where to look, and when it happened."""

    cell: str | None = Field(None, validation_alias=AliasChoices("cell", "entry"))
    competency: str | None = None
    level: str | None = None
    kind: Annotated[EvidenceKind, BeforeValidator(_kind)] = Field(
        EvidenceKind.OTHER, validation_alias=AliasChoices("kind", "type")
    )
    link: str | None = Field(None, validation_alias=AliasChoices("link", "url"))
    date: Annotated[Day | None, BeforeValidator(_day)] = None
    note: str | None = Field(None, validation_alias=AliasChoices("note", "title"))
    by: str | None = None


View = Annotated[Judgement | None, BeforeValidator(_judgement)]


class CheckIn(Strict):
    """One entry looked at in three steps: by oneself, by the manager, then together."""

    cell: str
    self_view: View = Field(None, alias="self")
    manager: View = None
    together: View = None


class EvidenceFile(Strict):
    """A person's evidence; `person` is a pseudonym or a post. `competencies` limits the ladder to the post's own."""

    tenfold_evidence: int = 1
    person: str | None = None
    ladder: str | None = None
    level: str | None = None
    competencies: list[str] | None = None
    evidence: list[Evidence] = Field(default_factory=list)
    check_in: list[CheckIn] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """An entry with its evidence, newest first; `is_old` where all of it is."""

    cell: Cell
    evidence: tuple[Evidence, ...]
    is_old: bool
    check_in: CheckIn | None

    @property
    def disagrees(self) -> bool:
        """Whether self and manager see the entry differently and have not settled it."""
        found = self.check_in
        return bool(
            found and found.self_view and found.manager and found.self_view != found.manager and not found.together
        )


@dataclass(frozen=True, slots=True)
class PlacementWarning:
    """Something about the evidence that its readers should know."""

    kind: str
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Entries with and without evidence by level; what the next level asks and has no evidence yet."""

    ladder: Ladder
    level: str | None
    next_level: str | None
    cells: tuple[PlacedCell, ...]
    missing_at_level: tuple[Cell, ...]
    gaps: tuple[Cell, ...]
    warnings: tuple[PlacementWarning, ...]


def place(found: EvidenceFile, ladder: Ladder, *, today: date) -> Placement:
    """The evidence laid on the ladder. Nothing is added up."""
    asked = [cell for cell in ladder.current if _is_asked(cell, found.competencies)]
    by_cell, warnings = _by_cell(found.evidence, ladder, today)
    check_ins = {each.cell: each for each in found.check_in}
    placed = [
        _place(cell, by_cell.get(cell.id, []), check_ins.get(cell.id), today)
        for cell in ladder.competencies
        if cell.id in by_cell or cell.id in check_ins
    ]
    level = find_level(ladder, found.level)
    following = _next_level(ladder, level)
    return Placement(
        ladder=ladder,
        level=level,
        next_level=following,
        cells=tuple(placed),
        missing_at_level=tuple(cell for cell in asked if cell.level == level and cell.id not in by_cell),
        gaps=tuple(cell for cell in asked if cell.level == following and cell.id not in by_cell),
        warnings=(*warnings, *_about_cells(placed), *_about_check_in(found, ladder)),
    )


def find_level(ladder: Ladder, written: str | None) -> str | None:
    """The id of a level that is written by its id or its name, in any case; as written where the ladder has none."""
    if written is None:
        return None
    plain = written.strip().casefold()
    named = [each.id for each in ladder.levels if plain in (each.id.casefold(), each.name.strip().casefold())]
    return named[0] if named else written


def _is_asked(cell: Cell, chosen: Sequence[str] | None) -> bool:
    return chosen is None or cell.theme in chosen or (cell.competency or cell.theme) in chosen


def _next_level(ladder: Ladder, level: str | None) -> str | None:
    ids = [each.id for each in ladder.levels]
    if level not in ids:
        return None
    above = ids[ids.index(level) + 1 :]
    return above[0] if above else None


def _by_cell(
    evidence: Sequence[Evidence], ladder: Ladder, today: date
) -> tuple[dict[str, list[Evidence]], list[PlacementWarning]]:
    by_cell: dict[str, list[Evidence]] = defaultdict(list)
    warnings: list[PlacementWarning] = []
    for number, piece in enumerate(evidence):
        where = f"evidence[{number}]"
        cells = _cells_of(piece, ladder)
        if not cells:
            named = piece.cell or f"{piece.competency or 'no competency'}, {piece.level or 'no level'}"
            text = f"The ladder has no entry “{named}”: this piece rests on nothing."
            warnings.append(PlacementWarning("unknown-cell", text, where))
            continue
        if piece.date is not None and piece.date > today:
            warnings.append(PlacementWarning("future-date", f"{piece.date} has not come yet: left out.", where))
            continue
        if all(piece in by_cell[cell.id] for cell in cells):
            warnings.append(PlacementWarning("duplicate", "The same piece stands there twice: listed once.", where))
            continue
        warnings += _about_piece(piece, where)
        for cell in cells:
            by_cell[cell.id].append(piece)
    return by_cell, warnings


def _cells_of(piece: Evidence, ladder: Ladder) -> list[Cell]:
    if piece.cell is not None:
        found = ladder.cell(piece.cell)
        return [found] if found else []
    return [
        cell
        for cell in ladder.competencies
        if piece.competency in (cell.competency, cell.theme)
        and piece.competency
        and cell.level == find_level(ladder, piece.level)
    ]


def _about_piece(piece: Evidence, where: str) -> Iterator[PlacementWarning]:
    if not piece.link:
        yield PlacementWarning("no-link", "No link: nobody else can look at it.", where)
    if piece.date is None:
        yield PlacementWarning("no-date", "No date: whether it is recent cannot be told.", where)


def _place(cell: Cell, pieces: Sequence[Evidence], check_in: CheckIn | None, today: date) -> PlacedCell:
    newest = sorted(pieces, key=lambda piece: piece.date or date.min, reverse=True)
    dates = [piece.date for piece in pieces if piece.date]
    return PlacedCell(cell, tuple(newest), bool(dates) and max(dates) < today - OLD, check_in)


def _about_cells(placed: Sequence[PlacedCell]) -> Iterator[PlacementWarning]:
    for each in placed:
        if each.cell.is_retired and each.evidence:
            yield PlacementWarning("retired-cell", "The entry is retired and asked of nobody now.", each.cell.id)
        if each.is_old:
            yield PlacementWarning("old-evidence", "All evidence is older than eighteen months.", each.cell.id)
        if each.disagrees:
            text = "Self and manager see this differently; talk about it before anything is settled."
            yield PlacementWarning("not-settled", text, each.cell.id)
        if each.check_in and each.check_in.together is Judgement.SHOWN and not each.evidence:
            yield PlacementWarning("no-evidence", "Judged as shown without any evidence.", each.cell.id)


def _about_check_in(found: EvidenceFile, ladder: Ladder) -> Iterator[PlacementWarning]:
    for each in found.check_in:
        if ladder.cell(each.cell) is None:
            yield PlacementWarning("unknown-cell", f"The ladder has no entry “{each.cell}”.", "check_in")
    if found.level is None:
        yield PlacementWarning("no-level", "No present level is stated, so gaps to the next cannot be named.", "level")
    elif find_level(ladder, found.level) not in {level.id for level in ladder.levels}:
        yield PlacementWarning("unknown-level", f"The ladder has no level “{found.level}”.", "level")
