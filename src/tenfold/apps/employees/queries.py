"""Answers on tenure from a list that was kept, with causes that few gave put together; columns known by their names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import numpy as np

from tenfold.apps.employees.models import HrList, HrListKind
from tenfold.connectors.dates import DateOrder
from tenfold.connectors.tables import Row, Table
from tenfold.kit.errors import UserError
from tenfold.practices.retention.snapshots import read_snapshots
from tenfold.practices.retention.stays import StayColumns, read_stays
from tenfold.practices.retention.tenure import TenureAnswer, tenure_of_snapshots, tenure_of_stays
from tenfold.practices.retention.traps import Trap, TrapWarning
from tenfold.stats.publication import names_to_combine
from tenfold.stats.survival import SurvivalCurve

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


def figures_of(listed: HrList, *, today: date) -> dict[str, Any]:
    """What is published of a list, as plain values: aggregates only, so that nobody's erasure changes them."""
    try:
        found = tenure_of_list(listed, today=today)
    except UserError as error:
        return {"trouble": f"{error.what} {error.remedy}"}
    curve = found.curve
    return {
        "counts": [found.n, found.exits, found.n_people],
        "as_of": found.as_of.isoformat(),
        "observed_from": found.observed_from.isoformat() if found.observed_from else None,
        "refused": found.refused,
        "warnings": [[str(each.kind), each.text, each.where] for each in found.warnings],
        "exits_by_cause": dict(found.exits_by_cause),
        "left_out": dict(found.left_out),
        "corrections": list(found.corrections),
        "curve": _curve_values(curve) if curve else None,
    }


def published_tenure(listed: HrList) -> TenureAnswer:
    """The figures of a list as they were published.

    Raises:
        UserError: none could be worked out of it.
    """
    kept = listed.figures
    if not kept or "trouble" in kept:
        raise UserError(kept.get("trouble", "Nothing was published of this list."), remedy="Import it again.")
    begins = kept["observed_from"]
    n, exits, people = kept["counts"]
    return TenureAnswer(
        n=n,
        exits=exits,
        n_people=people,
        as_of=date.fromisoformat(kept["as_of"]),
        curve=_curve_from(kept["curve"]) if kept["curve"] else None,
        refused=kept["refused"],
        warnings=tuple(TrapWarning(Trap(kind), text, where) for kind, text, where in kept["warnings"]),
        exits_by_cause=kept["exits_by_cause"],
        left_out=kept["left_out"],
        corrections=tuple(kept["corrections"]),
        observed_from=date.fromisoformat(begins) if begins else None,
    )


def people_who_differ(before: HrList, now: HrList) -> set[str]:
    """Keyed hashes of people of whom two lists tell different things: who came or went, or whose dates changed.

    Of dated lists, those dates that both hold are compared, and who is on the latest of each. A list without a column
    that tells people apart is compared row by row.
    """
    if before.kind != now.kind or before.columns != now.columns:
        return set(_told_of_people(before)) | set(_told_of_people(now))
    days = _dates_of(before) & _dates_of(now)
    one, two = _told_of_people(before, days), _told_of_people(now, days)
    return {person for person in one.keys() | two.keys() if one.get(person) != two.get(person)}


def _dates_of(listed: HrList) -> set[str]:
    if listed.kind == HrListKind.STAYS:
        return set()
    when = listed.columns.index("snapshot")
    return {cells[when] for _, cells in listed.rows}


def _told_of_people(listed: HrList, days: Collection[str] = ()) -> dict[str, Any]:
    """What a list tells of each: the rows of contracts; of dated lists which they stand on, and when they began."""
    columns = list(listed.columns)
    if "person" not in columns:
        return Counter("\x1f".join(cells) for _, cells in listed.rows)
    who, told = columns.index("person"), defaultdict[str, set[tuple[str, ...]]](set)
    if listed.kind == HrListKind.STAYS:
        for _, cells in listed.rows:
            told[cells[who]].add(tuple(cells))
        return told
    when, latest = columns.index("snapshot"), max(_dates_of(listed), default="")
    for _, cells in listed.rows:
        began = tuple(cell for place, cell in enumerate(cells) if place not in (who, when))
        told[cells[who]].add(("began", *began))
        if cells[when] in days:
            told[cells[who]].add(("on", cells[when]))
        if cells[when] == latest:
            told[cells[who]].add(("is there",))
    return told


def _curve_values(curve: SurvivalCurve) -> dict[str, Any]:
    lines = zip(curve.times, curve.at_risk, curve.exits, curve.survival, curve.low, curve.high, strict=True)
    head = [curve.starts_at, curve.last_seen, curve.n, curve.n_exits, curve.confidence, curve.copies]
    return {"head": head, "lines": [[float(value) for value in line] for line in lines]}


def _curve_from(kept: Mapping[str, Any]) -> SurvivalCurve:
    times, at_risk, exits, survival, low, high = np.array(kept["lines"], dtype=float).reshape(-1, 6).T
    starts_at, last_seen, n, n_exits, confidence, copies = kept["head"]
    return SurvivalCurve(
        starts_at, last_seen, n, n_exits, confidence, copies, times, at_risk, exits, survival, low, high, ()
    )


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
