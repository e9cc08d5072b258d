"""Intervals of shares, against R and against a second way to compute them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tenfold.stats.isotonic import isotonic
from tenfold.stats.proportions import clopper_pearson_upper, wilson


def test_wilson_matches_r() -> None:
    # binom::binom.confint(8, 10, methods = "wilson")
    assert wilson(8, 10) == pytest.approx((0.4901625, 0.9433178), abs=1e-6)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_matches_scipy(case: tuple[int, int]) -> None:
    oracle = stats.binomtest(*case).proportion_ci(method="wilson")
    assert wilson(*case) == pytest.approx((oracle.low, oracle.high), abs=1e-9)


def test_nobody_counted_leaves_everything_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert clopper_pearson_upper(0, 0) == 1.0


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_upper_bound_matches_scipy(case: tuple[int, int]) -> None:
    oracle = stats.binomtest(*case, alternative="less").proportion_ci(confidence_level=0.95, method="exact").high
    assert clopper_pearson_upper(*case) == pytest.approx(oracle, abs=1e-8)


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0.1, 10)), max_size=12))
def test_isotonic_rises_and_keeps_the_weighted_mean(rows: list[tuple[float, float]]) -> None:
    values, weights = [value for value, _ in rows], [weight for _, weight in rows]
    fitted = isotonic(values, weights)
    assert all(low <= high + 1e-9 for low, high in pairwise(fitted))
    before = sum(v * w for v, w in rows)
    assert sum(v * w for v, w in zip(fitted, weights, strict=True)) == pytest.approx(before, abs=1e-6)


def test_isotonic_leaves_a_rising_sequence_alone() -> None:
    assert isotonic([1, 2, 2, 5], [1, 1, 3, 1]) == [1, 2, 2, 5]
