"""What importers share: rows with their line numbers from CSV and XLSX, streaming, and what becomes of a row."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from tenfold.kit.errors import Place, UserError
from tenfold.market.observation import Observation, OfficialWage, Rate, RegionalPrice

Record = dict[str, str]
Made = Observation | OfficialWage | Rate | RegionalPrice
csv.field_size_limit(10_000_000)


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


def open_rows(
    path: Path, required: Sequence[str], *, sheet: str | None = None, advance: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[int, Record]]:
    """(line, record) for each row with only the required columns and those that start with "+" as optional.

    Raises:
        UserError: not a readable CSV or XLSX, or columns are missing.
    """
    lines = _xlsx_lines(path, sheet) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv_lines(path, advance)
    try:
        first = next(lines, None)
        if first is None:
            raise UserError("The file is empty.", place=Place(file=str(path)))
        yield from _records(path, first[1], required, lines)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(
            f"This is not a CSV file in UTF-8: {error}.",
            remedy="Save it as CSV UTF-8 or as XLSX.",
            place=Place(file=str(path)),
        ) from error


def header_of(path: Path) -> list[str]:
    """The names in the first row."""
    lines = _xlsx_lines(path, None) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv_lines(path, lambda _: None)
    return [cell.strip() for cell in next(lines, (1, ()))[1]]


def _records(
    path: Path, header: Sequence[str], required: Sequence[str], lines: Iterator[tuple[int, Sequence[str]]]
) -> Iterator[tuple[int, Record]]:
    at = {name.strip().casefold(): index for index, name in enumerate(header)}
    missing = [name for name in required if not name.startswith("+") and name.casefold() not in at]
    if missing:
        raise UserError(
            f"Columns are missing: {', '.join(missing)}.",
            remedy=f"The first row has: {', '.join(name for name in header[:20] if name)}.",
            place=Place(file=str(path), line=1),
        )
    wanted = [(name.lstrip("+"), at.get(name.lstrip("+").casefold(), -1)) for name in required]
    for line, cells in lines:
        width = len(cells)
        yield line, {name: cells[index] if 0 <= index < width else "" for name, index in wanted}


def _csv_lines(path: Path, advance: Callable[[int], None]) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UserError(f"The file cannot be read: {error.strerror}.", place=Place(file=str(path))) from error
    with stream:
        if stream.read(4)[:2] == b"PK":
            raise UserError(
                "This is a zip or Excel file with the name of a CSV.",
                remedy="Give it the ending .xlsx.",
                place=Place(file=str(path)),
            )
        stream.seek(0)

        def decoded() -> Iterator[str]:
            for raw in stream:
                advance(len(raw))
                yield raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8")

        lines = decoded()
        first = next(lines, "")
        reader = csv.reader(chain((first,), lines), delimiter=_delimiter(first))
        for cells in reader:
            if cells:
                yield reader.line_num, cells


def _delimiter(header: str) -> str:
    """A comma, or what a spreadsheet of another country writes instead: a semicolon or a tab."""
    return max((",", ";", "\t"), key=lambda mark: (header.count(mark), mark == ","))


def _xlsx_lines(path: Path, sheet: str | None) -> Iterator[tuple[int, Sequence[str]]]:
    import openpyxl  # noqa: PLC0415  only XLSX needs it

    broken = UserError(
        "This is not a whole XLSX workbook.",
        remedy="Download or export it again; a truncated file cannot be read.",
        place=Place(file=str(path)),
    )
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError as error:
        raise UserError("The file cannot be read: it is not there.", place=Place(file=str(path))) from error
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError) as error:
        raise broken from error
    try:
        found = book[sheet] if sheet else max(book.worksheets, key=lambda each: each.max_row or 0)
        found.reset_dimensions()
        for line, cells in enumerate(found.iter_rows(values_only=True), start=1):
            if any(cell is not None for cell in cells):
                yield line, [_cell(cell) for cell in cells]
    except (zipfile.BadZipFile, EOFError, KeyError, SyntaxError, OSError) as error:
        raise broken from error
    finally:
        book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


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
_DATE_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y", "%d-%b-%y")


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
    plain = cell.strip()
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(plain, pattern).date()  # noqa: DTZ007 - a calendar day
        except ValueError:
            continue
    raise BadRowError(f"{column} is not a date")
