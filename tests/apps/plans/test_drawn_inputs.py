"""What is drawn once and remembered is what would be drawn anew."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest
from django.conf import LazySettings
from django.template import Context
from django.template.loader import render_to_string

from tenfold.apps.plans.forms.editing import Form, Input, Rows, form_of, problems_of, read_only_document
from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.plans.presenters.panel import Panel, panel
from tenfold.apps.plans.queries import PlanAccess
from tenfold.apps.plans.templatetags.plans import draw_groups, draw_input, draw_practice
from tenfold.audit.check_text import check_document, check_text
from tenfold.core.http.context import YES_NO
from tenfold.core.models import User
from tenfold.core.templatetags.tenfold import strip, strip_links
from tenfold.kit.errors import UserError
from tenfold.kit.findings import State
from tenfold.plan.document import VERSION
from tenfold.plan.yaml_io import TOP_KEY, CommentedMap, dump
from tests.conftest import EXAMPLES


def _inputs() -> list[Input]:
    form = form_of(read_only_document((EXAMPLES / "good_plan.yaml").read_text("utf-8")))
    parts = [part for group in form.groups for part in group.parts]
    return [
        *(part for part in parts if isinstance(part, Input)),
        *(one for part in parts if isinstance(part, Rows) for row in (*part.rows, part.blank) for one in row.inputs),
    ]


def test_a_remembered_input_is_the_one_that_its_template_draws() -> None:
    inputs = _inputs()
    assert len(inputs) > 100
    changed = [replace(one, value=f"{one.value}<7", error="Not `so`") for one in inputs]
    for one in (*inputs, *changed, *inputs):
        assert draw_input(Context(), one) == render_to_string("plans/input.html", {"input": one, "yes_no": YES_NO})


PLANS = sorted(EXAMPLES.glob("*plan*.yaml"))
DAY = date(2026, 11, 18)


def _access(*, sees_pay: bool) -> PlanAccess:
    plan = StoredPlan(title="A plan", pk=uuid.UUID(int=7))
    return PlanAccess(plan, User(), sees_pay, can_edit=True, can_approve=True, can_publish=True)


def _texts() -> list[str]:
    """Plans, and the same with one answer after the other changed or taken out, as an editor would."""
    texts = [path.read_text("utf-8") for path in PLANS]
    lines = texts[0].splitlines(keepends=True)
    kept = (place for place, line in enumerate(lines) if line.startswith("  ") and ": " in line)
    cut = ["".join(lines[:place] + lines[place + 1 :]) for place in list(kept)[:40:2]]
    postings = [path.read_text("utf-8") for path in EXAMPLES.glob("*posting*.md")]
    short = [dump(CommentedMap({TOP_KEY: VERSION, "posting": posting})) for posting in postings]
    return [*texts, *(text.replace("000", "<>0") for text in texts), *cut, *short]


def _forms() -> list[Form]:
    forms = []
    for text in _texts():
        try:
            document = read_only_document(text)
        except UserError:
            continue
        try:
            check_text(text, as_of=DAY)
            problems: tuple[UserError, ...] = ()
        except UserError as error:
            problems = problems_of(error)
        forms += [form_of(document, problems=problems, sees_pay=sees_pay) for sees_pay in (True, False)]
    return forms


def _panels() -> list[Panel]:
    panels = []
    for text in _texts():
        try:
            checked = check_document(read_only_document(text), as_of=DAY)
        except UserError:
            continue
        panels += [panel(checked, _access(sees_pay=sees_pay), {}) for sees_pay in (True, False)]
    return panels


def test_parts_of_the_form_that_are_remembered_are_those_of_each_plan(settings: LazySettings) -> None:
    forms = _forms()
    assert len(forms) > 20
    assert any('<p class="error">' in draw_groups(form) for form in forms)
    remembered = [draw_groups(form) for form in (*forms, *reversed(forms))]
    settings.DEBUG = True
    anew = [draw_groups(form) for form in forms]
    assert remembered == [*anew, *reversed(anew)]
    assert len(set(anew)) > 20


def test_checks_that_are_remembered_are_those_of_each_plan(settings: LazySettings) -> None:
    parts = [part for one in _panels() for part in one.parts]
    assert len(set(parts)) > 10
    plans = (uuid.UUID(int=1), uuid.UUID(int=2))
    remembered = [draw_practice(part, plan) for part in parts for plan in plans]
    settings.DEBUG = True
    assert remembered == [draw_practice(part, plan) for part in parts for plan in plans]


@pytest.mark.parametrize("draw", [strip, strip_links])
def test_strips_that_are_remembered_are_those_of_their_states(draw: object, settings: LazySettings) -> None:
    assert callable(draw)
    kinds = [{"pay": one.value, "skills": other.value} for one in State for other in State]
    remembered = [draw(states) for states in kinds + kinds]
    settings.DEBUG = True
    assert remembered == [draw(states) for states in kinds + kinds]
    assert len(set(remembered)) == len(kinds)
