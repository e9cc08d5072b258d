"""Tables in CSV and XLSX files: encoding, delimiter, the row of names, rows with their line numbers.

Spreadsheets of any country are read: UTF-8, UTF-16, Windows-1252 and -1250; commas, semicolons, tabs, bars; titles
above the names of the columns; two columns of one name, told apart by a number.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

from tenfold.kit.bounded import Bounds, rows_bounded
from tenfold.kit.errors import CannotBeUsed, Place, UserError
from tenfold.market.importers.headers import Column, known_columns

Record = dict[str, str]
Line = tuple[int, Sequence[str]]
csv.field_size_limit(10_000_000)

HEADER_WITHIN = 40
"""The row of names is looked for in so many first rows."""
SAMPLE_ROWS = 400
_WHOLE_BYTES = 20_000_000
_HEAD_BYTES = 262_144
_TOLD_EVERY = 5_000
MOST_CHARACTERS = 32_767
"""In one cell of a workbook: what Excel's own limit is."""
_MORE_FAULTS = (OSError, ValueError, LookupError, NotImplementedError, RuntimeError)
"""What the reader of zip files raises for those that are encrypted, packed in ways it does not know, or broken."""
_MARKS = (",", ";", "\t", "|")


def open_rows(
    path: Path,
    required: Sequence[str],
    *,
    sheet: str | None = None,
    names_in: int | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> Iterator[tuple[int, Record]]:
    """(line, record) for each row with only the required columns and those that start with "+" as optional.

    `names_in`: the line that holds the names of the columns, where somebody says it.

    Raises:
        UserError: not a readable CSV or XLSX, or columns are missing.
    """
    lines = _lines(path, sheet, advance)
    head = list(islice(lines, HEADER_WITHIN))
    if not head:
        raise UserError("The file is empty.", place=Place(file=str(path)))
    at = _row_with(head, required) if names_in is None else _row_at(head, names_in, path)
    yield from _records(path, head[at], required, chain(head[at + 1 :], lines))


def header_of(path: Path, *, names_in: int | None = None) -> list[str]:
    """The names of the columns, each different: from the first row that holds names that pay lists have."""
    return [column.name for column in columns_of(path, rows=0, names_in=names_in)]


def columns_of(path: Path, *, rows: int = SAMPLE_ROWS, names_in: int | None = None) -> list[Column]:
    """The columns with their first cells that are not empty.

    Raises:
        UserError: not a readable CSV or XLSX, or it is empty.
    """
    lines = _lines(path, None, lambda _: None)
    head = list(islice(lines, HEADER_WITHIN))
    if not head:
        raise UserError("The file is empty.", place=Place(file=str(path)))
    at = _row_of_names(head) if names_in is None else _row_at(head, names_in, path)
    names = told_apart(head[at][1])
    below = [cells for _, cells in chain(head[at + 1 :], islice(lines, max(0, rows - len(head))))] if rows else []
    return [
        Column(name, tuple(cells[index].strip() for cells in below if index < len(cells) and cells[index].strip()))
        for index, name in enumerate(names)
    ]


def first_lines(path: Path, *, most: int = 12) -> list[tuple[int, list[str]]]:
    """The first rows as they stand, to choose the one with the names of the columns.

    Raises:
        UserError: not a readable CSV or XLSX.
    """
    return [
        (line, [cell.strip() for cell in cells]) for line, cells in islice(_lines(path, None, lambda _: None), most)
    ]


def told_apart(names: Sequence[str]) -> list[str]:
    """Stripped names; the second of two equal ones gets a number: `Salary (2)`."""
    seen: Counter[str] = Counter()
    made = []
    for name in (" ".join(each.split()) for each in names):
        seen[name.casefold()] += 1 if name else 0
        count = seen[name.casefold()]
        made.append(f"{name} ({count})" if count > 1 else name)
    return made


def _row_of_names(head: Sequence[Line]) -> int:
    """The row with most names that are known of pay lists; the first of several, the first row where none is known."""
    known = [known_columns(cell.strip() for cell in cells) for _, cells in head]
    return known.index(max(known)) if max(known) >= 2 else 0


def _row_at(head: Sequence[Line], line: int, path: Path) -> int:
    found = next((at for at, (number, _) in enumerate(head) if number == line), None)
    if found is None:
        raise UserError(
            f"Line {line} holds no names of columns.",
            remedy=f"Give one of the first {HEADER_WITHIN} lines that is not empty.",
            place=Place(file=str(path)),
        )
    return found


def _row_with(head: Sequence[Line], required: Sequence[str]) -> int:
    wanted = {name.casefold() for name in required if not name.startswith("+")}
    rows = ({name.casefold() for name in told_apart(cells)} for _, cells in head)
    return next((at for at, names in enumerate(rows) if wanted <= names), 0)


def _records(path: Path, header: Line, required: Sequence[str], lines: Iterator[Line]) -> Iterator[tuple[int, Record]]:
    at = {name.casefold(): index for index, name in enumerate(told_apart(header[1]))}
    missing = [name for name in required if not name.startswith("+") and name.casefold() not in at]
    if missing:
        raise UserError(
            f"Columns are missing: {', '.join(missing)}.",
            remedy=f"The first row has: {', '.join(name for name in header[1][:20] if name)}.",
            place=Place(file=str(path), line=header[0]),
        )
    wanted = [(name.lstrip("+"), at.get(name.lstrip("+").casefold(), -1)) for name in required]
    for line, cells in lines:
        width = len(cells)
        yield line, {name: cells[index] if 0 <= index < width else "" for name, index in wanted}


def _lines(path: Path, sheet: str | None, advance: Callable[[int], None]) -> Iterator[Line]:
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _xlsx_lines(path, sheet)
    return _csv_lines(path, advance)


def _csv_lines(path: Path, advance: Callable[[int], None]) -> Iterator[Line]:
    try:
        with path.open("rb") as stream:
            encoding = _encoding(stream, path)
            text = io.TextIOWrapper(stream, encoding=encoding, newline="")
            yield from _parse(text, stream.tell, advance)
    except OSError as error:
        raise UserError(f"The file cannot be read: {error.strerror}.", place=Place(file=str(path))) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(
            f"This is not a CSV file in UTF-8: {error}.",
            remedy="Save it as CSV UTF-8 or as XLSX.",
            place=Place(file=str(path)),
        ) from error


def _parse(text: io.TextIOWrapper, tell: Callable[[], int], advance: Callable[[int], None]) -> Iterator[Line]:
    head = list(islice(text, HEADER_WITHIN))
    said = re.fullmatch(r"sep=(.)\s*", head[0]) if head else None
    skipped = 1 if said else 0
    mark = said[1] if said else _delimiter(head)
    reader = csv.reader(chain(head[skipped:], text), delimiter=mark)
    told = 0
    for number, cells in enumerate(reader):
        if number % _TOLD_EVERY == 0:
            reached = tell()
            advance(reached - told)
            told = reached
        if any(cells):
            yield reader.line_num + skipped, cells
    advance(tell() - told)


def _encoding(stream: Any, path: Path) -> str:
    """By its mark, else by what decodes; the stream is back at its start.

    Raises:
        UserError: a workbook or something else that is no text.
    """
    head: bytes = stream.read(_HEAD_BYTES)
    rest = stream.read(_WHOLE_BYTES - len(head)) if len(head) == _HEAD_BYTES else b""
    stream.seek(0)
    if head.startswith(b"PK"):
        raise UserError(
            "This is a zip or Excel file with the name of a CSV.",
            remedy="Give it the ending .xlsx.",
            place=Place(file=str(path)),
        )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head:
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    known = head + rest
    try:
        codecs.getincrementaldecoder("utf-8")().decode(known)
    except UnicodeDecodeError:
        return _windows(known)
    return "utf-8-sig"


def _windows(known: bytes) -> str:
    """Western or Central European: in the wrong one, letters such as ł turn into superscripts within words."""
    western = known.decode("cp1252", "replace")
    return "cp1250" if re.search(r"[^\W\d_][³¹¿]|[³¹¿][^\W\d_]", western) else "cp1252"


def _delimiter(head: Sequence[str]) -> str:
    """The mark that parts most rows into equally many cells."""
    return max(_MARKS, key=lambda mark: (_evenness(head, mark), -_MARKS.index(mark)))


def _evenness(head: Sequence[str], mark: str) -> float:
    try:
        widths = [len(cells) for cells in csv.reader(head, delimiter=mark) if any(cells)]
    except csv.Error:
        return 0.0
    width, rows = max(Counter(widths).items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return (width - 1) * rows / len(widths) if widths else 0.0


def _xlsx_lines(path: Path, sheet: str | None) -> Iterator[Line]:
    """Read apart from us: a workbook of a few kilobytes can unpack to gigabytes."""
    try:
        size = path.stat().st_size
        reader = "tenfold.market.importers.tables:xlsx_rows"
        named = [sheet] if sheet else []
        yield from (
            (line, cells)
            for line, cells in rows_bounded(reader, path, *named, bounds=xlsx_bounds(size), what="This XLSX workbook")
        )
    except OSError as error:
        raise UserError(
            f"The file cannot be read: {error.strerror}.", remedy="Check the path.", place=Place(file=str(path))
        ) from error
    except CannotBeUsed as error:
        raise UserError(error.what, remedy=error.remedy, place=Place(file=str(path))) from error


def xlsx_bounds(size: int) -> Bounds:
    """In proportion to the file: published tables are large, and a small file may take little."""
    megabytes = math.ceil(size / 1_000_000)
    return Bounds(seconds=10 + 5 * megabytes, memory_mb=600 + 50 * megabytes, answer_mb=20)


def xlsx_rows(path: Path, sheet: str | None = None) -> Iterator[Line]:
    """Rows of the sheet named, else of the longest one that is not hidden.

    Raises:
        UserError: it is no whole workbook, or has no such sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415  only XLSX needs it

    try:
        _refuse_broken_sheets(path)
        book = CalamineWorkbook.from_path(str(path))
        visible = [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        names = [sheet] if sheet else visible or book.sheet_names
        found = max((book.get_sheet_by_name(name) for name in names), key=lambda each: each.total_height)
    except (CalamineError, zipfile.BadZipFile, expat.ExpatError, zlib.error, EOFError, *_MORE_FAULTS) as error:
        raise UserError(
            "This is not a whole XLSX workbook.",
            remedy="Download or export it again; a truncated file cannot be read.",
        ) from error
    first = (found.start or (0, 0))[0]
    for line, cells in enumerate(found.iter_rows(), start=first + 1):
        said = [_cell(cell) for cell in cells]
        if any(said):
            yield line, [_require_bounds(cell) for cell in said]


def _require_bounds(cell: str) -> str:
    if len(cell) > MOST_CHARACTERS:
        raise UserError(
            "This is no XLSX workbook of a spreadsheet: one cell holds more than any can.",
            remedy="Download or export it again.",
        )
    return cell


def _refuse_broken_sheets(path: Path) -> None:
    """The quick reader stops at broken XML without a word, and rows would be lost: each sheet is parsed once before."""
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with book.open(name) as sheet:
                    expat.ParserCreate().ParseFile(sheet)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)
