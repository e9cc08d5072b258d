"""Raters, soft skills and reliability."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.practices.interviews.engine import (
    SOFT,
    Round,
    count_raters,
    find_soft_skills,
    find_unanswered_raters,
)
from tenfold.stats.d_study import spearman_brown


def test_raters_add_up_over_rounds() -> None:
    rounds = [Round(("explaining", "trade-offs"), 1), Round(("explaining",), 1), Round(("mentoring",), None)]
    assert dict(count_raters(rounds)) == {"explaining": 2, "trade-offs": 1, "mentoring": 0}


def test_a_competency_named_twice_in_a_round_is_rated_once() -> None:
    assert dict(count_raters([Round(("explaining", "explaining"), 1)])) == {"explaining": 1}


def test_a_round_is_asked_for_its_raters_only_where_they_are_wanted() -> None:
    rounds = [Round(("explaining",), 2), Round(("explaining",), None), Round(("trade-offs",), None)]
    assert find_unanswered_raters(rounds, 2) == (2,)


def test_soft_skills_come_in_their_usual_order() -> None:
    assert find_soft_skills([Round(("trade-offs", "python"), 1), Round(("explaining",), 1)]) == (
        "explaining",
        "trade-offs",
    )


@pytest.mark.parametrize(("raters", "reliability"), [(1, 0.44), (2, 0.61), (4, 0.76)])
def test_reliability_grows_as_spearman_and_brown_say(raters: int, reliability: float) -> None:
    assert round(spearman_brown(0.44, raters), 2) == reliability


@given(st.floats(0.01, 0.99), st.integers(1, 50))
def test_another_rater_helps_and_never_makes_a_mean_certain(one: float, raters: int) -> None:
    assert spearman_brown(one, raters) < spearman_brown(one, raters + 1) < 1


rounds = st.lists(
    st.builds(Round, st.lists(st.sampled_from(SOFT), max_size=3).map(tuple), st.none() | st.integers(0, 3)), max_size=5
)


@given(rounds, st.sampled_from(SOFT))
def test_another_round_never_takes_raters_or_soft_skills_away(before: list[Round], competency: str) -> None:
    after = [*before, Round((competency,), 1)]
    assert all(count_raters(after)[name] >= raters for name, raters in count_raters(before).items())
    assert set(find_soft_skills(after)) >= set(find_soft_skills(before))
