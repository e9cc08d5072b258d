"""The pay round, pay equity, the cost of a departure, toil, and the loop from assessment to evidence."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tenfold.connectors.records import Page, Ticket
from tenfold.kit.errors import UserError
from tenfold.practices.retention.departure import DepartureInputs, Range, departure_cost
from tenfold.practices.retention.pay_cycle import PaidPerson, PayRange, run_merit_cycle, stand_in_range
from tenfold.practices.retention.pay_equity import EquityRow, adjusted_gap, category_gaps
from tenfold.practices.retention.toil import toil_share
from tenfold.practices.retention.validity import Answer, close_loop, fisher_interval, n_needed
from tenfold.stats.quantiles import quantile

RANGE = PayRange(100_000, 150_000)
PEOPLE = st.lists(
    st.builds(
        PaidPerson,
        id=st.uuids().map(str),
        pay=st.floats(60_000, 200_000),
        range=st.just(RANGE),
        rating=st.integers(0, 3),
    ),
    min_size=1,
    max_size=40,
)


def test_where_pay_stands_in_its_range() -> None:
    standing = stand_in_range(112_500, RANGE)
    assert (standing.compa_ratio, standing.penetration, standing.quarter) == (0.9, 0.25, 1)
    assert stand_in_range(90_000, RANGE).is_below
    with pytest.raises(UserError, match="makes no sense"):
        stand_in_range(1, PayRange(5, 5))


@given(PEOPLE, st.floats(0, 10))
def test_a_round_stays_within_its_budget_and_ranges(people: list[PaidPerson], percent: float) -> None:
    cycle = run_merit_cycle(people, percent)
    assert cycle.cost <= cycle.budget + 0.01
    for person, given_raise in zip(people, cycle.raises, strict=True):
        assert given_raise.amount >= 0
        assert given_raise.new_pay <= max(person.pay, RANGE.high) + 0.01
        if person.rating == 0:
            assert given_raise.amount == 0


@given(PEOPLE)
def test_at_equal_rating_who_is_lower_in_the_range_gets_more_percent(people: list[PaidPerson]) -> None:
    guideline = run_merit_cycle(people, 4).guideline
    for (rating, quarter), percent in guideline.items():
        if quarter:
            assert percent <= guideline[rating, quarter - 1]


def test_a_budget_is_spent_where_there_is_room() -> None:
    people = [PaidPerson(str(n), 105_000 + 900 * n, RANGE, 1 + n % 3) for n in range(40)]
    cycle = run_merit_cycle(people, 3.5)
    assert cycle.cost == pytest.approx(cycle.budget, rel=1e-6)


def staff(gap: float, n: int = 60, seed: int = 1) -> list[EquityRow]:
    """Invented people in three categories; women are paid `gap` less at equal category and years."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    rows = []
    for number in range(n):
        group, years = ("women", "men")[number % 2], chance.uniform(0, 10)
        level = number % 3
        pay = 100_000 * 1.2**level * math.exp(0.01 * years + chance.gauss(0, 0.04)) * (1 - gap * (group == "women"))
        rows.append(EquityRow(pay, f"level {level}", group, (years,)))
    return rows


def test_gaps_of_five_percent_ask_for_a_joint_assessment() -> None:
    assert all(g.needs_joint_assessment for g in category_gaps(staff(0.12), group="women", reference="men"))
    assert not any(g.needs_joint_assessment for g in category_gaps(staff(0.0, 3000), group="women", reference="men"))


def test_small_cells_are_refused_without_their_counts() -> None:
    rows = [*staff(0.1), EquityRow(1e5, "level 9", "women"), *[EquityRow(1e5, "level 9", "men")] * 9]
    last = category_gaps(rows, group="women", reference="men")[-1]
    assert (last.category, last.gap, last.n, last.n_reference) == ("level 9", None, None, None)
    few = adjusted_gap(staff(0.1, 20), group="women", reference="men")
    assert few.gap is None
    assert "too few" in few.why


def test_the_adjusted_gap_holds_the_truth() -> None:
    held = 0
    for seed in range(100):
        found = adjusted_gap(staff(0.06, 90, seed), group="women", reference="men")
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.06 <= found.high
    assert held >= 90


