"""An offer on the market's distribution."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.market.benchmark import NotSupported
from tenfold.plan.document import Pay
from tenfold.practices.pay.benchmark import Benchmark, benchmark, market_says, yearly_range
from tests.practices.examples import case


@cache
def placed(thousands: int) -> Benchmark:
    offer = benchmark(
        case(f"role: {{family: mlops, level: senior}}\npay: {{min: {thousands}k, max: {thousands + 20}k}}")
    )
    assert offer is not None
    return offer


@pytest.mark.parametrize(
    ("offer", "midpoint"),
    [
        ({"min": 160_000, "max": 180_000}, 170_000),
        ({"min": 10_000, "max": 12_000, "period": "MONTH"}, 132_000),
        ({"min": 400, "max": 600, "period": "DAY"}, 130_000),
        ({"min": 60, "max": 80, "period": "HOUR"}, 145_600),
        ({"min": 160_000, "max": 180_000, "currency": "EUR"}, None),
        ({"min": 160_000}, None),
    ],
)
def test_an_offer_is_compared_as_dollars_a_year(offer: dict[str, object], midpoint: float | None) -> None:
    dollars = yearly_range(Pay.model_validate(offer))
    assert (sum(dollars) / 2 if dollars else None) == midpoint


def test_every_estimate_has_n_dates_interval_and_source() -> None:
    offer = placed(170)
    low, high = offer.percentile_interval
    assert low <= offer.percentile <= high
    assert offer.basis.startswith(f"n = {offer.market.n_raw} ads")
    assert offer.market.n_raw >= 5
    assert offer.sources
    assert offer.who == "senior MLOps engineers in the US"


@given(st.integers(1, 400), st.integers(0, 100))
def test_raising_an_offer_never_lowers_its_percentile(thousands: int, raise_: int) -> None:
    lower, higher = placed(thousands), placed(thousands + raise_)
    assert 0 <= lower.percentile <= higher.percentile <= 100
    assert lower.percentile_interval[0] <= higher.percentile_interval[0]
    assert lower.percentile_interval[1] <= higher.percentile_interval[1]


@given(st.integers(1, 99))
def test_the_amount_named_for_a_percentile_reaches_it(percentile: int) -> None:
    offer = placed(170)
    amount = offer.amount_at(percentile)
    assert amount % 1_000 == 0
    assert 100 * offer.market.percentile_of(amount) >= percentile - 1e-6


def test_without_role_or_level_nothing_is_placed() -> None:
    assert market_says(case("pay: {min: 150k, max: 170k}")) is None
    assert market_says(case("role: {family: mlops}")) is None


def test_years_stand_in_for_a_level() -> None:
    assert market_says(case("role: {family: mlops}\nrequirements: {years_min: 6}")) is not None


def test_a_country_without_data_is_refused_with_a_reason() -> None:
    refused = market_says(case("role: {family: mlops, level: senior, places: [DE]}"))
    assert isinstance(refused, NotSupported)
    assert refused.reason.startswith("Pay in Germany is not estimated: only")
