"""Amounts as tables show them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def usd(amount: float | None) -> str:
    """`165,000`; nothing where there is none."""
    return "" if amount is None else f"{amount:,.0f}"


@register.filter
def percent(share: float) -> str:
    """`48 %` for 0.48."""
    return f"{100 * share:.0f}\u00a0%"
