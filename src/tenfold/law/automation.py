"""Rules on automated tools in hiring: which notices a posting or a process carries, and what else is owed.

A scorer with plain arithmetic counts as automated where its score or ranking guides the decision. Not legal
advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from tenfold.kit.facts import Evidence
from tenfold.law.dated import NOT_LEGAL_ADVICE, Certainty, Noted, Span, Standing, span, support, table, with_note
from tenfold.law.places import contains


class Tool(StrEnum):
    """What sort of tool a process uses; `any` marks rules that need none.

    `solely-automated`: a decision in which no person takes a real part.
    """

    AUTOMATED = "automated"
    AI = "ai"
    VIDEO_AI = "video-ai"
    FACIAL_RECOGNITION = "facial-recognition"
    SOLELY_AUTOMATED = "solely-automated"
    ANY = "any"


class Kind(StrEnum):
    """What a rule on automated tools asks."""

    POSTING_STATEMENT = "posting-statement"
    NOTICE = "notice"
    DISCLOSURE = "disclosure"
    CONSENT = "consent"
    AUDIT = "audit"
    IMPACT_RECORDS = "impact-records"
    EXPLANATION = "explanation"
    HUMAN_REVIEW = "human-review"
    ACCESS = "access"
    ACCOMMODATION = "accommodation"
    BAN = "ban"
    RECORDS = "records"
    LITERACY = "literacy"


TOLD_TO_CANDIDATES = frozenset({Kind.POSTING_STATEMENT, Kind.NOTICE, Kind.DISCLOSURE, Kind.CONSENT, Kind.ACCOMMODATION})
SCREENING = (Tool.AUTOMATED, Tool.AI)
"""What a process uses that screens or scores with software and leaves the decision to a person."""


@dataclass(frozen=True, slots=True)
class AutomationDuty:
    """One thing a rule asks. `words` is a sentence of ours that says it, with `{tool}` for the tool's name."""

    kind: Kind
    moment: str
    says: str
    evidence: Evidence
    sources: tuple[str, ...]
    words: str = ""
    required: bool = True
    business_days_before: int | None = None
    months_valid: int | None = None
    first: date | None = None

    def holds(self, as_of: date) -> bool:
        """Whether it has begun; a duty without a first day of its own begins with its rule."""
        return self.first is None or self.first <= as_of


@dataclass(frozen=True, slots=True)
class AutomationRule:
    """One row: a place's rule on automated tools as it stood when it was checked."""

    id: str
    place: str
    name: str
    law: str
    standing: Standing
    span: Span
    from_evidence: Evidence
    tools: frozenset[Tool]
    evidence: Evidence
    sources: tuple[str, ...]
    checked: date
    duties: tuple[AutomationDuty, ...]
    employees_at_least: int = 0
    employees_says: str = ""
    penalty: Noted | None = None
    note: str = ""
    conflict: str = ""

    @property
    def house_rule(self) -> bool:
        return self.evidence is Evidence.HOUSE_RULE


@dataclass(frozen=True, slots=True)
class Notice:
    """One duty on one day for the places asked; `reaches` is maybe where the `conditions` are open."""

    rule_id: str
    name: str
    law: str
    place: str
    kind: Kind
    moment: str
    says: str
    words: str
    required: bool
    business_days_before: int | None
    reaches: Certainty
    conditions: tuple[str, ...]
    evidence: Evidence
    sources: tuple[str, ...]
    since: date | None
    checked: date
    advice: str = NOT_LEGAL_ADVICE

    @property
    def decides(self) -> bool:
        """Whether its absence may count against a process: surely owed, by a source that was read."""
        return self.required and self.reaches is Certainty.YES and self.evidence.may_decide


def notices_for(
    places: Iterable[str],
    as_of: date,
    *,
    tools: Iterable[Tool] | None = None,
    employees: int | None = None,
) -> tuple[Notice, ...]:
    """What candidates must be told, in the posting or the process: statements, notices, accommodations.

    Args:
        places: ids of where the work can be done, as `rules_for` takes them.
        as_of: the day that decides what is in force.
        tools: the sorts of tools the process uses; empty where it uses none; None where that is not known,
            and then rules that need one are maybes.
        employees: all that the employer has.
    """
    owed = duties_for(places, as_of, tools=tools, employees=employees)
    return tuple(notice for notice in owed if notice.kind in TOLD_TO_CANDIDATES)


