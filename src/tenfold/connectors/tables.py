"""Tables as people export them: CSV of any country's spreadsheet, or XLSX, with the line of every row."""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from tenfold.kit.bounded import Bounds, read_bounded
from tenfold.kit.errors import CannotBeUsed, Place, UserError
from tenfold.kit.words import join

MAX_BYTES = 200_000_000
MAX_ROWS = 2_000_000
XLSX_BOUNDS = Bounds(seconds=60, memory_mb=900)
MOST_CHARACTERS = 32_767
"""In one cell: what Excel's own limit is."""
MOST_TITLES = 10
"""Lines that may stand above the header."""
SNIFFED_LINES, SNIFFED_CHARACTERS = 20, 200_000
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line where it begins in the file (from 1) and its cells, trimmed."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header and its rows. Every row is as wide as the header."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str = ","

    def position(self, column: str) -> int:
        """Where a column stands; spelling and case as forgiving as people are.

        Raises:
            UserError: there is no such column, or more than one.
        """
        wanted = _plain(column)
        found = [index for index, name in enumerate(self.header) if name == column.strip()] or [
            index for index, name in enumerate(self.header) if _plain(name) == wanted
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise UserError(
                f"There are {len(found)} columns named “{column}”.",
                remedy="Rename all but one.",
                place=Place(file=self.name, line=1, field=column),
            )
        raise UserError(
            f"There is no column “{column}”.",
            remedy=f"The first row has: {', '.join(name for name in self.header[:20] if name) or 'no names'}.",
            place=Place(file=self.name, line=1, field=column),
        )

    def column(self, name: str) -> list[str]:
        at = self.position(name)
        return [row.cells[at] for row in self.rows]

    def has_column(self, name: str) -> bool:
        return any(_plain(each) == _plain(name) for each in self.header)


def read_table(path: Path) -> Table:
    """The table in a CSV or XLSX file.

    Raises:
        UserError: the file is missing, empty, too large, or no table.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _unusable(path, f"The file has {size:,} bytes; {MAX_BYTES:,} is the most that is read.", "Split it.")
        raw = path.read_bytes()
    except OSError as error:
        raise _unusable(path, f"The file cannot be read: {error.strerror}.", "Check the path.") from error
    return parse_table(raw, name=str(path))


def parse_table(raw: bytes, *, name: str) -> Table:
    """The table in a file's bytes; see `read_table`."""
    if raw[:4] == b"PK\x03\x04":
        return _table(name, _xlsx_lines(raw, name), ",")
    text = _text(raw, name)
    if not text.strip():
        raise _unusable(name, "The file is empty.", "Export it again, with a first row of column names.")
    delimiter = _delimiter(text)
    return _table(name, _csv_lines(text, delimiter, name), delimiter)


def require_rows(table: Table) -> Table:
    """The table, if it holds any row.

    Raises:
        UserError: there is a header and nothing below it.
    """
    if not table.rows:
        raise _unusable(table.name, "The file has column names and no rows.", "Export it again with its rows.")
    return table


def _table(name: str, lines: Iterator[tuple[int, Sequence[str]]], delimiter: str) -> Table:
    lines = _without_titles(lines)
    first = next(lines, None)
    if first is None:
        raise _unusable(name, "The file is empty.", "Export it again, with a first row of column names.")
    header = tuple(cell.strip() for cell in first[1])
    width = len(header)
    rows: list[Row] = []
    for line, cells in lines:
        trimmed = tuple(cell.strip() for cell in cells)
        if not any(trimmed):
            continue
        if any(trimmed[width:]):
            raise _too_wide(name, line, len(trimmed), width)
        rows.append(Row(line, (trimmed + ("",) * width)[:width]))
        if len(rows) > MAX_ROWS:
            raise _unusable(name, f"The file has more than {MAX_ROWS:,} rows.", "Split it.")
    return Table(name, header, tuple(rows), delimiter)


def _without_titles(lines: Iterator[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    """The lines from the header on: reports stand under a title, alone in its line, and sometimes a date."""
    head = list(islice(lines, MOST_TITLES + 1))
    widths = [sum(bool(cell.strip()) for cell in cells) for _, cells in head]
    begins = next((at for at, width in enumerate(widths) if width > 1), 0)
    return chain(head[begins:], lines)


def _too_wide(name: str, line: int, cells: int, width: int) -> UserError:
    return UserError(
        f"This row has {cells} cells; the first row has {width}.",
        remedy="Put quotes around cells that hold the separator.",
        place=Place(file=name, line=line),
    )


def _text(raw: bytes, name: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return raw.decode("utf-16").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise _unusable(name, f"This is not whole UTF-16 text: {error.reason}.", "Save it as CSV UTF-8.") from error
    if b"\x00" in raw[:4096]:
        raise _unusable(name, "This is not a text file.", "Save it as CSV UTF-8 or as XLSX.")
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 decodes any bytes")


def _delimiter(text: str) -> str:
    """The separator by which most of the first lines, titles apart, have equally many cells, most cells first."""
    head = [line for line in text[:SNIFFED_CHARACTERS].splitlines()[:SNIFFED_LINES] if line.strip()]

    def fit(mark: str) -> tuple[int, float, int]:
        widths = Counter(len(cells) for cells in csv.reader(io.StringIO("\n".join(head)), delimiter=mark) if cells)
        width, lines = max(widths.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
        return (int(width > 1), lines / max(1, len(head)), width)

    try:
        return max(DELIMITERS, key=fit)
    except csv.Error:
        return ","


def _csv_lines(text: str, delimiter: str, name: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            if cells and not (begins == 1 and cells[0].startswith("sep=")):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UserError(
            f"This is not a CSV file: {error}.",
            remedy="Look for an opening quote without a closing one.",
            place=Place(file=name, line=begins),
        ) from error


def _xlsx_lines(raw: bytes, name: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Read apart from us: a workbook of a few kilobytes can unpack to gigabytes."""
    try:
        found = read_bounded("tenfold.connectors.tables:xlsx_rows", raw, bounds=XLSX_BOUNDS, what="This XLSX workbook")
    except CannotBeUsed as error:
        raise _unusable(name, error.what, error.remedy) from error
    yield from found


def xlsx_rows(raw: bytes) -> list[tuple[int, list[str]]]:
    """Line and cells of every row of the longest sheet.

    Raises:
        UserError: it is no whole workbook, or holds too many rows.
    """
    import openpyxl  # noqa: PLC0415 - only XLSX needs it

    rows: list[tuple[int, list[str]]] = []
    broken = UserError("This is not a whole XLSX workbook.", remedy="Download or export it again.")
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = max(book.worksheets, key=lambda each: each.max_row or 0)
        sheet.reset_dimensions()
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if any(cell is not None for cell in cells):
                rows.append((line, [_require_bounds(_cell(cell)) for cell in cells]))
    except (
        zipfile.BadZipFile,
        EOFError,
        LookupError,
        ValueError,
        TypeError,
        SyntaxError,
        OSError,
        AttributeError,
    ) as error:
        raise broken from error
    return rows


def _require_bounds(cell: str) -> str:
    if len(cell) > MOST_CHARACTERS:
        raise UserError(
            "This is no XLSX workbook of a spreadsheet: one cell holds more than any can.",
            remedy="Download or export it again.",
        )
    return cell


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != datetime.min.time() else value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _plain(name: str) -> str:
    return "".join(mark for mark in name.casefold() if mark.isalnum())


def _unusable(where: Path | str, what: str, remedy: str) -> UserError:
    return UserError(what, remedy=remedy, place=Place(file=str(where)))


def parse_number(cell: str, *, is_money: bool = False) -> float:
    """The number that a cell writes: `1,234.5`, `1.234,5`, `1 234,5`, `1'234`, `€ 95.000`, `3,5 %`.

    One comma before three digits parts thousands; one point does so in money, which nobody writes with three decimals.

    Raises:
        ValueError: it is none.
    """
    plain = "".join(mark for mark in cell if not mark.isspace() and mark not in "'’_$€£%")
    plain = plain.removesuffix("EUR").removesuffix("USD").removeprefix("EUR").removeprefix("USD")
    if "," in plain and "." in plain:
        decimal = max(",.", key=plain.rfind)
        plain = plain.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", plain) or plain.count(",") > 1:
        plain = plain.replace(",", "")
    elif plain.count(".") > 1 or (is_money and re.fullmatch(r"[+-]?\d{1,3}\.\d{3}", plain)):
        plain = plain.replace(".", "")
    value = float(plain.replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(f"{cell} is no finite number")
    return value


def name_columns(names: Sequence[str]) -> str:
    """Column names in a sentence."""
    return join([f"“{name}”" for name in names])
