"""A plan drafted from a posting alone: what was read is an answer, the rest stays open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tenfold.catalogue.titles import read_title
from tenfold.law.places import is_place, place_ids
from tenfold.plan.document import MAX_TEXT, VERSION, HiringPlan
from tenfold.posting.model import Demand, LineKind, MoneyKind, OpenEnd, PostingReading, SectionKind
from tenfold.posting.stated.alternatives import alternative_groups
from tenfold.posting.stated.answers import stated_answers
from tenfold.posting.stated.phrases import NUMBER_WORDS, StatedAnswer, sentences

HIRABLE_TITLES = ("mlops", "ml-engineer", "ai-infrastructure", "data-engineer", "devops")

MAX_SPAN = 160
MAX_HEAD_WORDS = 6
_SMALL = ("and", "of", "for", "the", "&")
_NO_DUTY = re.compile(r"\s*(?:reports?\s+to|reporting\s+to|exempt\b|location\b)", re.IGNORECASE)
_MARKER = re.compile(
    r"\s*[\[(]\s*(?:[mwfdxi]\s*[/|,]\s*){1,3}(?:[mwfdxi]|div\w*|gn)\s*[\])]|\s*\(all\s+genders\)", re.IGNORECASE
)
_PROCESS = re.compile(r"\b(?:process|how\s+we\s+(?:hire|decide|interview)|interviews?|next\s+steps)\b")


def draft_plan(reading: PostingReading) -> HiringPlan:
    """The plan that a posting by itself amounts to."""
    return HiringPlan.model_validate(plan_answers(reading))


def plan_answers(reading: PostingReading) -> dict[str, Any]:
    """What a posting answers of a plan for sure, as plain values under the plan's own keys.

    The scope is an answer only where the posting declares it (“60/40”); what it describes is compared with that, never
    taken for it.
    """
    plan: dict[str, Any] = {"tenfold_plan": VERSION}
    for one in read_answers(reading):
        if one.is_sure:
            put_answer(plan, one.field, one.value)
    return {key: plan[key] for key in (*HiringPlan.model_fields, *plan) if key in plan} | {"posting": reading.text}


def put_answer(plan: dict[str, Any], field: str, value: Any) -> None:
    """Sets a field by its path; nothing below a part that was answered with “none”."""
    *above, last = field.split(".")
    node = plan
    for key in above:
        below = node.setdefault(key, {})
        if not isinstance(below, dict):
            return
        node = below
    node.setdefault(last, value)


def read_answers(reading: PostingReading) -> tuple[StatedAnswer, ...]:
    """Every answer to a plan's questions that the posting states, sure or not, each with the words that state it."""
    stated = stated_answers(reading)
    own = tuple(_own_answers(reading))
    corrected = {one.field for one in stated if one.field == "requirements.degree"}
    known = {one.field for one in own} - corrected
    return (
        *(one for one in own if one.field not in corrected),
        *(one for one in stated if one.field not in known),
    )


def _own_answers(reading: PostingReading) -> Iterator[StatedAnswer]:
    """What the reading's own fields answer."""
    cited = {
        "company.name": reading.employer,
        "role.level": reading.level,
        "role.workplace": reading.workplace,
    }
    for field, value in cited.items():
        if value is not None:
            is_derived = field == "role.level" and _is_count(reading.quote(value))
            doubt = "Judged from the years that are asked for" if is_derived else ""
            yield StatedAnswer(field, value.value, value.start, value.end, doubt)
    if reading.title:
        yield StatedAnswer("role.title", _title(reading), reading.title.start, reading.title.end)
        if family := _family(reading):
            yield StatedAnswer("role.family", family, reading.title.start, reading.title.end)
    yield from _where(reading)
    yield from _demands(reading)
    if pay := _pay(reading):
        span = (reading.pay.start, reading.pay.end) if reading.pay else (0, 0)
        yield from (StatedAnswer(f"pay.{key}", value, *span) for key, value in pay.items())


