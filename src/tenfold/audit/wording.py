"""How reports write numbers, dates and states."""

from __future__ import annotations

from datetime import date
from typing import Any

from tenfold.kit.facts import Evidence, Fact
from tenfold.kit.findings import Severity, State

STATE_WORDS = {State.WRONG: "Wrong", State.LOOK_AGAIN: "Look again", State.UNKNOWN: "Unknown", State.GOOD: "Good"}
STATE_MARKS = {State.WRONG: "✕", State.LOOK_AGAIN: "◐", State.UNKNOWN: "?", State.GOOD: "✓"}
ASCII_MARKS = {State.WRONG: "x", State.LOOK_AGAIN: "~", State.UNKNOWN: "?", State.GOOD: "+"}
STATE_MEANINGS = {
    State.WRONG: "a finding would mislead candidates, break a law that was read, or hire for another job; mend it "
    "before publishing",
    State.LOOK_AGAIN: "a named person should decide a point on purpose",
    State.UNKNOWN: "an answer that the check needs is missing; unknown never counts as good",
    State.GOOD: "everything that was looked at holds",
}
SEVERITY_WORDS = {Severity.WRONG: "Wrong", Severity.LOOK_AGAIN: "Look again", Severity.NOTE: "Worth knowing"}
SEVERITY_MEANINGS = {
    Severity.WRONG: "would mislead candidates, break a law that was read, or hire for another job",
    Severity.LOOK_AGAIN: "a named person should decide it on purpose",
    Severity.NOTE: "changes no verdict",
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
