"""A file that would take all time or memory is told in words, and takes neither from us."""

from __future__ import annotations

import io
import tempfile
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tenfold.connectors.tables import parse_table, xlsx_rows
from tenfold.kit.bounded import Bounds, read_bounded
from tenfold.kit.errors import CannotBeUsed, UserError
from tests.shared_data import shared

HERE = "tests.kit.test_bounded"
WRITTEN = Path(tempfile.gettempdir()) / "written-by-a-parser"
TIGHT = Bounds(seconds=1, memory_mb=200)


def spins(_content: bytes) -> None:
    while True:
        pass


def swells(_content: bytes) -> int:
    return len(b"x" * 2_000_000_000)


def writes(content: bytes) -> int:
    return WRITTEN.write_bytes(content)


def fails(_content: bytes) -> None:
    raise RuntimeError("a library's own fault, with a secret path /etc/x")


def refuses(content: bytes) -> None:
    raise UserError(f"There are {len(content)} bytes too many.", remedy="Take them out.")


def talks(content: bytes) -> list[object]:
    return [content.decode(), 1, None]


@pytest.mark.parametrize("reader", ["spins", "swells", "fails", "writes"])
def test_whatever_a_parser_does_becomes_words(reader: str) -> None:
    begun = time.monotonic()
    with pytest.raises(CannotBeUsed, match="This file") as told:
        read_bounded(f"{HERE}:{reader}", b"x", bounds=TIGHT, what="This file")
    assert time.monotonic() - begun < 20
    assert "secret" not in str(told.value)
    assert not WRITTEN.exists() or WRITTEN.stat().st_size == 0


def test_a_reader_s_own_words_are_kept_and_values_come_back() -> None:
    with pytest.raises(CannotBeUsed, match="3 bytes too many"):
        read_bounded(f"{HERE}:refuses", b"abc", bounds=TIGHT, what="This file")
    assert read_bounded(f"{HERE}:talks", "né".encode(), bounds=TIGHT, what="This file") == ["né", 1, None]


def _workbook(rows: list[list[object]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_as_it_is_without_bounds() -> None:
    raw = _workbook([["Name", "Pay"], ["Ada", 95_000], ["Łukasz", 88_500.5], [None, None], ["İ", "=1+1"]])
    table = parse_table(raw, name="x.xlsx")
    assert [(row.line, list(row.cells)) for row in table.rows] == xlsx_rows(raw)[1:]


def _with_sheet(content: bytes) -> bytes:
    """A workbook whose one sheet is replaced."""
    out = io.BytesIO()
    base = zipfile.ZipFile(io.BytesIO(_workbook([["a"]])))
    with base as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in whole.namelist():
            changed.writestr(name, content if name == "xl/worksheets/sheet1.xml" else whole.read(name))
    return out.getvalue()


HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
SHEETS = {
    "broken": HEAD + b"<row><c><v>1</v></row>",
    "nested": HEAD + b"<row>" * 200_000,
    "entities": ENTITIES + b"]>" + HEAD + b"<row><c t='str'><v>&j;</v></c></row></sheetData></worksheet>",
    "one endless cell": HEAD + b"<row><c t='str'><v>" + b"x" * 120_000_000 + b"</v></c></row></sheetData></worksheet>",
    "no XML": b"\x00" * 1_000,
}


@pytest.mark.parametrize("sheet", SHEETS)
def test_hostile_workbooks_are_told(sheet: str) -> None:
    begun = time.monotonic()
    with pytest.raises(UserError) as told:
        parse_table(_with_sheet(SHEETS[sheet]), name="x.xlsx")
    assert "workbook" in told.value.what or "empty" in told.value.what or "wide" in str(told.value)
    assert time.monotonic() - begun < 90


def test_the_workbook_that_once_was_our_fault() -> None:
    path = shared("hostile/xlsx_broken_xml.xlsx")
    with pytest.raises(UserError, match="workbook"):
        parse_table(path.read_bytes(), name=path.name)