def _is_count(words: str) -> bool:
    return any(word.isdigit() or word in NUMBER_WORDS for word in re.findall(r"\w+", words.casefold()))


def _title(reading: PostingReading) -> str:
    """The title without the gender marker, and without what stands after it in the same line."""
    title = reading.title.value if reading.title else ""
    bare = _MARKER.sub(" ", title)
    if _MARKER.search(title) or reading.employer is None:
        parts = re.split(r"\s+[–—|]\s+|,\s+\d", bare)
        bare = next((part for part in parts if read_title(part).role != "other"), parts[0])
    return " ".join(bare.split()).replace(" ,", ",").strip(" ,–—-|") or title


def _where(reading: PostingReading) -> Iterator[StatedAnswer]:
    if reading.places:
        first, last = reading.places[0], reading.places[-1]
        span = (first.start, last.end) if last.end - first.start < MAX_SPAN else (first.start, first.end)
        yield StatedAnswer("role.places", _place_words(reading), *span)
        if ids := _places(reading):
            yield StatedAnswer("company.jurisdictions", ids, *span)


def _demands(reading: PostingReading) -> Iterator[StatedAnswer]:
    duties = _duties(reading)
    if duties:
        yield StatedAnswer("role.day_to_day", [reading.text[a:b] for a, b in duties], duties[0][0], duties[-1][1])
    if (years := _whole_years(reading)) is not None and reading.years_min:
        yield StatedAnswer("requirements.years_min", years, reading.years_min.start, reading.years_min.end)
    if (degree := _degree(reading)) and reading.degree:
        yield StatedAnswer("requirements.degree", degree, reading.degree.start, reading.degree.end)
    lists = [("must", Demand.MUST)] + ([("nice", Demand.NICE)] if reading.explicit_split else [])
    for name, demand in lists:
        if skills := _skills(reading, demand):
            places = [m for tool in reading.tools_with(demand) for m in tool.mentions if m.demand is demand]
            first = min(places, key=lambda place: place.start) if places else reading.tools_with(demand)[0].mentions[0]
            yield StatedAnswer(f"requirements.{name}", skills, first.start, first.end)


def _family(reading: PostingReading) -> str | None:
    family = read_title(reading.title.value).role if reading.title else "other"
    return family if family in HIRABLE_TITLES else None


def _skills(reading: PostingReading, demand: Demand) -> list[Any]:
    """One requirement each; those of which any one will do are one requirement with alternatives."""
    return [
        {"skill": first, "alternatives": list(others)} if others else first
        for first, *others in alternative_groups(reading, demand)
    ]


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
    words = [place.id if is_place(place.text) else place.text for place in reading.places]  # “AZ” is a country's id too
    words = [
        word if place.id == word or place.id in place_ids(word) else place.id
        for word, place in zip(words, reading.places, strict=True)
    ]
    return list(dict.fromkeys(words)) or None


def _duties(reading: PostingReading) -> list[tuple[int, int]]:
    """Where the bullets under the headings of duties stand; steps of the hiring process are none."""
    process = {one.line for one in sentences(reading) if _PROCESS.search(one.topic)}
    return [
        (line.start, line.end)
        for number, (line, kind) in enumerate(zip(reading.lines, reading.line_kinds, strict=True))
        if kind is SectionKind.DUTIES
        and line.end - line.start <= MAX_TEXT
        and line.kind is LineKind.BULLET
        and number not in process
        and _is_duty(reading, line.start, line.end)
    ]


def _is_duty(reading: PostingReading, start: int, end: int) -> bool:
    """A bullet that tells place, pay or kind of employment is none, nor one that only heads others."""
    told = (reading.pay, reading.workplace, reading.employment_type)
    if any(one is not None and start <= one.start < end for one in told):
        return False
    words = reading.text[start:end].strip().rstrip(":").split()
    is_head = 1 < len(words) <= MAX_HEAD_WORDS and all(word[0].isupper() or word in _SMALL for word in words)
    return not is_head and not _NO_DUTY.match(reading.text[start:end])


def _without_none(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value is not None}
