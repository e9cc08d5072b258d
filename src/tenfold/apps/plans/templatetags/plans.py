"""Fields of a plan: their names, their targets on the page, their choices."""

from __future__ import annotations

from functools import cache, lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tenfold.apps.plans.forms.editing import target_of
from tenfold.apps.plans.forms.fields import FieldSpec, field_name
from tenfold.catalogue.store import catalogue

register = template.Library()


@register.simple_tag
def options(spec: FieldSpec, chosen: str) -> SafeString:
    """The answers of a closed set, as a select holds them. The plan's page has some hundreds: they are written once."""
    return _options(spec.options, chosen)


@lru_cache(maxsize=1_024)
def _options(known: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    rows = ((value, SafeString(" selected") if value == chosen else "", words) for value, words in known)
    return format_html(
        '<option value="">Not answered</option>{}',
        format_html_join("", '<option value="{}"{}>{}</option>', rows),
    )


@cache
def _skills() -> SafeString:
    known = sorted((skill.id, skill.name) for skill in catalogue().skills.values())
    return format_html_join("", '<option value="{}">{}</option>', known)


@register.simple_tag
def skill_options() -> SafeString:
    """Every skill of the catalogue, for fields that take one."""
    return _skills()


@register.filter
def field_words(path: str) -> str:
    """A field of the plan as its form names it: `pay.max` is “Pay: highest base pay”."""
    return field_name(path)


@register.filter
def field_target(path: str) -> str:
    """The id of the input for a field of the plan."""
    return target_of(path)
