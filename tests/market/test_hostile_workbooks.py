"""Workbooks for the market that would take all time or memory, or are broken, are told; whole ones read as they are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenfold.kit.bounded import Bounds, rows_bounded
from tenfold.kit.errors import CannotBeUsed, UserError
from tenfold.market.importers.tables import columns_of, header_of, open_rows, xlsx_rows
from tests.kit.test_bounded import HEAD, SHEETS, _with_sheet, _workbook

HERE = "tests.market.test_hostile_workbooks"
TIGHT = Bounds(seconds=1, memory_mb=200, answer_mb=1)


def spins(_path: Path) -> list[int]:
    while True:
        pass


def stalls_after_two(_path: Path) -> Iterator[object]:
    yield 1
    yield 2
    while True:
        pass


def refuses_after_one(_path: Path) -> Iterator[object]:
    yield 1
    raise UserError("The second row is odd.", remedy="Mend it.")


def fails(_path: Path) -> Iterator[object]:
    yield 1
    raise RuntimeError("a library's own fault, with a secret path /etc/x")


def never_ends_a_row(_path: Path) -> Iterator[object]:
    yield "x" * 1_500_000


def counts(_path: Path, most: str) -> Iterator[object]:
    yield from range(int(most))


@pytest.mark.parametrize("reader", ["spins", "stalls_after_two", "fails", "never_ends_a_row"])
def test_whatever_a_reader_of_rows_does_becomes_words(reader: str, tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(CannotBeUsed, match="This file") as told:
        list(rows_bounded(f"{HERE}:{reader}", tmp_path, bounds=TIGHT, what="This file"))
    assert time.monotonic() - begun < 40
    assert "secret" not in str(told.value)


def test_rows_come_one_by_one_and_nobody_need_take_them_all(tmp_path: Path) -> None:
    rows = rows_bounded(f"{HERE}:counts", tmp_path, "100000000", bounds=TIGHT, what="This file")
    assert [next(rows) for _ in range(3)] == [0, 1, 2]
    del rows
    assert list(rows_bounded(f"{HERE}:counts", tmp_path, "4", bounds=TIGHT, what="This file")) == [0, 1, 2, 3]
    refusing = rows_bounded(f"{HERE}:refuses_after_one", tmp_path, bounds=TIGHT, what="This file")
    assert next(refusing) == 1
    with pytest.raises(CannotBeUsed, match="second row is odd"):
        next(refusing)


def test_a_workbook_reads_as_it_does_without_bounds(tmp_path: Path) -> None:
    book = tmp_path / "pay.xlsx"
    book.write_bytes(_workbook([["Title", "Salary"], ["Engineer", 95_000], [None, None], ["Łódź", 88_500.5]]))
    assert list(open_rows(book, ["Title", "Salary"])) == [
        (line, {"Title": cells[0], "Salary": cells[1]}) for line, cells in list(xlsx_rows(book))[1:]
    ]
    assert header_of(book) == ["Title", "Salary"]


BOMB = HEAD + b"<row><c t='inlineStr'><is><t>x</t></is></c></row>" * 8_000_000


@pytest.mark.parametrize("sheet", [*SHEETS, "a bomb"])
def test_hostile_workbooks_are_told(sheet: str, tmp_path: Path) -> None:
    book = tmp_path / "x.xlsx"
    book.write_bytes(_with_sheet(BOMB if sheet == "a bomb" else SHEETS[sheet]))
    with pytest.raises(UserError, match=r"workbook|empty") as told:
        columns_of(book)
    assert told.value.place.file == str(book)


def test_what_only_looks_like_a_workbook_is_told(tmp_path: Path) -> None:
    for content in (b"", b"PK\x03\x04", b"not a workbook", _workbook([["a"]])[:-40]):
        (tmp_path / "x.xlsx").write_bytes(content)
        with pytest.raises(UserError, match="workbook"):
            columns_of(tmp_path / "x.xlsx")
    with pytest.raises(UserError, match="cannot be read"):
        columns_of(tmp_path / "absent.xlsx")
