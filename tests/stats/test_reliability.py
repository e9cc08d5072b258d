"""What ratings are worth: metamorphic laws, known truth, refusals in words."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.kit.errors import NotEnoughData
from tenfold.stats.d_study import plan_reliability, ratings_needed, spearman_brown, what_more_buys
from tenfold.stats.mixed_intervals import Estimate
from tenfold.stats.reliability import Rating, study


def panel(seed: int, *, subject: float = 0.28, rater: float = 0.09, residual: float = 0.63) -> list[Rating]:
    """30 candidates, each rated by 4 of 12 interviewers; the variances are known."""
    rng = np.random.default_rng(seed)
    skill, lenient = rng.normal(0, subject**0.5, 30), rng.normal(0, rater**0.5, 12)
    return [
        Rating(f"c{i}", f"r{j:02}", float(skill[i] + lenient[j] + rng.normal(0, residual**0.5)))
        for i in range(30)
        for j in rng.choice(12, 4, replace=False)
    ]


def tasks(seed: int, *, same_people: bool, leniency: float = 1.0) -> list[Rating]:
    """40 candidates × 3 tasks; raters are called A to D under each task and are, or are not, the same people."""
    rng = np.random.default_rng(seed)
    skill, hard, sight = rng.normal(size=40), rng.normal(size=3), rng.normal(size=(40, 3))
    lenient = rng.normal(0, leniency, 4)[:, None].repeat(3, 1) if same_people else rng.normal(0, leniency, (4, 3))
    return [
        Rating(f"c{i}", "ABCD"[j], float(skill[i] + hard[t] + sight[i, t] + lenient[j, t] + rng.normal()), f"task {t}")
        for i in range(40)
        for t in range(3)
        for j in range(4)
    ]


def test_intervals_cover_known_truth() -> None:
    # A small share of benchmarks/panel_coverage.py, which runs 1,000 panels. 40 panels at 95 %: below 34 is p < 0.01.
    truth, same = 0.28, 0.28 / 0.91
    studies = [study(panel(seed)) for seed in range(40)]
    singles = [one.single for one in studies]
    assert sum((one.low or 0) <= truth <= (one.high or 0) for one in singles) >= 34
    assert sum((one.single_same_rater.low or 0) <= same <= (one.single_same_rater.high or 0) for one in studies) >= 34
    assert np.mean([one.value for one in singles]) == pytest.approx(truth, abs=0.05)


@given(st.integers(0, 500), st.floats(-5, 5), st.floats(0.2, 4), st.randoms(use_true_random=False))
@settings(max_examples=6)
def test_order_names_and_scale_change_nothing(seed: int, shift: float, times: float, random: st.DrawFn) -> None:
    ratings = panel(seed)
    other = [Rating(f"x{one.subject}", f"y{one.rater}", shift + times * one.value) for one in ratings]
    random.shuffle(other)  # type: ignore[attr-defined]
    before, after = study(ratings).single, study(other).single
    assert (after.value, after.low, after.high) == pytest.approx((before.value, before.low, before.high), abs=1e-3)


def test_a_lenient_rater_is_found_and_the_others_are_not_blamed() -> None:
    blamed = 0
    for seed in range(6):
        ratings = [replace(one, value=one.value + 2.5 * (one.rater == "r03")) for one in panel(seed, rater=0.0)]
        effects = {one.rater: one.effect for one in study(ratings).leniencies if one.effect}
        assert max(effects, key=lambda name: effects[name].value) == "r03"
        assert effects["r03"].low > 0.5
        blamed += sum(effect.low > 0 for name, effect in effects.items() if name != "r03")
    assert blamed <= 6  # 66 others at 2.5 %: more is p < 0.01


@pytest.mark.parametrize("raters", [2, 3, 4])
@pytest.mark.parametrize("apart", [0.5, 2.0, 20.0])
def test_few_raters_who_differ_are_told_apart(raters: int, apart: float) -> None:
    """Each `apart` from the next on 60 shared subjects: the differences are found, however few raters there are."""
    chance = np.random.default_rng(raters)
    skill = chance.normal(0, 0.5, 60)
    ratings = [
        Rating(f"c{i}", f"r{j}", float(skill[i] + apart * j + chance.normal(0, 0.5)))
        for i in range(60)
        for j in range(raters)
    ]
    effects = [one.effect for one in study(ratings).leniencies if one.effect]
    found = [after.value - before.value for before, after in pairwise(effects)]
    assert found == pytest.approx([apart] * (raters - 1), rel=0.25, abs=0.15)
    assert all(one.low < one.value < one.high for one in effects)


def test_seven_shared_candidates_are_too_few_to_tell_and_eight_are_enough() -> None:
    base = [one for one in panel(2) if one.rater != "r00"]
    seven = [Rating(f"c{i}", "new", 3.0 + i % 2) for i in range(7)]
    told = {one.rater: (one.n_shared, one.is_told) for one in study(base + seven).leniencies}
    assert told["new"] == (7, False)
    told = {
        one.rater: (one.n_shared, one.is_told) for one in study([*base, *seven, Rating("c7", "new", 4.0)]).leniencies
    }
    assert told["new"] == (8, True)


def test_candidates_that_nobody_else_rated_are_not_shared() -> None:
    alone = [Rating(f"own{i}", "new", 3.0 + i % 3) for i in range(20)]
    told = {one.rater: (one.n_shared, one.effect) for one in study(panel(2) + alone).leniencies}
    assert told["new"] == (0, None)


def test_raters_of_the_same_name_in_other_tasks_are_others_unless_leniency_carries_over() -> None:
    nested, crossed = study(tasks(1, same_people=False)), study(tasks(1, same_people=True))
    assert nested.raters_are_nested
    assert not crossed.raters_are_nested
    renamed = [replace(one, rater=f"{one.rater} of {one.within}") for one in tasks(1, same_people=False)]
    assert dict(study(renamed).variances) == pytest.approx(dict(nested.variances), abs=1e-4)


def test_components_of_nested_raters_are_recovered() -> None:
    found = [study(tasks(seed, same_people=False)).variances for seed in range(8)]
    for name in ("subject", "subject_x_within", "residual"):
        assert np.mean([one[name] for one in found]) == pytest.approx(1.0, abs=0.2)


def test_a_rater_who_rates_one_subject_each_cannot_be_told_from_error() -> None:
    rng = np.random.default_rng(0)
    ratings = [Rating(f"c{i}", f"r{i}-{j}", float(i % 4 + rng.normal())) for i in range(12) for j in range(3)]
    found = study(ratings)
    assert found.confounded == ("rater",)
    assert set(found.variances) == {"subject", "residual"}


def test_several_ratings_of_one_pair_are_not_several_raters() -> None:
    rng = np.random.default_rng(3)
    pairs = {(i, j): rng.normal() for i in range(30) for j in range(4)}
    ratings = [
        Rating(f"c{i}", f"r{j}", float(sight + rng.normal(0, 0.3))) for (i, j), sight in pairs.items() for _ in range(3)
    ]
    found = study(ratings)
    assert found.variances["subject_x_rater"] == pytest.approx(1.0, abs=0.35)
    assert found.single.value < 0.15


@pytest.mark.parametrize(
    ("ratings", "says"),
    [
        ([Rating("a", "x", 1), Rating("a", "y", 2)], "at least two"),
        ([Rating("a", "x", 1), Rating("b", "x", 2)], "at least two"),
        ([Rating("a", "x", 1), Rating("b", "y", 2)], "No subject has two ratings"),
        ([Rating("a", "x", 3), Rating("a", "y", 3), Rating("b", "x", 3)], "All ratings are the same"),
    ],
)
def test_what_no_method_can_answer_is_refused_in_words(ratings: list[Rating], says: str) -> None:
    with pytest.raises(NotEnoughData, match=says):
        study(ratings)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_ratings_needed_inverts_spearman_brown(single: float, target: float) -> None:
    assert spearman_brown(single, ratings_needed(single, target)) == pytest.approx(target)


@given(
    st.fixed_dictionaries({name: st.floats(0.01, 2) for name in ("subject", "rater", "subject_x_within", "residual")})
)
def test_another_interview_never_buys_less_than_a_second_rater(variances: dict[str, float]) -> None:
    found = what_more_buys(variances, 1)
    assert found.now < found.second_rater <= found.another_interview
    assert plan_reliability(variances, 2, same_raters=True) >= plan_reliability(variances, 2)


def test_mean_of_follows_the_single_rating() -> None:
    found = study(panel(9))
    assert found.mean_of(4) == Estimate(
        spearman_brown(found.single.value, 4),
        spearman_brown(found.single.low or 0, 4),
        spearman_brown(found.single.high or 0, 4),
    )
