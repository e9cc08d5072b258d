"""Answers on tenure from a list that was kept, with causes that few gave put together; columns known by their names."""

from __future__ import annotations

from collections import Counter
from datetime import date

from tenfold.apps.employees.models import HrList, HrListKind
from tenfold.connectors.dates import DateOrder
from tenfold.connectors.tables import Row, Table
from tenfold.practices.retention.snapshots import read_snapshots
from tenfold.practices.retention.stays import StayColumns, read_stays
from tenfold.practices.retention.tenure import TenureAnswer, tenure_of_snapshots, tenure_of_stays
from tenfold.stats.publication import names_to_combine

OTHER = "other reasons"
GUESSES = {
    "start": ("start", "started", "startdate", "from", "hired", "hiredate", "joined", "eintritt", "beginn", "von"),
    "end": ("end", "ended", "enddate", "to", "left", "exit", "exitdate", "austritt", "ende", "bis", "termination"),
    "snapshot": ("snapshot", "list", "listdate", "asof", "month", "stichtag", "monat", "date"),
    "person": ("person", "id", "employee", "employeeid", "number", "personnelnumber", "nr", "personalnr", "matricule"),
    "cause": ("cause", "reason", "why", "grund", "austrittsgrund", "motif"),
}
"""Names by which columns are recognised; letters and digits only, in lower case."""


def tenure_of_list(listed: HrList, *, today: date) -> TenureAnswer:
    """The curve of a kept list.

    Raises:
        UserError: the list no longer holds rows that can be read.
    """
    columns = tuple(listed.columns)
    rows = tuple(Row(line, tuple(cells)) for line, cells in listed.rows)
    table = Table(listed.name, columns, rows)
    order = DateOrder(listed.date_order) if listed.date_order else None
    if listed.kind == HrListKind.SNAPSHOTS:
        start = "start" if "start" in columns else None
        return tenure_of_snapshots(
            read_snapshots(table, snapshot="snapshot", person="person", start=start, order=order)
        )
    named = StayColumns(
        "start", "end", "person" if "person" in columns else None, "cause" if "cause" in columns else None
    )
    stays = read_stays(_with_common_causes(table), named, as_of=listed.as_of_date, today=today, order=order)
    return tenure_of_stays(stays, observed_from=listed.observed_from_date)


def _with_common_causes(table: Table) -> Table:
    """The table with causes that fewer than five gave as one, so that no line of the answer speaks of few."""
    if "cause" not in table.header:
        return table
    at = table.header.index("cause")
    counts = Counter(row.cells[at].casefold() for row in table.rows if row.cells[at])
    rare = names_to_combine(counts)
    rows = tuple(
        Row(row.line, (*row.cells[:at], OTHER, *row.cells[at + 1 :])) if row.cells[at].casefold() in rare else row
        for row in table.rows
    )
    return Table(table.name, table.header, rows)


def guess_column(table: Table, field: str, given: str = "") -> str | None:
    """The column that holds a field: the one named, else the one recognised by its name.

    Raises:
        UserError: there is no column of the name given.
    """
    if given:
        return table.header[table.position(given)]
    names = {"".join(mark for mark in name.casefold() if mark.isalnum()): name for name in table.header}
    return next((names[word] for word in GUESSES[field] if word in names), None)
