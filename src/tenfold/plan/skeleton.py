"""A plan to fill in: what is given is set, every other key stands commented out below its description.

Lines with one `#` are answers that wait: take the `#` away and put your own value. Lines with two are explanations;
they stay comments when a whole block is uncommented. What is written walks the document's own types, so a new field of
the plan appears here by itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from tenfold.plan.answers import (
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
from tenfold.plan.document import VERSION, HiringPlan, Section
from tenfold.plan.yaml_io import TOP_KEY, sections_of

INTRODUCTION = """\
## A hiring plan for Tenfold. Nothing here is required: what is absent is unknown, and the audit will ask for it.
## Lines with one # wait for an answer: take the # away and put your own value; the word none is an answer, too.
## Then: tenfold plan validate FILE, and tenfold audit FILE."""
WIDEST = 110

# One plausible answer each, where the type alone would not show what is meant.
EXAMPLES: dict[str, Any] = {
    "company.name": "Northwind Foods",
    "company.place": "Denver, CO",
    "company.employees": 240,
    "company.employees_at": {"US-CO": 12},
    "company.stage": "series-b",
    "company.jurisdictions": ["US-CO"],
    "company.about": "We forecast what supermarkets will sell, and pay for it when we are wrong.",
    "situation.models_in_production": 3,
    "situation.models_near_production": 2,
    "situation.models_planned_12_months": 6,
    "situation.research_only": False,
    "situation.ml_engineers": 6,
    "situation.data_scientists": 4,
    "situation.platform_engineers": 5,
    "situation.teams_with_models": 2,
    "situation.manual_share": 35,
    "situation.reproducibility_pain": "some",
    "situation.tracking_pain": "some",
    "situation.inherits_technical_debt": False,
    "role.title": "Senior MLOps engineer",
    "role.scope": 60,
    "role.workplace": "hybrid",
    "role.places": ["Denver, CO"],
    "role.people_managed": 0,
    "role.start_by": date(2027, 3, 1),
    "role.projects": ["Move three models from cron jobs to one deployment path with rollback"],
    "role.day_to_day": ["Two days on the deployment path, one on monitoring, one with the modelling teams"],
    "role.rescue_statement": "Two models fail every week and nobody knows why; you may stop releases until they hold.",
    "requirements.must": [
        {"skill": "kserve", "depth": "deep", "years": 2, "why": "Every model is served so", "alternatives": ["bentoml"]}
    ],
    "requirements.nice": [{"skill": "pytorch", "alternatives": ["tensorflow"]}],
    "requirements.years_min": 4,
    "requirements.degree": "no",
    "pay.min": 180_000,
    "pay.max": 215_000,
    "pay.benchmark_date": date(2026, 10, 1),
    "pay.range_basis": "pay scale",
    "pay.bonus_percent": 10,
    "pay.equity.amount": 12_000,
    "pay.equity.vesting_years": 4,
    "pay.equity.strike": 2.1,
    "pay.equity.preferred_price": 6.4,
    "pay.equity.fully_diluted": 40_000_000,
    "pay.benefits": ["Health insurance", "Five weeks of holiday"],
    "pay.asks_pay_history": False,
    "posting": LiteralScalarString("# Senior MLOps engineer\n\nWhat you will do, what you bring, what we offer.\n"),
    "apply_by": date(2027, 1, 31),
    "assessment.instruments.name": "Repair a failing deployment",
    "assessment.instruments.lab": "broken-deployment",
    "assessment.instruments.minutes": 90,
    "assessment.instruments.raters": 2,
    "assessment.accommodations": "Write to people@northwind.example; more time is given without asking why.",
    "interviews.rounds.name": "Turn a vague request into a plan",
    "interviews.rounds.minutes": 60,
    "interviews.rounds.raters": 2,
    "interviews.decision_rule": "Mean of both raters on each competency; none below 2 of 4",
    "interviews.decided_by": "hiring manager",
    "interviews.automatic_rejection": False,
    "interviews.ai_screening": False,
    "interviews.feedback_within_days": 5,
    "reporting.manager": "head of ML platform",
    "reporting.other_lines": "none",
    "reporting.dotted_line": "head of infrastructure",
    "decision_rights.decision": "deployment-standards",
    "decision_rights.accountable": ["this role"],
    "decision_rights.consulted": ["ML engineers"],
    "incentives.team": "this role",
    "incentives.metrics": ["deployment-velocity", "model-uptime"],
    "on_call.people": 6,
    "on_call.pages_per_shift": 1,
    "growth.ladder.level": "senior",
    "growth.ladder.scope": "team",
    "growth.ladder.behaviours": ["Leads an incident review that changes how the team deploys"],
    "growth.ladder.years": 5,
    "growth.learning_budget": 4_000,
    "growth.learning_time": 10,
    "growth.widening_scope": ["deployment pipelines", "feature store", "monitoring"],
    "growth.promotion_review_months": 6,
    "retention.pay_review_months": 12,
    "retention.pay_review_source": "Tenfold market snapshot",
    "retention.impact_metrics": ["deployment velocity", "model uptime"],
    "retention.helpdesk_share": 15,
    "retention.one_on_ones_weeks": 2,
    "retention.one_on_one_topics": ["growth", "blockers", "career"],
    "retention.backfill_plan": "Two platform engineers share the rotation; six months are budgeted",
    "retention.individual_risk_scores": False,
}
_BY_TYPE: tuple[tuple[Any, Any], ...] = (
    (RoleId, "mlops"),
    (LevelId, "senior"),
    (ArchetypeId, "pipelines-and-tracking"),
    (SkillId, "kubernetes"),
    (CompetencyId, "model-serving"),
    (Amount, 100_000),
    (Price, 5),
    (Percent, 10),
    (Count, 2),
    (bool, True),
    (int, 2),
    (float, 2),
    (date, date(2027, 3, 1)),
    (str, "in your own words"),
)