def duties_for(
    places: Iterable[str],
    as_of: date,
    *,
    tools: Iterable[Tool] | None = None,
    employees: int | None = None,
) -> tuple[Notice, ...]:
    """Everything that rules on automated tools ask for these places on that day; arguments as `notices_for`."""
    asked = tuple(dict.fromkeys(places))
    used = None if tools is None else frozenset(tools)
    found: list[Notice] = []
    for rule in automation_rules().values():
        conditions = open_conditions(rule, asked, as_of, used, employees)
        if conditions is not None:
            found += [_notice(rule, duty, conditions) for duty in rule.duties if duty.holds(as_of)]
    return tuple(found)


class Rule(Protocol):
    """What decides whether a rule reaches a process: a rule on automated tools or another duty of an opened role."""

    @property
    def place(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def span(self) -> Span: ...
    @property
    def from_evidence(self) -> Evidence: ...
    @property
    def tools(self) -> frozenset[Tool]: ...
    @property
    def employees_at_least(self) -> int: ...
    @property
    def employees_says(self) -> str: ...


def open_conditions(
    rule: Rule,
    places: tuple[str, ...],
    as_of: date,
    used: frozenset[Tool] | None,
    employees: int | None,
) -> tuple[str, ...] | None:
    """What is open before the rule applies; None where it does not."""
    holds = rule.span.holds(as_of)
    if not rule.standing.may_bind or holds is Certainty.NO:
        return None
    if employees is not None and employees < rule.employees_at_least:
        return None
    needs_tool = Tool.ANY not in rule.tools
    if needs_tool and used is not None and not rule.tools & used:
        return None
    within = any(contains(rule.place, where) for where in places)
    if not within and not any(contains(where, rule.place) for where in places):
        return None
    open_ones = {
        "it holds on that day, on which the sources disagree": holds is Certainty.MAYBE,
        "its date, which is unconfirmed, is right": not rule.from_evidence.may_decide,
        f"you have {rule.employees_says}": employees is None and rule.employees_at_least > 1,
        f"you use a tool of this kind: {', '.join(sorted(rule.tools))}": needs_tool and used is None,
        f"a candidate is in the place of {rule.name}": not within,
    }
    return tuple(condition for condition, is_open in open_ones.items() if is_open)


def _notice(rule: AutomationRule, duty: AutomationDuty, conditions: tuple[str, ...]) -> Notice:
    return Notice(
        rule_id=rule.id,
        name=rule.name,
        law=rule.law,
        place=rule.place,
        kind=duty.kind,
        moment=duty.moment,
        says=duty.says,
        words=duty.words,
        required=duty.required,
        business_days_before=duty.business_days_before,
        reaches=Certainty.MAYBE if conditions else Certainty.YES,
        conditions=conditions,
        evidence=duty.evidence,
        sources=duty.sources,
        since=None if rule.house_rule else duty.first or rule.span.first,
        checked=rule.checked,
    )


@cache
def automation_rules() -> dict[str, AutomationRule]:
    """Every row on automated tools by id, those that bind nobody included, in the order of the table."""
    rows = table("automation")
    return {key: _rule(key, row, rows.checked) for key, row in rows.rows.items()}


def _rule(key: str, row: Mapping[str, Any], checked: date) -> AutomationRule:
    employees = row.get("employees", {})
    return AutomationRule(
        id=key,
        place=row["place"],
        name=row["name"],
        law=row["law"],
        standing=Standing(row["standing"]),
        span=span(row),
        from_evidence=Evidence(row.get("from_evidence", row["evidence"])),
        tools=frozenset(Tool(tool) for tool in row["tools"]),
        evidence=Evidence(row["evidence"]),
        sources=tuple(row["sources"]) + ((row["from_source"],) if "from_source" in row else ()),
        checked=checked,
        duties=tuple(_duty(duty, row) for duty in row.get("duties", ())),
        employees_at_least=employees.get("at_least", 0),
        employees_says=employees.get("says", ""),
        penalty=with_note(row["penalty"], row) if "penalty" in row else None,
        note=row.get("note", ""),
        conflict=row.get("conflict", ""),
    )


def _duty(duty: Mapping[str, Any], row: Mapping[str, Any]) -> AutomationDuty:
    evidence, sources = support(duty, row)
    return AutomationDuty(
        kind=Kind(duty["kind"]),
        moment=duty["moment"],
        says=duty["says"],
        evidence=evidence,
        sources=sources,
        words=duty.get("words", ""),
        required=duty.get("required", True),
        business_days_before=duty.get("business_days_before"),
        months_valid=duty.get("months_valid"),
        first=duty.get("from"),
    )
