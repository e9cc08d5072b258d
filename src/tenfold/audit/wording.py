"""How reports write numbers, dates and states."""

from __future__ import annotations

from datetime import date
from typing import Any

from tenfold.kit.facts import Evidence, Fact
from tenfold.kit.findings import Severity, State

STATE_WORDS = {
    State.FIX: "Fix",
    State.REVIEW: "Review",
    State.UNANSWERED: "Unanswered",
    State.GOOD: "Good",
    State.HIDDEN: "Hidden",
}
STATE_MARKS = {State.FIX: "✕", State.REVIEW: "◐", State.UNANSWERED: "?", State.GOOD: "✓", State.HIDDEN: "○"}
ASCII_MARKS = {State.FIX: "x", State.REVIEW: "~", State.UNANSWERED: "?", State.GOOD: "+", State.HIDDEN: "o"}
STATE_MEANINGS = {
    State.FIX: "would mislead candidates, break a law or hire for another job; fix it before publishing",
    State.REVIEW: "a named person should decide this deliberately",
    State.UNANSWERED: "the check needs an answer that is missing; never counts as good",
    State.GOOD: "no problems found in what was checked",
    State.HIDDEN: "you may not see the figures that decide this",
}
SEVERITY_WORDS = {Severity.FIX: "Fix", Severity.REVIEW: "Review", Severity.NOTE: "Note"}
SEVERITY_MEANINGS = {
    Severity.FIX: "would mislead candidates, break a law or hire for another job",
    Severity.REVIEW: "a named person should decide this deliberately",
    Severity.NOTE: "good to know; does not change the result",
}
EVIDENCE_WORDS = {
    Evidence.PRIMARY: "primary source",
    Evidence.SECONDARY: "secondary source",
    Evidence.DERIVED: "derived from other figures",
    Evidence.HOUSE_RULE: "house rule, which you can edit",
    Evidence.UNCONFIRMED: "unconfirmed; decides nothing by itself",
}


def day(value: date) -> str:
    """`18 November 2026`."""
    return f"{value.day} {value:%B %Y}"


def figure(fact: Fact) -> str:
    """A fact's value with its unit, interval and n; empty where the statement says it all."""
    shown = _value(fact.value)
    if not shown:
        return ""
    parts = [f"{shown} {fact.unit}".strip()]
    if fact.interval:
        parts.append(f"95 % interval {_number(fact.interval[0])}–{_number(fact.interval[1])}")
    if fact.n is not None:
        parts.append(f"n = {fact.n:,}")
    return ", ".join(parts)


def _value(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, int | float) for part in value):
        return f"{_number(value[0])}–{_number(value[1])}"
    if isinstance(value, tuple) and len(value) <= 12:
        return ", ".join(_value(part) if isinstance(part, int | float) else str(part) for part in value)
    return ""


def _number(value: float) -> str:
    if not float(value).is_integer():
        return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,.0f}"
