"""The answer for a place that no rule reaches: what its own row says, or that our table has no row for it."""

from __future__ import annotations

from datetime import date

from tenfold.kit.facts import Evidence
from tenfold.law.answers import LawAnswer, Status
from tenfold.law.dated import Certainty, day
from tenfold.law.lookup import coming_rules, own_row
from tenfold.law.places import contains, country_of, full_name
from tenfold.law.rules import Part, PayRule


def answer_without_rule(where: str, as_of: date) -> LawAnswer:
    row = own_row(where)
    status, because = _why_without(where, row, as_of)
    return LawAnswer(
        part=Part.RANGE,
        status=status,
        place=where,
        name=full_name(where),
        says="",
        because=because,
        law=row.law if row else "",
        evidence=row.evidence if row else Evidence.UNCONFIRMED,
        sources=row.sources if row else (),
        checked=row.checked if row else None,
    )


def not_in_table_words(where: str) -> str:
    """What is said of a place without a row, wherever it is said; never that no rule applies there."""
    return f"not in our table, so we cannot say what its law asks{_federal_words(where)}"


def _federal_words(where: str) -> str:
    country = country_of(where)
    outer = own_row(country) if country and country != where else None
    return f". {outer.note.rstrip('.')}" if outer else ""


def _why_without(where: str, row: PayRule | None, as_of: date) -> tuple[Status, str]:
    if coming := [rule for rule in coming_rules([where], as_of) if contains(rule.place, where)]:
        return Status.NOT_REQUIRED, f"{coming[0].law} begins on {day(coming[0].span.first or date.max)}"
    if row is None:
        return Status.NOT_IN_TABLE, not_in_table_words(where)
    if row.standing.may_bind and row.threshold and row.span.holds(as_of) is not Certainty.NO:
        return Status.NOT_REQUIRED, f"{row.law} reaches employers who have {row.threshold.says}"
    return Status.NOT_REQUIRED, row.note or f"{row.law} asks for nothing in the posting"
