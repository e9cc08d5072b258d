"""P8: interview plans go in; what would make them unequal or unreliable comes out."""

from __future__ import annotations

import pytest

from tenfold.kit.findings import Severity, State
from tenfold.practices.interviews.check import check
from tests.practices.examples import FIX, REVIEW, Said, asks, case, said, severity

GOOD = """
    interviews:
      rounds:
        - name: A system explained
          kind: presentation
          minutes: 60
          assesses: [explaining, trade-offs]
          raters: 2
          anchored: true
        - name: A vague wish
          kind: structured
          minutes: 45
          assesses: [requirements-discovery]
          raters: 2
          anchored: true
      scorecards_before_debrief: true
      decision_rule: Equal weights; hire from a mean of 3.5
      decided_by: Head of ML platform
      automatic_rejection: false
      format_told_beforehand: true
      feedback_within_days: 7
"""


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_two_structured_rounds_with_two_raters_are_good() -> None:
    verdict = check(case(GOOD))
    assert verdict.state is State.GOOD
    assert tuple(remark.text for remark in verdict.observations) == (
        (
            "2 rounds, 105 minutes in all; soft skills assessed: explaining infrastructure, turning vague wishes into "
            "requirements and presenting trade-offs."
        ),
        (
            "Expected reliability of the ratings: explaining infrastructure, presenting trade-offs and turning vague "
            "wishes into requirements: about .39 to .61. Show a band, not a rank, among candidates this close."
        ),
    )


@pytest.mark.parametrize(
    ("minutes", "competencies", "expected"),
    [
        (30, ["explaining", "trade-offs"], None),
        (29, ["explaining", "trade-offs"], "1 competency fewer, or 1 minute more."),
        (45, ["explaining", "trade-offs", "mentoring", "leadership"], "1 competency fewer, or 5 minutes more."),
        (45, ["explaining", "explaining"], None),
    ],
)
def test_a_round_with_less_than_ten_minutes_a_competency_needs_review(
    minutes: int, competencies: list[str], expected: str | None
) -> None:
    plan = f"interviews: {{rounds: [{{name: Talk, minutes: {minutes}, assesses: {competencies}}}]}}"
    found = said(check, "round-too-full", plan)
    assert [one.flips for one in found] == ([expected] if expected else [])


def test_no_plan_is_wrong_and_an_absent_one_is_asked_for() -> None:
    assert said(check, "no-plan", "interviews: none") == [
        Said("There is no interview plan.", FIX, "interviews", evidence=("interviews: none",))
    ]
    assert asks(check, "no-plan") == ["interviews.rounds"]
    assert asks(check, "no-plan", "interviews: {decided_by: Head of ML}") == ["interviews.rounds"]


def test_an_unstructured_round_is_wrong() -> None:
    assert said(check, "unstructured", changed("kind: structured", "kind: unstructured")) == [
        Said(
            "“A vague wish” has no fixed questions.",
            FIX,
            "interviews.rounds[1].kind",
            evidence=("interviews.rounds[1].name: A vague wish", "interviews.rounds[1].kind: unstructured"),
        )
    ]


def test_ratings_without_anchors() -> None:
    assert said(check, "no-anchors", changed("anchored: true", "anchored: false")) == [
        Said(
            "Ratings in “A system explained” and “A vague wish” have no written anchors.",
            REVIEW,
            "interviews.rounds[0].anchored",
            evidence=("interviews.rounds[0].anchored: no", "interviews.rounds[1].anchored: no"),
        )
    ]


def test_anchors_are_asked_for_except_of_a_screen() -> None:
    plan = "interviews: {rounds: [{kind: structured}, {kind: screen}]}"
    assert asks(check, "no-anchors", plan) == ["interviews.rounds[0].anchored"]


def test_two_soft_skills_are_too_few() -> None:
    assert said(check, "soft-skills-unassessed", changed("[explaining, trade-offs]", "[explaining]")) == [
        Said(
            "2 soft skills are assessed on purpose.",
            REVIEW,
            "interviews.rounds",
            "1 more of them assessed in a round.",
            ("interviews.rounds[0].assesses: explaining", "interviews.rounds[1].assesses: requirements-discovery"),
        )
    ]


@pytest.mark.parametrize(
    ("assesses", "what"),
    [
        ("python", "No soft skills are assessed on purpose."),
        ("explaining", "Only 1 soft skill is assessed on purpose."),
        ("explaining, trade-offs", "2 soft skills are assessed on purpose."),
    ],
)
def test_soft_skills_are_counted_in_words(assesses: str, what: str) -> None:
    (found,) = said(check, "soft-skills-unassessed", f"interviews: {{rounds: [{{assesses: [{assesses}]}}]}}")
    assert found.what == what


