"""What the plan and its posting ask of the hire, in one list: practices P1, P3 and P5 read the same one."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.catalogue.model import Skill
from tenfold.checking.case import Case
from tenfold.checking.quoting import posting_says
from tenfold.kit.findings import Quote
from tenfold.plan.document import Depth
from tenfold.posting.model import Demand, PostingReading
from tenfold.posting.stated.alternatives import alternative_groups
from tenfold.posting.tool_years import tool_years

NO_OTHERS: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkillDemand:
    """One thing asked for. `skill` is None where a competency is asked for by itself.

    `field` is the plan's path, or `posting` where only the posting asks for it; `quote` is the posting's own words
    where it mentions the thing.
    """

    competency: str
    skill: Skill | None
    demand: Demand
    depth: Depth | None
    years: float | None
    field: str
    quote: Quote
    alternatives: tuple[str, ...] = ()
    """Ids of others that would do as well."""

    @property
    def name_id(self) -> str:
        return self.skill.id if self.skill else self.competency


def demanded_skills(case: Case) -> tuple[SkillDemand, ...]:
    """The plan's requirements, then what the posting names beyond them."""
    return case.cached(_find_demanded_skills)


def wanted_name(case: Case, item: SkillDemand) -> str:
    return item.skill.name if item.skill else case.spine.competencies[item.competency].name


def _find_demanded_skills(case: Case) -> tuple[SkillDemand, ...]:
    planned = _from_plan(case)
    known = {name for item in planned for name in (item.name_id, *item.alternatives)}
    return (*planned, *(item for item in case.cached(_from_posting) if item.name_id not in known))


def _from_plan(case: Case) -> list[SkillDemand]:
    lists = (
        (Demand.MUST, "must", case.plan.requirements.must),
        (Demand.NICE, "nice", case.plan.requirements.nice),
    )
    mentioned = {item.name_id: item for item in case.cached(_from_posting)}
    found = []
    for demand, name, requirements in lists:
        for index, requirement in enumerate(requirements or []):
            skill = case.spine.skills.get(requirement.skill)
            field, posted = f"requirements.{name}[{index}]", mentioned.get(requirement.skill)
            found.append(
                SkillDemand(
                    competency=skill.competency if skill else requirement.skill,
                    skill=skill,
                    demand=demand,
                    depth=requirement.depth,
                    years=requirement.years if requirement.years is not None else (posted.years if posted else None),
                    field=field,
                    quote=posted.quote if posted else Quote(f"{field}: {requirement.skill}", field),
                    alternatives=tuple(requirement.alternatives or ()),
                )
            )
    return found


def _from_posting(case: Case) -> list[SkillDemand]:
    found: list[SkillDemand] = []
    if case.reading is None:
        return found
    years = tool_years(case.reading)
    others = _alternatives(case.reading)
    for tool in case.reading.tools:
        skill = case.spine.skills.get(tool.skill_id)
        if skill is None or others.get(tool.skill_id) == ():
            continue
        said = years.get(tool.skill_id)
        mention = said or next((place for place in tool.mentions if place.demand is tool.demand), tool.mentions[0])
        found.append(
            SkillDemand(
                competency=skill.competency,
                skill=skill,
                demand=tool.demand,
                depth=None,
                years=said.value if said else None,
                field="posting",
                quote=posting_says(case.reading, mention.start, mention.end),
                alternatives=others.get(tool.skill_id, NO_OTHERS)[1:],
            )
        )
    return found


def _alternatives(reading: PostingReading) -> dict[str, tuple[str, ...]]:
    """The whole group by its first member; nothing for its other members, which are no demand of their own."""
    groups = [group for demand in (Demand.MUST, Demand.NICE) for group in alternative_groups(reading, demand)]
    return {skill: group if skill == group[0] else () for group in groups if len(group) > 1 for skill in group}
