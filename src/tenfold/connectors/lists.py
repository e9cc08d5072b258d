"""Tickets and people by CSV, as any help-desk or HR system exports them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date

from tenfold.connectors.dates import DateOrder, UnreadableDate, date_order, is_stated, parse_day, parse_moment
from tenfold.connectors.payloads import Problem, Reading
from tenfold.connectors.records import Ticket
from tenfold.connectors.tables import Row, Table, require_rows


@dataclass(frozen=True, slots=True)
class TicketColumns:
    """Which columns of a ticket list hold what."""

    id: str
    opened: str
    closed: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class PersonOnList:
    """One row of an HR list: who was there on that day, and the attributes asked for."""

    person: str
    on: date
    attributes: tuple[tuple[str, str], ...] = ()


def read_tickets(table: Table, columns: TicketColumns, *, order: DateOrder | None = None) -> Reading[Ticket]:
    """Tickets; times without a zone are taken as UTC.

    Raises:
        UserError: a column is missing, or dates contradict each other.
    """
    require_rows(table)
    opened = table.position(columns.opened)
    way = date_order((row.cells[opened] for row in table.rows), name=table.name, chosen=order)
    items: list[Ticket] = []
    problems: list[Problem] = []
    for row in table.rows:
        try:
            items.append(_ticket(table, row, columns, way))
        except UnreadableDate as error:
            problems.append(Problem(f"line {row.line}", str(error)))
    return Reading(tuple(items), tuple(problems))


def read_people(
    table: Table, *, person: str, on: str, attributes: tuple[str, ...] = (), order: DateOrder | None = None
) -> Reading[PersonOnList]:
    """People on dated lists, with the named attributes and no others."""
    who, when = require_rows(table).position(person), table.position(on)
    kept = [(name, table.position(name)) for name in attributes]
    way = date_order((row.cells[when] for row in table.rows), name=table.name, chosen=order)
    items: list[PersonOnList] = []
    problems: list[Problem] = []
    for row in table.rows:
        try:
            day = parse_day(row.cells[when], way).first
        except UnreadableDate as error:
            problems.append(Problem(f"line {row.line}", str(error)))
            continue
        items.append(PersonOnList(row.cells[who], day, tuple((name, row.cells[at]) for name, at in kept)))
    return Reading(tuple(items), tuple(problems))


def _ticket(table: Table, row: Row, columns: TicketColumns, order: DateOrder) -> Ticket:
    opened = parse_moment(row.cells[table.position(columns.opened)], order)
    closed_cell = row.cells[table.position(columns.closed)] if columns.closed else ""
    closed = parse_moment(closed_cell, order) if is_stated(closed_cell) else None
    return Ticket(
        id=row.cells[table.position(columns.id)],
        opened_at=opened if opened.tzinfo else opened.replace(tzinfo=UTC),
        closed_at=closed.replace(tzinfo=closed.tzinfo or UTC) if closed else None,
        kind=row.cells[table.position(columns.kind)] if columns.kind else "",
    )