INPUTS = DepartureInputs(
    loaded_pay_year=Range(180_000, 200_000, 230_000),
    vacancy_months=Range(2, 4, 9),
    cover_share=Range(0.2, 0.5, 1.0),
    ramp_months=Range(2, 4, 6),
    ramp_lost=Range(0.2, 0.4, 0.6),
    interview_hours=Range(30, 60, 120),
    recruiter_hours=Range(20, 40, 60),
    handover_hours=Range(20, 40, 80),
    hourly_rate=Range(80, 100, 120),
    agency_fee=Range(0, 0, 50_000),
)


def test_a_departure_costs_a_range_and_names_its_parts() -> None:
    found = departure_cost(INPUTS)
    assert found.low < found.median < found.high
    month = 200_000 / 12
    assert sum(found.parts.values()) == pytest.approx(0.5 * month * 4 + 0.4 * month * 4 + 140 * 100)
    assert departure_cost(INPUTS) == found
    certain = {name: Range(each.likely, each.likely, each.likely) for name, each in vars_of(INPUTS).items()}
    exact = departure_cost(replace(INPUTS, **certain))
    assert exact.low == exact.high == pytest.approx(sum(found.parts.values()))
    with pytest.raises(UserError, match="is no range"):
        Range(3, 2, 1)


def vars_of(inputs: DepartureInputs) -> dict[str, Range]:
    return {name: getattr(inputs, name) for name in inputs.__dataclass_fields__}


def test_toil_is_a_range_and_self_report_stands_apart() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    tickets = [Ticket(str(n), since + timedelta(days=n % 28)) for n in range(56)]
    found = toil_share(
        tickets,
        [Page(since)],
        people=4,
        since=since,
        until=since + timedelta(weeks=4),
        hours_per_ticket=Range(0.5, 1, 3),
        self_report=0.6,
    )
    assert found.tickets_per_week.value == 14
    assert [found.low, found.likely] == pytest.approx([34 / 608, 62 / 608])
    assert found.self_report == 0.6


# The loop.


def test_few_hires_are_too_few_to_tell() -> None:
    found = close_loop([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert (found.answer, found.correlation, found.n) == (Answer.TOO_FEW, None, 9)
    assert found.still_needed == n_needed(0.3) - 9


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5])
def test_the_interval_of_the_loop_holds_the_truth(rho: float) -> None:
    truth = 6 / math.pi * math.asin(rho / 2)  # Spearman's of a normal pair
    draw = np.random.default_rng(5)
    held = told = 0
    for _ in range(300):
        pair = draw.multivariate_normal([0, 0], [[1, rho], [rho, 1]], 30)
        found = close_loop(pair[:, 0].tolist(), pair[:, 1].tolist())
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
        told += found.answer is Answer.RELATED
    assert held >= 0.93 * 300
    if rho == 0:
        assert told <= 0.05 * 300


def test_below_the_stated_n_an_interval_is_never_narrow() -> None:
    for r in (0.0, 0.3, 0.6):
        n = n_needed(r)
        assert (fisher_interval(r, n)[1] - fisher_interval(r, n)[0]) / 2 <= 0.25
        assert (fisher_interval(r, n - 1)[1] - fisher_interval(r, n - 1)[0]) / 2 > 0.25


def test_range_restriction_is_corrected_only_where_the_spread_is_known() -> None:
    assessed, shown = list(range(20)), [n + (n * 7) % 5 for n in range(20)]
    alone, known = close_loop(assessed, shown), close_loop(assessed, shown, all_assessed_sd=12.0)
    assert alone.corrected is None
    assert "Only hires" in alone.note
    assert known.corrected is not None
    assert known.correlation is not None
    assert known.corrected > known.correlation


# Quantiles.


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.sampled_from([0.1, 0.5, 0.9]))
def test_quantiles_are_numpys(values: list[float], share: float) -> None:
    assert quantile(values, share).value == pytest.approx(float(np.quantile(values, share)), abs=1e-6)


@pytest.mark.parametrize(("n", "share"), [(9, 0.5), (30, 0.5), (60, 0.9)])
def test_quantile_intervals_hold_the_truth(n: int, share: float) -> None:
    draw = np.random.default_rng(1)
    truth = stats.expon.ppf(share)
    held = 0
    for _ in range(400):
        found = quantile(draw.exponential(size=n).tolist(), share)
        held += (found.low or 0) <= truth and (found.high is None or truth <= found.high)
    assert held >= 0.93 * 400


def test_too_few_values_bound_nothing() -> None:
    assert (quantile([1.0, 2.0], 0.5).low, quantile([1.0, 2.0], 0.5).high) == (None, None)
