"""Tenure: the published numbers, invented companies with known truth, and what must and must not change an answer."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from datetime import date, timedelta

import pytest

from tenfold.connectors.tables import Table, parse_table, read_table
from tenfold.practices.retention.durations import read_durations
from tenfold.practices.retention.snapshots import read_snapshots
from tenfold.practices.retention.stays import StayColumns, read_stays
from tenfold.practices.retention.tenure import (
    TenureAnswer,
    tenure_of_snapshots,
    tenure_of_spells,
    tenure_of_stays,
)
from tenfold.practices.retention.traps import Trap
from tenfold.stats.survival import Estimate
from tests.practices.retention.companies import LISTED, Company, company, table
from tests.shared_data import shared
from tests.sizes import size

TODAY = date(2026, 11, 27)
COLUMNS = StayColumns("from", "to", "id")


def stays_of(
    rows: Table, *, columns: StayColumns = COLUMNS, as_of: date | None = LISTED, since: date | None = None
) -> TenureAnswer:
    return tenure_of_stays(read_stays(rows, columns, as_of=as_of, today=TODAY), observed_from=since)


def kinds(answer: TenureAnswer) -> Counter[Trap]:
    return Counter(warning.kind for warning in answer.warnings)


def value(found: Estimate | None, digits: int = 3) -> float:
    assert found is not None
    return round(found.value, digits)


# What careful readings of real lists found, to be found again.


def cpython(since: date | None = None) -> TenureAnswer:
    rows = read_table(shared("tenure/cpython_core_team.csv"))
    return stays_of(rows, columns=StayColumns("joined", "left", "person"), as_of=date(2026, 8, 31), since=since)


def test_cpython_core_team_median_16_6_years() -> None:
    found = cpython()
    median = found.median_years()
    assert (found.n, found.exits) == (209, 84)
    assert median is not None
    assert (round(median.value, 1), round(median.low or 0, 1), round(median.high or 0, 1)) == (16.6, 15.6, 20.2)


def test_cpython_window_from_2015_is_709_with_delayed_entry_and_848_without() -> None:
    found = cpython(since=date(2015, 1, 1))
    assert found.curve is not None
    assert value(found.curve.at(10)) == 0.709
    naive = [row for row in found.curve.spells if row.end > 0]
    assert value(tenure_of_spells([type(s)(s.end, s.ended) for s in naive], as_of=TODAY).curve.at(10)) == 0.848  # type: ignore[union-attr]


def test_cpython_bulk_removal_of_2017_is_named() -> None:
    assert any(
        w.kind is Trap.HEAPING and w.where == "2017-02-10" and w.text.startswith("53 ") for w in cpython().warnings
    )


def kubernetes() -> TenureAnswer:
    raw = gzip.decompress(shared("tenure/kubernetes_org_members_by_month.csv.gz").read_bytes())
    return tenure_of_snapshots(read_snapshots(parse_table(raw, name="k8s.csv"), snapshot="month", person="person"))


def test_kubernetes_members_who_came_later_stay_a_median_of_4_88_years() -> None:
    found = kubernetes()
    median = found.median_years()
    assert median is not None
    assert (round(median.value, 2), round(median.low or 0, 2), round(median.high or 0, 2)) == (4.88, 4.71, 4.96)
    assert found.curve is not None
    assert [value(found.curve.at(years)) for years in (1, 3, 5)] == pytest.approx([0.983, 0.813, 0.469], abs=0.005)
    assert found.n_people == 2505
    assert found.left_out["start unknown (on the first list)"] == 646


def test_kubernetes_clean_ups_of_642_and_305_are_named() -> None:
    heaps = {w.where: w.text for w in kubernetes().warnings if w.kind is Trap.HEAPING}
    assert heaps["2024-02-01/2024-03-01"].startswith("642 people")
    assert heaps["2025-07-01/2025-08-01"].startswith("305 people")


def test_babushkin_turnover_median_50_7_months() -> None:
    rows = read_table(shared("tenure/babushkin_turnover.csv"))
    found = tenure_of_spells(read_durations(rows, duration="stag", event="event", per_year=1.0), as_of=TODAY)
    median = found.median_years()
    assert median is not None
    assert (round(median.value, 1), round(median.low or 0, 1), round(median.high or 0, 1)) == (50.7, 45.5, 54.0)
    assert found.curve is not None
    assert [value(found.curve.at(months)) for months in (12, 18, 24)] == [0.856, 0.770, 0.693]


def test_exit_surveys_are_refused() -> None:
    rows = read_table(shared("tenure/queensland_dete_survey.csv"))
    found = stays_of(rows, columns=StayColumns("DETE Start Date", "Cease Date"), as_of=None)
    assert found.curve is None
    assert found.refused is not None
    assert "Everyone on this list has left" in found.refused
    assert kinds(found)[Trap.LEAVERS_ONLY] == 1


# Invented companies, whose law of leaving is known.


def held(found: TenureAnswer, truth: Company) -> list[bool]:
    """Whether each interval that the answer gives holds the true value."""
    if found.curve is None:
        return []
    results = []
    for years, share in found.survival().items():
        if share is not None and share.low is not None and share.high is not None:
            results.append(share.low <= truth.survival(years, found.curve.starts_at) <= share.high)
    median = found.median_years()
    if median is not None:
        results.append((median.low or 0) <= truth.median <= (median.high or 1e9))
    return results


SHOWN = {
    "everyone ever employed": lambda firm: stays_of(firm.contracts()),
    "leavers recorded since 2020": lambda firm: stays_of(
        firm.contracts(since=date(2020, 1, 1)), since=date(2020, 1, 1)
    ),
    "leavers recorded since a day that is not told": lambda firm: stays_of(firm.contracts(since=date(2020, 1, 1))),
    "a list a month": lambda firm: tenure_of_snapshots(read_snapshots(firm.lists(30), snapshot="day", person="id")),
    "a list a quarter": lambda firm: tenure_of_snapshots(read_snapshots(firm.lists(91), snapshot="day", person="id")),
}


@pytest.mark.parametrize("way", SHOWN)
def test_intervals_hold_the_truth_whatever_way_it_is_seen(way: str) -> None:
    results = [each for seed in range(size(12, nightly=40)) for each in held(SHOWN[way](company(seed)), company(seed))]
    assert sum(results) >= 0.9 * len(results), f"{sum(results)} of {len(results)}"


def test_without_correction_a_list_since_2020_would_say_far_too_much() -> None:
    """The same lists as above, read as if nobody were missing: what delayed entry is for."""
    results = []
    for seed in range(15):
        firm = company(seed)
        whole = stays_of(firm.contracts(since=date(2020, 1, 1)), since=date(2020, 1, 1))
        assert whole.curve is not None
        naive = [type(s)(s.end, s.ended) for s in whole.curve.spells]
        results += held(tenure_of_spells(naive, as_of=TODAY), firm)
    assert sum(results) < 0.6 * len(results)


@pytest.mark.parametrize("seed", range(8))
def test_a_sound_list_has_no_warning_but_few_events(seed: int) -> None:
    assert set(kinds(stays_of(company(seed).contracts()))) <= {Trap.FEW_EVENTS}


@pytest.mark.parametrize("seed", range(8))
def test_missing_early_leavers_are_noticed(seed: int) -> None:
    found = stays_of(company(seed).contracts(since=date(2020, 1, 1)))
    assert kinds(found)[Trap.LEFT_TRUNCATION] == 1
    assert found.observed_from is not None
    assert abs((found.observed_from - date(2020, 1, 1)).days) < 200


@pytest.mark.parametrize("seed", range(6))
def test_leavers_only_are_refused(seed: int) -> None:
    everyone = company(seed).contracts()
    leavers = table(everyone.header, (row.cells for row in everyone.rows if row.cells[2]))
    found = stays_of(leavers)
    assert found.curve is None
    assert Trap.LEAVERS_ONLY in kinds(found)


@pytest.mark.parametrize("seed", range(6))
def test_a_clean_up_is_named_with_its_day(seed: int) -> None:
    everyone = [row.cells for row in company(seed).contracts().rows]
    there = [cells for cells in everyone if not cells[2] and cells[1] < "2023"]
    removed = set(there[: max(10, len(there) // 2)])
    rows = [(*cells[:2], "2023-05-17" if cells in removed else cells[2]) for cells in everyone]
    found = stays_of(table(("id", "from", "to"), rows))
    heaps = [warning.where for warning in found.warnings if warning.kind is Trap.HEAPING]
    assert ("2023-05-17" in heaps) == (len(removed) >= 10)
    if heaps:
        assert found.without_heaps is not None
        assert found.without_heaps.n_exits < found.exits


def test_nobody_has_left() -> None:
    rows = table(("id", "from", "to"), [(str(n), f"20{10 + n % 10}-03-0{1 + n % 9}", "") for n in range(30)])
    found = stays_of(rows)
    assert (found.n, found.exits, found.median_years()) == (30, 0, None)
    assert found.survival()[2.0] is not None
    assert found.survival()[2.0].value == 1.0  # type: ignore[union-attr]
    assert found.survival()[2.0].low < 1.0  # type: ignore[operator, union-attr]
    assert kinds(found)[Trap.FEW_EVENTS] == 1


# What must not change an answer.


def shown(answer: TenureAnswer) -> tuple[object, ...]:
    return answer.n, answer.exits, answer.median_years(), answer.survival(), sorted(answer.warnings, key=str)


def test_order_separator_names_and_date_format_change_nothing() -> None:
    firm = company(3).contracts()
    expected = shown(stays_of(firm))
    rows = [row.cells for row in firm.rows]
    random.Random(1).shuffle(rows)  # noqa: S311 - repeatable

    def european(day: str) -> str:
        return ".".join(reversed(day.split("-"))) if day else ""

    text = "Personalnummer;Eintritt;Austritt\r\n" + "".join(
        f"{c[0]};{european(c[1])};{european(c[2])}\r\n" for c in rows
    )
    other = parse_table(text.encode("cp1252"), name="liste.csv")
    assert shown(stays_of(other, columns=StayColumns("eintritt", "Austritt", "personalnummer"))) == expected


def test_copies_and_split_contracts_change_nothing() -> None:
    firm = company(5).contracts()
    rows = []
    for number, start, end in (row.cells for row in firm.rows):
        day = date.fromisoformat(start) + timedelta(days=20)
        last = date.fromisoformat(end) if end else LISTED
        if day + timedelta(days=1) < last:
            rows += [(number, start, day.isoformat()), (number, (day + timedelta(days=1)).isoformat(), end)]
        else:
            rows.append((number, start, end))
    assert shown(stays_of(table(firm.header, [*rows, *rows[:40]]))) == shown(stays_of(firm))


def test_planned_ends_have_not_happened() -> None:
    firm = company(7).contracts()
    rows = [(c[0], c[1], c[2] or "2027-12-31") for c in (row.cells for row in firm.rows)]
    open_ended = [(c[0], c[1], c[2] or "9999-12-31") for c in (row.cells for row in firm.rows)]
    assert stays_of(table(firm.header, rows)).exits == stays_of(firm).exits
    assert shown(stays_of(table(firm.header, open_ended))) == shown(stays_of(firm))


def test_without_a_day_the_latest_one_up_to_today_stands_for_it() -> None:
    rows = [
        (str(n), f"2015-0{1 + n % 9}-01", "2099-12-31" if n % 3 else f"20{16 + n % 5}-05-0{1 + n % 9}")
        for n in range(60)
    ]
    found = stays_of(table(("id", "from", "to"), [*rows, ("x", "2022-02-03", "2030-01-01")]), as_of=None)
    assert found.as_of == date(2022, 2, 3)
    assert found.exits == 20
    assert found.refused is None


def test_who_comes_back_has_two_stays() -> None:
    rows = [(str(n), "2015-01-10", "" if n % 2 else f"20{17 + n % 5}-06-0{1 + n % 9}") for n in range(40)]
    rows.append(("0", "2023-01-01", ""))
    found = stays_of(table(("id", "from", "to"), rows))
    assert (found.n, found.n_people) == (41, 40)
    assert kinds(found)[Trap.GAPS] == 1


def test_causes_are_counted_each() -> None:
    rows = [
        (
            str(n),
            f"2015-0{1 + n % 9}-10",
            f"20{16 + n % 8}-06-1{n % 9}" if n % 3 else "",
            ["Quit", "quit ", "", "Fired"][n % 4],
        )
        for n in range(90)
    ]
    named = StayColumns("from", "to", "id", "why")
    found = stays_of(table(("id", "from", "to", "why"), rows), columns=named)
    assert set(found.by_cause) == {"Quit", "Fired", "not stated"}
    assert sum(found.exits_by_cause.values()) == found.exits
    for position, years in enumerate((1.0, 1.5, 2.0, 5.0)):
        whole = found.survival()[years]
        gone = [share.value for shares in found.by_cause.values() if (share := shares[position]) is not None]
        assert whole is not None
        assert sum(gone) == pytest.approx(1 - whole.value)


def test_a_missing_list_and_one_with_holes_are_named_and_nobody_leaves_for_them() -> None:
    firm = company(11)
    whole = firm.lists(30)
    days = sorted({row.cells[0] for row in whole.rows})
    gone, holed = days[40], days[80]
    rows = [r.cells for r in whole.rows if r.cells[0] != gone and (r.cells[0] != holed or int(r.cells[1]) % 3)]
    found = tenure_of_snapshots(read_snapshots(table(whole.header, rows), snapshot="day", person="id"))
    gaps = [warning.where for warning in found.warnings if warning.kind is Trap.GAPS]
    assert gaps == [f"{days[39]}/{days[41]}", holed]
    sound = tenure_of_snapshots(read_snapshots(whole, snapshot="day", person="id"))
    assert abs(found.exits - sound.exits) <= 1
