"""P7: whom the hire reports to, what they may decide, what the teams are praised for."""

from __future__ import annotations

import pytest

from tenfold.kit.findings import State
from tenfold.practices.alignment.check import check
from tests.practices.examples import FIX, REVIEW, Said, asks, case, said, severity

CHARTER = """
    role: {level: senior}
    reporting: {line: ml-leadership, other_lines: none}
    decision_rights:
      - decision: ml-infrastructure
        accountable: this role
      - decision: deployment-standards
        accountable: Head of ML
      - decision: tool-choice
        accountable: Head of ML
    incentives:
      - team: this role
        metrics: [deployment-velocity, model-uptime, reliability]
        tied_to: [okr]
"""


def changed(old: str, new: str) -> str:
    assert old in CHARTER
    return CHARTER.replace(old, new)


def test_one_line_real_rights_and_shared_goals_are_good() -> None:
    verdict = check(case(CHARTER))
    assert verdict.state is State.GOOD
    assert tuple(remark.text for remark in verdict.observations) == (
        "Reports to ML leadership.",
        "The hire decides on ML infrastructure.",
    )


def test_two_lines_are_wrong() -> None:
    assert said(check, "two-lines", changed("other_lines: none", "other_lines: [Head of product, CFO]")) == [
        Said(
            "Others also set the hire's priorities: Head of product and CFO.",
            FIX,
            "reporting.other_lines",
            evidence=("reporting.line: ml-leadership", "reporting.other_lines: Head of product, CFO"),
        )
    ]


def test_whether_there_is_a_second_line_is_asked() -> None:
    assert asks(check, "two-lines", "reporting: {line: infrastructure}") == ["reporting.other_lines"]


@pytest.mark.parametrize(
    ("line", "people", "expected"),
    [
        ("ml-leadership", 9, []),
        (
            "ml-leadership",
            10,
            [
                Said(
                    "With 10 ML engineers, it is time for a dedicated ML platform team.",
                    REVIEW,
                    "reporting.line",
                    "Fewer than 10 ML engineers.",
                    ("reporting.line: ml-leadership", "situation.ml_engineers: 10"),
                )
            ],
        ),
        (
            "ml-platform-team",
            9,
            [
                Said(
                    "A platform team of its own for 9 ML engineers is a team with too few users.",
                    REVIEW,
                    "reporting.line",
                    "10 ML engineers instead of 9.",
                    ("reporting.line: ml-platform-team", "situation.ml_engineers: 9"),
                )
            ],
        ),
        ("ml-platform-team", 10, []),
        (
            "product",
            4,
            [
                Said(
                    "Reporting to product leaves serving and on-call without a clear owner.",
                    REVIEW,
                    "reporting.line",
                    evidence=("reporting.line: product", "situation.ml_engineers: 4"),
                )
            ],
        ),
    ],
)
def test_the_line_is_held_against_the_companys_own_figures(line: str, people: int, expected: list[Said]) -> None:
    plan = f"reporting: {{line: {line}}}\nsituation: {{ml_engineers: {people}}}"
    assert said(check, "line-misfit", plan) == expected


def test_without_figures_no_line_is_called_a_misfit() -> None:
    assert said(check, "line-misfit", "reporting: {line: ml-platform-team}") == []


def test_no_charter_is_wrong() -> None:
    assert said(check, "no-charter", "decision_rights: none") == [
        Said("No decision rights are assigned.", FIX, "decision_rights", evidence=("decision_rights: none",))
    ]


def test_core_decisions_without_an_owner_are_named_together() -> None:
    plan = """
        decision_rights:
          - {decision: ml-infrastructure, accountable: this role}
          - {decision: tool-choice}
    """
    (found,) = said(check, "charter-gap", plan)
    assert (found.what, found.severity) == (
        "Nobody is named to decide on deployment standards and tool-choice.",
        REVIEW,
    )


