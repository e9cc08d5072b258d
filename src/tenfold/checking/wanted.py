"""What the plan and its posting ask of the hire, in one list: practices P1, P3 and P5 read the same one."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.catalogue.model import Skill
from tenfold.checking.case import Case
from tenfold.kit.findings import Quote
from tenfold.plan.document import Depth
from tenfold.posting.model import Demand


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing asked for. `skill` is None where a competency is asked for by itself.

    `field` is the plan's path, or `posting` where only the posting asks for it.
    """

    competency: str
    skill: Skill | None
    demand: Demand
    depth: Depth | None
    years: float | None
    field: str
    quote: Quote

    @property
    def name_id(self) -> str:
        return self.skill.id if self.skill else self.competency


def wanted(case: Case) -> tuple[Wanted, ...]:
    """The plan's requirements, then what the posting names beyond them."""
    planned = _planned(case)
    known = {item.name_id for item in planned}
    return (*planned, *(item for item in _posted(case) if item.name_id not in known))


def wanted_name(case: Case, item: Wanted) -> str:
    return item.skill.name if item.skill else case.spine.competencies[item.competency].name


def _planned(case: Case) -> list[Wanted]:
    lists = (
        (Demand.MUST, "must", case.plan.requirements.must),
        (Demand.NICE, "nice", case.plan.requirements.nice),
    )
    found = []
    for demand, name, requirements in lists:
        for index, requirement in enumerate(requirements or []):
            skill = case.spine.skills.get(requirement.skill)
            field = f"requirements.{name}[{index}]"
            found.append(
                Wanted(
                    competency=skill.competency if skill else requirement.skill,
                    skill=skill,
                    demand=demand,
                    depth=requirement.depth,
                    years=requirement.years,
                    field=field,
                    quote=Quote(f"{field}: {requirement.skill}", field),
                )
            )
    return found


def _posted(case: Case) -> list[Wanted]:
    found = []
    for tool in case.reading.tools if case.reading else ():
        skill = case.spine.skills.get(tool.skill_id)
        if skill is None:
            continue
        mention = next((place for place in tool.mentions if place.demand is tool.demand), tool.mentions[0])
        found.append(
            Wanted(
                competency=skill.competency,
                skill=skill,
                demand=tool.demand,
                depth=None,
                years=None,
                field="posting",
                quote=Quote(mention.text, "posting", mention.start, mention.end),
            )
        )
    return found
