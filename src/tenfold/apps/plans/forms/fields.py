"""The plan's form, told by the plan's own types: a new field of the document appears here by itself.

A field's name in the form is its path in the plan (`pay.min`); items of lists are rows with a key
(`requirements.must.3.skill`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from tenfold.apps.plans.forms.places import IN_WORDS, place_in_words
from tenfold.catalogue.store import catalogue
from tenfold.kit.words import inside
from tenfold.plan.answers import (
    AllowNone,
    Amount,
    ArchetypeId,
    CompetencyId,
    Count,
    LevelId,
    Percent,
    Price,
    RoleId,
    SkillId,
)
from tenfold.plan.document import HiringPlan, Section, Text, Texts
from tenfold.plan.skeleton import example
from tenfold.plan.yaml_io import TOP_KEY, sections_of


class Kind(StrEnum):
    TEXT = "text"
    LONG = "long"
    LINES = "lines"
    PLACES = "places"
    NUMBER = "number"
    AMOUNT = "amount"
    CHOICE = "choice"
    YES_NO = "yes-no"
    DATE = "date"
    SKILL = "skill"
    COUNTS = "counts"


LONG_TEXTS = frozenset(
    {
        "company.about",
        "role.rescue_statement",
        "interviews.decision_rule",
        "assessment.accommodations",
        "retention.backfill_plan",
    }
)
LABELS = {
    "pay.equity": "Equity",
    "requirements.must": "Must-haves",
    "requirements.nice": "Nice-to-haves",
    "company.employees_at": "Employees by place",
    "role.family": "Role family",
    "role.scope": "Scope",
    "company.name": "Company",
    "company.place": "Main office",
    "company.jurisdictions": "Where people may be employed",
    "company.about": "About the company",
    "situation.models_planned_12_months": "Models planned in 12 months",
    "situation.manual_share": "Time spent on manual work",
    "situation.research_only": "Still research only",
    "pay.min": "Lowest base pay",
    "pay.max": "Highest base pay",
    "pay.benchmark_role": "Benchmarked against",
    "pay.benchmark_date": "Benchmark date",
    "pay.range_basis": "Basis of the range",
    "pay.bonus_percent": "Target bonus",
    "pay.asks_pay_history": "Asks for pay history",
    "pay.period": "Paid by",
    "apply_by": "Applications close on",
    "requirements.years_min": "Years of experience",
    "interviews.ai_screening": "Software screens candidates",
    "interviews.format_told_beforehand": "Format told beforehand",
    "interviews.feedback_within_days": "Feedback within days",
    "retention.one_on_ones_weeks": "Weeks between one-to-ones",
    "retention.one_on_one_topics": "One-to-one topics",
    "growth.learning_time": "Time for learning",
}
HELPS = {
    "company.employees_at": "Employees in places whose laws count them, one place a line",
    "company.jurisdictions": "Where people are employed or may apply from; the law on postings follows it",
    "role.scope": "Percent of infrastructure work, or infrastructure-heavy, balanced, ml-heavy",
    "role.family": "",
    "company.stage": "",
    "role.title": "As it will be posted",
    "company.place": "",
}
UNITS = {
    "situation.manual_share": "%",
    "pay.bonus_percent": "%",
    "growth.learning_time": "%",
    "retention.helpdesk_share": "%",
    "role.scope": "",
}
TITLES = {
    "role": "The job",
    "requirements": "Requirements",
    "pay": "Pay",
    "posting": "Posting",
    "apply_by": "Deadline",
    "company": "The company",
    "situation": "Machine learning here today",
    "assessment": "Work samples",
    "interviews": "Interviews",
    "reporting": "Reporting line",
    "decision_rights": "Who decides what",
    "incentives": "What teams are measured on",
    "on_call": "On-call",
    "growth": "Growth",
    "retention": "Retention",
    "team": "The team already there",
}
PRACTICE_OF = {
    "requirements": "skills",
    "pay": "pay",
    "role": "scope",
    "situation": "timing",
    "assessment": "labs",
    "interviews": "interviews",
    "reporting": "alignment",
    "growth": "growth",
    "retention": "retention",
}
OPEN_AT_FIRST = frozenset({"role", "requirements", "pay"})


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One input.

    `options` are (value, shown) pairs; `allows_none`: the word `none` is an answer; `within` names the part of the
    section that the field belongs to, such as equity within pay.
    """

    path: str
    label: str
    help: str
    kind: Kind
    options: tuple[tuple[str, str], ...] = ()
    allows_none: bool = False
    unit: str = ""
    placeholder: str = ""
    within: str = ""

    def __hash__(self) -> int:
        return hash(self.path)  # equal fields have one path; hashing all their options is slow

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class RowsSpec:
    """A list of sections: one row an item."""

    path: str
    label: str
    help: str
    item: str
    fields: tuple[FieldSpec, ...]
    allows_none: bool = False
    moves_to: str = ""

    def __hash__(self) -> int:
        return hash(self.path)


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """One part of the form: a section of the plan, or one list at its top."""

    id: str
    title: str
    help: str
    parts: tuple[FieldSpec | RowsSpec, ...]
    allows_none: bool = False

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def practice(self) -> str:
        return PRACTICE_OF.get(self.id, "")

    @property
    def opens(self) -> bool:
        return self.id in OPEN_AT_FIRST


