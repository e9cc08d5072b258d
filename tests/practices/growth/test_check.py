"""P9: a ladder goes in; what the engineer could not see on it comes out."""

from __future__ import annotations

import pytest

from tenfold.kit.findings import Severity, State
from tenfold.practices.growth.check import check
from tests.practices.examples import FIX, REVIEW, Said, asks, case, said, severity

LADDER = """
    role: {level: senior}
    growth:
      ladder:
        - level: senior
          scope: The platform of one team
          behaviours: [Removes a class of incident, Sets a service level]
        - level: staff
          scope: Serving for several teams
          behaviours: [Sets a standard, Weighs cost in writing]
"""


def growth(line: str) -> str:
    return f"growth: {{{line}}}"


def test_a_ladder_with_the_hires_step_and_the_next_is_good() -> None:
    assert check(case(LADDER)).findings == ()
    assert tuple(remark.text for remark in check(case(LADDER)).observations) == (
        "A ladder of 2 steps: senior and staff.",
    )


def test_no_ladder_is_wrong() -> None:
    assert said(check, "no-ladder", growth("ladder: none")) == [
        Said(
            "There is no ladder for this engineer to climb.",
            FIX,
            "growth.ladder",
            evidence=("growth.ladder: none",),
        )
    ]


@pytest.mark.parametrize(
    ("level", "what"),
    [
        ("junior", ["The ladder has no step for the junior engineer you hire."]),
        ("mid", ["The ladder has no step for the mid engineer you hire."]),
        ("senior", []),
        ("staff", ["The ladder ends at staff: there is nothing above the person you hire."]),
    ],
)
def test_the_ladder_has_the_hires_step_and_one_above(level: str, what: list[str]) -> None:
    plan = LADDER.replace("role: {level: senior}", f"role: {{level: {level}}}")
    found = said(check, "step-missing", plan)
    assert [each.what for each in found] == what
    assert all((each.severity, each.evidence) == (FIX, (f"role.level: {level}",)) for each in found)


def test_a_ladder_without_the_hires_level_is_asked_for_it() -> None:
    assert asks(check, "step-missing", LADDER.replace("role: {level: senior}", "role: {}")) == ["role.level"]


def test_a_step_with_one_behaviour_is_thin() -> None:
    plan = LADDER.replace("[Sets a standard, Weighs cost in writing]", "[Leads]")
    assert said(check, "thin-step", plan) == [
        Said("The staff step does not say what the person owns and does.", REVIEW, "growth.ladder")
    ]
    assert said(check, "thin-step", plan, growth__behaviours=1) == []


def test_two_steps_that_own_the_same() -> None:
    plan = LADDER.replace("Serving for several teams", "the platform of one team")
    assert said(check, "same-scope", plan) == [
        Said("The senior and staff steps have the same scope.", REVIEW, "growth.ladder")
    ]


def test_years_on_a_ladder_are_quoted() -> None:
    plan = LADDER + "          years: 8\n"
    assert said(check, "ladder-by-years", plan) == [
        Said("The ladder asks for years.", REVIEW, "growth.ladder", evidence=("growth.ladder[1].years: 8",))
    ]


@pytest.mark.parametrize(
    ("answers", "found", "asked"),
    [
        ("", [], ["growth.learning_budget"]),
        ("learning_budget: none", [], ["growth.learning_time"]),
        ("learning_time: 0", [], ["growth.learning_budget"]),
        ("learning_budget: 2k", [], []),
        ("learning_budget: none, learning_time: 10 %", [], []),
        (
            "learning_budget: none, learning_time: none",
            [
                Said(
                    "There is neither money nor time for learning.",
                    REVIEW,
                    "growth.learning_time",
                    evidence=("growth.learning_budget: none", "growth.learning_time: none"),
                )
            ],
            [],
        ),
    ],
)
def test_learning_is_missed_only_where_both_answers_are_given(
    answers: str, found: list[Said], asked: list[str]
) -> None:
    assert said(check, "no-learning", growth(answers)) == found
    assert asks(check, "no-learning", growth(answers)) == asked


@pytest.mark.parametrize(("months", "expected"), [("11", None), ("12", None), ("13", REVIEW), ("none", REVIEW)])
def test_the_ladder_is_looked_at_every_year(months: str, expected: Severity | None) -> None:
    assert severity(check, "no-review", growth(f"promotion_review_months: {months}")) is expected


def test_nothing_more_to_own() -> None:
    assert said(check, "no-wider-scope", growth("widening_scope: none")) == [
        Said(
            "After the first project there is nothing more to own.",
            REVIEW,
            "growth.widening_scope",
            evidence=("growth.widening_scope: none",),
        )
    ]


def test_an_empty_plan_is_asked_and_not_judged() -> None:
    verdict = check(case())
    assert (verdict.findings, verdict.state) == ((), State.UNANSWERED)
    assert [question.field for question in verdict.questions] == [
        "growth.ladder",
        "growth.learning_budget",
        "growth.widening_scope",
        "growth.promotion_review_months",
    ]
