"""A company's people against the market: abroad, part-time and few are never compared as if they were not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tenfold.market.fx import shipped_rates
from tenfold.market.importers.mapping import ColumnMap
from tenfold.market.pay_review import Person, review
from tenfold.practices.pay.own_pay import check_rows, review_as_values, review_in_words
from tests.pay.test_pay_command import tenfold

US = [Person(f"row {n}", "mlops", "senior", 150_000.0 + 5_000 * n) for n in range(8)]


def abroad(country: str, currency: str, n: int = 6) -> list[Person]:
    return [
        Person(f"row {9 + k}", "mlops", "senior", 90_000.0, country=country, currency=currency, pay_local_year=80_000.0)
        for k in range(n)
    ]


@pytest.mark.parametrize(
    ("country", "currency"), [("DE", "EUR"), ("IN", "INR"), ("", "EUR"), ("CA", "CAD"), ("DE", "USD")]
)
def test_nobody_abroad_costs_what_they_would_in_the_us(country: str, currency: str) -> None:
    alone, mixed = review(US), review([*US, *abroad(country, currency)])
    assert mixed.cost_usd_year == alone.cost_usd_year
    assert [each.person.country for each in mixed.standings] == ["US"] * len(US)
    assert len(mixed.unanswered) == 6


def test_pay_in_euros_is_not_compared_with_dollars_in_the_us() -> None:
    found = review(abroad("US", "EUR"))
    assert not found.standings
    assert {reason for _, reason in found.unanswered} == {"Paid in EUR, and the market's data there are in USD."}


def test_fewer_than_five_are_not_told_as_a_whole() -> None:
    words = review_in_words(review(US[:4]), {}, people=False)
    assert "Too few" in words
    assert "cost" not in words
    assert review_as_values(review(US[:4]), {}, people=False)["cost_usd_year"] is None


def test_costs_are_told_to_the_thousand_and_reasons_of_few_together() -> None:
    found = review([*US, *abroad("DE", "EUR", 2), *abroad("FR", "EUR", 2), *abroad("IN", "INR", 6)])
    assert review_as_values(found, {}, people=False)["cost_usd_year"] % 1_000 == 0
    assert [n for _, n in found.reasons_shown] == [6, 4]


def test_a_list_for_the_us_market_holds_back_who_is_paid_elsewhere() -> None:
    rows = [
        (2, {"T": "Senior MLOps Engineer", "P": "95,000", "C": "EUR", "L": "Berlin"}),
        (3, {"T": "Senior MLOps Engineer", "P": "180,000", "C": "USD", "L": "Denver, CO"}),
        (4, {"T": "Senior MLOps Engineer", "P": "88,000", "C": "GBP", "L": ""}),
    ]
    mapping = ColumnMap({"title": "T", "pay": "P", "currency": "C", "place": "L"}, {"country": "US", "period": "year"})
    found = check_rows(rows, mapping, today=date(2026, 1, 1), rates=shipped_rates())
    assert [line for line, _ in found.people] == [3]
    assert [problem.reason for problem in found.problems] == [
        "not paid in the US: Germany, EUR",
        "not paid in the US: United Kingdom, GBP",
    ]
    everybody = check_rows(rows, mapping, today=date(2026, 1, 1), rates=shipped_rates(), abroad=True)
    assert [person.country for _, person in everybody.people] == ["DE", "US", "GB"]


def test_from_many_targets_single_pays_could_be_worked_out(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("Title,Pay\n" + "Senior MLOps Engineer,150000\n" * 6)
    (tmp_path / "map.toml").write_text('[columns]\ntitle = "Title"\npay = "Pay"\n[same_for_all]\ncurrency = "USD"\n')
    asked = ["pay", "review", str(tmp_path / "own.csv"), "--map", str(tmp_path / "map.toml"), "--target"]
    refused = tenfold(*asked, "41", home=tmp_path)
    assert (refused.returncode, "25, 50 or 75" in refused.stderr) == (2, True)
    assert tenfold(*asked, "75", home=tmp_path).returncode == 0
    assert tenfold(*asked, "41", "--people", home=tmp_path).returncode == 0


def test_one_more_person_in_the_list_does_not_tell_what_that_person_is_paid() -> None:
    """All far behind the target, so an exact total would change by target less pay."""
    low = [Person(f"row {n}", "mlops", "senior", 80_000.0 + 1_700 * n) for n in range(8)]
    told: dict[float, tuple[float, float]] = {}
    for pay in (84_000.0, 85_000.0, 86_000.0):
        with_one = [*low, Person("row 9", "mlops", "senior", pay)]
        found, before = review(with_one, target_percentile=75.0), review(low, target_percentile=75.0)
        assert len({each.person.pay_usd_year for each in found.as_told}) == 1
        told[pay] = (found.cost_usd_year - before.cost_usd_year, found.groups[0].median_compa_ratio)
    assert len(set(told.values())) == 1


def test_a_group_s_figures_stay_near_those_of_its_people() -> None:
    people = [Person(f"row {n}", "mlops", "senior", 120_000.0 + 2_000 * n) for n in range(20)]
    found = review(people, target_percentile=75.0)
    group, exact = found.groups[0], sum(each.short_usd_year for each in found.standings)
    assert group.n == 20
    assert group.cost_usd_year == pytest.approx(exact, rel=0.15)
    ratios = sorted(each.compa_ratio for each in found.standings)
    assert group.median_compa_ratio == pytest.approx(ratios[10], rel=0.08)
