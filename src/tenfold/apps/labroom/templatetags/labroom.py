"""Figures of labs as people write them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """`94 %`; nothing where nothing was measured (report cards write -1)."""
    return "" if share is None or share < 0 else f"{share * 100:.0f} %"