def skeleton(
    given: HiringPlan | Mapping[str, Any] | None = None,
    *,
    notes: Mapping[str, str] | None = None,
    introduction: str = INTRODUCTION,
) -> str:
    """The YAML text. `given` is set as it is; `notes` are lines of explanation by field, such as where it was read."""
    values = _plain(given)
    lines = [introduction, "", f"{TOP_KEY}: {VERSION}"]
    for name, field in HiringPlan.model_fields.items():
        if name != TOP_KEY:
            lines += ["", *_field((name,), field, values.get(name), notes or {})]
    return "\n".join(lines) + "\n"


def example(path: str, annotation: Any) -> Any:
    """One answer that this field takes."""
    if path in EXAMPLES:
        return EXAMPLES[path]
    for known, value in _BY_TYPE:
        if annotation == known:
            return value
    origin = get_origin(annotation)
    if origin is Literal:
        return get_args(annotation)[0]
    if origin is dict:
        key, inner = get_args(annotation)
        return {example(path, key): example(path, inner)}
    if origin is list:
        return [example(path, get_args(annotation)[0])]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation)).value
    inner = [part for part in get_args(annotation) if part is not NoneType]
    return example(path, inner[0]) if inner else "in your own words"


def _field(path: tuple[str, ...], field: FieldInfo, value: Any, notes: Mapping[str, str]) -> Iterator[str]:
    section = next(sections_of(field.annotation), None)
    blanks = "  " * (len(path) - 1)
    for line in (field.description or (section.__doc__ if section else "") or "", notes.get(".".join(path), "")):
        yield from _explain(line, blanks)
    if section is None or (value is not None and not isinstance(value, dict)):
        shown = _answer(path, field) if value is None else value
        waiting = f"{blanks}# " if value is None else blanks
        yield from (f"{waiting}{line}".rstrip() for line in _yaml_lines({path[-1]: shown}))
        return
    yield f"{blanks}{path[-1]}:"
    if _is_list(field.annotation):
        yield from (f"{blanks}  # {line}" for line in _yaml_lines([_item(path, section)]))
    else:
        for name, inner in section.model_fields.items():
            yield from _field((*path, name), inner, (value or {}).get(name), notes)


def _answer(path: tuple[str, ...], field: FieldInfo) -> Any:
    """The default where there is one, else an example."""
    has_default = field.default is not PydanticUndefined and field.default is not None
    return field.default if has_default else example(".".join(path), field.annotation)


def _item(path: tuple[str, ...], section: type[Section]) -> Any:
    """One item of a list of sections, every key answered."""
    spelled = ".".join(path)
    if spelled in EXAMPLES:
        return EXAMPLES[spelled][0]
    return {name: example(f"{spelled}.{name}", field.annotation) for name, field in section.model_fields.items()}


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(_is_list(part) for part in get_args(annotation))


def _explain(text: str, blanks: str) -> Iterator[str]:
    words, line = text.split(), ""
    for word in words:
        if len(blanks) + 3 + len(line) + 1 + len(word) > WIDEST:
            yield f"{blanks}## {line}"
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield f"{blanks}## {line}"


def _plain(given: HiringPlan | Mapping[str, Any] | None) -> dict[str, Any]:
    if given is None:
        return {}
    values = given.model_dump(mode="python", exclude_unset=True) if isinstance(given, HiringPlan) else dict(given)
    cleaned = _clean(values)
    return cleaned if isinstance(cleaned, dict) else {}


def _clean(value: Any) -> Any:
    """Plain YAML values; what is None or empty by absence is gone."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        kept = {str(key): _clean(inner) for key, inner in value.items()}
        stated = {key: inner for key, inner in kept.items() if inner is not None}
        return stated["skill"] if set(stated) == {"skill"} else stated or None  # a requirement may be one word
    if isinstance(value, list | tuple):
        return [{} if inner is None else inner for inner in map(_clean, value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value else value


def _yaml_lines(value: Any) -> list[str]:
    yaml = YAML(typ="rt")
    yaml.width = 4_096
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(value, out)
    lines = out.getvalue().rstrip("\n").split("\n")
    return [line[2:] for line in lines] if isinstance(value, list) else lines
