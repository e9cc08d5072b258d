"""Fields of a plan: their names, their targets on the page, their choices."""

from __future__ import annotations

import uuid
from functools import lru_cache

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tenfold.apps.plans.forms.editing import Form, Group, Input, target_of
from tenfold.apps.plans.forms.fields import FieldSpec, field_name
from tenfold.apps.plans.forms.skills import skills_digest
from tenfold.apps.plans.presenters.panel import PanelPractice
from tenfold.apps.plans.queries import PlanAccess, people_to_ask
from tenfold.core.http.context import YES_NO
from tenfold.kit.words import join

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


@register.simple_tag(takes_context=True)
def draw_input(context: Context, input: Input) -> SafeString:  # noqa: A002 - the word of the templates
    """An input of the form. Most inputs of most plans are alike: equal ones are drawn once a process."""
    is_read_only = bool(context.get("is_read_only"))
    return _draw_anew(input, is_read_only) if settings.DEBUG else _draw(input, is_read_only)


def _draw_anew(one: Input, is_read_only: bool) -> SafeString:
    return render_to_string("plans/input.html", {"input": one, "yes_no": YES_NO, "is_read_only": is_read_only})


_draw = lru_cache(maxsize=4_096)(_draw_anew)


@register.simple_tag
def draw_groups(form: Form, can_edit: bool = True) -> SafeString:
    """The parts of the form but the posting, which has a page of its own. A part that did not change is not redrawn."""
    draw = _group_anew if settings.DEBUG else _group
    return SafeString("".join(draw(group, not can_edit) for group in form.groups if group.spec.id != "posting"))


def _group_anew(group: Group, is_read_only: bool) -> SafeString:
    return render_to_string("plans/group.html", {"group": group, "is_read_only": is_read_only})


_group = lru_cache(maxsize=512)(_group_anew)


@register.simple_tag
def draw_practice(part: PanelPractice, plan: uuid.UUID) -> SafeString:
    """What one check says of a plan. After most edits nearly all checks say what they said: those are not redrawn."""
    return (_practice_anew if settings.DEBUG else _practice)(part, plan)


def _practice_anew(part: PanelPractice, plan: uuid.UUID) -> SafeString:
    context = {
        "part": part,
        "to_form": reverse("plan", args=[plan]),
        "to_posting": reverse("plan-posting", args=[plan]),
        "to_comments": reverse("plan-comments", args=[plan]),
    }
    return render_to_string("plans/panel_practice.html", context)


_practice = lru_cache(maxsize=1_024)(_practice_anew)


@register.simple_tag
def why_read_only(access: PlanAccess) -> str:
    """Why somebody cannot change a plan, and whom to ask; "" where they can."""
    if access.can_edit:
        return ""
    if access.plan.is_archived:
        return "This plan is archived, so it cannot be changed. It can be restored under “More”."
    whom = join(people_to_ask(access.plan), "or")
    return f"You can read this plan and comment on it. To have it changed, ask {whom}."


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
