"""Any valid plan: hypothesis strategies that walk the document's own types, so that a new field is drawn by itself."""

from __future__ import annotations

from datetime import date
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from tenfold.catalogue.store import catalogue
from tenfold.plan.answers import Amount, ArchetypeId, CompetencyId, Day, LevelId, Nothing, Percent, RoleId, SkillId
from tenfold.plan.document import Section

SPINE = catalogue()
WORDS = ["growth", "Platform lead", "this role", "US-CO", "Denver, CO", "60 %: “so so”", "reliability", "x\ny", "# no"]
KNOWN: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (RoleId, st.sampled_from(list(SPINE.roles))),
    (LevelId, st.sampled_from(list(SPINE.levels))),
    (ArchetypeId, st.sampled_from(list(SPINE.archetypes))),
    (SkillId, st.sampled_from(list(SPINE.skills))),
    (CompetencyId, st.sampled_from(list(SPINE.competencies))),
    (Amount, st.integers(0, 400_000)),
    (Percent, st.integers(0, 100)),
    (Day, st.dates(date(2024, 1, 1), date(2028, 12, 31)).map(str)),
    (bool, st.booleans()),
    (str, st.sampled_from(WORDS)),
]
NAMED: dict[str, st.SearchStrategy[Any]] = {
    "tenfold_plan": st.just(1),
    "currency": st.sampled_from(["USD", "EUR"]),
    "employees_at": st.dictionaries(st.sampled_from(["US-CO", "US-NY"]), st.integers(0, 500)),
    "metrics": st.lists(st.sampled_from(["deployment-velocity", "model-uptime", "reliability", "cost"]), max_size=3),
    "decision": st.sampled_from(["ml-infrastructure", "deployment-standards", "tool-choice", "lunch"]),
    "posting": st.none(),
}


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """What a field of this type may hold, as YAML would say it."""
    for known, strategy in KNOWN:
        if annotation == known:
            return strategy
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is list:
        return st.lists(values(inner[0]), max_size=3)
    if isinstance(annotation, type):
        return _of_class(annotation)
    if hasattr(annotation, "__metadata__"):
        return values(inner[0])
    return st.one_of([values(part) for part in inner if part is not NoneType])


def _of_class(annotation: type) -> st.SearchStrategy[Any]:
    if annotation is Nothing:
        return st.just("none")
    if issubclass(annotation, Section):
        return sections(annotation)
    if issubclass(annotation, Enum):
        return st.sampled_from([member.value for member in annotation])
    return st.integers(1, 10)


def sections(owner: type[Section]) -> st.SearchStrategy[dict[str, Any]]:
    """A section as plain values, each optional key there or not."""
    fields = {
        name: NAMED[name] if name in NAMED else values(_annotated(field)) for name, field in owner.model_fields.items()
    }
    required = {name: strategy for name, strategy in fields.items() if owner.model_fields[name].is_required()}
    optional = {name: strategy for name, strategy in fields.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional).map(_ordered)


def _annotated(field: FieldInfo) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _ordered(section: dict[str, Any]) -> dict[str, Any]:
    if section.get("min") is not None and section.get("max") is not None:
        section["min"], section["max"] = sorted((section["min"], section["max"]))
    return {name: value for name, value in section.items() if value not in (None, {})}
