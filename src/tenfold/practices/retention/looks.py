"""A table of looks at a model registry: time, name, alias, version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tenfold.connectors import registry_log
from tenfold.connectors.dates import NOT_STATED, DateOrder, UnreadableDate, date_order, parse_moment
from tenfold.connectors.tables import Table, require_rows
from tenfold.kit.errors import Place, UserError
from tenfold.kit.words import plural
from tenfold.practices.retention.promotions import Observation, PollWarning, as_utc

MOST_UNREAD = 0.5
NOTHING = frozenset({"", "none", "null", "nan", "n/a", "-"})


@dataclass(frozen=True, slots=True)
class LookColumns:
    """Which columns hold what."""

    time: str = "time"
    name: str = "name"
    alias: str = "alias"
    version: str = "version"


@dataclass(frozen=True, slots=True)
class LookTable:
    """Observations and what was noticed on the way."""

    observations: tuple[Observation, ...]
    warnings: tuple[PollWarning, ...]


def read_looks(table: Table, columns: LookColumns, *, order: DateOrder | None = None) -> LookTable:
    """The observations in a table, in UTC; blank versions mean that the alias pointed to nothing.

    Raises:
        UserError: a column is missing, or most times cannot be read.
    """
    require_rows(table)
    at = [table.position(each) for each in (columns.time, columns.name, columns.alias, columns.version)]
    way = date_order((row.cells[at[0]] for row in table.rows), name=table.name, chosen=order)
    found: list[Observation] = []
    unread: list[tuple[int, str]] = []
    naive = 0
    for row in table.rows:
        moment, name, alias, version = (row.cells[each] for each in at)
        try:
            seen = parse_moment(moment, way)
        except UnreadableDate as error:
            unread.append((row.line, str(error)))
            continue
        if version.casefold() in NOT_STATED:
            unread.append((row.line, "the version is not known"))
            continue
        naive += seen.tzinfo is None
        held = "" if version.casefold() in NOTHING else version
        found.append(Observation(as_utc(seen), name, alias.casefold(), held, row.line))
    if len(unread) > MOST_UNREAD * len(table.rows):
        raise UserError(
            f"{len(unread)} of {len(table.rows)} rows cannot be read; the first: {unread[0][1]}.",
            remedy="Times are such as 2026-03-01T08:00:00Z.",
            place=Place(file=table.name, line=unread[0][0], field=columns.time),
        )
    return LookTable(tuple(found), tuple(_warnings(unread, naive, len(found))))


def is_log(path: Path) -> bool:
    """Whether a file is a log of looks that polling wrote: a chain of JSON lines."""
    try:
        with path.open("rb") as file:
            return file.read(1) == b"{"
    except OSError:
        return False


def read_log(path: Path) -> LookTable:
    """The looks in a log that polling wrote.

    Raises:
        UserError: the log was changed after it was written, or holds no look.
    """
    seen = registry_log.read_looks(path)
    if not seen:
        raise UserError("The log holds no look yet.", remedy="Poll first.", place=Place(file=str(path)))
    return LookTable(tuple(Observation(each.at, each.name, each.alias, each.version) for each in seen), ())


def _warnings(unread: list[tuple[int, str]], naive: int, rows: int) -> list[PollWarning]:
    warnings = []
    if unread:
        text = f"{plural(len(unread), 'row')} could not be read and are left out; the first: {unread[0][1]}."
        warnings.append(PollWarning("unread", text, f"line {unread[0][0]}"))
    if 0 < naive < rows:
        text = f"{naive} of {rows} times carry no offset from UTC and are taken as UTC."
        warnings.append(PollWarning("mixed-zones", text, f"{naive} rows"))
    return warnings
