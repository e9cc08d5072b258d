"""From lists taken now and then (an HR export a month) to stays: nobody wrote down who left when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from tenfold.connectors.dates import DateOrder, UnreadableDate, date_order, is_stated, parse_day
from tenfold.connectors.tables import Table, require_rows
from tenfold.kit.errors import Place, UserError
from tenfold.practices.retention.stays import MOST_UNREAD, UnreadRow

LONGEST_ABSENCE = timedelta(days=183)
"""Absent from lists for longer than this and back: left and hired again. Shorter: leave, or a list with holes."""
MONTHLY = timedelta(days=31)
"""Lists at most this far apart are read as month lists are: the last list that names a person is when they left."""
LATE_LIST = 1.6
FEWEST_GAPS = 6
"""So many steps from list to list show whether they are even."""
HOLE_SHARE, HOLE_LEAST = 0.2, 5


@dataclass(frozen=True, slots=True)
class SeenStay:
    """A stay between lists: the first and last list that name the person, by number; what lies before and after.

    `began_before`: the first list of all names them, so the start is unknown unless `known_start` says it.
    """

    person: str
    first: int
    last: int
    is_first_of_all: bool
    is_last_of_all: bool
    known_start: date | None = None


@dataclass(frozen=True)
class Snapshots:
    """Lists in order of date, the stays that they show, and their faults."""

    dates: tuple[date, ...]
    stays: tuple[SeenStay, ...]
    n_people: int
    late: tuple[tuple[date, date], ...]
    with_holes: tuple[date, ...]
    bridged: int
    rehired: int
    duplicates: int
    unread: tuple[UnreadRow, ...] = ()

    @property
    def typical_gap(self) -> timedelta:
        return timedelta(days=median((two - one).days for one, two in pairwise(self.dates)))


@dataclass(frozen=True)
class _Rows:
    people: dict[date, set[str]]
    starts: dict[str, date]
    duplicates: int
    unread: tuple[UnreadRow, ...]


def read_snapshots(
    table: Table, *, snapshot: str, person: str, start: str | None = None, order: DateOrder | None = None
) -> Snapshots:
    """The stays that a table of (list date, person) shows; `start` names a column of starting dates, if there is one.

    Raises:
        UserError: columns are missing, most dates cannot be read, or there is only one list.
    """
    rows = _read(require_rows(table), snapshot, person, start, order)
    dates = tuple(sorted(rows.people))
    if len(dates) < 2:
        raise UserError(
            f"There is one list only, of {dates[0]}." if dates else "No row names a person.",
            remedy="Leaving shows between two lists at least; add the lists of other months.",
            place=Place(file=table.name, field=snapshot),
        )
    lists = [rows.people[each] for each in dates]
    with_holes = [index for index in range(1, len(lists) - 1) if _has_holes(*lists[index - 1 : index + 2])]
    stays, bridged, rehired = _stays(dates, lists, rows.starts)
    return Snapshots(
        dates=dates,
        stays=tuple(stays),
        n_people=len(set().union(*lists)),
        late=tuple(_late(dates)),
        with_holes=tuple(dates[index] for index in with_holes),
        bridged=bridged,
        rehired=rehired,
        duplicates=rows.duplicates,
        unread=rows.unread,
    )


def gone_after(seen: Snapshots) -> Counter[int]:
    """How many people were named for the last time by each list (by number), the last one apart."""
    last_named: dict[str, int] = defaultdict(int)
    for stay in seen.stays:
        last_named[stay.person] = max(last_named[stay.person], stay.last)
    return Counter(last for last in last_named.values() if last < len(seen.dates) - 1)


def _read(table: Table, snapshot: str, person: str, start: str | None, order: DateOrder | None) -> _Rows:
    at, who = table.position(snapshot), table.position(person)
    begins = table.position(start) if start else None
    columns = [at] if begins is None else [at, begins]
    way = _date_order(table, columns, order)
    people: dict[date, set[str]] = defaultdict(set)
    starts: dict[str, date] = {}
    unread: list[UnreadRow] = []
    days: dict[str, date] = {}
    duplicates = 0
    for row in table.rows:
        name, cell = row.cells[who], row.cells[at]
        try:
            if cell not in days:
                days[cell] = parse_day(cell, way).first
            if begins is not None and is_stated(row.cells[begins]):
                starts.setdefault(name, parse_day(row.cells[begins], way).middle)
        except UnreadableDate as error:
            unread.append(UnreadRow(row.line, snapshot, str(error)))
            continue
        if not name:
            unread.append(UnreadRow(row.line, person, "no person is named"))
            continue
        duplicates += name in people[days[cell]]
        people[days[cell]].add(name)
    if len(unread) > MOST_UNREAD * len(table.rows):
        raise UserError(
            f"{len(unread)} of {len(table.rows)} rows cannot be read; the first: {unread[0].why}.",
            remedy="Check that --snapshot names the column of list dates.",
            place=Place(file=table.name, line=unread[0].line, field=unread[0].column),
        )
    return _Rows(people, starts, duplicates, tuple(unread))


def _date_order(table: Table, columns: Sequence[int], chosen: DateOrder | None) -> DateOrder:
    """Which part of the dates is the day; where no date says so, the reading by which lists come evenly."""
    cells = {row.cells[each] for each in columns for row in table.rows}
    try:
        return date_order(cells, name=table.name, chosen=chosen)
    except UserError:
        lists = {row.cells[columns[0]] for row in table.rows}
        found = [order for order in DateOrder if _is_even(lists, order)]
        if len(found) != 1:
            raise
        return date_order(cells, name=table.name, chosen=found[0])


def _is_even(cells: Collection[str], order: DateOrder) -> bool:
    """Whether list dates, read in an order, come at about the same distance."""
    try:
        days = sorted({parse_day(cell, order).first.toordinal() for cell in cells})
    except UnreadableDate:
        return False
    gaps = [two - one for one, two in pairwise(days)]
    return len(gaps) >= FEWEST_GAPS and max(gaps) <= LATE_LIST * median(gaps)


def _has_holes(before: set[str], now: set[str], after: set[str]) -> bool:
    """Whether a list leaves out many who are on the lists before and after it."""
    both = before & after
    left_out = len(both - now)
    return left_out >= HOLE_LEAST and left_out > HOLE_SHARE * len(both)


def _late(dates: Sequence[date]) -> list[tuple[date, date]]:
    """Where a list is missing: the step to the next is much longer than usual."""
    usual = median((two - one).days for one, two in pairwise(dates))
    return [(one, two) for one, two in pairwise(dates) if (two - one).days > LATE_LIST * usual]


def _stays(
    dates: Sequence[date], lists: Sequence[set[str]], starts: dict[str, date]
) -> tuple[list[SeenStay], int, int]:
    named: dict[str, list[int]] = defaultdict(list)
    for index, people in enumerate(lists):
        for person in people:
            named[person].append(index)
    stays, bridged, rehired = [], 0, 0
    for person, indices in sorted(named.items()):
        breaks = [later for earlier, later in pairwise(indices) if later > earlier + 1]
        parts = _parts(dates, indices)
        rehired += len(parts) > 1
        bridged += len(breaks) - (len(parts) - 1)
        for number, (first, last) in enumerate(parts):
            known = starts.get(person) if number == 0 else None
            stays.append(SeenStay(person, first, last, first == 0, last == len(dates) - 1, known))
    return stays, bridged, rehired


def _parts(dates: Sequence[date], indices: Sequence[int]) -> list[tuple[int, int]]:
    parts = [(indices[0], indices[0])]
    for index in indices[1:]:
        first, last = parts[-1]
        if index > last + 1 and dates[index] - dates[last] > LONGEST_ABSENCE:
            parts.append((index, index))
        else:
            parts[-1] = (first, index)
    return parts
