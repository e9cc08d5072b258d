"""P10: promises about pay, load, visibility and attention, and what the check says of them."""

from __future__ import annotations

import pytest

from tenfold.kit.findings import Severity, State
from tenfold.practices.retention.check import check
from tests.practices.examples import FIX, REVIEW, Said, asks, case, said, severity


def test_three_people_around_the_clock_break() -> None:
    plan = "on_call: {hours: 24x7, people: 3, with_secondary: false}"
    assert said(check, "thin-rotation", plan) == [
        Said(
            "3 people are on call around the clock.",
            FIX,
            "on_call.people",
            "1 more person in the rotation.",
            ("on_call.people: 3", "on_call.hours: 24x7", "on_call.with_secondary: no"),
        )
    ]


@pytest.mark.parametrize(
    ("on_call", "expected"),
    [
        ("{hours: 24x7, people: 4, with_secondary: false}", None),
        ("{hours: 24x7, people: 7, with_secondary: true}", REVIEW),
        ("{hours: 24x7, people: 8, with_secondary: true}", None),
        ("{hours: business-hours, people: 1}", FIX),
        ("{hours: business-hours, people: 2}", None),
        ("{hours: extended, people: 2}", None),
        ("none", None),
    ],
)
def test_rotations_below_at_and_above_what_they_need(on_call: str, expected: Severity | None) -> None:
    assert severity(check, "thin-rotation", f"on_call: {on_call}") is expected


def test_alone_is_said_as_alone() -> None:
    (found,) = said(check, "thin-rotation", "on_call: {hours: 24x7, people: 1, with_secondary: false}")
    assert (found.what, found.flips) == ("The hire alone is on call.", "3 more people in the rotation.")


@pytest.mark.parametrize(
    ("on_call", "field"),
    [
        ("{hours: 24x7}", ["on_call.people"]),
        ("{people: 6}", ["on_call.hours"]),
        ("{hours: 24x7, people: 6}", ["on_call.with_secondary"]),
        ("{hours: 24x7, people: 12}", []),
        ("{hours: business-hours, people: 6}", []),
    ],
)
def test_a_rotation_half_told_is_asked_about_where_the_answer_matters(on_call: str, field: list[str]) -> None:
    assert asks(check, "thin-rotation", f"on_call: {on_call}") == field
    assert severity(check, "thin-rotation", f"on_call: {on_call}") is None


@pytest.mark.parametrize(("share", "expected"), [(29.9, None), (30, REVIEW), (50, REVIEW), (50.1, FIX), (100, FIX)])
def test_help_desk_from_thirty_and_above_fifty_percent(share: float, expected: Severity | None) -> None:
    assert severity(check, "help-desk", f"retention: {{helpdesk_share: {share}}}") is expected


def test_help_desk_as_a_reader_meets_it() -> None:
    assert said(check, "help-desk", "retention: {helpdesk_share: 60 %}") == [
        Said(
            "60 % of the job is tickets and help-desk.",
            FIX,
            "retention.helpdesk_share",
            "Less than 30 %.",
            ("retention.helpdesk_share: 60",),
        )
    ]


def test_a_lenient_house_rule_does_not_lift_the_books_cap() -> None:
    plan = "retention: {helpdesk_share: 60}"
    assert severity(check, "help-desk", plan, retention__toil_look=80) is FIX


@pytest.mark.parametrize(("pages", "expected"), [(1.9, None), (2, None), (2.1, FIX)])
def test_two_pages_a_shift_are_the_most(pages: float, expected: Severity | None) -> None:
    assert severity(check, "too-many-pages", f"on_call: {{pages_per_shift: {pages}}}") is expected


