"""Fields of a plan: their names, their targets on the page, their choices."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tenfold.apps.plans.forms.editing import Input, target_of
from tenfold.apps.plans.forms.fields import FieldSpec, field_name
from tenfold.apps.plans.forms.skills import skills_digest
from tenfold.core.http.context import YES_NO

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


@register.simple_tag
def draw_input(input: Input) -> SafeString:  # noqa: A002 - the word of the templates
    """An input of the form. Most inputs of most plans are alike: equal ones are drawn once a process."""
    return _draw_anew(input) if settings.DEBUG else _draw(input)


def _draw_anew(one: Input) -> SafeString:
    return render_to_string("plans/input.html", {"input": one, "yes_no": YES_NO})


_draw = lru_cache(maxsize=4_096)(_draw_anew)


@register.simple_tag
def skills_address() -> str:
    """Where the catalogue's skills are to be had as options; the address changes with them."""
    return f"{reverse('skill-options')}?of={skills_digest()}"


@register.filter
def field_words(path: str) -> str:
    """A field of the plan as its form names it: `pay.max` is “Pay: highest base pay”."""
    return field_name(path)


@register.filter
def field_target(path: str) -> str:
    """The id of the input for a field of the plan."""
    return target_of(path)
