"""Roles, shares and amounts as pages about employees write them."""

from __future__ import annotations

from django import template

from tenfold.catalogue.store import catalogue

register = template.Library()
TRAPS = {
    "left-truncation": "Early leavers are missing",
    "heaping": "Many at once",
    "leavers-only": "Only leavers",
    "interval-censoring": "Rough dates",
    "few-events": "Few exits",
    "gaps": "Gaps",
}


@register.filter
def role_words(role: str) -> str:
    """`MLOps engineer` for `mlops`."""
    known = catalogue().roles
    return known[role].name if role in known else role


@register.filter
def percents(share: float | None) -> str:
    """`48 %` for 0.48; nothing where there is none."""
    return "" if share is None else f"{100 * share:.0f}\u00a0%"


@register.filter
def money(amount: float | None) -> str:
    """`225,000`, in round figures from ten thousand on."""
    if amount is None:
        return ""
    return f"{round(amount, -3):,.0f}" if abs(amount) >= 10_000 else f"{amount:,.0f}"


@register.filter
def trap_words(kind: str) -> str:
    return TRAPS.get(str(kind), str(kind))
