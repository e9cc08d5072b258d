"""Rates: exact intervals by scipy's distributions, laws, and simulation with known truth."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tenfold.stats.rates import (
    chance_of_more_than,
    poisson_quantile,
    poisson_rate,
    poisson_upper_tail,
    polled_rate,
    share_interval,
)


@given(st.integers(0, 500), st.floats(0.1, 1000))
def test_garwood_bounds_leave_two_and_a_half_percent_on_each_side(events: int, exposure: float) -> None:
    rate = poisson_rate(events, exposure)
    assert rate.high is not None
    assert stats.poisson.cdf(events, rate.high * exposure) == pytest.approx(0.025)
    if events:
        assert stats.poisson.sf(events - 1, rate.low * exposure) == pytest.approx(0.025)
    else:
        assert rate.low == 0


@given(st.integers(0, 40), st.integers(1, 60))
def test_a_share_has_the_bounds_of_clopper_and_pearson(successes: int, more: int) -> None:
    trials = successes + more
    theirs = stats.binomtest(successes, trials).proportion_ci(method="exact")
    assert share_interval(successes, trials) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(st.integers(0, 10), st.floats(0.01, 20))
def test_poisson_tails_and_quantiles(count: int, mean: float) -> None:
    assert chance_of_more_than(count, mean) == pytest.approx(stats.poisson.sf(count, mean))
    assert poisson_upper_tail(count, mean) == pytest.approx(stats.poisson.sf(count - 1, mean))
    assert poisson_quantile(0.9, mean) == stats.poisson.ppf(0.9, mean)


def test_close_polls_give_the_poisson_rate() -> None:
    gaps = [0.001] * 100_000
    changed = [index % 10_000 == 0 for index in range(100_000)]
    polled, plain = polled_rate(gaps, changed), poisson_rate(10, 100.0)
    assert polled.value == pytest.approx(plain.value, rel=1e-3)
    assert polled.low == pytest.approx(plain.low, rel=1e-2)
    assert polled.high == pytest.approx(plain.high, rel=1e-2)


def test_equal_gaps_have_a_closed_form() -> None:
    from math import log

    assert polled_rate([2.0] * 10, [True] * 4 + [False] * 6).value == pytest.approx(-log(0.6) / 2)


def test_a_change_at_every_look_sets_no_upper_bound() -> None:
    rate = polled_rate([1.0] * 12, [True] * 12)
    assert rate.high is None
    assert rate.low > 1.0


def test_no_gap_is_an_error() -> None:
    with pytest.raises(ValueError, match="gaps longer than nothing"):
        polled_rate([], [])


@pytest.mark.parametrize("rate", [0.05, 0.5, 2.0])
def test_the_interval_holds_the_true_rate(rate: float) -> None:
    held = 0
    for seed in range(200):
        chance = random.Random(seed)  # noqa: S311 - repeatable
        gaps = [chance.choice([0.2, 0.5, 1.0, 3.0]) for _ in range(60)]
        changed = [chance.expovariate(rate) < gap for gap in gaps]
        found = polled_rate(gaps, changed)
        held += found.low <= rate and (found.high is None or rate <= found.high)
    assert held >= 186
