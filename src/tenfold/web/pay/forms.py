"""Forms of pay. What words mean is told by the engines' own readers; these only collect them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from tenfold.catalogue.store import catalogue
from tenfold.kit.errors import UserError
from tenfold.kit.facts import load
from tenfold.market.benchmark import PayQuestion
from tenfold.practices.pay import asking
from tenfold.practices.pay.page import ROLES

BY_YEARS = "years"
STAGES = ("pre-seed", "seed", "series-a", "series-b", "series-c", "later", "public")
WORKPLACES = (("", "Any"), ("remote", "Remote"), ("hybrid", "Hybrid"), ("onsite", "On site"))
FIRST = {"role": "mlops", "level": "senior", "years": "6", "scope": "50"}


def role_choices() -> list[tuple[str, str]]:
    names = catalogue().roles
    shown = [*ROLES, *(role for role in names if role not in (*ROLES, "other"))]
    return [(role, names[role].name) for role in shown]


def level_choices() -> list[tuple[str, str]]:
    return [(level.id, level.name) for level in catalogue().levels.values()]


def stage_choices() -> list[tuple[str, str]]:
    facts = load()
    known = [stage for stage in STAGES if f"pay.stage_{stage.replace('-', '_')}" in facts]
    return [("", "Not said"), *((stage, stage.replace("-", " ").capitalize()) for stage in known)]


class Asked(forms.Form):
    """The question of the calculator. `question` and `offer` are there once it is valid."""

    role = forms.ChoiceField(choices=role_choices, label="Role")
    level = forms.ChoiceField(choices=lambda: [*level_choices(), (BY_YEARS, "By years")], label="Level")
    years = forms.IntegerField(min_value=0, max_value=25, required=False, label="Years of experience")
    place = forms.CharField(max_length=80, required=False, label="Place")
    workplace = forms.ChoiceField(choices=WORKPLACES, required=False, label="Workplace")
    scope = forms.IntegerField(min_value=0, max_value=100, required=False, label="Scope")
    stage = forms.ChoiceField(choices=stage_choices, required=False, label="Company stage")
    rescue = forms.BooleanField(required=False, label="A rescue mission")
    low = forms.CharField(max_length=20, required=False, label="From")
    high = forms.CharField(max_length=20, required=False, label="To")

    question: PayQuestion
    offer: tuple[float, float] | None = None

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        by_years = given["level"] == BY_YEARS
        try:
            self.question = asking.question(
                role=given["role"],
                level=None if by_years else given["level"],
                years=float(given["years"] if given["years"] is not None else FIRST["years"]) if by_years else None,
                place=given["place"] or None,
                workplace=given["workplace"] or None,
                scope=str(given["scope"]) if given["scope"] is not None else None,
                stage=given["stage"] or None,
                as_of=self.today,
            )
            self.offer = self._offer(given)
        except UserError as error:
            field = error.place.field or ""
            self.add_error(field if field in self.fields else "low", f"{error.what} {error.remedy}")
        return given

    @staticmethod
    def _offer(given: dict[str, Any]) -> tuple[float, float] | None:
        ends = [given[name] for name in ("low", "high") if given[name]]
        return asking.amounts("-".join(ends)) if ends else None
