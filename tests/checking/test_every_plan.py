"""Laws that hold for every practice and any plan."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.audit.registry import all_rules
from tenfold.audit.run import audit
from tenfold.checking.case import Case
from tenfold.checking.rules import QuestionDraft, Rule, Ruleset
from tenfold.kit.facts import Evidence, FactBook, load
from tenfold.kit.findings import Severity
from tenfold.plan.document import HiringPlan
from tenfold.plan.skeleton import skeleton
from tenfold.plan.yaml_io import load_plan
from tests.plans import sections

TODAY = date(2026, 11, 22)
ORDER = list(Severity)
RULES = {rule.id: rule for rule in all_rules()}
DOUBTED = FactBook({key: replace(fact, evidence=Evidence.UNCONFIRMED) for key, fact in load().items()})
plans = sections(HiringPlan)
written_out = settings(max_examples=settings().max_examples // 4)  # writing a plan out takes a tenth of a second


def judged(plan: dict[str, Any]) -> Any:
    return audit(HiringPlan.model_validate(plan), reading=None, as_of=TODAY)


@given(plans)
def test_no_rule_speaks_above_its_stated_severity(plan: dict[str, Any]) -> None:
    for finding in judged(plan).findings:
        assert ORDER.index(finding.severity) >= ORDER.index(RULES[finding.rule].severity), finding


@given(plans)
def test_every_finding_is_whole_sentences_with_a_reason_and_a_fix(plan: dict[str, Any]) -> None:
    for finding in judged(plan).findings:
        for words in (finding.what, finding.why, finding.fix, *filter(None, [finding.flips])):
            assert words.strip() == words
            assert words.endswith((".", ")", "?")), words
            assert not any(slip in words for slip in (",.", "..", "  ")), words
            assert not re.search(r"\b(None(?! of)|nan|inf)\b", words), words
            assert not words.endswith(" ."), words


@written_out
@given(plans)
def test_findings_and_questions_name_fields_of_a_plan(plan: dict[str, Any]) -> None:
    audited = judged(plan)
    loaded = load_plan(skeleton(plan))
    for said in (*audited.findings, *audited.questions):
        top = said.field.partition(".")[0].partition("[")[0]
        assert top in HiringPlan.model_fields, said
    for finding in audited.findings:
        for quote in finding.evidence:
            assert quote.text.startswith(f"{quote.field}: ")
            assert loaded.line_of(quote.field) is not None


@written_out
@given(plans)
def test_a_plan_comes_back_whole_from_its_skeleton(plan: dict[str, Any]) -> None:
    given_plan = HiringPlan.model_validate(plan)
    assert load_plan(skeleton(given_plan)).plan == given_plan


@given(plans)
def test_an_audit_says_the_same_twice(plan: dict[str, Any]) -> None:
    assert judged(plan).verdicts == judged(plan).verdicts


@given(plans, st.sampled_from([rule for rule in RULES.values() if rule.facts]))
def test_a_rule_that_rests_on_unconfirmed_figures_alone_says_a_note_at_most(plan: dict[str, Any], rule: Rule) -> None:
    case = Case(HiringPlan.model_validate(plan), None, TODAY, facts=DOUBTED)
    alone = Ruleset(rule.practice)
    alone.rules.append(rule)
    for finding, said in zip(
        alone.check(case).findings,
        [said for said in rule.function(case) if not isinstance(said, QuestionDraft)],
        strict=True,
    ):
        if not any(fact.evidence.may_decide for fact in said.sources):
            assert finding.severity is Severity.NOTE
