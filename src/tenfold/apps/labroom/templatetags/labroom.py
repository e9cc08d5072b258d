"""Figures and words of labs as people write them."""

from __future__ import annotations

from django import template

from tenfold.labs.lab import CriterionKind

register = template.Library()
KINDS = {
    CriterionKind.BEHAVIOUR: "It works",
    CriterionKind.NO_COLLATERAL: "Nothing else broke",
    CriterionKind.EVIDENCE: "What was written down",
    CriterionKind.DIAGNOSIS: "The cause was named",
}


@register.filter
def kind_in_words(kind: str) -> str:
    """What a criterion tests, as a hiring manager would say it."""
    return KINDS[CriterionKind(kind)]


@register.filter
def percent(share: float | None) -> str:
    """`94 %`; nothing where nothing was measured (report cards write -1)."""
    return "" if share is None or share < 0 else f"{share * 100:.0f} %"
