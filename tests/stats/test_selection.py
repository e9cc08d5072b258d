"""Taylor–Russell in counts, and ratings combined by a stated rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from tenfold.kit.errors import NotEnoughData, UserError
from tenfold.stats.combination import combine
from tenfold.stats.selection import expected_outcomes, mean_of_selected, taylor_russell

SHARES = st.floats(0.02, 0.98)


@pytest.mark.parametrize(
    ("validity", "base_rate", "selected", "expected"),
    [
        (0.42, 0.5, 0.2, 0.7364),
        (0.19, 0.5, 0.2, 0.6063),
        (0.51, 0.5, 0.2, 0.7879),
        (0.33, 0.5, 0.1, 0.7280),
        (0.42, 0.5, 0.5, 0.6380),
    ],
)
def test_success_rates(validity: float, base_rate: float, selected: float, expected: float) -> None:
    assert taylor_russell(validity, base_rate, selected) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("selected", "expected"), [(0.05, 2.0627), (0.1, 1.7550), (0.2, 1.3998), (0.3, 1.1590), (0.5, 0.7979)]
)
def test_mean_predictor_of_those_selected(selected: float, expected: float) -> None:
    assert mean_of_selected(selected) == pytest.approx(expected, abs=1e-4)


@given(st.floats(-0.95, 0.95), SHARES, SHARES)
@settings(max_examples=30)
def test_matches_the_bivariate_normal(validity: float, base_rate: float, selected: float) -> None:
    upper = [norm.ppf(selected), norm.ppf(base_rate)]  # by symmetry, the lower orthant of the mirrored pair
    both = multivariate_normal([0, 0], [[1, validity], [validity, 1]]).cdf(upper)
    assert taylor_russell(validity, base_rate, selected) == pytest.approx(both / selected, abs=2e-4)


@given(SHARES, SHARES)
@settings(max_examples=30)
def test_a_useless_method_selects_by_chance(base_rate: float, selected: float) -> None:
    assert taylor_russell(0, base_rate, selected) == pytest.approx(base_rate, abs=1e-9)
    assert taylor_russell(0.9999, base_rate, selected) == pytest.approx(
        taylor_russell(1, base_rate, selected), abs=0.02
    )


def test_counts_of_people() -> None:
    found = expected_outcomes(100, validity=0.42, low=0.19, high=0.51, base_rate=0.5, selection_ratio=0.2)
    assert (found.succeed, found.low, found.high, found.by_chance) == pytest.approx((73.64, 60.63, 78.79, 50), abs=0.01)


@pytest.mark.parametrize("wrong", [(1.2, 0.5, 0.2), (0.3, 0, 0.2), (0.3, 0.5, 0)])
def test_shares_outside_their_bounds_are_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(UserError):
        taylor_russell(*wrong)


RATINGS = {
    "Ada": {"serving": 4, "monitoring": 4, "writing": 3},
    "Ben": {"serving": 3, "monitoring": 4, "writing": 4},
    "Cy": {"serving": 1, "monitoring": 2, "writing": 1},
}


def test_near_equals_are_alike_and_the_far_one_is_not() -> None:
    found = {one.person: one for one in combine(RATINGS, reliability=0.8).people}
    assert found["Ada"].alike == ("Ben",)
    assert found["Cy"].alike == ()


def test_people_come_in_the_order_given_never_by_total() -> None:
    backwards = dict(reversed(RATINGS.items()))
    assert [one.person for one in combine(backwards, reliability=0.5).people] == ["Cy", "Ben", "Ada"]


def test_rules_that_disagree_are_named() -> None:
    found = combine(RATINGS, reliability=0.8)
    assert ("Ada", "Ben") in found.undecided or found.people[0].total == pytest.approx(found.people[1].total)
    assert all(set(one.alternatives) == set(found.people[0].alternatives) for one in found.people)


@given(st.floats(0, 1))
def test_a_perfect_measure_has_no_band_and_a_useless_one_tells_nobody_apart(reliability: float) -> None:
    found = combine(RATINGS, reliability=reliability)
    assert found.error == pytest.approx(np.sqrt(1 - reliability), abs=1e-9)
    assert combine(RATINGS, reliability=0).people[2].alike == ("Ada", "Ben")


@pytest.mark.parametrize("wrong", [{}, {"Ada": {"a": 1.0}}, {"Ada": {"a": 1.0}, "Ben": {}}])
def test_totals_that_would_not_compare_are_refused(wrong: dict[str, dict[str, float]]) -> None:
    with pytest.raises(NotEnoughData):
        combine(wrong, reliability=0.5)
