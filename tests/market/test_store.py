"""The store and the importers, on files written here; nothing of the world is needed."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.errors import NotEnoughData, UserError
from tenfold.market import store as storing
from tenfold.market.fx import Rates
from tenfold.market.importers.aijobs import AiJobs
from tenfold.market.importers.lca import Lca
from tenfold.market.importers.official import ExchangeRates, Oews, RegionalPrices, year_in_name
from tenfold.market.importers.own import Own, propose, read_mapping
from tenfold.market.importers.source import Dropped, Made, Record
from tenfold.market.observation import Rate
from tenfold.market.store import Store
from tenfold.market.suppression import is_shown

NOW = datetime(2025, 2, 3, tzinfo=UTC)
NO_RATES = Rates({})
AI_JOBS = "work_year experience_level employment_type job_title salary salary_currency salary_in_usd employee_residence remote_ratio company_location company_size".split()  # noqa: SIM905, E501
LCA = "CASE_NUMBER CASE_STATUS DECISION_DATE JOB_TITLE FULL_TIME_POSITION WAGE_RATE_OF_PAY_FROM WAGE_RATE_OF_PAY_TO WAGE_UNIT_OF_PAY WORKSITE_CITY WORKSITE_STATE".split()  # noqa: SIM905, E501


def write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def job(title: str, salary: object, *, currency: str = "USD", country: str = "US", usd: object = None) -> list[object]:
    return [2024, "SE", "FT", title, salary, currency, salary if usd is None else usd, country, 0, country, "M"]


def filing(case: int, pay: object, *, unit: str = "Year", status: str = "Certified", to: object = "") -> list[object]:
    return [f"I-{case}", status, "2024-11-05", "MLOps Engineer", "Y", pay, to, unit, "DENVER", "co"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_neighbouring_rows_become_one_range_and_copies_are_counted(tmp_path: Path, store: Store) -> None:
    rows = [job("MLOps Engineer", 200_000), job("MLOps Engineer", 150_000)] * 2 + [job("Data Engineer", 120_000)]
    batch = store.import_file(write(tmp_path / "jobs.csv", AI_JOBS, rows), AiJobs(NO_RATES), now=NOW).batch
    assert (batch.rows_read, batch.kept, batch.dropped) == (5, 2, {"copy of an earlier ad": 1})
    found = {(one.title, one.min_year, one.max_year, one.copies) for one in store.observations()}
    assert found == {("MLOps Engineer", 150_000, 200_000, 2), ("Data Engineer", 120_000, 120_000, 1)}


def test_rising_neighbours_and_far_ones_are_two_ads(tmp_path: Path, store: Store) -> None:
    rows = [job("A", 100_000), job("A", 150_000), job("B", 900_000), job("B", 100_000)]
    store.import_file(write(tmp_path / "jobs.csv", AI_JOBS, rows), AiJobs(NO_RATES))
    assert sorted((one.title, one.min_year) for one in store.observations()) == [
        ("A", 100_000),
        ("A", 150_000),
        ("B", 100_000),
        ("B", 900_000),
    ]


def test_canadian_figures_tagged_usd_are_read_as_canadian_dollars(tmp_path: Path, store: Store) -> None:
    rates = Rates.of([Rate(date(2024, 7, 1), "CAD", 1.25)])
    rows = [job("Data Engineer", 150_000, country="CA"), job("Data Engineer", 125_000, country="CA")]
    batch = store.import_file(write(tmp_path / "jobs.csv", AI_JOBS, rows), AiJobs(rates)).batch
    (one,) = store.observations()
    assert (one.currency, one.min_year, one.min_usd_year, one.max_usd_year) == ("CAD", 125_000, 100_000, 120_000)
    assert "CAD" in one.repaired
    assert batch.repaired == 1


def test_visa_filings_are_read_by_their_unit_and_kept_once(tmp_path: Path, store: Store) -> None:
    rows = [
        filing(1, "150,000.00", to=170_000),
        filing(1, 150_000),
        filing(2, 80, unit="Hour"),
        filing(3, 150_000, status="Withdrawn"),
        filing(4, 150_000, unit="Fortnight"),
        filing(5, 150_000, unit="Month"),
        filing(6, -5),
    ] + [filing(10 + n, 100_000) for n in range(5)]
    outcome = store.import_file(write(tmp_path / "lca.csv", LCA, rows), Lca())
    assert outcome.batch.dropped == {
        "copy of an earlier case": 1,
        "not certified": 1,
        "WAGE_UNIT_OF_PAY is not a pay period": 1,
        "pay a year outside what is possible: a wrong unit, most likely": 1,
        "WAGE_RATE_OF_PAY_FROM is negative": 1,
    }
    assert outcome.bad_rows is not None
    assert [row["line"] for row in csv.DictReader(outcome.bad_rows.read_text().splitlines())] == ["6", "7", "8"]
    hourly = [one for one in store.observations() if one.min_year == 80 * 2080]
    assert [one.place for one in hourly] == ["Denver, CO"]


def test_an_import_is_done_once(tmp_path: Path, store: Store) -> None:
    source = write(tmp_path / "lca.csv", LCA, [filing(1, 100_000)])
    first, second = store.import_file(source, Lca(), now=NOW), store.import_file(source, Lca(), now=NOW)
    assert (first.was_there, second.was_there) == (False, True)
    assert store.batches() == [first.batch]


def test_the_same_rows_make_the_same_snapshot_anywhere(tmp_path: Path) -> None:
    source = write(tmp_path / "lca.csv", LCA, [filing(n, 100_000) for n in range(20)])
    one, other = Store(tmp_path / "a"), Store(tmp_path / "b")
    assert one.import_file(source, Lca()).batch.id == other.import_file(source, Lca()).batch.id
    assert one.snapshot() == other.snapshot()


def test_a_broken_off_import_leaves_nothing_and_goes_on_where_it_was(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "PART_ROWS", 10)
    source = write(tmp_path / "lca.csv", LCA, [filing(n % 90, 100_000 if n % 7 else "x") for n in range(100)])
    whole = Store(tmp_path / "whole").import_file(source, Lca(), now=NOW).batch

    converted: list[int] = []

    class Unplugged(Lca):
        def read(self, rows: Iterator[tuple[int, Record]]) -> Iterator[Made | Dropped]:
            for count, made in enumerate(super().read(rows)):
                converted.append(count)
                if len(converted) == 45:
                    raise KeyboardInterrupt
                yield made

    with pytest.raises(KeyboardInterrupt):
        store.import_file(source, Unplugged())
    assert store.batches() == []
    resumed = store.import_file(source, Unplugged(), now=NOW).batch
    assert resumed == whole
    assert len(converted) == 45 + 60
    assert not list((store.folder / "unfinished").iterdir())


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("empty.csv", "", "is empty"),
        ("header.csv", ",".join(LCA) + "\n", "no rows"),
        ("columns.csv", "a,b\n1,2\n", "Columns are missing"),
        ("noise.csv", ",".join(LCA) + "\nI-1,Certified,\x81\n", "not a CSV file in UTF-8"),
        ("excel.csv", "PK\x03\x04", "zip or Excel"),
    ],
)
def test_unusable_files_are_refused_and_leave_nothing(
    tmp_path: Path, store: Store, name: str, text: str, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError, match=words):
        store.import_file(path, Lca())
    assert store.batches() == []
    assert not list(store.folder.rglob("*.parquet"))


def test_junk_is_refused_whole(tmp_path: Path, store: Store) -> None:
    source = write(
        tmp_path / "junk.csv",
        LCA,
        ([f"x{n}", "Certified", "?", "?", "Y", "?", "?", "?", "?", "?"] for n in range(5000)),
    )
    with pytest.raises(UserError, match="5,000 of 5,000 rows cannot be read"):
        store.import_file(source, Lca())
    assert not list(store.folder.rglob("*.parquet"))


def test_a_missing_file_is_named(tmp_path: Path, store: Store) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        store.import_file(tmp_path / "nowhere.csv", Lca())


def book(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    workbook.save(path)
    workbook.close()
    return path


def test_a_workbook_reads_like_a_csv(tmp_path: Path, store: Store) -> None:
    header = [
        "AREA",
        "AREA_TITLE",
        "OCC_CODE",
        "OCC_TITLE",
        "O_GROUP",
        "TOT_EMP",
        "A_PCT10",
        "A_PCT25",
        "A_MEDIAN",
        "A_PCT75",
        "A_PCT90",
    ]
    rows: list[Iterable[object]] = [
        header,
        [99, "U.S.", "15-1252", "Software Developers", "detailed", 1_654_440, 79850, 103050, 133080, 169000, 211450],
        [99, "U.S.", "11-0000", "Managers", "major", 1, 1, 1, 1, 1, 1],
        [99, "U.S.", "29-1212", "Cardiologists", "detailed", "**", 1, "*", "#", "#", "#"],
    ]
    batch = store.import_file(book(tmp_path / "national_M2024_dl.xlsx", rows), Oews(2024)).batch
    assert (batch.kept, batch.dropped) == (2, {"a group of occupations, not one": 1})
    assert year_in_name("national_M2024_dl.xlsx") == 2024
    assert store.query("SELECT p50, employment FROM official ORDER BY occupation")[1] == [
        (133080.0, 1654440),
        (None, None),
    ]


def test_a_truncated_workbook_is_refused(tmp_path: Path, store: Store) -> None:
    path = book(tmp_path / "lca.xlsx", [tuple(LCA), tuple(filing(1, 100_000))])
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(UserError, match="not a whole XLSX"):
        store.import_file(path, Lca())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(UserError, match="not a whole XLSX"):
        store.import_file(path, Lca())


OWN = ["Name", "Employee ID", "Job title", "Grade", "Base salary", "Currency", "Effective date"]
MAP = """[columns]
title = "Job title"
pay = "Base salary"
level = "Grade"
currency = "Currency"
date = "Effective date"
[levels]
P3 = "senior"
"""


def own(tmp_path: Path, text: str = MAP) -> Own:
    path = tmp_path / "map.toml"
    path.write_text(text)
    return Own(read_mapping(path), Rates.of([Rate(date(2025, 1, 1), "EUR", 0.8)]), today=date(2025, 2, 1))


def test_own_pay_is_mapped_converted_and_nameless(tmp_path: Path, store: Store) -> None:
    rows = [
        ["Ada Example", "17", "MLOps Engineer", "P3", "80,000", "EUR", "2025-01-15"],
        ["Bob Example", "18", "Senior Data Engineer", "", "150000", "USD", "01/31/2025"],
        ["Cy Example", "19", "Data Engineer", "P3", "120000", "XYZ", "2025-01-15"],
        ["Di Example", "20", "Data Engineer", "P3", "-1", "USD", "2025-01-15"],
        ["Ed Example", "21", "Data Engineer", "P3", "120000", "USD", "last spring"],
        ["Flo Example", "22", "Data Engineer", "P3", "120k", "USD", ""],
        ["Gus Example", "23", "Data Engineer", "P3", "121k", "USD", ""],
    ]
    batch = store.import_file(write(tmp_path / "own.csv", OWN, rows), own(tmp_path)).batch
    assert batch.dropped == {"no exchange rate for XYZ": 1, "pay is negative": 1, "date is not a date": 1}
    first = store.observations()[0]
    assert (first.role, first.level, first.min_usd_year, first.basis) == ("mlops", "senior", 100_000, "own")
    assert b"Example" not in store.path_of(batch).read_bytes()


def test_the_wizard_proposes_a_map_that_works_and_leaves_names_out(tmp_path: Path) -> None:
    text = propose(OWN)
    assert 'title = "Job title"' in text
    assert 'pay = "Base salary"' in text
    assert "Never stored, they may name a person: Name, Employee ID" in text
    path = tmp_path / "map.toml"
    path.write_text(text)
    assert set(read_mapping(path).columns) == {"title", "pay", "currency", "level", "date"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "neither a title nor a role"),
        ('[columns]\ntitle = "T"', "names no pay"),
        ('[columns]\nsalery = "T"', "not a field"),
        ('[columns]\ntitle = "T"\npay = "P"\n[levels]\nP9 = "guru"', "mapped to"),
        ("[columns", "not valid TOML"),
        ('columns = "x"', "must hold words"),
    ],
)
def test_a_wrong_map_is_told_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        own(tmp_path, text)


def test_rates_and_regions_are_tables_too(tmp_path: Path, store: Store) -> None:
    fx = write(
        tmp_path / "fx.csv",
        ["Date", "Country", "Exchange rate"],
        [["2025-01-01", "Euro", "0.96"], ["2025-01-01", "Narnia", "1"]],
    )
    assert store.import_file(fx, ExchangeRates()).batch.dropped == {"a country whose currency is not used here": 1}
    prices = write(
        tmp_path / "rpp.csv",
        ["cbsa", "metro", "rpp_all_items"],
        [["19740", "Denver", "105.2"], ["10380", "Aguadilla", ""]],
    )
    store.import_file(prices, RegionalPrices())
    assert store.rates().to_usd(96, "EUR", date(2025, 1, 20)) == pytest.approx(100)
    assert store.query('SELECT "index" FROM regional')[1] == [(105.2,)]


def test_sql_reads_the_store_and_nothing_else(tmp_path: Path, store: Store) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    store.import_file(write(tmp_path / "lca.csv", LCA, [filing(1, 100_000)]), Lca())
    assert store.query("SELECT role, count(*) FROM observations GROUP BY role")[1] == [("mlops", 1)]
    for attempt in (
        f"SELECT * FROM read_csv('{secret}')",  # noqa: S608 - it must be refused
        f"COPY observations TO '{tmp_path / 'out.csv'}'",
        "nonsense",
    ):
        with pytest.raises(UserError, match="cannot be run"):
            store.query(attempt)
    assert not (tmp_path / "out.csv").exists()


def test_an_import_can_be_taken_out_again(tmp_path: Path, store: Store) -> None:
    batch = store.import_file(write(tmp_path / "lca.csv", LCA, [filing(1, 100_000)]), Lca()).batch
    store.remove(batch.id[:6])
    assert store.batches() == []
    assert not list(store.folder.rglob("*.parquet"))
    with pytest.raises(UserError, match="no one import"):
        store.remove("")


def test_an_empty_store_has_no_ads(store: Store) -> None:
    with pytest.raises(NotEnoughData):
        store.ads()


def test_a_damaged_manifest_is_named(store: Store) -> None:
    store.folder.mkdir()
    (store.folder / "manifest.json").write_text("{")
    with pytest.raises(UserError, match="damaged"):
        store.batches()


amounts, rates = st.floats(1, 1e7), st.floats(0.01, 2000)


@given(amounts, rates)
def test_a_currency_comes_back_as_it_went(usd: float, per_usd: float) -> None:
    table = Rates.of([Rate(date(2024, 3, 1), "EUR", per_usd)])
    day = date(2024, 3, 9)
    assert table.to_usd(table.from_usd(usd, "EUR", day), "EUR", day) == pytest.approx(usd)
    assert table.to_usd(usd, "USD", day) == usd


def test_an_unknown_currency_is_said_not_guessed() -> None:
    with pytest.raises(UserError, match="No exchange rate for EUR"):
        NO_RATES.to_usd(1, "EUR", date(2024, 1, 1))


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 40), max_size=8))
def test_no_small_cell_follows_from_what_is_shown(parts: dict[str, int]) -> None:
    held = is_shown(parts)
    left = sum(parts.values()) - sum(parts[key] for key in held)
    assert all(parts[key] >= 5 for key in held)
    assert left == 0 or left >= 5 or not held