@cache
def groups() -> tuple[GroupSpec, ...]:
    """The whole form, in the order in which a hiring manager thinks."""
    known = HiringPlan.model_fields
    return tuple(_group(name, title, known[name]) for name, title in TITLES.items() if name in known)


@cache
def fields_by_path() -> dict[str, FieldSpec]:
    return {part.path: part for group in groups() for part in group.parts if isinstance(part, FieldSpec)}


@cache
def rows_by_path() -> dict[str, RowsSpec]:
    return {part.path: part for group in groups() for part in group.parts if isinstance(part, RowsSpec)}


def field_name(path: str) -> str:
    """A field of the plan as its form names it: `pay.max` is “Pay: highest base pay”."""
    if path in fields_by_path() and "." not in path:
        return fields_by_path()[path].label
    head, bracket, item = path.partition("[")
    title = TITLES.get(head.partition(".")[0], head)
    if head in TITLES:
        words = title
    else:
        known = fields_by_path().get(head) or rows_by_path().get(head)
        words = f"{title}: {inside(known.label) if known else head.rpartition('.')[2].replace('_', ' ')}"
    return f"{words}: {item.rstrip(']')}" if bracket else words


def html_id(path: str) -> str:
    """The id of the input for a path, such as `field-requirements-must-2-skill`."""
    return "field-" + re.sub(r"[^A-Za-z0-9_]+", "-", path).strip("-")


def _group(name: str, title: str, field: FieldInfo) -> GroupSpec:
    section = next(sections_of(field.annotation), None)
    none = _allows_none(field)
    if section is None:
        return GroupSpec(name, title, field.description or "", (_field(name, field),))
    if _is_list(field.annotation):
        return GroupSpec(name, title, "", (_rows(name, field, section, none),))
    parts = tuple(part for key, inner in section.model_fields.items() for part in _parts(f"{name}.{key}", inner))
    said = (section.__doc__ or "").strip()
    return GroupSpec(
        name, title, "" if said.rstrip(".").casefold() == title.casefold() else said, parts, allows_none=none
    )


def _parts(path: str, field: FieldInfo) -> Iterator[FieldSpec | RowsSpec]:
    """A field, a list of sections, or the fields of a section within the section."""
    section = next(sections_of(field.annotation), None)
    if section is None:
        yield _field(path, field)
    elif _is_list(field.annotation):
        yield _rows(path, field, section, _allows_none(field))
    else:
        for key, inner in section.model_fields.items():
            yield replace(_field(f"{path}.{key}", inner), within=_label(path), allows_none=False)


def _rows(path: str, field: FieldInfo, section: type[Section], none: bool) -> RowsSpec:
    moves = {"requirements.must": "requirements.nice", "requirements.nice": "requirements.must"}
    return RowsSpec(
        path=path,
        label=_label(path),
        help=field.description or "",
        item=(section.__doc__ or "").rstrip("."),
        fields=tuple(_field(f"{path}.{key}", inner) for key, inner in section.model_fields.items()),
        allows_none=none,
        moves_to=moves.get(path, ""),
    )


def _field(path: str, field: FieldInfo) -> FieldSpec:
    options = tuple(_options(_annotation(field)))
    return FieldSpec(
        path=path,
        label=_label(path),
        help=_help(path, field, options),
        kind=_kind(path, field, options),
        options=options,
        allows_none=_allows_none(field),
        unit=UNITS.get(path, ""),
        placeholder=_placeholder(path, field),
    )


