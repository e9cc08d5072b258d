"""What a plan assesses with which labs, and which labs on offer fit it."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.checking.case import Case
from tenfold.checking.demanded_skills import demanded_skills
from tenfold.kit.words import inside, join
from tenfold.labs import registry
from tenfold.labs.registry import LabSummary
from tenfold.plan.answers import NONE, is_stated
from tenfold.plan.document import Instrument, InstrumentKind
from tenfold.posting.model import Demand
from tenfold.practices.labs.coverage import (
    WORK_SAMPLES,
    Coverage,
    Evidence,
    cover,
    infrastructure_share,
)

_MOST_OFFERED = 3


SCOPE_GROUPS = ("ml-operations", "infrastructure", "ml")


def lab_registry(_: Case) -> dict[str, LabSummary]:
    return {lab.slug: lab for lab in registry.summaries(registry.labs_folder())}


def plan_labs(case: Case) -> list[tuple[int, LabSummary]]:
    """The known labs among the instruments, with the instrument's index."""
    known = case.cached(lab_registry)
    return [(index, known[item.lab]) for index, item in enumerate(plan_instruments(case)) if item.lab in known]


def fitting_labs(case: Case) -> list[LabSummary]:
    """The labs made for the role's scope and level, those that look at most of its must-haves first."""
    role, musts = case.plan.role, set(must_haves(case))
    share = None if role.scope is None else role.scope / 100
    found = [lab for lab in case.cached(lab_registry).values() if lab.fits(infra_share=share, level=role.level)]
    # A lab that looks at no must-have is no answer where some are known.
    found = [lab for lab in found if not musts or musts & set(lab.competencies)]
    return sorted(found, key=lambda lab: (-len(musts & set(lab.competencies)), lab.minutes))


def matching_labs(case: Case, offered: Sequence[LabSummary]) -> str:
    """`slow-inference` (45 minutes, 3 of 6 must-haves) and so on, three at most."""
    musts = set(must_haves(case))
    seen = f", {{}} of {len(musts)} must-haves" if musts else ""
    return join(
        [
            f"`{lab.slug}` ({lab.minutes} minutes{seen.format(len(musts & set(lab.competencies)))})"
            for lab in offered[:_MOST_OFFERED]
        ]
    )


def suggest_labs(case: Case) -> str:
    fitting = fitting_labs(case)
    if not fitting:
        return "No lab that ships fits the scope and level: add a code review of a change to ML infrastructure."
    return f"Add one lab that fits the role: {matching_labs(case, fitting)}."


def labs_for(case: Case, untested: Sequence[str]) -> str:
    used = {lab.slug for _, lab in plan_labs(case)}
    helpful = [lab for lab in fitting_labs(case) if lab.slug not in used and set(untested) & set(lab.competencies)]
    looked_at = [
        f"`{lab.slug}` looks at {competency_names(case, [n for n in untested if n in lab.competencies])}"
        for lab in helpful
    ]
    return f"The lab {join(looked_at[:_MOST_OFFERED])}. " if looked_at else ""


def competency_names(case: Case, competencies: Sequence[str]) -> str:
    return join([inside(case.spine.competencies[name].name) for name in competencies])


def lab_names(item: Instrument) -> str:
    return f"“{item.name}”" if item.name else "A work sample"


def plan_instruments(case: Case) -> list[Instrument]:
    return case.cached(_instruments_filled_in)


def _instruments_filled_in(case: Case) -> list[Instrument]:
    """The plan's instruments; what it leaves open of one that is a known lab is as the lab says."""
    assessment = is_stated(case.plan.assessment)
    known = case.cached(lab_registry)
    return [
        _filled_in(item, known[item.lab]) if item.lab in known else item
        for item in (assessment.instruments or [] if assessment else [])
    ]


def _filled_in(item: Instrument, lab: LabSummary) -> Instrument:
    own = {
        "kind": InstrumentKind.LAB,
        "minutes": lab.minutes,
        "assesses": list(lab.competencies),
        "graded": "automatic",
    }
    return item.model_copy(update={key: value for key, value in own.items() if getattr(item, key) is None})


def must_haves(case: Case) -> list[str]:
    return list(dict.fromkeys(item.competency for item in demanded_skills(case) if item.demand is Demand.MUST))


def _evidence(case: Case) -> list[Evidence]:
    plan = is_stated(case.plan.interviews)
    rounds = (plan.rounds or []) if plan else []
    return [
        *(Evidence(item.kind or "", tuple(item.assesses or ())) for item in plan_instruments(case)),
        *(Evidence("interview", tuple(round_.assesses or ())) for round_ in rounds),
    ]


def coverage_of(case: Case) -> Coverage | None:
    """None where the plan says nothing yet about how candidates are assessed."""
    if not plan_instruments(case) and case.plan.assessment is not NONE:
        return None
    if not says_what_is_assessed(case):
        return None
    return cover(must_haves(case), _evidence(case), most=int(case.facts.number("labs.most_instruments")))


def says_what_is_assessed(case: Case) -> bool:
    """Whether anything says what it looks at, or nothing is done at all; names and minutes alone leave that open."""
    plan = is_stated(case.plan.interviews)
    said = [item.assesses for item in plan_instruments(case)]
    said += [round_.assesses for round_ in (plan.rounds or [] if plan else [])]
    return not said or any(assesses is not None for assesses in said)


def places_assessing(case: Case, competency: str) -> list[str]:
    plan = is_stated(case.plan.interviews)
    rounds = (plan.rounds or []) if plan else []
    return [
        *(
            f"assessment.instruments[{i}].assesses"
            for i, item in enumerate(plan_instruments(case))
            if competency in (item.assesses or [])
        ),
        *(f"interviews.rounds[{i}].assesses" for i, item in enumerate(rounds) if competency in (item.assesses or [])),
    ]


def candidate_minutes(case: Case) -> int:
    plan = is_stated(case.plan.interviews)
    rounds = (plan.rounds or []) if plan else []
    return sum(item.minutes or 0 for item in plan_instruments(case)) + sum(round_.minutes or 0 for round_ in rounds)


def samples_share(case: Case) -> float | None:
    spine = case.spine
    weights = {
        competency.id: spine.areas[competency.area].infra_weight
        for competency in spine.competencies.values()
        if spine.areas[competency.area].group in SCOPE_GROUPS
    }
    samples = [item for item in _evidence(case) if item.kind in WORK_SAMPLES]
    return infrastructure_share(samples, weights)
