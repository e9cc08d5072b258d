"""Entries of the audit trail as people read them."""

from __future__ import annotations

from django import template

from tenfold.core.events import detail_words, event_words, thing_words

register = template.Library()
register.filter("verb_words", event_words)
register.filter("thing_words", thing_words)
register.filter("trail_details", detail_words)
