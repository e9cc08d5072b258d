"""P1: does the role ask for MLOps, with tools that live?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from tenfold.catalogue.dated import DatedStatus, dated_status
from tenfold.catalogue.model import Kind, Skill, Status
from tenfold.checking.case import Case
from tenfold.checking.demanded_skills import SkillDemand, demanded_skills
from tenfold.checking.quoting import plan_says, posting_says
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.kit.findings import Observation, Quote, Severity, Verdict
from tenfold.kit.words import inside, join, on_day, plural
from tenfold.plan.answers import is_stated
from tenfold.plan.document import Interview
from tenfold.posting.model import Demand
from tenfold.practices.requirements.engine import AreaDemand, MlopsShare, mlops_share, must_haves_missing

requirements = Ruleset("requirements")
WEIGHT = {Demand.MUST: 1.0, Demand.NICE: 0.5, Demand.CONTEXT: 0.25}


def check(case: Case) -> Verdict:
    return requirements.check(case)


@requirements.rule(
    "none-given",
    requirement="P1.2",
    severity=Severity.NOTE,
    why="Without requirements, nobody can tell whether this is MLOps.",
    facts=("requirements.areas",),
)
def no_must_haves(case: Case) -> Iterator[QuestionDraft]:
    if not demanded_skills(case):
        yield QuestionDraft("requirements.must", "What must the hire bring? Name skills, one a line.")


@requirements.rule(
    "devops-only",
    requirement="P1.2",
    severity=Severity.FIX,
    why="A DevOps posting under an MLOps title attracts DevOps engineers who have never worked with models.",
    facts=("requirements.share_wrong", "requirements.share_look", "requirements.areas", "requirements.areas_many"),
)
def devops_only(case: Case) -> Iterator[FindingDraft]:
    share = measure_share(case)
    if not _is_mlops(case) or share.percent is None:
        return
    wrong, look = case.facts.number("requirements.share_wrong"), case.facts.number("requirements.share_look")
    if share.percent >= look or len(share.areas) >= case.facts.number("requirements.areas_many"):
        return
    missing = join([inside(case.spine.areas[area].name) for area in share.missing])
    generic = [item for item in demanded_skills(case) if _area_group(case, item) == "infrastructure"]
    yield FindingDraft(
        what="This asks for a DevOps engineer, not an MLOps engineer."
        if share.percent < wrong
        else "The ML side of this role is thin.",
        why=f"{share.percent:.0f} % of what it asks for is ML operations; the rest is generic infrastructure "
        f"(n = {share.n} skills). Nothing on {missing}.",
        fix=f"Say which models the person will run and name what you use for {_first(case, share.missing)}; or post it "
        "as a DevOps role.",
        field="requirements.must",
        severity=Severity.FIX if share.percent < wrong else Severity.REVIEW,
        flips=f"{plural(must_haves_missing(share, look), 'more ML-operations must-have')}.",
        evidence=tuple(item.quote for item in generic[:6]),
    )


@requirements.rule(
    "few-areas",
    requirement="P1.1",
    severity=Severity.REVIEW,
    why="One area of six is a tool, not a role.",
    facts=("requirements.areas_named", "requirements.areas"),
)
def few_areas(case: Case) -> Iterator[FindingDraft]:
    share, needed = measure_share(case), case.facts.number("requirements.areas_named")
    if not _is_mlops(case) or not demanded_skills(case) or len(share.areas) >= needed:
        return
    if share.percent is not None and share.percent < case.facts.number("requirements.share_look"):
        return
    named = join([inside(case.spine.areas[area].name) for area in share.areas])
    yield FindingDraft(
        what=f"Only one of the six ML-operations areas is named: {named}."
        if named
        else "No ML-operations area is named.",
        why="Missing: " + join([inside(case.spine.areas[area].name) for area in share.missing]) + ".",
        fix=f"Add to the must-haves what this person will really run, starting with {_first(case, share.missing)}.",
        field="requirements.must",
        flips=f"Naming {needed:g} areas.",
        evidence=tuple(item.quote for item in demanded_skills(case)[:5]),
    )


@requirements.rule(
    "dead-skill",
    requirement="P1.1",
    severity=Severity.REVIEW,
    why="Asking for a discontinued project tells every expert that nobody has checked lately.",
)
def dead_skill(case: Case) -> Iterator[FindingDraft]:
    for item in demanded_skills(case):
        for name in (item.name_id, *item.alternatives):
            skill = case.spine.skills.get(name)
            status = dated_status(skill) if skill else None
            if status and (status.on(case.as_of) is not Status.ALIVE or status.ends_after(case.as_of)):
                yield _ended_skill(case, status, field=item.field, quote=_own_quote(case, item, name))


@requirements.rule(
    "retired-certification",
    requirement="P1.1",
    severity=Severity.REVIEW,
    why="Nobody can take an exam that has been retired.",
    facts=("requirements.aws_ml_specialty",),
)
def retired_certification(case: Case) -> Iterator[FindingDraft]:
    for cited in case.reading.certifications if case.reading else ():
        skill = case.spine.skills.get(cited.value)
        status = dated_status(skill) if skill else None
        if case.reading and status and status.skill.status is not Status.ALIVE:
            quote = posting_says(case.reading, cited.start, cited.end)
            yield _ended_skill(case, status, field="posting", quote=quote)


def _leave_out(case: Case, ended: Skill, successor: Skill | None) -> str:
    """What to write where the posting names, beside an ended tool, others that do its work."""
    reading = case.reading
    own = next((tool for tool in reading.tools if tool.skill_id == ended.id), None) if reading else None
    if reading is None or own is None:
        return ""
    start = reading.text.rfind("\n", 0, own.mentions[0].start) + 1
    end = reading.text.find("\n", start)
    others = [
        tool.name
        for tool in reading.tools
        if tool.skill_id != ended.id
        and case.spine.skills[tool.skill_id].status is Status.ALIVE
        and (
            (successor is not None and tool.skill_id == successor.id)
            or (
                case.spine.skills[tool.skill_id].area == ended.area
                and any(start <= mention.start < end for mention in tool.mentions)
            )
        )
    ]
    return f"Leave {ended.name} out; the posting also names {join(others[:3])}." if others else ""


def _own_quote(case: Case, item: SkillDemand, name: str) -> Quote:
    """Where the posting names this one of several that would do; the demand's own quote elsewhere."""
    reading = case.reading
    if reading is None or name == item.name_id:
        return item.quote
    mentions = [mention for tool in reading.tools if tool.skill_id == name for mention in tool.mentions]
    return posting_says(reading, mentions[0].start, mentions[0].end) if mentions else item.quote


