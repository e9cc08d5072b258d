"""P6: a situation goes in, what the check says of the moment comes out."""

from __future__ import annotations

import pytest

from tenfold.kit.findings import State
from tenfold.practices.timing.check import check
from tests.practices.examples import FIX, REVIEW, Said, asks, case, said

QUIET = """
    situation:
      models_in_production: 3
      models_near_production: 1
      models_planned_12_months: 4
      research_only: false
      ml_engineers: 4
      manual_share: 29
      reproducibility_pain: "no"
      tracking_pain: "no"
"""


def test_one_engineer_and_no_model_is_too_early() -> None:
    plan = """
        situation:
          models_in_production: 0
          models_near_production: 1
          research_only: true
          ml_engineers: 1
          data_scientists: 0
    """
    assert said(check, "too-early", plan) == [
        Said(
            "It is too early: no model in production and 1 near it and still research and an ML team of 1 person.",
            FIX,
            "situation.models_in_production",
            "One model in production, or 2 near it, would change this; the first model that users depend on would "
            "change this; an ML team of 2 would change this.",
            (
                "situation.models_in_production: 0",
                "situation.research_only: yes",
                "situation.ml_engineers: 1",
            ),
        )
    ]


def test_what_would_flip_it_keeps_its_capitals() -> None:
    plan = QUIET.replace("ml_engineers: 4", "ml_engineers: 1")
    (found,) = said(check, "too-early", plan)
    assert (found.what, found.flips) == (
        "It is too early: an ML team of 1 person.",
        "An ML team of 2 would change this.",
    )


def test_data_scientists_count_as_the_ml_team() -> None:
    plan = QUIET.replace("ml_engineers: 4", "ml_engineers: 1\n      data_scientists: 1")
    assert said(check, "too-early", plan) == []


def test_without_any_sign_somebody_should_look_again() -> None:
    assert said(check, "no-sign", QUIET) == [
        Said(
            "Nothing here shows that an MLOps engineer would have enough to do yet.",
            REVIEW,
            "situation.models_planned_12_months",
            "Any one of: the sign is 2 or more; this is 1; the sign is 30 or more; this is 29; any problem here "
            "would be a sign to hire; the sign is 5 or more; this is 4.",
            (
                "situation.models_near_production: 1",
                "situation.manual_share: 29",
                "situation.tracking_pain: no",
                "situation.models_planned_12_months: 4",
            ),
        )
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("models_near_production: 1", "models_near_production: 2"),
        ("manual_share: 29", "manual_share: 30"),
        ("models_planned_12_months: 4", "models_planned_12_months: 5"),
        ('tracking_pain: "no"', "tracking_pain: some"),
    ],
)
def test_the_single_change_that_is_named_flips_it(old: str, new: str) -> None:
    assert check(case(QUIET.replace(old, new))).state is State.GOOD


def test_the_operator_may_set_another_threshold() -> None:
    assert said(check, "no-sign", QUIET, timing__manual_share=25) == []


def test_an_empty_plan_is_asked_for_everything_and_judged_on_nothing() -> None:
    verdict = check(case())
    assert verdict.state is State.UNANSWERED
    assert [question.field for question in verdict.questions] == [
        "situation.models_in_production",
        "situation.research_only",
        "situation.ml_engineers",
        "situation.models_near_production",
        "situation.manual_share",
        "situation.reproducibility_pain",
        "situation.models_planned_12_months",
    ]


def test_one_sign_is_enough_to_stop_asking_for_others() -> None:
    plan = "situation: {models_in_production: 3, manual_share: 40}"
    assert asks(check, "unanswered", plan) == ["situation.ml_engineers"]


@pytest.mark.parametrize(
    ("share", "told", "expected"),
    [
        (49, "", []),
        (
            50,
            "",
            [
                Said(
                    "This is a rescue mission, and candidates are not told.",
                    REVIEW,
                    "role.rescue_statement",
                    evidence=(
                        "situation.manual_share: 50",
                        "situation.reproducibility_pain: no",
                        "situation.tracking_pain: no",
                    ),
                )
            ],
        ),
        (50, "role: {rescue_statement: Deployments fail weekly; you may rebuild them.}", []),
    ],
)
def test_a_rescue_is_told_to_candidates(share: int, told: str, expected: list[Said]) -> None:
    plan = QUIET.replace("manual_share: 29", f"manual_share: {share}")
    assert said(check, "rescue-unsaid", f"{plan}\n    {told}") == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-23", []),
        ("2026-11-22", []),
        (
            "2026-11-21",
            [
                Said(
                    "The start date, 21 November 2026, has passed.",
                    REVIEW,
                    "role.start_by",
                    evidence=("role.start_by: 2026-11-21",),
                )
            ],
        ),
    ],
)
def test_a_start_date_before_today_has_gone_by(day: str, expected: list[Said]) -> None:
    assert said(check, "start-in-the-past", f"role: {{start_by: {day}}}") == expected


def test_the_cost_of_waiting_is_told() -> None:
    assert tuple(
        remark.text for remark in check(case("situation: {manual_share: 40, ml_engineers: 5}")).observations
    ) == (
        "1 of 4 signs to hire: 40 % of ML engineers' time is manual deployment and monitoring.",
        "Each month of waiting costs about 2.0 engineer-months of manual work; the hire costs one.",
    )
