"""The guide's four signs and three bars: what they add up to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.practices.timing.engine import Met, Moment, Signs, Thresholds, weigh

GUIDE = Thresholds(models_near_production=2, manual_share=30, models_planned=5, ml_team=2, crisis_manual_share=50)
QUIET = Signs(
    models_in_production=1,
    models_near_production=0,
    models_planned=0,
    manual_share=0,
    reproducibility_pain=0,
    tracking_pain=0,
    research_only=False,
    ml_team=4,
    inherits_technical_debt=False,
)


def but(signs: Signs, change: dict[str, Any]) -> Signs:
    return replace(signs, **change)


counts, pains = st.none() | st.integers(0, 20), st.none() | st.integers(0, 2)
any_signs = st.builds(
    Signs,
    models_in_production=counts,
    models_near_production=counts,
    models_planned=counts,
    manual_share=st.none() | st.floats(0, 100),
    reproducibility_pain=pains,
    tracking_pain=pains,
    research_only=st.none() | st.booleans(),
    ml_team=counts,
    inherits_technical_debt=st.none() | st.booleans(),
)
MORE = ("models_near_production", "models_planned", "manual_share", "reproducibility_pain", "tracking_pain")


@pytest.mark.parametrize(
    ("sign", "below", "at", "above"),
    [
        ("models_near_production", 1, 2, 3),
        ("models_planned", 4, 5, 6),
        ("manual_share", 29.9, 30, 30.1),
        ("reproducibility_pain", 0, 1, 2),
        ("tracking_pain", 0, 1, 2),
    ],
)
def test_each_sign_alone_says_now_from_its_threshold_on(sign: str, below: float, at: float, above: float) -> None:
    moments = [weigh(but(QUIET, {sign: value}), GUIDE).moment for value in (below, at, above)]
    assert moments == [Moment.NO_SIGN, Moment.NOW, Moment.NOW]


@pytest.mark.parametrize(
    "bar",
    [
        {"models_in_production": 0},
        {"models_in_production": 0, "models_near_production": 1},
        {"research_only": True},
        {"ml_team": 1},
    ],
)
def test_a_bar_outweighs_every_sign(bar: dict[str, int | bool]) -> None:
    loud = replace(QUIET, models_planned=12, manual_share=80, reproducibility_pain=2)
    assert weigh(loud, GUIDE).moment is Moment.NOW
    assert weigh(but(loud, bar), GUIDE).moment is Moment.TOO_EARLY


def test_two_models_near_production_lift_the_bar_of_nothing_to_run() -> None:
    first_models = replace(QUIET, models_in_production=0, models_near_production=2)
    assert weigh(first_models, GUIDE).moment is Moment.NOW


@pytest.mark.parametrize(("people", "moment"), [(0, Moment.TOO_EARLY), (1, Moment.TOO_EARLY), (2, Moment.NO_SIGN)])
def test_an_ml_team_of_two_is_enough(people: int, moment: Moment) -> None:
    assert weigh(replace(QUIET, ml_team=people), GUIDE).moment is moment


def test_nothing_answered_is_unknown_and_says_what_each_answer_would_do() -> None:
    weighed = weigh(Signs(), GUIDE)
    assert weighed.moment is Moment.UNKNOWN
    assert {indicator.met for indicator in (*weighed.signs, *weighed.bars)} == {Met.UNKNOWN}
    assert [sign.turns for sign in weighed.signs] == [
        "2 or more would be a sign to hire",
        "30 or more would be a sign to hire",
        "any problem here would be a sign to hire",
        "5 or more would be a sign to hire",
    ]


@pytest.mark.parametrize(
    ("trouble", "crisis"),
    [
        ({"manual_share": 49.9}, False),
        ({"manual_share": 50}, True),
        ({"reproducibility_pain": 2, "tracking_pain": 1}, False),
        ({"reproducibility_pain": 2, "tracking_pain": 2}, True),
        ({"inherits_technical_debt": True}, True),
        ({"inherits_technical_debt": True, "models_in_production": 0}, False),
    ],
)
def test_a_crisis_is_half_the_time_by_hand_or_both_pains_severe_or_inherited(
    trouble: dict[str, float], crisis: bool
) -> None:
    assert weigh(but(QUIET, trouble), GUIDE).crisis is crisis


def test_five_engineers_who_spend_two_fifths_by_hand_lose_two_months_a_month() -> None:
    assert weigh(replace(QUIET, manual_share=40), GUIDE, ml_engineers=5).waiting_costs == 2.0
    assert weigh(QUIET, GUIDE).waiting_costs is None


@given(any_signs, st.sampled_from(MORE), st.data())
def test_adding_to_a_sign_never_takes_now_away(signs: Signs, sign: str, data: st.DataObject) -> None:
    present = getattr(signs, sign) or 0
    most = {"manual_share": 100, "reproducibility_pain": 2, "tracking_pain": 2}.get(sign, 40)
    more = data.draw(st.floats(present, most) if sign == "manual_share" else st.integers(int(present), most))
    if weigh(signs, GUIDE).moment is Moment.NOW:
        assert weigh(but(signs, {sign: more}), GUIDE).moment is Moment.NOW


@given(any_signs, st.integers(0, 20))
def test_another_model_in_production_never_makes_it_too_early(signs: Signs, more: int) -> None:
    if weigh(signs, GUIDE).moment is not Moment.TOO_EARLY:
        larger = replace(signs, models_in_production=(signs.models_in_production or 0) + more)
        assert weigh(larger, GUIDE).moment is not Moment.TOO_EARLY or not larger.models_in_production


@given(any_signs, st.sampled_from(sorted(Signs.__dataclass_fields__)))
def test_taking_an_answer_back_never_turns_no_sign_into_now(signs: Signs, name: str) -> None:
    if weigh(signs, GUIDE).moment is Moment.NO_SIGN:
        assert weigh(but(signs, {name: None}), GUIDE).moment in (Moment.NO_SIGN, Moment.UNKNOWN)
