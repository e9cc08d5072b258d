"""A ruleset signs what its rules say and holds its two promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tenfold.audit.registry import all_rules
from tenfold.checking.case import Case
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.kit.facts import Evidence, Fact, FactBook
from tenfold.kit.findings import Finding, Observation, Question, Severity, State
from tenfold.plan.document import HiringPlan

NEEDED = [
    *("P1.1", "P1.2", "P2.3", "P2.5", "P2.6", "P3.1", "P3.3", "P3.4", "P4.1", "P4.2", "P4.3", "P5.1", "P5.4"),
    *("P6.1", "P6.2", "P7.1", "P7.2", "P7.3", "P8.1", "P8.2", "P9.1", "P10.1", "P10.2", "P10.3", "P10.4"),
]
"""What a plan can answer of the mission."""


def fact(key: str, evidence: Evidence) -> Fact:
    return Fact(key, 1, "", "A figure", date(2026, 1, 1), "A source", evidence)


BOOK = FactBook({name: fact(name, Evidence(name)) for name in Evidence})
CASE = Case(HiringPlan(), None, date(2026, 11, 22), facts=BOOK)


def said(severity: Severity | None, *, stated: Severity, facts: tuple[str, ...] = ()) -> Finding:
    rules = Ruleset("sample")

    @rules.rule("one", requirement="P1.1", severity=stated, why="Because.", facts=facts)
    def one(case: Case) -> Iterator[FindingDraft]:
        yield FindingDraft("What.", "Why.", "Fix.", severity=severity)

    return rules.check(CASE).findings[0]


@pytest.mark.parametrize("stated", list(Severity))
@pytest.mark.parametrize("severity", [None, *Severity])
def test_a_rule_never_speaks_above_its_stated_severity(severity: Severity | None, stated: Severity) -> None:
    order = list(Severity)
    spoken = said(severity, stated=stated).severity
    assert spoken is order[max(order.index(severity or stated), order.index(stated))]


@pytest.mark.parametrize("evidence", list(Evidence))
def test_unconfirmed_figures_alone_never_decide(evidence: Evidence) -> None:
    expected = Severity.NOTE if evidence is Evidence.UNCONFIRMED else Severity.FIX
    assert said(None, stated=Severity.FIX, facts=(evidence,)).severity is expected


def test_one_confirmed_figure_beside_an_unconfirmed_one_decides() -> None:
    assert said(None, stated=Severity.FIX, facts=("unconfirmed", "primary")).severity is Severity.FIX


def test_a_finding_is_signed_with_rule_practice_and_sources() -> None:
    assert said(None, stated=Severity.NOTE, facts=("primary",)) == Finding(
        "sample", "sample.one", Severity.NOTE, "What.", "Why.", "Fix.", sources=(BOOK["primary"],)
    )


def test_the_worst_is_told_first_and_one_field_is_asked_once() -> None:
    rules = Ruleset("sample")

    @rules.rule("mild", requirement="P1.1", severity=Severity.NOTE, why="Because.")
    def mild(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
        yield QuestionDraft("pay.min", "First?")
        yield FindingDraft("Mild.", "", "")

    @rules.rule("hard", requirement="P1.1", severity=Severity.FIX, why="Because.")
    def hard(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
        yield FindingDraft("Hard.", "", "")
        yield QuestionDraft("pay.min", "Second?")

    @rules.summary
    def looked(case: Case) -> Iterator[Observation]:
        yield Observation("Two rules.")

    verdict = rules.check(CASE)
    assert [finding.what for finding in verdict.findings] == ["Hard.", "Mild."]
    assert verdict.questions == (Question("sample", "sample.mild", "pay.min", "First?", "Because."),)
    assert (verdict.observations, verdict.state) == ((Observation("Two rules."),), State.FIX)


@pytest.mark.parametrize("requirement", NEEDED)
def test_every_requirement_that_a_plan_can_answer_has_a_rule(requirement: str) -> None:
    assert any(rule.requirement == requirement for rule in all_rules())


def test_every_rule_has_a_rationale_that_is_a_sentence() -> None:
    assert [rule.id for rule in all_rules() if not rule.why.endswith(".") or len(rule.why) < 25] == []


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in all_rules()]
    assert len(set(ids)) == len(ids)
