"""Amounts, percentages and days typed into a plan's form: what is stored is shown, or it is refused with words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tenfold.apps.plans.forms.editing import Input, apply_form, document_of, form_of, problems_of
from tenfold.kit.errors import UserError
from tenfold.plan.yaml_io import dump, load_plan
from tests.kit.test_typed_numbers import HABITS

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
DAYS: dict[str, Callable[[date], str]] = {
    "ISO": lambda day: day.isoformat(),
    "US": lambda day: f"{day.month}/{day.day}/{day.year}",
    "UK": lambda day: f"{day:%d/%m/%Y}",
    "German": lambda day: f"{day.day}.{day.month}.{day.year}",
    "French": lambda day: f"{day.day} {MONTHS[day.month % 10]} {day.year}",
    "Swiss": lambda day: f"{day:%d.%m.%y}",
    "Indian": lambda day: f"{day:%d-%m-%Y}",
}
ENDINGS = ("%", " %", "", " percent", "\u00a0%")


def typed_in(**typed: str) -> str:
    """The plan's text after a form with these answers."""
    posted = QueryDict(mutable=True)
    posted.update({name.replace("__", "."): words for name, words in typed.items()})
    return dump(apply_form(posted, document_of("tenfold_plan: 1\n")))


def shown(text: str, path: str) -> str:
    inputs = {
        part.spec.path: part
        for group in form_of(document_of(text)).groups
        for part in group.parts
        if isinstance(part, Input)
    }
    return str(inputs[path].value)


def stored(text: str) -> Any:
    return load_plan(text).plan


@pytest.mark.parametrize("habit", HABITS)
@given(whole=st.integers(1_000, 9_999_999))
def test_pay_is_stored_as_meant_and_shown_as_stored(habit: str, whole: int) -> None:
    text = typed_in(pay__min=HABITS[habit](whole, 0))
    assert stored(text).pay.min == whole
    again = typed_in(pay__min=shown(text, "pay.min"))
    assert stored(again).pay.min == whole


@given(whole=st.integers(0, 99), tenth=st.integers(0, 9), point=st.sampled_from(".,"), ending=st.sampled_from(ENDINGS))
def test_a_percentage_is_stored_as_meant_and_shown_as_stored(whole: int, tenth: int, point: str, ending: str) -> None:
    text = typed_in(pay__bonus_percent=f"{whole}{point}{tenth}{ending}")
    assert stored(text).pay.bonus_percent == pytest.approx(whole + tenth / 10)
    again = typed_in(pay__bonus_percent=shown(text, "pay.bonus_percent"))
    assert stored(again).pay.bonus_percent == pytest.approx(whole + tenth / 10)


@pytest.mark.parametrize("habit", DAYS)
@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_day_is_stored_as_meant_or_refused_with_words(habit: str, day: date) -> None:
    typed = DAYS[habit](day)
    text = typed_in(pay__benchmark_date=typed)
    try:
        assert stored(text).pay.benchmark_date == day
    except UserError as error:
        (problem,) = problems_of(error)
        assert "date such as" in problem.what
        assert problem.place.field == "pay.benchmark_date"
        assert shown(text, "pay.benchmark_date") == typed, "what was typed is kept"
        return
    assert shown(text, "pay.benchmark_date") == day.isoformat()


@pytest.mark.parametrize("typed", ["2026-02-30", "2026-13-01", "tomorrow", "11/2026", "20261118"])
def test_what_is_no_day_is_refused_with_words(typed: str) -> None:
    with pytest.raises(UserError):
        stored(typed_in(pay__benchmark_date=typed))
