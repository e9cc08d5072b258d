"""What importers share: what becomes of a row, and the cells of official files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tenfold.market.importers.cells import read_day
from tenfold.market.importers.tables import Record, header_of, open_rows
from tenfold.market.observation import Observation, OfficialWage, Rate, RegionalPrice

__all__ = [
    "BadRowError",
    "Dropped",
    "Importer",
    "Made",
    "NotWantedError",
    "Record",
    "amount",
    "day",
    "header_of",
    "one_by_one",
    "open_rows",
    "times_a_year",
]

Made = Observation | OfficialWage | Rate | RegionalPrice


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that was not kept. `is_bad`: it could not be read; else it is only not asked for."""

    line: int
    reason: str
    is_bad: bool
    cells: tuple[str, ...] = ()


class BadRowError(Exception):
    """A row cannot be used. The text is the reason, equal for all rows of this fault, so that they can be counted."""


class NotWantedError(Exception):
    """A row is sound but not for us."""


class Importer(Protocol):
    """One kind of source. `stateless`: each row stands alone, so an interrupted import can go on where it stopped."""

    kind: str
    table: str
    stateless: bool
    provenance: str

    def columns(self) -> Sequence[str]:
        """Columns that must be there."""
        ...

    def read(self, rows: Iterator[tuple[int, Record]]) -> Iterator[Made | Dropped]: ...

    def pass_over(self, record: Record) -> None:
        """Told of each row that an earlier, broken-off import has taken already."""
        ...


def one_by_one(rows: Iterator[tuple[int, Record]], make: Callable[[Record], Made]) -> Iterator[Made | Dropped]:
    for line, record in rows:
        try:
            yield make(record)
        except BadRowError as bad:
            yield Dropped(line, str(bad), is_bad=True, cells=tuple(record.values()))
        except NotWantedError as other:
            yield Dropped(line, str(other), is_bad=False)


_PERIODS = {
    "year": 1.0,
    "yr": 1.0,
    "annual": 1.0,
    "annually": 1.0,
    "y": 1.0,
    "month": 12.0,
    "monthly": 12.0,
    "m": 12.0,
    "bi-weekly": 26.0,
    "biweekly": 26.0,
    "week": 52.0,
    "weekly": 52.0,
    "w": 52.0,
    "day": 260.0,
    "daily": 260.0,
    "d": 260.0,
    "hour": 2080.0,
    "hourly": 2080.0,
    "hr": 2080.0,
    "h": 2080.0,
}


def amount(cell: str, column: str) -> float:
    """A figure such as `120,000`, `$120000.50`, `120k`; apostrophes and blanks as thousands marks too."""
    plain = (
        cell.strip().casefold().lstrip("$€£").replace(",", "").replace("'", "").replace("\u202f", "").replace(" ", "")
    )
    thousand = 1000.0 if plain.endswith("k") else 1.0
    try:
        value = float(plain.removesuffix("k")) * thousand
    except ValueError:
        raise BadRowError(f"{column} is not an amount") from None
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - the test for not-a-number
        raise BadRowError(f"{column} is not an amount")
    if value < 0:
        raise BadRowError(f"{column} is negative")
    return value


def times_a_year(cell: str, column: str) -> float:
    found = _PERIODS.get(cell.strip().casefold())
    if found is None:
        raise BadRowError(f"{column} is not a pay period")
    return found


def day(cell: str, column: str) -> date:
    found = read_day(cell)
    if found is None:
        raise BadRowError(f"{column} is not a date")
    return found
