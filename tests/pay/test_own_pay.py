"""A company's own list: columns proposed, rows checked before anything is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tenfold.kit.errors import UserError
from tenfold.market.fx import Rates
from tenfold.market.importers.own import ColumnMap, proposal
from tenfold.market.importers.source import open_rows
from tenfold.practices.pay import questions
from tenfold.practices.pay.own_pay import CheckedRows, RowProblem, check_rows

TODAY = date(2026, 11, 18)
MAPPING = ColumnMap({"title": "Title", "pay": "Pay", "level": "Grade"}, {"currency": "USD", "period": "year"})


def checked(*rows: tuple[str, str, str], mapping: ColumnMap = MAPPING) -> CheckedRows:
    records = [
        (line, {"Title": title, "Pay": pay, "Grade": grade}) for line, (title, pay, grade) in enumerate(rows, start=2)
    ]
    return check_rows(records, mapping, today=TODAY, rates=Rates.of(()))


def test_names_of_hr_systems_are_known_and_columns_that_name_a_person_are_left_out() -> None:
    header = ["Employee ID", "Full name", "Job_Title", "Base Salary (USD)", "Pay Grade", "Percentage", "Manager e-mail"]
    found = proposal(header)
    assert found.mapping.columns == {"title": "Job_Title", "pay": "Base Salary (USD)", "level": "Pay Grade"}
    assert found.personal == ("Employee ID", "Full name", "Manager e-mail")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_spreadsheet_of_any_country_is_read(mark: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"Title{mark}Pay\nEngineer{mark}150\n", encoding="utf-8")
    assert list(open_rows(path, ("Title", "Pay"))) == [(2, {"Title": "Engineer", "Pay": "150"})]


def test_each_row_that_cannot_be_used_says_why_and_where() -> None:
    found = checked(
        ("MLOps Engineer", "160,000", "senior"),
        ("", "160,000", "senior"),
        ("MLOps Engineer", "", "senior"),
        ("MLOps Engineer", "o.k.", "senior"),
        ("MLOps Engineer", "152", "senior"),
        ("MLOps Engineer", "160,000", "Z9"),
    )
    assert [(line, person.role, person.level) for line, person in found.people] == [(2, "mlops", "senior")]
    assert found.problems == (
        RowProblem(3, "the title is empty", "title"),
        RowProblem(4, "pay is empty", "pay"),
        RowProblem(5, "pay is not an amount", "pay"),
        RowProblem(6, "pay comes to 152 USD a year, which no full-time pay is", "pay"),
        RowProblem(7, "no level is known", "level"),
    )
    assert found.unknown_levels == {"Z9": 1}


def test_a_word_for_a_level_is_said_once_for_all_rows() -> None:
    rows = [("MLOps Engineer", "160,000", "Z9")] * 3
    assert not checked(*rows).people
    told = ColumnMap(MAPPING.columns, MAPPING.same, {"Z9": "senior"})
    assert len(checked(*rows, mapping=told).people) == 3


def test_the_length_of_the_work_is_told_row_by_row() -> None:
    told: list[None] = []
    records = [(2, {"Title": "MLOps Engineer", "Pay": "1", "Grade": ""})] * 7
    check_rows(records, MAPPING, today=TODAY, rates=Rates.of(()), advance=lambda: told.append(None))
    assert len(told) == 7


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ("165000-195000", (165_000, 195_000)),
        ("165k–195k", (165_000, 195_000)),
        ("$165,000 - $195,000", (165_000, 195_000)),
        ("180k", (180_000, 180_000)),
    ],
)
def test_a_range_is_read_as_people_type_it(words: str, ends: tuple[float, float]) -> None:
    assert questions.amounts(words) == ends


@pytest.mark.parametrize("words", ["much", "195k-165k", "0-1", "-5", "1-2-3", "nan", "inf", "1e9"])
def test_what_is_no_range_is_said(words: str) -> None:
    with pytest.raises(UserError, match="is not a range of pay"):
        questions.amounts(words)


def test_a_metro_by_its_full_name_is_itself() -> None:
    country, cbsa = questions.where("Portland-South Portland, ME")
    assert country == "US"
    assert cbsa == questions.where("Portland, ME")[1]
    assert questions.where("Germany") == ("DE", None)
    assert questions.where(None) == ("US", None)