def test_pages_are_asked_for_where_there_is_on_call() -> None:
    assert asks(check, "too-many-pages", "on_call: {people: 6}") == ["on_call.pages_per_shift"]
    assert asks(check, "too-many-pages", "on_call: none") == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("11", []),
        ("12", []),
        (
            "13",
            [
                Said(
                    "Pay is compared with the market only every 13 months.",
                    REVIEW,
                    "retention.pay_review_months",
                    evidence=("retention.pay_review_months: 13",),
                )
            ],
        ),
        (
            "none",
            [
                Said(
                    "Pay is never compared with the market.",
                    REVIEW,
                    "retention.pay_review_months",
                    evidence=("retention.pay_review_months: none",),
                )
            ],
        ),
    ],
)
def test_pay_is_reviewed_every_year(answer: str, expected: list[Said]) -> None:
    assert said(check, "no-pay-review", f"retention: {{pay_review_months: {answer}}}") == expected


def test_a_review_names_its_data() -> None:
    assert said(check, "pay-review-without-data", "retention: {pay_review_months: 12}") == [
        Said(
            "The pay review names no market data.",
            REVIEW,
            "retention.pay_review_source",
            evidence=("retention.pay_review_months: 12",),
        )
    ]
    told = "retention: {pay_review_months: 12, pay_review_source: Posted pay of the role}"
    assert said(check, "pay-review-without-data", told) == []
    assert said(check, "pay-review-without-data", "retention: {pay_review_months: none}") == []


@pytest.mark.parametrize(("weeks", "expected"), [("1", None), ("2", None), ("3", REVIEW), ("none", REVIEW)])
def test_one_to_ones_every_other_week(weeks: str, expected: Severity | None) -> None:
    assert severity(check, "no-one-on-ones", f"retention: {{one_on_ones_weeks: {weeks}}}") is expected


def test_one_to_ones_are_about_the_person() -> None:
    plan = "retention: {one_on_ones_weeks: 1, one_on_one_topics: [Career goals, ticket status]}"
    assert said(check, "one-on-ones-about-status", plan) == [
        Said(
            "One-to-ones leave out growth and blockers.",
            REVIEW,
            "retention.one_on_one_topics",
            evidence=("retention.one_on_one_topics: Career goals, ticket status",),
        )
    ]
    whole = "retention: {one_on_ones_weeks: 1, one_on_one_topics: [Growth, what are the blockers, career]}"
    assert said(check, "one-on-ones-about-status", whole) == []


@pytest.mark.parametrize(
    ("rule", "plan", "expected"),
    [
        (
            "impact-invisible",
            "retention: {impact_metrics: none}",
            Said(
                "Nothing makes the engineer's work visible.",
                REVIEW,
                "retention.impact_metrics",
                evidence=("retention.impact_metrics: none",),
            ),
        ),
        (
            "no-backfill",
            "retention: {backfill_plan: none}",
            Said(
                "If this engineer leaves, nobody can take over.",
                REVIEW,
                "retention.backfill_plan",
                evidence=("retention.backfill_plan: none",),
            ),
        ),
        (
            "personal-risk-scores",
            "retention: {individual_risk_scores: true}",
            Said(
                "The plan scores individual people on flight risk.",
                FIX,
                "retention.individual_risk_scores",
                evidence=("retention.individual_risk_scores: yes",),
            ),
        ),
    ],
)
def test_what_is_not_promised_is_told(rule: str, plan: str, expected: Said) -> None:
    assert said(check, rule, plan) == [expected]


def test_an_empty_plan_is_asked_and_not_judged() -> None:
    verdict = check(case())
    assert (verdict.findings, verdict.state) == ((), State.UNANSWERED)
    assert [question.field for question in verdict.questions] == [
        "retention.pay_review_months",
        "retention.impact_metrics",
        "retention.helpdesk_share",
        "on_call",
        "retention.one_on_ones_weeks",
        "retention.backfill_plan",
        "retention.individual_risk_scores",
    ]


def test_silence_about_risk_scores_and_topics_is_asked_about() -> None:
    assert asks(check, "personal-risk-scores") == ["retention.individual_risk_scores"]
    assert asks(check, "personal-risk-scores", "retention: {individual_risk_scores: false}") == []
    assert asks(check, "one-on-ones-about-status", "retention: {one_on_ones_weeks: 2}") == [
        "retention.one_on_one_topics"
    ]
    assert asks(check, "one-on-ones-about-status") == []