def _ended_skill(case: Case, status: DatedStatus, *, field: str, quote: Quote) -> FindingDraft:
    """What is said of a tool, project or certificate that has ended or is known to end, with its day and successor."""
    skill, successor = status.skill, case.spine.successor(status.skill)
    is_certificate = skill.kind is Kind.CERTIFICATION
    instead = f"Ask for {successor.name}" if successor else "Ask for what you will use next"
    knowledge = "Ask for the knowledge" + (f", or for {successor.name}" if successor else "")
    return FindingDraft(
        what=f"{skill.name} {_has_ended(status, case.as_of)}.",
        why=skill.status_note.rstrip(".") + "." if skill.status_note else "The project is no longer developed.",
        fix=f"{knowledge}; certificates are no proof of skill either way."
        if is_certificate
        else _leave_out(case, skill, successor)
        or (
            f"Write {successor.name}, its name now."
            if successor and skill.status is Status.RENAMED
            else f"{instead}, or say that the job is to move away from {skill.name}."
        ),
        field=field,
        evidence=(quote,),
        sources=(status.as_fact(),) if status.source else (),
    )


@requirements.rule(
    "interviews-generic",
    requirement="P1.2",
    severity=Severity.REVIEW,
    why="Interviews that never mention models hire whoever talks best about clusters.",
    facts=("requirements.areas",),
)
def interviews_generic(case: Case) -> Iterator[FindingDraft]:
    discussed = _discussed_areas(case)
    if not _is_mlops(case) or not discussed or any(case.spine.areas[area].mlops for area in discussed):
        return
    yield FindingDraft(
        what="No interview covers ML operations.",
        why=f"The rounds cover {join([inside(case.spine.areas[area].name) for area in discussed])}.",
        fix=f"Add a scenario to “{_rounds(case)[0].name or 'the first round'}”: a model that decays, a feature "
        f"that goes "
        "stale, a bad rollback.",
        field="interviews.rounds",
        flips="One round on an ML-operations competency.",
        evidence=plan_says(case, *(f"interviews.rounds[{index}].assesses" for index in range(len(_rounds(case))))),
    )


