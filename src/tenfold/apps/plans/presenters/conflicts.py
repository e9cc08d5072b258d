"""Answers of a plan in words, and fields that two people changed at once, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenfold.apps.plans.forms.fields import Kind, field_name, fields_by_path
from tenfold.audit.wording import day
from tenfold.catalogue.store import catalogue
from tenfold.kit.words import join
from tenfold.plan.merging import EditedTwice

NAMES = ("skill", "name", "decision", "team", "level", "role")
MAX_WORDS = 400


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A field that both changed, in words. `field` is its path, for the choice between the two."""

    field: str
    label: str
    before: str
    mine: str
    theirs: str


def conflict_views(fields: tuple[EditedTwice, ...]) -> tuple[ConflictView, ...]:
    return tuple(
        ConflictView(
            one.field,
            field_name(one.field),
            answer_words(one.field, one.before),
            answer_words(one.field, one.mine),
            answer_words(one.field, one.theirs),
        )
        for one in fields
    )


def answer_words(field: str, value: Any) -> str:
    """One answer as a person would say it; nothing for no answer."""
    spec = fields_by_path().get(field)
    shown = dict(spec.options).get(str(value)) if spec and isinstance(value, str) else None
    unit = f" {spec.unit}" if spec and spec.unit and not isinstance(value, str) else ""
    is_number = spec is not None and spec.kind in (Kind.AMOUNT, Kind.NUMBER)
    if is_number and isinstance(value, str) and value.isdigit():
        value = int(value)
    text = shown or _words(value)
    return (text if len(text) <= MAX_WORDS else text[: MAX_WORDS - 1].rsplit(" ", 1)[0] + " …") + (unit if text else "")


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list):
        return "; ".join(_words(item) for item in value)
    if isinstance(value, Mapping):
        return _item_words(value)
    return _field_words(str(value))


def _item_words(item: Mapping[str, Any]) -> str:
    """An item of a list: its name, then the rest in brackets; alternatives are told with “or”."""
    name = next((str(item[key]) for key in NAMES if item.get(key)), "")
    others = [_field_words(str(one)) for one in item.get("alternatives") or ()]
    first = join([_field_words(name), *others], "or") if name else ""
    rest = [
        f"{key.replace('_', ' ')}: {_words(value)}"
        for key, value in item.items()
        if value is not None and key != "alternatives" and str(value) != name
    ]
    return f"{first} ({', '.join(rest)})" if first and rest else first or ", ".join(rest)


def _field_words(word: str) -> str:
    known = catalogue()
    found = known.skills.get(word) or known.competencies.get(word)
    return found.name if found else word
