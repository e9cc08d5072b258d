"""From a table of pages to local times: zones, summer time, copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from math import inf
from zoneinfo import ZoneInfo

from tenfold.connectors import incident_tools
from tenfold.connectors.dates import DateOrder, UnreadableDate, date_order, names_time_of_day, parse_moment, zone
from tenfold.connectors.payloads import Node
from tenfold.connectors.tables import Row, Table, require_rows
from tenfold.kit.errors import Place, UserError
from tenfold.kit.words import plural
from tenfold.practices.retention.oncall import OncallAnswer

KIND_COLUMNS = ("type", "log_entry_type", "entry_type")
INCIDENT_COLUMNS = ("incident_id", "incident", "incident.id", "incident_number", "incident_key")
LOG_ENTRY, PAGES_IN_LOG = "_log_entry", ("trigger_log_entry", "notify_log_entry")
MOST_UNREAD = 0.5
SHOWN = 3
SHORT_WEEKS = 4.0
MIDNIGHTS = 0.1
"""A spreadsheet writes a page at midnight sharp as a date alone; more of them than that are days without a time."""


@dataclass(frozen=True, slots=True)
class PageWarning:
    """Something about a table of pages that its reader should know."""

    kind: str
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class PageTable:
    """Local wall-clock times of pages and what was noticed on the way."""

    local: tuple[datetime, ...]
    warnings: tuple[PageWarning, ...]


@dataclass(frozen=True, slots=True)
class _Moment:
    row: Row
    written: datetime
    local: datetime


def read_pages(table: Table, *, at: str, zone_name: str | None = None, order: DateOrder | None = None) -> PageTable:
    """The local time of each page.

    `zone_name`: a column that names each page's time zone, or a zone for all. Times with an offset are moved there;
    times without one are taken to be local already. Without a zone, times stand as they are written.

    Raises:
        UserError: a column is missing, most times cannot be read, or the zone is unknown.
    """
    rows, copies = _without_copies(_first_log_entries(require_rows(table), at, order), at, zone_name)
    moments, unread = _read(table, rows, at, zone_name, order)
    warnings = [
        *_unread_warning(unread),
        *_copies_warning(copies),
        *_zone_warnings(moments, has_zone=zone_name is not None),
    ]
    return PageTable(tuple(moment.local for moment in moments), tuple(warnings))


def read_page_json(root: Node, *, name: str) -> Table:
    """Pages of PagerDuty (log entries, or incidents) or Alertmanager as a table with the column `time`, in UTC.

    Raises:
        UserError: it is no such answer.
    """
    if root.get("log_entries").is_there:
        times = [page.at for page in incident_tools.read_pagerduty_pages(root, name=name).items]
    elif root.get("incidents").is_there:
        times = [each.started_at for each in incident_tools.read_pagerduty_incidents(root, name=name).items]
    else:
        times = [page.at for page in incident_tools.read_alertmanager(root, name=name).items]
    rows = tuple(Row(line, (str(line), at.isoformat())) for line, at in enumerate(sorted(times), start=1))
    return Table(name, ("entry", "time"), rows)


def _first_log_entries(table: Table, at: str, order: DateOrder | None) -> Table:
    """A table of PagerDuty's log entries with each incident's first page alone; any other table as it is.

    The log holds a page several times, as trigger and as notifications, and entries that are no page.
    """
    kind = next((name for name in KIND_COLUMNS if table.has_column(name)), None)
    incident = next((name for name in INCIDENT_COLUMNS if table.has_column(name)), None)
    if kind is None or incident is None or not any(LOG_ENTRY in cell for cell in table.column(kind)):
        return table
    what, which, when = (table.position(name) for name in (kind, incident, at))
    way = date_order((row.cells[when] for row in table.rows), name=table.name, chosen=order)
    paged = [row for row in table.rows if row.cells[what].startswith(PAGES_IN_LOG)]
    first: dict[str, Row] = {}
    for row in sorted(paged, key=lambda row: _moment_or_last(row.cells[when], way)):
        first.setdefault(row.cells[which] or f"line {row.line}", row)
    kept = tuple(sorted(first.values(), key=lambda row: row.line))
    return Table(table.name, table.header, kept, table.delimiter)


def _moment_or_last(cell: str, order: DateOrder) -> float:
    try:
        moment = parse_moment(cell, order)
    except UnreadableDate:
        return inf
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def _without_copies(table: Table, at: str, zone_name: str | None) -> tuple[list[Row], int]:
    """Rows without exact copies, where a copy is hardly a second page.

    Two pages may share a minute: rows that hold nothing but a time to the minute are all kept.
    """
    known = {table.position(at)}
    if zone_name and table.has_column(zone_name):
        known.add(table.position(zone_name))
    to_the_second = any(not _is_to_the_minute(cell) for cell in table.column(at))
    if len(known) == len(table.header) and not to_the_second:
        return list(table.rows), 0
    unique = {row.cells: row for row in reversed(table.rows)}
    return sorted(unique.values(), key=lambda row: row.line), len(table.rows) - len(unique)


def _is_to_the_minute(cell: str) -> bool:
    try:
        moment = parse_moment(cell)
    except UnreadableDate:
        return True
    return not (moment.second or moment.microsecond)


def _read(
    table: Table, rows: Sequence[Row], at: str, zone_name: str | None, order: DateOrder | None
) -> tuple[list[_Moment], list[tuple[Row, str]]]:
    column = table.position(at)
    way = date_order((row.cells[column] for row in rows), name=table.name, chosen=order)
    by_row = table.position(zone_name) if zone_name and table.has_column(zone_name) else None
    for_all = None if by_row is not None or zone_name is None else _zone_for_all(table, zone_name)
    timeless = {row.line for row in rows if row.cells[column] and not names_time_of_day(row.cells[column])}
    has_midnights = len(timeless) <= MIDNIGHTS * len(rows)
    moments: list[_Moment] = []
    unread: list[tuple[Row, str]] = []
    for row in rows:
        try:
            written = _read_moment(row.cells[column], way, may_be_midnight=has_midnights or row.line not in timeless)
            place = zone(row.cells[by_row]) if by_row is not None and row.cells[by_row] else for_all
        except UnreadableDate as error:
            unread.append((row, str(error)))
            continue
        moments.append(_Moment(row, written, _local(written, place)))
    if len(unread) > MOST_UNREAD * len(rows):
        row, why = unread[0]
        raise UserError(
            f"{len(unread)} of {len(rows)} rows cannot be read; the first: {why}.",
            remedy="Check that --at names the column of times, and --zone zones such as Europe/Berlin.",
            place=Place(file=table.name, line=row.line, field=at),
        )
    return moments, unread


def _read_moment(cell: str, order: DateOrder, *, may_be_midnight: bool) -> datetime:
    written = parse_moment(cell, order)
    if not may_be_midnight:
        raise UnreadableDate(f"“{cell}” names no time of day, so neither shift nor night is known")
    return written


def _zone_for_all(table: Table, name: str) -> ZoneInfo | timezone:
    try:
        return zone(name)
    except UnreadableDate:
        raise UserError(
            f"“{name}” is neither a column of the file nor a time zone.",
            remedy=f"Name a zone such as Europe/Berlin, or a column: {', '.join(table.header[:20])}.",
            place=Place(file=table.name, field="--zone"),
        ) from None


def _local(written: datetime, place: ZoneInfo | timezone | None) -> datetime:
    moved = written if written.tzinfo is None or place is None else written.astimezone(place)
    return moved.replace(tzinfo=None)


def _unread_warning(unread: Sequence[tuple[Row, str]]) -> list[PageWarning]:
    if not unread:
        return []
    lines = ", ".join(str(row.line) for row, _ in unread[:SHOWN])
    text = f"{plural(len(unread), 'row')} could not be read and are left out; the first: {unread[0][1]}."
    return [PageWarning("unread", text, f"line {lines}")]


def _copies_warning(copies: int) -> list[PageWarning]:
    if not copies:
        return []
    text = f"{plural(copies, 'row')} repeated another exactly and counted once."
    return [PageWarning("duplicates", text, f"{copies} rows")]


def _zone_warnings(moments: Sequence[_Moment], *, has_zone: bool) -> list[PageWarning]:
    naive = [moment for moment in moments if moment.written.tzinfo is None]
    warnings = []
    if naive and len(naive) < len(moments):
        text = f"{len(naive)} of {len(moments)} times carry no offset from UTC, the others do."
        warnings.append(PageWarning("mixed-zones", text, f"line {naive[0].row.line}"))
    if naive:
        how = "read as local time of their zone" if has_zone else "taken as local time"
        text = f"Times without an offset from UTC are {how}; if they are UTC, nights are wrong."
        warnings.append(PageWarning("no-offset", text, f"line {naive[0].row.line}"))
    elif not has_zone and all(moment.written.utcoffset() == timedelta(0) for moment in moments):
        text = "All times are UTC and no zone is given: nights are UTC nights. Add --zone Europe/Berlin or the like."
        warnings.append(PageWarning("utc-nights", text, "--zone"))
    return warnings


def record_warnings(answer: OncallAnswer) -> list[PageWarning]:
    """What limits an answer about on-call."""
    warnings = []
    if answer.log.weeks < SHORT_WEEKS:
        text = f"The record covers {answer.log.weeks:.1f} weeks; four at least show a usual month."
        warnings.append(PageWarning("short-record", text, f"{answer.log.shifts} shifts"))
    if answer.log.left_out:
        text = f"{plural(answer.log.left_out, 'page')} outside --from and --until are left out."
        warnings.append(PageWarning("outside-window", text, f"{answer.log.left_out} rows"))
    if answer.load.is_clustered:
        text = (
            f"Pages come in bursts: their variance is {answer.load.dispersion:.1f} times that of chance alone, so the "
            "figures by chance alone are too kind to bad shifts."
        )
        warnings.append(PageWarning("clustered", text, f"{answer.load.shifts} shifts"))
    if answer.is_business_hours and answer.outside_hours:
        text = f"{plural(answer.outside_hours, 'page')} outside office hours wait for the morning or for another team."
        warnings.append(PageWarning("waiting", text, f"{answer.outside_hours} of {answer.pages} pages"))
    return warnings