@requirements.rule(
    "posting-differs",
    requirement="P1.2",
    severity=Severity.REVIEW,
    why="Candidates prepare for the posting and are assessed against the plan.",
)
def posting_differs(case: Case) -> Iterator[FindingDraft]:
    planned = {item.name_id: item for item in demanded_skills(case) if item.field.startswith("requirements.must")}
    if case.reading is None or not planned:
        return
    posted = {tool.skill_id for tool in case.reading.tools}
    unsaid = [item for key, item in planned.items() if item.skill and item.skill.is_tool and key not in posted]
    extra = [item for item in demanded_skills(case) if item.field == "posting" and item.demand is Demand.MUST]
    if unsaid:
        yield FindingDraft(
            what=f"The posting does not mention {join([_name(case, item) for item in unsaid])}, which the "
            "plan requires.",
            why="People who have these skills cannot know that they fit.",
            fix=f"Write {join([_name(case, item) for item in unsaid])} under the posting's requirements, or take "
            f"{'it' if len(unsaid) == 1 else 'them'} out of the plan’s must-haves.",
            field="posting",
            publishes=("requirements.must",),
            evidence=tuple(item.quote for item in unsaid[:6]),
        )
    if extra:
        yield FindingDraft(
            what=f"The posting requires {join([_name(case, item) for item in extra])}; the plan does not.",
            why="Each extra must-have turns good people away for something you did not plan to need.",
            fix=f"Move {join([_name(case, item) for item in extra[:5]])} under “Nice to have” in the posting, or "
            f"add to "
            "the plan’s must-haves what you really need.",
            field="posting",
            evidence=tuple(item.quote for item in extra[:6]),
        )


@requirements.summary
def what_was_weighed(case: Case) -> Iterator[Observation]:
    share = measure_share(case)
    if share.percent is not None:
        yield Observation(f"{share.percent:.0f} % of what is asked for is ML-operations (n = {share.n} skills).")
    if share.areas:
        yield Observation(f"Areas named: {join([inside(case.spine.areas[area].name) for area in share.areas])}.")


def measure_share(case: Case) -> MlopsShare:
    """The ML-operations share of everything asked for; areas that the posting names without a tool count as one ask."""
    spine = case.spine
    asks = [AreaDemand(spine.areas[_area(case, item)], WEIGHT[item.demand]) for item in demanded_skills(case)]
    named = {ask.area.id for ask in asks}
    read = [cited.value for cited in case.reading.ml_ops_areas] if case.reading else []
    asks.extend(AreaDemand(spine.areas[area], 1.0) for area in dict.fromkeys(read) if area not in named)
    return mlops_share(asks, spine.mlops_areas, enough=case.facts.number("requirements.enough"))


def _is_mlops(case: Case) -> bool:
    return case.plan.role.family == "mlops"


def _area(case: Case, item: SkillDemand) -> str:
    return item.skill.area if item.skill else case.spine.competencies[item.competency].area


def _area_group(case: Case, item: SkillDemand) -> str:
    return case.spine.areas[_area(case, item)].group


def _first(case: Case, areas: Sequence[str]) -> str:
    return join([inside(case.spine.areas[area].name) for area in areas[:3]])


def _name(case: Case, item: SkillDemand) -> str:
    return item.skill.name if item.skill else case.spine.competencies[item.competency].name


def _has_ended(status: DatedStatus, as_of: date) -> str:
    since = f" on {on_day(status.since)}" if status.since else ""
    if status.ends_after(as_of):
        return f"will be retired{since}"
    return {
        Status.RENAMED: "has another name now",
        Status.ARCHIVED: "is no longer maintained",
        Status.RETIRED: f"{'was' if since else 'has been'} retired{since}",
        Status.ALIVE: "is alive",
    }[status.skill.status]


def _rounds(case: Case) -> list[Interview]:
    plan = is_stated(case.plan.interviews)
    return (plan.rounds or []) if plan else []


def _discussed_areas(case: Case) -> list[str]:
    names = [name for round_ in _rounds(case) for name in round_.assesses or []]
    return list(dict.fromkeys(case.spine.competencies[name].area for name in names))
