"""From a list of people's starts and ends to stays that can be counted, and what had to be put right on the way."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tenfold.connectors.dates import (
    NOT_STATED,
    STILL_THERE,
    DateOrder,
    DaySpan,
    UnreadableDate,
    date_order,
    is_nothing,
    is_stated,
    parse_day,
)
from tenfold.connectors.tables import Row, Table, require_rows
from tenfold.kit.errors import Place, UserError

CONTINUOUS = timedelta(days=7)
"""A new contract that begins within a week of the last one goes on with it: a transfer, not a leaving."""
OPEN_END_YEAR = 2090
_FAR_YEAR = re.compile(r"(?<!\d)(?:2[2-9]|[3-9]\d)\d\d(?!\d)|^(?:2[2-9]|[3-9]\d)\d{6}$")
"""The end of time in HR systems: 9999, 4712, 2999."""
WORD_LEAST, WORD_SHARE = 3, 0.02
MOST_UNREAD = 0.5
SHOWN = 20
CAUSE_NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Stay:
    """One uninterrupted employment. `end` is None where the person was still there."""

    person: str
    start: DaySpan
    end: DaySpan | None
    cause: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that could not be used: where, which column, and why."""

    line: int
    column: str
    why: str


class UnusableRow(ValueError):
    """A row that can be read and makes no sense; its text is the reason."""


@dataclass(frozen=True)
class StayList:
    """Stays up to `as_of`, and what was done to the rows to get them. `all_end`: every row states an end."""

    stays: tuple[Stay, ...]
    as_of: date
    as_of_is_given: bool
    n_rows: int
    duplicates: int = 0
    merged: int = 0
    rehired: int = 0
    not_started: int = 0
    start_not_stated: int = 0
    end_not_stated: int = 0
    all_end: bool = False
    unread: tuple[UnreadRow, ...] = ()


@dataclass(frozen=True, slots=True)
class StayColumns:
    """Which columns hold what. Without `person` every row is somebody else."""

    start: str
    end: str
    person: str | None = None
    cause: str | None = None


@dataclass
class _Reading:
    stays: list[Stay] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)
    start_not_stated: int = 0
    end_not_stated: int = 0


def read_stays(
    table: Table, columns: StayColumns, *, as_of: date | None, today: date, order: DateOrder | None = None
) -> StayList:
    """The stays in a table of one row a contract.

    `as_of`: the day the list was made; without it the latest day that it names (a list cannot be older than that).

    Raises:
        UserError: a column is missing, dates contradict each other, or most rows cannot be read.
    """
    require_rows(table)
    rows, duplicates = _without_copies(table, columns)
    reading = _read_rows(table, rows, columns, order)
    _refuse_unread_word(table, rows, columns)
    _refuse_unreadable(table, reading, len(rows))
    known_until = as_of or _latest_day(reading.stays, today)
    started = [stay for stay in reading.stays if stay.start.first <= known_until]
    joined = list(_join(_until(stay, known_until) for stay in started)) if columns.person else None
    stays = joined if joined is not None else [_until(stay, known_until) for stay in started]
    return StayList(
        stays=tuple(stays),
        as_of=known_until,
        as_of_is_given=as_of is not None,
        n_rows=len(table.rows),
        duplicates=duplicates,
        merged=len(started) - len(stays),
        rehired=_people_with_several(stays) if columns.person else 0,
        not_started=len(reading.stays) - len(started),
        start_not_stated=reading.start_not_stated,
        end_not_stated=reading.end_not_stated,
        all_end=all(stay.end is not None for stay in reading.stays),
        unread=tuple(reading.unread),
    )


def _without_copies(table: Table, columns: StayColumns) -> tuple[list[Row], int]:
    """Rows without exact copies, where a row holds enough to tell people apart."""
    if columns.person is None and len(table.header) <= 2 + bool(columns.cause):
        return list(table.rows), 0
    unique = {row.cells: row for row in reversed(table.rows)}
    return sorted(unique.values(), key=lambda row: row.line), len(table.rows) - len(unique)


def _read_rows(table: Table, rows: Sequence[Row], columns: StayColumns, order: DateOrder | None) -> _Reading:
    at_start, at_end = table.position(columns.start), table.position(columns.end)
    at_person = table.position(columns.person) if columns.person else None
    at_cause = table.position(columns.cause) if columns.cause else None
    cells = (row.cells[at] for row in rows for at in (at_start, at_end))
    way = date_order(cells, name=table.name, chosen=order)
    reading = _Reading()
    for row in rows:
        if not is_stated(row.cells[at_start]):
            reading.start_not_stated += 1
            continue
        if row.cells[at_end].casefold() in NOT_STATED:
            reading.end_not_stated += 1
            continue
        person = row.cells[at_person] if at_person is not None else f"line {row.line}"
        cause = _cause(row.cells[at_cause]) if at_cause is not None else None
        try:
            reading.stays.append(_stay(row, (at_start, at_end), way, person, cause))
        except (UnreadableDate, UnusableRow) as error:
            reading.unread.append(UnreadRow(row.line, f"{columns.start}, {columns.end}", str(error)))
    reading.stays = _with_one_spelling(reading.stays)
    return reading


