"""Amounts as tables show them."""

from __future__ import annotations

from django import template

from tenfold.catalogue.store import catalogue

register = template.Library()


@register.filter
def usd(amount: float | None) -> str:
    """`165,000`; nothing where there is none."""
    return "" if amount is None else f"{amount:,.0f}"


@register.filter
def percent(share: float) -> str:
    """`48 %` for 0.48."""
    return f"{100 * share:.0f}\u00a0%"


@register.filter
def role_name(role: str) -> str:
    """`MLOps engineer` for `mlops`."""
    known = catalogue().roles
    return known[role].name if role in known else role