def test_a_committee_is_quoted() -> None:
    plan = changed(
        "tool-choice\n        accountable: Head of ML", "tool-choice\n        accountable: Tools working group"
    )
    assert said(check, "committee", plan) == [
        Said(
            "Tool choice is decided by Tools working group: that is a committee.",
            FIX,
            "decision_rights",
            evidence=("decision_rights[2].accountable: Tools working group",),
        )
    ]


@pytest.mark.parametrize(
    ("level", "speaks"), [("junior", False), ("mid", False), ("senior", True), ("staff", True), ("principal", True)]
)
def test_from_senior_on_the_hire_decides_something(level: str, speaks: bool) -> None:
    plan = changed("this role\n      - decision: dep", "CTO\n      - decision: dep").replace("senior", level)
    found = said(check, "no-authority", plan)
    assert [each.what for each in found] == (
        [f"The {level} hire decides nothing: every right belongs to someone else."] if speaks else []
    )


def test_what_nobody_is_measured_by() -> None:
    assert said(check, "incentives-missing", changed("[deployment-velocity, model-uptime, reliability]", "[cost]")) == [
        Said(
            "Nobody is measured on deployment velocity, model uptime and reliability.",
            REVIEW,
            "incentives",
        )
    ]


def test_metrics_that_are_not_told_are_asked_for() -> None:
    plan = "incentives: [{team: ML engineers, metrics: [deployment-velocity]}, {team: Platform}]"
    assert asks(check, "incentives-missing", plan) == ["incentives[1].metrics"]
    assert said(check, "incentives-missing", plan) == []


def test_metrics_tied_to_nothing() -> None:
    assert said(check, "incentives-untied", changed("tied_to: [okr]", "tied_to: []")) == [
        Said(
            "The teams' metrics do not count for anything.",
            REVIEW,
            "incentives[0].tied_to",
            evidence=(
                "incentives[0].team: this role",
                "incentives[0].metrics: deployment-velocity, model-uptime, reliability",
            ),
        )
    ]
    assert asks(check, "incentives-untied", changed("        tied_to: [okr]\n", "")) == ["incentives[0].tied_to"]


def test_speed_against_stability_is_wrong() -> None:
    plan = """
        incentives:
          - {team: ml engineers, metrics: [features shipped], tied_to: [bonus]}
          - {team: platform, metrics: [incidents], tied_to: [okr]}
    """
    assert said(check, "incentives-conflict", plan) == [
        Said(
            "Conflicting goals: ml engineers on speed only, platform on stability only.",
            FIX,
            "incentives",
            "A stability metric for ml engineers, or a speed metric for platform.",
            ("incentives[0].metrics: features shipped", "incentives[1].metrics: incidents"),
        )
    ]


def test_an_empty_plan_is_asked_and_not_judged() -> None:
    verdict = check(case())
    assert (verdict.findings, verdict.state) == ((), State.UNANSWERED)
    assert [question.field for question in verdict.questions] == ["reporting.line", "decision_rights", "incentives"]


def test_an_operator_allows_two_lines_and_two_owners() -> None:
    plan = "reporting: {line: ml-leadership, other_lines: [Head of platform]}"
    assert severity(check, "two-lines", plan) is FIX
    assert severity(check, "two-lines", plan, alignment__one_line=2) is None
    rights = "decision_rights: [{decision: tool-choice, accountable: [Head of ML, Platform lead]}]"
    assert severity(check, "committee", rights) is FIX
    assert severity(check, "committee", rights, alignment__one_accountable=2) is None


def test_a_platform_team_for_one_team_is_looked_at_again() -> None:
    plan = "reporting: {line: ml-platform-team}\nsituation: {ml_engineers: 12, teams_with_models: 2}"
    (found,) = said(check, "line-misfit", plan)
    assert (found.severity, found.flips) == (REVIEW, "3 teams with models instead of 2.")
    assert severity(check, "line-misfit", plan, alignment__several_consumers=2) is None