def _stay(row: Row, at: tuple[int, int], order: DateOrder, person: str, cause: str | None) -> Stay:
    begins, ends = row.cells[at[0]], row.cells[at[1]]
    if not person:
        raise UnusableRow("no person is named")
    start = parse_day(begins, order)
    end = parse_day(ends, order) if _is_end(ends) else None
    end = None if end is not None and end.first.year >= OPEN_END_YEAR else end
    if end is not None and end.last < start.first:
        raise UnusableRow(f"the end ({ends}) is before the start ({begins})")
    return Stay(person, start, end, cause, row.line)


def _is_end(cell: str) -> bool:
    """Whether a cell ends a stay: blanks, “present” and the far years of HR systems do not."""
    word = " ".join(cell.casefold().strip("()[]<>* .").split())
    return not (word in STILL_THERE or is_nothing(cell) or _FAR_YEAR.search(cell))


def _cause(cell: str) -> str:
    return " ".join(cell.split()) if is_stated(cell) else CAUSE_NOT_STATED


def _with_one_spelling(stays: Iterable[Stay]) -> list[Stay]:
    """Causes that differ in case only are one; the first spelling stands."""
    spelled: dict[str, str] = {}
    return [
        replace(stay, cause=spelled.setdefault(stay.cause.casefold(), stay.cause)) if stay.cause else stay
        for stay in stays
    ]


def _refuse_unread_word(table: Table, rows: Sequence[Row], columns: StayColumns) -> None:
    """Many ends with one unknown word may say “still there”: leaving these rows out would leave only leavers."""
    at = table.position(columns.end)
    words = Counter(cell for row in rows if (cell := row.cells[at]) and _is_unread_word(cell))
    word, count = words.most_common(1)[0] if words else ("", 0)
    if count >= max(WORD_LEAST, WORD_SHARE * len(rows)):
        line = next(row.line for row in rows if row.cells[at] == word)
        raise UserError(
            f"{count} of {len(rows)} rows have “{word}” as the end, which is no date.",
            remedy="Leave the end blank for those still there; write “not stated” where nobody knows.",
            place=Place(file=table.name, line=line, field=columns.end),
        )


def _is_unread_word(cell: str) -> bool:
    has_digit = any(mark.isdigit() for mark in cell)
    return not has_digit and _is_end(cell) and cell.casefold() not in NOT_STATED


def _refuse_unreadable(table: Table, reading: _Reading, rows: int) -> None:
    if len(reading.unread) > MOST_UNREAD * rows or (reading.unread and not reading.stays):
        first = reading.unread[0]
        raise UserError(
            f"{len(reading.unread)} of {rows} rows cannot be read; the first: {first.why}.",
            remedy="Check that --start and --end name columns of dates.",
            place=Place(file=table.name, line=first.line, field=first.column),
        )
    if not reading.stays:
        raise UserError(
            "No row states both a start and, for those who left, an end.",
            remedy="Check that --start and --end name the right columns.",
            place=Place(file=table.name),
        )


def _latest_day(stays: Iterable[Stay], today: date) -> date:
    """The latest day up to today that the list names: plans for the future date no list."""
    days = [day.first for stay in stays for day in (stay.start, stay.end) if day is not None and day.first <= today]
    return max(days, default=today)


def _until(stay: Stay, as_of: date) -> Stay:
    """The stay as known on a day: an end that lies ahead has not happened."""
    return replace(stay, end=None, cause=None) if stay.end is None or stay.end.first > as_of else stay


def _join(stays: Iterable[Stay]) -> Iterable[Stay]:
    """One stay for contracts of a person that overlap or follow within a week; several where there is a break."""
    of_person: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        of_person[stay.person].append(stay)
    for own in of_person.values():
        own.sort(key=lambda stay: (stay.start.first, stay.start.last))
        current = own[0]
        for following in own[1:]:
            if current.end is None or following.start.first <= current.end.last + CONTINUOUS:
                current = _merge(current, following)
            else:
                yield current
                current = following
        yield current


def _merge(one: Stay, two: Stay) -> Stay:
    if one.end is None or two.end is None:
        return replace(one, end=None, cause=None)
    later = two if two.end.last >= one.end.last else one
    return replace(one, end=later.end, cause=later.cause)


def _people_with_several(stays: Sequence[Stay]) -> int:
    counts: dict[str, int] = defaultdict(int)
    for stay in stays:
        counts[stay.person] += 1
    return sum(1 for count in counts.values() if count > 1)
