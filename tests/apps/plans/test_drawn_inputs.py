"""Inputs that are drawn once and remembered are those that would be drawn anew."""

from __future__ import annotations

from dataclasses import replace

from django.template.loader import render_to_string

from tenfold.apps.plans.forms.editing import Input, Rows, form_of, read_only_document
from tenfold.apps.plans.templatetags.plans import draw_input
from tenfold.core.http.context import YES_NO
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
        assert draw_input(one) == render_to_string("plans/input.html", {"input": one, "yes_no": YES_NO})
