"""What a plan and its posting demand of one person, as the rules of P3 look at it."""

from __future__ import annotations

import re
from datetime import date

from tenfold.catalogue.model import Skill
from tenfold.checking.case import Case
from tenfold.checking.demanded_skills import SkillDemand, demanded_skills, wanted_name
from tenfold.checking.quoting import posting_says
from tenfold.checking.real_postings import postings_fact
from tenfold.kit.facts import Evidence, Fact
from tenfold.kit.findings import Quote
from tenfold.kit.words import join
from tenfold.plan.answers import is_stated
from tenfold.plan.document import Depth
from tenfold.posting.base_rates import base_rates
from tenfold.posting.deep_names import fields_of_depth
from tenfold.posting.model import Cited, Demand, PostingReading, SectionKind
from tenfold.posting.young_fields import FieldYears
from tenfold.practices.skills.engine import (
    CORE,
    DEEP_AREA_OF_GROUP,
    LEARNABLE,
    TeamCover,
    Unicorn,
    is_expertise,
    is_mastery,
    team_cover,
)

_MUST_HEADING = re.compile(
    r"\bmust[- ]haves?\b|\bmandatory\b|\bessential (?:skills|criteria|requirements)\b|\brequired\b|\bminimum\b"
    r"|\bbasic qualifications\b",
    re.IGNORECASE,
)


MOST_PAIRS = 2


BETWEEN_TRADES = ("mlops", "ml-engineer", "ai-infrastructure")


def names_must_haves(reading: PostingReading) -> bool:
    """Whether a heading says that what stands below it is a must, beside which nothing else is asked for."""
    return any(_MUST_HEADING.search(section.heading) for section in reading.sections)


def first_of_field(found: FieldYears) -> Fact:
    field = found.field
    return Fact(
        key=f"posting.young_fields.{field.id}",
        value=field.first,
        unit="year",
        statement=f"{field.name}: {field.because}",
        as_of=date(2026, 11, 27),
        source="first of its kind",
        evidence=field.evidence,
        url=field.source,
    )


def first_release(skill: Skill, year: int) -> Fact:
    return Fact(
        key=f"catalogue.{skill.id}.first_release",
        value="",
        unit="",
        statement=f"{skill.name} came out in {year}",
        as_of=date(year, 12, 31),
        source=f"First release of {skill.name}",
        evidence=Evidence.SECONDARY,
        url=skill.first_release_source,
    )


def first_to_go(case: Case) -> str:
    return join([wanted_name(case, item) for item in least_common(case, must_haves(case))[:4]])


def tool_name(case: Case, skill: str) -> str:
    return case.spine.skills[skill].name


def least_common(case: Case, musts: list[SkillDemand]) -> list[SkillDemand]:
    """Must-haves in the order in which to let go: a neighbour's trade, then what few real postings ask for."""
    asked = base_rates().alone
    own_trade = case.plan.role.family not in BETWEEN_TRADES
    core = frozenset().union(*CORE.values())
    in_duties = _named_in_duties(case)

    def by_need(item: SkillDemand) -> tuple[bool, bool, bool, bool, int]:
        neighbours = item.competency in LEARNABLE and not own_trade
        mlops = case.spine.areas[_area(case, item)].mlops
        named = item.name_id in in_duties
        return not neighbours, item.competency in core, named, mlops, asked.get(item.name_id, 0)

    return sorted(musts, key=by_need)


def _named_in_duties(case: Case) -> frozenset[str]:
    """Tools that the title or the duties name: the job is done with them."""
    reading = case.reading
    if reading is None:
        return frozenset()
    spans = [(line.start, line.end) for line, kind in zip(reading.lines, reading.line_kinds, strict=True)
             if kind in (SectionKind.DUTIES, SectionKind.HEADER)]  # fmt: skip
    return frozenset(
        tool.skill_id for tool in reading.tools
        if any(start <= mention.start < end for mention in tool.mentions for start, end in spans)
    )  # fmt: skip


def pairs_fact() -> Fact:
    rates = base_rates()
    return postings_fact(
        "pairs", rates.n, "postings", "How often two tools are asked for together, must-have or nice-to-have", rates.n
    )


def must_haves(case: Case) -> list[SkillDemand]:
    return [item for item in demanded_skills(case) if item.demand is Demand.MUST]


def areas_as_competencies(case: Case) -> list[str]:
    """ML-operations areas that the posting names without a tool, as the competencies that stand for them."""
    named = {cited.value for cited in case.reading.ml_ops_areas} if case.reading else set()
    return [competency.id for competency in case.spine.competencies.values() if competency.area in named]


def find_unicorn(case: Case) -> Unicorn:
    planned = [DEEP_AREA_OF_GROUP.get(_group(case, item), "") for item in must_haves(case) if item.depth is Depth.DEEP]
    read = [cited.value for cited in _expert_demands(case)]
    areas = [area for area in dict.fromkeys((*planned, *read)) if area and area != "leadership"]
    leads = "leadership" in read or (case.plan.role.people_managed or 0) > 0
    level = case.plan.role.level
    return Unicorn(tuple(areas), leads, modest=level in ("junior", "mid"))


def expert_areas(case: Case) -> set[str]:
    """Areas demanded at a depth that takes years of doing little else; “strong” and “proven” are weaker words."""
    planned = {_group(case, item) for item in must_haves(case) if item.depth is Depth.DEEP}
    text = case.reading.text if case.reading else ""
    read = {cited.value for cited in _expert_demands(case) if is_expertise(text[cited.start : cited.end])}
    return {DEEP_AREA_OF_GROUP.get(group, "") for group in planned} - {""} | read


def _expert_demands(case: Case) -> list[Cited[str]]:
    """Areas that the posting demands in words of mastery; years alone, or “solid”, do not make an expert."""
    reading = case.reading
    return (
        [cited for cited in fields_of_depth(reading) if is_mastery(reading.text[cited.start : cited.end])]
        if reading
        else []
    )


def deep_quotes(case: Case) -> tuple[Quote, ...]:
    planned = [item.quote for item in must_haves(case) if item.depth is Depth.DEEP]
    read = (
        [posting_says(case.reading, cited.start, cited.end) for cited in _expert_demands(case)] if case.reading else []
    )
    return tuple((*planned, *read)[:8])


def _group(case: Case, item: SkillDemand) -> str:
    return case.spine.areas[_area(case, item)].group


def _area(case: Case, item: SkillDemand) -> str:
    return item.skill.area if item.skill else case.spine.competencies[item.competency].area


def people_skills(case: Case) -> list[list[str]]:
    spine = case.spine
    return [
        [spine.skills[name].competency if name in spine.skills else name for name in person.skills or []]
        for person in is_stated(case.plan.team) or []
    ]


def cover_of_team(case: Case) -> TeamCover | None:
    if not people_skills(case):
        return None
    needed = [item.competency for item in must_haves(case)]
    return team_cover(needed, people_skills(case), enough=case.facts.number("skills.team_cover"))