def _label(path: str) -> str:
    if path in LABELS:
        return LABELS[path]
    words = path.rpartition(".")[2].replace("_", " ")
    return (words[:1].upper() + words[1:]).replace("Ml ", "ML ")


def _help(path: str, field: FieldInfo, options: tuple[tuple[str, str], ...]) -> str:
    """What the label and the choices do not say already."""
    if path in HELPS:
        return HELPS[path]
    said = field.description or ""
    lists_its_choices = bool(options) and said.lower().startswith(options[0][0].lower())
    return "" if lists_its_choices or said.casefold() == _label(path).casefold() else said


def _placeholder(path: str, field: FieldInfo) -> str:
    if path == "company.employees_at":
        return "Colorado, United States: 12"
    shown = example(path, field.annotation)
    if path in IN_WORDS and isinstance(shown, list):
        return "\n".join(place_in_words(str(item)) for item in shown)
    if isinstance(shown, list):
        return "\n".join(str(item) for item in shown) if all(isinstance(item, str | int) for item in shown) else ""
    return "" if isinstance(shown, bool | date | dict | Enum) else str(shown)


def _annotation(field: FieldInfo) -> Any:
    """The whole type: pydantic keeps the outermost metadata apart."""
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _types_in(annotation: Any) -> Iterator[Any]:
    """Every part of an annotation; the known answer types whole."""
    yield annotation
    if any(
        annotation == known
        for known in (Amount, Price, Percent, Count, SkillId, CompetencyId, RoleId, LevelId, ArchetypeId)
    ):
        return
    for inner in get_args(annotation):
        if inner is not NoneType and not isinstance(inner, str):
            yield from _types_in(inner)


def _holds(field: FieldInfo, *wanted: Any) -> bool:
    return any(part == one for part in _types_in(_annotation(field)) for one in wanted)


def _is_list(annotation: Any) -> bool:
    return any(get_origin(part) is list for part in _types_in(annotation))


def _allows_none(field: FieldInfo) -> bool:
    in_type = any(
        isinstance(meta, AllowNone)
        for part in _types_in(field.annotation)
        for meta in getattr(part, "__metadata__", ())
    )
    return in_type or any(isinstance(meta, AllowNone) for meta in field.metadata)


def _kind(path: str, field: FieldInfo, options: tuple[tuple[str, str], ...]) -> Kind:
    if path in LONG_TEXTS or path == "posting":
        return Kind.LONG
    if any(get_origin(part) is dict for part in _types_in(field.annotation)):
        return Kind.COUNTS
    if path in IN_WORDS:
        return Kind.PLACES
    if _is_list(field.annotation) or _holds(field, Texts):
        return Kind.LINES
    if _holds(field, SkillId):
        return Kind.SKILL
    if options:
        return Kind.CHOICE
    if _holds(field, bool):
        return Kind.YES_NO
    if _holds(field, date):
        return Kind.DATE
    if path == "role.scope" or _holds(field, Text):
        return Kind.TEXT
    if _holds(field, Amount, Price):
        return Kind.AMOUNT
    return Kind.NUMBER if _holds(field, int, float, Count, Percent) else Kind.TEXT


def _options(annotation: Any) -> Iterator[tuple[str, str]]:
    """The answers that a field of a closed set takes; nothing for lists, which are written out."""
    if _is_list(annotation):
        return
    spine = catalogue()
    known = {RoleId: spine.roles, LevelId: spine.levels, ArchetypeId: spine.archetypes}
    for part in _types_in(annotation):
        for kind, table in known.items():
            if part == kind:
                yield from ((id_, entry.name) for id_, entry in table.items())  # type: ignore[attr-defined]  # all are named
        if get_origin(part) is Literal:
            yield from ((str(word), _label_of_choice(str(word))) for word in get_args(part))
        elif isinstance(part, type) and issubclass(part, StrEnum) and part is not StrEnum:
            yield from ((member.value, _label_of_choice(member.value)) for member in part)


def _label_of_choice(word: str) -> str:
    if word.isupper():
        return word.capitalize()
    return (word[:1].upper() + word[1:]).replace("-", " ").replace("Ml ", "ML ").replace("24x7", "Round the clock")


__all__ = [
    "TOP_KEY",
    "FieldSpec",
    "GroupSpec",
    "Kind",
    "RowsSpec",
    "fields_by_path",
    "groups",
    "html_id",
    "rows_by_path",
]
