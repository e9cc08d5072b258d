"""Worked examples: a few lines of a plan go in, what a rule says of them comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from textwrap import dedent, indent
from typing import Any

from tenfold.checking.case import Case
from tenfold.kit.facts import FactBook, load
from tenfold.kit.findings import Finding, Severity, Verdict
from tenfold.plan.yaml_io import load_plan
from tenfold.posting.reading import read

Check = Callable[[Case], Verdict]
TODAY = date(2026, 11, 22)
FIX, REVIEW, NOTE = Severity.FIX, Severity.REVIEW, Severity.NOTE


@dataclass(frozen=True)
class Said:
    """A finding as a reader meets it. `evidence` holds the quoted words."""

    what: str
    severity: Severity
    field: str
    flips: str = ""
    evidence: tuple[str, ...] = ()


def case(plan: str = "", posting: str = "", **house_rules: Any) -> Case:
    """A case from a plan's lines and a posting's. House rules by key, with two underscores for the dot."""
    written = f"tenfold_plan: 1\n{dedent(plan)}\n"
    if posting:
        written += "posting: |\n" + indent(dedent(posting), "  ")
    loaded = load_plan(written).plan
    return Case(
        loaded,
        read(loaded.posting) if loaded.posting else None,
        TODAY,
        facts=with_house_rules({key.replace("__", "."): value for key, value in house_rules.items()}),
    )


def with_house_rules(values: dict[str, Any]) -> FactBook:
    book = load()
    return FactBook({**book, **{key: replace(book[key], value=value) for key, value in values.items()}})


def said(check: Check, rule: str, plan: str = "", posting: str = "", **house_rules: Any) -> list[Said]:
    """Everything that one rule says of a plan."""
    return [
        Said(finding.what, finding.severity, finding.field, finding.flips, quoted(finding))
        for finding in check(case(plan, posting, **house_rules)).findings
        if finding.rule.endswith(f".{rule}")
    ]


def quoted(finding: Finding) -> tuple[str, ...]:
    return tuple(quote.text for quote in finding.evidence)


def severity(check: Check, rule: str, plan: str = "", posting: str = "", **house_rules: Any) -> Severity | None:
    """How badly one rule takes a plan; None where it is silent."""
    found = said(check, rule, plan, posting, **house_rules)
    return found[0].severity if found else None


def asks(check: Check, rule: str, plan: str = "", posting: str = "") -> list[str]:
    """The fields that one rule asks to be answered."""
    return [question.field for question in check(case(plan, posting)).questions if question.rule.endswith(f".{rule}")]
