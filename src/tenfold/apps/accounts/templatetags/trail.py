"""Entries of the audit trail as people read them; where people may sign in."""

from __future__ import annotations

from django import template
from django.db.models import QuerySet

from tenfold.apps.accounts.models import IdentityProvider
from tenfold.core.events import detail_words, event_words, thing_words

register = template.Library()
register.filter("verb_words", event_words)
register.filter("thing_words", thing_words)
register.filter("trail_details", detail_words)

MOST_BUTTONS = 6


@register.simple_tag
def sign_in_providers() -> QuerySet[IdentityProvider] | list[IdentityProvider]:
    """Those that the page “Sign in” offers; where there are many, each organisation hands out its own address."""
    found = IdentityProvider.objects.filter(organisation__is_example=False)[: MOST_BUTTONS + 1]
    return found if len(found) <= MOST_BUTTONS else []


@register.filter
def as_lines(texts: list[str]) -> str:
    """One a line."""
    return "\n".join(texts)
