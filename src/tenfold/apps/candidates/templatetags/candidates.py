from __future__ import annotations

from django import template

from tenfold.apps.candidates.queries.mailtext import hide_own_link

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """`0.42` as `42 %`."""
    return f"{share * 100:.0f} %"


register.filter("hide_own_link", hide_own_link)
