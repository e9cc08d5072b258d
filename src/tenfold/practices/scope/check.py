"""P4: does the posting describe the job that the plan and the title declare?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from tenfold.catalogue.titles import families_in_title
from tenfold.checking.case import Case
from tenfold.checking.contradictions import PAY_KINDS, posting_contradictions
from tenfold.checking.quoting import plan_says, posting_says
from tenfold.checking.real_postings import compare_with_postings
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.checking.scopes import profile_of
from tenfold.kit.findings import Observation, Quote, Severity, Verdict
from tenfold.kit.words import inside, plural, shorten
from tenfold.posting.family import contradicted_title, is_named_behind, neighbours
from tenfold.posting.vagueness import VagueDuties, vague_duties
from tenfold.practices.scope.engine import ARCHETYPE_RANGE, gap

scope = Ruleset("scope")
FEWEST_DUTIES = 6
FEWEST_ALL_VAGUE = 3
"""Of 77 labelled postings, none with so many duties has only vague ones."""


def check(case: Case) -> Verdict:
    return scope.check(case)


@scope.rule(
    "undeclared",
    requirement="P4.1",
    severity=Severity.NOTE,
    why="MLOps is three different jobs under one name, with different candidates and pay.",
    facts=("scope.profiles",),
)
def scope_not_declared(case: Case) -> Iterator[QuestionDraft]:
    if case.plan.role.family is None:
        yield QuestionDraft(
            "role.family",
            "Which role is this: mlops, ml-engineer, ai-infrastructure, data-engineer or devops?",
        )
    if case.plan.role.scope is None:
        share = case.reading.infra_share if case.reading else None
        read = f" The posting reads as about {share.value}/{100 - share.value}." if share else ""
        yield QuestionDraft(
            "role.scope",
            f"How much of the job is infrastructure: 70/30, 50/50, 30/70 or another split?{read}",
        )


@scope.rule(
    "title-differs",
    requirement="P4.2",
    severity=Severity.FIX,
    why="People apply because of the title and leave because of the content.",
    facts=("scope.certain", "scope.against_title", "scope.title_differs"),
)
def title_differs(case: Case) -> Iterator[FindingDraft]:
    reading = case.reading
    if reading is None or reading.family.chance < case.facts.number("scope.certain"):
        return
    family, title = reading.family, reading.title.value if reading.title else case.plan.role.title or ""
    declared = _contradicted_family(case, title)
    if declared is None:
        return
    names = case.spine.roles
    near = neighbours(declared, family.value)
    if near and is_named_behind(title, declared):
        return
    read_as = (
        f"a {inside(names[family.value].name)}'s job"
        if family.value != "other"
        else "a job outside ML and platform work"
    )
    yield FindingDraft(
        what=f"The title says {names[declared].name}; the text describes {_article(read_as)}.",
        why=f"The duties read that way with a chance of {100 * family.chance:.0f} %. Of 20 MLOps postings read whole, "
        "8 had the same "
        "fault: the right people pass by, the wrong ones apply.",
        fix=_one_of_the_two(case, names[declared].name, names[family.value].name if family.value != "other" else ""),
        field="role.title",
        severity=Severity.REVIEW if near else Severity.FIX,
        evidence=(
            *_title(case),
            *(posting_says(reading, cited.start, cited.end) for cited in family.evidence[:4]),
        ),
    )


def _contradicted_family(case: Case, title: str) -> str | None:
    """The family declared by the title, or by the plan where the title names none, that the text speaks against."""
    family = case.reading.family if case.reading else None
    if family is None:
        return None
    most, declared = case.facts.number("scope.against_title"), case.plan.role.family
    if families_in_title(title):
        return contradicted_title(title, family, at_most=most)
    differs = declared is not None and declared != family.value and family.is_certain
    return declared if differs and family.chance_of(declared) <= most else None


@scope.rule(
    "split-differs",
    requirement="P4.2",
    severity=Severity.FIX,
    why="If one job is declared and another described, pay, labs and interviews fit neither.",
    facts=("scope.distance", "scope.profiles"),
)
def split_differs(case: Case) -> Iterator[FindingDraft]:
    share = case.reading.infra_share if case.reading else None
    declared = case.plan.role.scope
    if share is None or declared is None or case.reading is None:
        return
    difference, most = gap(declared, share.value, share.low, share.high), case.facts.number("scope.distance")
    if abs(difference.points) < most or not difference.outside:
        return
    more = "infrastructure" if difference.points > 0 else "ML work"
    yield FindingDraft(
        what=f"The plan says {profile_of(declared, case.facts)}; the posting describes more {more}.",
        why=f"Declared {declared:g} % infrastructure, described {share.value} % (between {share.low} and "
        f"{share.high} %).",
        fix=f"Describe the duties of the {profile_of(declared, case.facts)} job, or declare "
        f"{share.value}/{100 - share.value}.",
        field="role.scope",
        severity=Severity.FIX if abs(difference.points) >= 2 * most else Severity.REVIEW,
        flips=f"A declared share between {share.low} and {share.high} %.",
        evidence=(
            *plan_says(case, "role.scope"),
            *(posting_says(case.reading, cited.start, cited.end) for cited in share.evidence[:4]),
        ),
    )


@scope.rule(
    "no-real-work",
    requirement="P4.3",
    severity=Severity.REVIEW,
    why="Good engineers choose problems; “design and build scalable systems” is not one.",
    facts=("scope.real_work",),
)
def no_real_work(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    role = case.plan.role
    if case.reading is None:
        if not role.projects and not role.day_to_day:
            yield QuestionDraft(
                "role.projects",
                "Which real projects fill the first year, and what does an ordinary week hold?",
            )
        return
    duties = vague_duties(case.reading)
    if duties.total < FEWEST_ALL_VAGUE or len(duties.vague) < duties.total:
        return
    ready = bool(role.projects or role.day_to_day)
    yield FindingDraft(
        what=f"None of the {duties.total} duties names a tool, a figure, a product or a project.",
        why="The plan names projects; the posting does not." if ready else "A reader cannot picture the work.",
        fix=f"Put “{shorten((role.projects or role.day_to_day or [''])[0])}” into the posting; "
        "`tenfold posting write` takes projects and days from the plan."
        if ready
        else "Add two projects of the first year and what a week holds.",
        field="posting" if ready else "role.projects",
        publishes=("role.projects", "role.day_to_day") if ready else (),
        evidence=tuple(posting_says(case.reading, cited.start, cited.end) for cited in duties.vague[:4]),
    )


@scope.rule(
    "vague-duties",
    requirement="P4.3",
    severity=Severity.REVIEW,
    why="A duty that could be in any posting tells a candidate nothing about this job.",
    facts=("scope.vague_share", "scope.real_work"),
)
def vague(case: Case) -> Iterator[FindingDraft]:
    reading = case.reading
    if reading is None:
        return
    duties = vague_duties(reading)
    if FEWEST_ALL_VAGUE <= duties.total == len(duties.vague):
        return
    if duties.total < FEWEST_DUTIES or len(duties.vague) < duties.total * case.facts.number("scope.vague_share") / 100:
        return
    usual = compare_with_postings(case, "vague_duties", len(duties.vague) / duties.total)
    project = (case.plan.role.projects or [""])[0]
    first = duties.vague[0]
    yield FindingDraft(
        what=f"{len(duties.vague)} of {duties.total} duties could be in any posting.",
        why="They name no tool, figure, product or project of this job. In the middle one of "
        f"{usual.among} {100 * usual.standing.median:.0f} % of the duties are like that.",
        fix=f"Say in “{shorten(first.value)}” what is built, for whom and by when"
        + (f"; the plan has a project to begin with: “{shorten(project)}”." if project else "."),
        field="posting",
        flips=f"{plural(_fewer_vague(case, duties), 'duty', 'duties')} made concrete.",
        evidence=tuple(posting_says(reading, cited.start, cited.end) for cited in duties.vague[:4]),
        sources=(usual.fact,),
    )


@scope.rule(
    "contradicts-itself",
    requirement="P4.2",
    severity=Severity.FIX,
    why="When a posting contradicts itself, candidates believe neither statement.",
)
def contradicts_itself(case: Case) -> Iterator[FindingDraft]:
    for found in posting_contradictions(case):
        told_elsewhere = found.kind in PAY_KINDS or (
            found.kind == "junior-with-many-years" and case.plan.role.level == "junior"
        )
        if told_elsewhere or case.reading is None:
            continue
        yield FindingDraft(
            what=found.what,
            why=_WHY_CONTRADICTED.get(found.kind, "Pay, interviews and expectations follow the level."),
            fix=_HOW_TO_AGREE.get(found.kind, "Say one level in title and text: “{second}” or “{first}”.").format(
                first=case.reading.text[found.first.start : found.first.end],
                second=case.reading.text[found.second.start : found.second.end],
            ),
            field="posting",
            severity=Severity.FIX if found.kind == "remote-and-office" else Severity.REVIEW,
            evidence=tuple(posting_says(case.reading, said.start, said.end) for said in (found.first, found.second)),
        )


_WHY_CONTRADICTED = {
    "remote-and-office": "Where the work is done decides who can apply; some readers will believe one half, some the "
    "other.",
    "two-levels-in-title": "Candidates cannot tell which pay and which expectations are theirs, and the lower level is "
    "what most are offered.",
}
_HOW_TO_AGREE = {
    "remote-and-office": "Keep “{first}” or “{second}”, and delete the other.",
    "two-levels-in-title": "Post one for “{first}” and one for “{second}”, each with its own pay and requirements.",
}


@scope.rule(
    "archetype-misfit",
    requirement="P4.1",
    severity=Severity.REVIEW,
    why="Archetype and split both describe the job; they must agree.",
    facts=("scope.profiles",),
)
def archetype_misfit(case: Case) -> Iterator[FindingDraft]:
    archetype, declared = case.plan.role.archetype, case.plan.role.scope
    if archetype is None or declared is None:
        return
    low, high = ARCHETYPE_RANGE[archetype]
    if not low <= declared <= high:
        name = case.spine.archetypes[archetype].name
        yield FindingDraft(
            what=f"“{name}” and {declared:g} % infrastructure are two different jobs.",
            why=f"The archetype usually lies between {low} and {high} % infrastructure.",
            fix=f"Declare a share between {low} and {high} %, or choose {_fitting_archetypes(case, declared)}.",
            field="role.archetype",
            flips=f"A share between {low} and {high} %.",
            evidence=plan_says(case, "role.archetype", "role.scope"),
        )


@scope.rule(
    "level-differs",
    requirement="P4.2",
    severity=Severity.FIX,
    why="A plan for one level and a posting for another will disappoint whoever is hired.",
)
def level_differs(case: Case) -> Iterator[FindingDraft]:
    said = case.reading.level if case.reading else None
    if case.reading and said and case.plan.role.level not in (None, said.value):
        yield FindingDraft(
            what=f"The plan hires at {case.plan.role.level}, the posting at {said.value}.",
            why="Pay, ladder and interviews follow the plan's level; candidates follow the posting's.",
            fix=f"Write {case.plan.role.level} where the posting says “{case.reading.quote(said)}”, or "
            f"change the level in the plan to {said.value}.",
            field="role.level",
            publishes=("role.level",),
            evidence=(*plan_says(case, "role.level"), posting_says(case.reading, said.start, said.end)),
        )


@scope.rule(
    "workplace-differs",
    requirement="P4.2",
    severity=Severity.FIX,
    why="Where the work is done decides who can apply.",
)
def workplace_differs(case: Case) -> Iterator[FindingDraft]:
    said = case.reading.workplace if case.reading else None
    planned = case.plan.role.workplace
    if case.reading and said and planned is not None and planned.value != said.value:
        yield FindingDraft(
            what=f"The plan says {planned.value}, the posting says {said.value}.",
            why="Candidates who need one arrangement will be offered the other.",
            fix=f"Write {planned.value} where the posting says “{shorten(case.reading.quote(said))}”, with the "
            f"days in the "
            f"office if there are any, or change the workplace in the plan to {said.value}.",
            field="role.workplace",
            publishes=("role.workplace",),
            evidence=(*plan_says(case, "role.workplace"), posting_says(case.reading, said.start, said.end)),
        )


@scope.summary
def what_was_weighed(case: Case) -> Iterator[Observation]:
    if case.plan.role.scope is not None:
        yield Observation(
            f"Declared: {profile_of(case.plan.role.scope, case.facts)}, {case.plan.role.scope:g} % infrastructure."
        )
    share = case.reading.infra_share if case.reading else None
    if share:
        yield Observation(
            f"The posting describes {share.value} % infrastructure (between {share.low} and {share.high} %)."
        )
    if case.reading and case.plan.role.family:
        family = case.reading.family
        name = inside(case.spine.roles[family.value].name)
        chance = f"chance {100 * family.chance:.0f} %"
        yield Observation(
            f"It reads as {_article(name)} ({chance})."
            if family.is_certain
            else f"Which job it describes cannot be told: at best {_article(name)} ({chance})."
        )


def _one_of_the_two(case: Case, declared: str, read: str) -> str:
    """What to rename, or which duty to rewrite first."""
    duties = case.reading.family.evidence if case.reading else ()
    telling = max((cited.value for cited in duties), key=len, default="")
    first = f", beginning with “{shorten(telling)}”" if telling else ""
    rename = f"Post it as {read}" if read else "Post it under another title"
    return f"{rename}, or rewrite the duties as {declared} work{first}."


def _fitting_archetypes(case: Case, share: float) -> str:
    names = [
        f"“{case.spine.archetypes[one].name}”" for one, (low, high) in ARCHETYPE_RANGE.items() if low <= share <= high
    ]
    return " or ".join(names) or "another archetype"


def _fewer_vague(case: Case, duties: VagueDuties) -> int:
    """How many duties to make concrete until the house rule is kept."""
    share = case.facts.number("scope.vague_share") / 100
    return len(duties.vague) - math.ceil(duties.total * share) + 1


def _title(case: Case) -> tuple[Quote, ...]:
    title = case.reading.title if case.reading else None
    if case.reading and title:
        return (posting_says(case.reading, title.start, title.end),)
    return plan_says(case, "role.title")


def _article(name: str) -> str:
    if name.startswith(("a ", "an ")):
        rest = name.partition(" ")[2]
        name = rest
    return f"{'an' if name[:1].lower() in 'aeio' or name.startswith('ML') else 'a'} {name}"
