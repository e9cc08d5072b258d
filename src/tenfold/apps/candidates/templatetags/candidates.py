from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """`0.42` as `42 %`."""
    return f"{share * 100:.0f} %"
