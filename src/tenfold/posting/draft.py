"""A plan drafted from a posting alone: what was read is an answer, the rest stays open."""

from __future__ import annotations

from typing import Any

from tenfold.catalogue.titles import read_title
from tenfold.law.places import place_ids
from tenfold.plan.document import VERSION, HiringPlan
from tenfold.posting.model import Demand, LineKind, MoneyKind, OpenEnd, PostingReading, SectionKind

HIRABLE_TITLES = ("mlops", "ml-engineer", "ai-infrastructure", "data-engineer", "devops")


def draft_plan(reading: PostingReading) -> HiringPlan:
    """The plan that a posting by itself amounts to."""
    return HiringPlan.model_validate(plan_answers(reading))


def plan_answers(reading: PostingReading) -> dict[str, Any]:
    """What a posting answers of a plan, as plain values under the plan's own keys.

    The scope is left open: what a posting describes is compared with what is declared, never taken for it.
    """
    plan: dict[str, Any] = {
        "tenfold_plan": VERSION,
        "company": _without_none({"name": _value(reading.employer), "jurisdictions": _places(reading)}),
        "role": _without_none(
            {
                "title": _value(reading.title),
                "family": _family(reading),
                "level": _value(reading.level),
                "workplace": _value(reading.workplace),
                "places": _place_words(reading),
                "day_to_day": _duties(reading),
            }
        ),
        "requirements": _without_none(
            {
                "years_min": _whole_years(reading),
                "degree": _degree(reading),
                "must": _skills(reading, Demand.MUST),
                "nice": _skills(reading, Demand.NICE) if reading.explicit_split else None,
            }
        ),
        "pay": _pay(reading),
        "posting": reading.text,
    }
    return {key: value for key, value in plan.items() if value}


def _family(reading: PostingReading) -> str | None:
    family = read_title(reading.title.value).role if reading.title else "other"
    return family if family in HIRABLE_TITLES else None


def _skills(reading: PostingReading, demand: Demand) -> list[str] | None:
    return [tool.skill_id for tool in reading.tools_with(demand)] or None


def _whole_years(reading: PostingReading) -> int | None:
    """A plan holds whole years; eighteen months stay open rather than become one year or two."""
    years = reading.years_min
    return int(years.value) if years and years.value == int(years.value) else None


def _degree(reading: PostingReading) -> str | None:
    if reading.degree is None:
        return None
    if reading.degree.demand is not Demand.MUST:
        return "preferred"
    return "required-or-equivalent" if reading.degree.or_equivalent else "required"


def _pay(reading: PostingReading) -> dict[str, Any]:
    """Base pay from the text, one end where only one is stated; a job board's badge is often false and counts not."""
    pay = reading.pay
    if pay is None or pay.from_badge or pay.period == "WEEK" or pay.kind is MoneyKind.TOTAL:
        return {}
    ends = {
        "min": None if pay.open_end is OpenEnd.UP_TO else pay.min,
        "max": None if pay.open_end is OpenEnd.FROM else pay.max,
    }
    return _without_none(ends) | {"currency": pay.currency, "period": pay.period}


def _places(reading: PostingReading) -> list[str] | None:
    return [place.id for place in reading.places] or None


def _place_words(reading: PostingReading) -> list[str] | None:
    """Places as the posting writes them, so that the town is kept; by id where the words alone would mean another."""
    words = [place.text if place.id in place_ids(place.text) else place.id for place in reading.places]
    return list(dict.fromkeys(words)) or None


def _duties(reading: PostingReading) -> list[str] | None:
    """The bullets under the headings of duties, as they are written."""
    return [
        reading.text[line.start : line.end]
        for line, kind in zip(reading.lines, reading.line_kinds, strict=True)
        if kind is SectionKind.DUTIES and line.kind is LineKind.BULLET
    ] or None


def _value(cited: Any) -> Any:
    return cited.value if cited else None


def _without_none(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value is not None}