def test_one_rater_is_less_than_half_signal() -> None:
    assert said(
        check, "one-rater", changed("[requirements-discovery]\n          raters: 2", "[mentoring]\n          raters: 1")
    ) == [
        Said(
            "One rater alone judges growing others.",
            REVIEW,
            "interviews.rounds",
            evidence=("interviews.rounds[0].raters: 2", "interviews.rounds[1].raters: 1"),
        )
    ]


def test_one_rater_in_each_of_two_rounds_is_two() -> None:
    plan = "interviews: {rounds: [{assesses: [explaining], raters: 1}, {assesses: [explaining], raters: 1}]}"
    assert said(check, "one-rater", plan) == []


def test_unanswered_raters_are_asked_for_and_not_held_against_the_plan() -> None:
    plan = "interviews: {rounds: [{assesses: [explaining]}, {assesses: [trade-offs], raters: 1}]}"
    assert asks(check, "one-rater", plan) == ["interviews.rounds[0].raters"]
    assert [found.what for found in said(check, "one-rater", plan)] == ["One rater alone judges presenting trade-offs."]


@pytest.mark.parametrize(
    ("rule", "old", "new", "worst", "expected"),
    [
        (
            "scorecards-shared",
            "scorecards_before_debrief: true",
            "scorecards_before_debrief: false",
            FIX,
            ("interviews.scorecards_before_debrief: no",),
        ),
        (
            "no-decision-rule",
            "decision_rule: Equal weights; hire from a mean of 3.5",
            "decision_rule: none",
            REVIEW,
            ("interviews.decision_rule: none",),
        ),
        (
            "format-untold",
            "format_told_beforehand: true",
            "format_told_beforehand: false",
            REVIEW,
            ("interviews.format_told_beforehand: no",),
        ),
    ],
)
def test_what_is_answered_no_is_told(rule: str, old: str, new: str, worst: Severity, expected: tuple[str, ...]) -> None:
    (found,) = said(check, rule, changed(old, new))
    assert (found.severity, found.evidence) == (worst, expected)
    assert found.field == expected[0].partition(":")[0]


@pytest.mark.parametrize(("days", "expected"), [("13", None), ("14", None), ("15", REVIEW), ("none", REVIEW)])
def test_feedback_comes_within_two_weeks(days: str, expected: Severity | None) -> None:
    assert severity(check, "no-feedback", changed("days: 7", f"days: {days}")) is expected


@pytest.mark.parametrize(("count", "flips"), [(3, []), (4, []), (5, ["1 round fewer."]), (7, ["3 rounds fewer."])])
def test_four_interviews_are_enough_and_screens_do_not_count(count: int, flips: list[str]) -> None:
    rounds = ", ".join(["{kind: structured}"] * count + ["{kind: screen}"])
    found = said(check, "too-many-rounds", f"interviews: {{rounds: [{rounds}]}}")
    assert [each.flips for each in found] == flips


def test_a_score_that_rejects_by_itself_is_wrong() -> None:
    assert said(check, "automatic-rejection", "interviews: {automatic_rejection: true}") == [
        Said(
            "A score rejects people by itself.",
            FIX,
            "interviews.automatic_rejection",
            evidence=("interviews.automatic_rejection: yes",),
        )
    ]


def test_a_plan_of_rounds_alone_is_asked_for_the_rest() -> None:
    plan = """
        interviews:
          rounds:
            - kind: structured
              assesses: [explaining, trade-offs, technical-writing]
              raters: 2
              anchored: true
    """
    verdict = check(case(plan))
    assert (verdict.findings, verdict.state) == ((), State.UNANSWERED)
    assert [question.field for question in verdict.questions] == [
        "interviews.scorecards_before_debrief",
        "interviews.decision_rule",
        "interviews.decided_by",
        "interviews.automatic_rejection",
        "interviews.format_told_beforehand",
        "interviews.feedback_within_days",
    ]


def test_rounds_that_do_not_say_what_they_assess_are_asked() -> None:
    plan = "interviews: {rounds: [{name: Talk, minutes: 45}, {name: Review, minutes: 60}]}"
    assert said(check, "soft-skills-unassessed", plan) == []
    assert asks(check, "soft-skills-unassessed", plan)
    assert said(check, "soft-skills-unassessed", plan.replace("minutes: 60", "minutes: 60, assesses: [python]"))
