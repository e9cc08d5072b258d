"""Exports of HR systems map themselves, whatever the country, and every row comes to full-time pay or is refused."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tenfold.kit.errors import UserError
from tenfold.market.fx import Rates
from tenfold.market.importers.aijobs import AiJobs
from tenfold.market.importers.cells import roughly_usd
from tenfold.market.importers.own import Own, proposal_of, propose, read_mapping
from tenfold.market.importers.source import Dropped, open_rows
from tenfold.market.importers.tables import columns_of
from tenfold.market.observation import Observation, Rate
from tests.market import hr_exports
from tests.market.hr_exports import Layout, Outcome
from tests.market.hr_exports_more import MORE_LAYOUTS

CURRENCIES = ("EUR", "GBP", "CHF", "PLN", "SEK", "INR", "ILS")
RATES = Rates.of(Rate(date(2025, 1, 1), currency, 1 / roughly_usd(1, currency)) for currency in CURRENCIES)
LAYOUTS = (*hr_exports.LAYOUTS, *MORE_LAYOUTS)
NAMES = [layout.name for layout in LAYOUTS]


@pytest.mark.parametrize("layout", LAYOUTS, ids=NAMES)
def test_columns_are_found(layout: Layout, tmp_path: Path) -> None:
    found = proposal_of(layout.write(tmp_path)).mapping.columns
    assert {field: found.get(field) for field in layout.columns} == layout.columns


@pytest.mark.parametrize("layout", LAYOUTS, ids=NAMES)
def test_what_names_a_person_is_flagged(layout: Layout, tmp_path: Path) -> None:
    found = proposal_of(layout.write(tmp_path))
    assert set(layout.personal) - set(found.personal) == set()
    assert not set(found.mapping.columns.values()) & set(layout.personal)


@pytest.mark.parametrize("layout", LAYOUTS, ids=NAMES)
def test_rows_come_to_full_time_pay_or_are_refused(layout: Layout, tmp_path: Path) -> None:
    path, text = layout.write(tmp_path), tmp_path / "map.toml"
    text.write_text(propose(columns_of(path)), "utf-8")
    mapping = read_mapping(text)
    importer = Own(mapping, RATES, today=date(2026, 1, 1))
    outcomes = tuple(_outcome(one) for one in importer.read(open_rows(path, importer.columns())))
    assert outcomes == layout.people


def _outcome(one: object) -> Outcome:
    if not isinstance(one, Observation):
        return None
    return round(one.min_year, 2), one.currency, one.country


def test_a_sheet_of_broken_xml_is_refused_not_half_read(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.xlsx", tmp_path / "broken.xlsx"
    book = openpyxl.Workbook()
    for row in (["Job title", "Salary"], *(["Data Engineer", str(100_000 + n)] for n in range(30))):
        book.worksheets[0].append(row)
    book.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b'<row r="20"', b'<row r="20" <<') if "sheet1" in name else content)
    assert len(list(open_rows(whole, ["Salary"]))) == 30
    with pytest.raises(UserError, match="not a whole XLSX"):
        list(open_rows(broken, ["Salary"]))


def test_a_superscript_is_no_year(tmp_path: Path) -> None:
    columns = AiJobs(RATES).columns()
    record = dict.fromkeys(columns, "1") | {"work_year": "202²", "job_title": "Data Engineer", "salary": "100000"}
    (one,) = AiJobs(RATES).read(iter([(2, record)]))
    assert isinstance(one, Dropped)
    assert one.reason == "work_year is not a year"
