"""P5: do candidates show the work itself, within a fair time, and is every must-have looked at?"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from tenfold.checking.case import Case
from tenfold.checking.demanded_skills import demanded_skills
from tenfold.checking.evidence_map import evidence_map, looks_set_up, sharing_in_words
from tenfold.checking.quoting import plan_says
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.checking.scopes import INFRASTRUCTURE_HEAVY, ML_HEAVY, profile_of
from tenfold.kit.findings import Observation, Severity, Verdict
from tenfold.kit.words import join, plural
from tenfold.plan.answers import NONE, is_stated
from tenfold.plan.document import InstrumentKind
from tenfold.posting.model import Demand
from tenfold.practices.labs.coverage import (
    NOT_WORK,
    WORK_SAMPLES,
)
from tenfold.practices.labs.planned import (
    candidate_minutes,
    competency_names,
    coverage_of,
    fitting_labs,
    lab_names,
    lab_registry,
    labs_for,
    matching_labs,
    must_haves,
    places_assessing,
    plan_instruments,
    plan_labs,
    samples_share,
    says_what_is_assessed,
    suggest_labs,
)

labs = Ruleset("labs")


def check(case: Case) -> Verdict:
    return labs.check(case)


@labs.rule(
    "no-work-sample",
    requirement="P5.1",
    severity=Severity.FIX,
    why="Talking about deployments and doing one are different skills; the job needs the second.",
    facts=("labs.work_sample_validity", "labs.work_samples"),
)
def no_work_sample(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    if case.plan.assessment is not NONE and not plan_instruments(case):
        yield QuestionDraft(
            "assessment.instruments",
            "Which work samples or tests will candidates do? (“none” if none)",
        )
    elif not any(item.kind in WORK_SAMPLES for item in plan_instruments(case)):
        yield FindingDraft(
            what="Candidates never do a sample of the work.",
            why="Work samples predict performance at r = .33, and they are the part of hiring that "
            "candidates call fair. "
            "Nothing here lets a person deploy, monitor or debug anything.",
            fix=suggest_labs(case),
            field="assessment.instruments",
            evidence=plan_says(case, "assessment")
            if case.plan.assessment is NONE
            else plan_says(
                case, *(f"assessment.instruments[{index}].kind" for index in range(len(plan_instruments(case))))
            ),
        )


@labs.rule(
    "whiteboard",
    requirement="P5.1",
    severity=Severity.REVIEW,
    why="Whiteboard puzzles test composure and recent practice, not running models.",
    facts=("labs.work_samples",),
)
def whiteboard(case: Case) -> Iterator[FindingDraft]:
    for index, item in enumerate(plan_instruments(case)):
        if item.kind in NOT_WORK:
            yield FindingDraft(
                what=f"“{item.name or item.kind}” is a {item.kind}, not a sample of the work.",
                why="Nobody in this role inverts a tree at a whiteboard; they read logs, write pipelines and "
                "review changes.",
                fix="Replace it by a code review of an infrastructure change, or by a lab.",
                field=f"assessment.instruments[{index}].kind",
                evidence=plan_says(
                    case, f"assessment.instruments[{index}].name", f"assessment.instruments[{index}].kind"
                ),
            )


@labs.rule(
    "too-long",
    requirement="P5.4",
    severity=Severity.REVIEW,
    why="Long unpaid work selects for free evenings, not for skill.",
    facts=("labs.instrument_minutes",),
)
def too_long(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    most = case.facts.number("labs.instrument_minutes")
    for index, item in enumerate(plan_instruments(case)):
        field = f"assessment.instruments[{index}].minutes"
        if item.minutes is None:
            yield QuestionDraft(field, "How many minutes is a candidate given, at most?")
        elif item.minutes > most:
            yield FindingDraft(
                what=f"“{item.name or item.kind or 'One test'}” takes {item.minutes} minutes of a candidate's "
                "own time.",
                why=f"The house rule caps one work sample at {most:g} minutes. People with a job, children or "
                "other offers "
                "drop out of longer ones first.",
                fix=f"Cut it to the one thing you must see in {most:g} minutes, or pay for the time and say so.",
                field=field,
                flips=f"{most:g} minutes or fewer.",
                evidence=plan_says(case, f"assessment.instruments[{index}].name", field),
            )


@labs.rule(
    "process-too-long",
    requirement="P5.4",
    severity=Severity.REVIEW,
    why="Every hour you ask for costs you candidates.",
    facts=("labs.candidate_minutes",),
)
def process_too_long(case: Case) -> Iterator[FindingDraft]:
    total, most = candidate_minutes(case), case.facts.number("labs.candidate_minutes")
    if total > most:
        yield FindingDraft(
            what=f"The whole process takes {total / 60:.1f} hours of a candidate's time.",
            why=f"The house rule is {most / 60:g} hours for work samples and interviews together.",
            fix="Drop what assesses a competency for the third time, and merge rounds.",
            field="assessment.instruments",
            flips=f"{total - most:g} minutes fewer.",
        )


@labs.rule(
    "must-untested",
    requirement="P5.1",
    severity=Severity.FIX,
    why="A must-have that nothing assesses keeps people from applying and tells you nothing about those who do.",
    facts=("labs.most_instruments",),
)
def must_not_tested(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    coverage, musts = coverage_of(case), must_haves(case)
    if musts and not says_what_is_assessed(case):
        yield QuestionDraft(
            "assessment.instruments[0].assesses", "Which must-haves does each test and each round assess?"
        )
    if coverage is None or not coverage.untested:
        return
    names = [case.spine.competencies[competency].name for competency in coverage.untested]
    yield FindingDraft(
        what=f"Nothing assesses {join(names)}.",
        why=f"{len(coverage.untested)} of {len(musts)} must-have competencies are required but never assessed.",
        fix=labs_for(case, coverage.untested)
        + "Give each a place in a lab or an interview round, or move it to nice-to-have.",
        field="assessment.instruments",
        severity=Severity.FIX if len(coverage.untested) * 2 > len(musts) else Severity.REVIEW,
        flips=f"{plural(len(coverage.untested), 'competency', 'competencies')} assessed, or no longer a must.",
        evidence=tuple(
            item.quote
            for item in demanded_skills(case)
            if item.demand is Demand.MUST and item.competency in coverage.untested
        )[:6],
    )


@labs.rule(
    "must-overtested",
    requirement="P5.1",
    severity=Severity.REVIEW,
    why="Assessing the same skill a third time costs the candidate time and tells you nothing new.",
    facts=("labs.most_instruments",),
)
def must_overtested(case: Case) -> Iterator[FindingDraft]:
    coverage, most = coverage_of(case), case.facts.number("labs.most_instruments")
    for competency, times in coverage.overtested if coverage else ():
        yield FindingDraft(
            what=f"{case.spine.competencies[competency].name} is assessed {times} times.",
            why="Once or twice is enough when two people rate it or a grader does; the time is missing elsewhere.",
            fix="Keep the work sample and one conversation; no longer assess it in the other rounds.",
            field="assessment.instruments",
            flips=f"{plural(times - int(most), 'instrument')} fewer.",
            evidence=plan_says(case, *places_assessing(case, competency)),
        )


@labs.rule(
    "one-grader",
    requirement="P5.4",
    severity=Severity.REVIEW,
    why="Less than half of one person's rating of a work sample is signal.",
    facts=("labs.raters",),
)
def one_grader(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    needed = case.facts.number("labs.raters")
    for index, item in enumerate(plan_instruments(case)):
        field = f"assessment.instruments[{index}]"
        if item.graded is None:
            yield QuestionDraft(f"{field}.graded", "Is it graded automatically or by raters?")
        elif item.graded == "raters" and item.raters is None:
            yield QuestionDraft(f"{field}.raters", "How many people rate it independently?")
        elif item.graded == "raters" and item.raters is not None and item.raters < needed:
            alone = plural(item.raters, "person", "people") if item.raters else "nobody"
            yield FindingDraft(
                what=f"“{item.name or item.kind or 'One test'}” is rated by {alone}.",
                why=f"Without an automatic grade at least {needed:g} people must rate it independently.",
                fix="Name a second rater, or use a lab that grades by behaviour.",
                field=f"{field}.raters",
                evidence=plan_says(case, f"{field}.name", f"{field}.graded", f"{field}.raters"),
            )


@labs.rule(
    "no-rubric",
    requirement="P5.3",
    severity=Severity.REVIEW,
    why="Two people who look for different things in the same work do not rate the same thing.",
    facts=("labs.raters",),
)
def no_rubric(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    for index, item in enumerate(plan_instruments(case)):
        field = f"assessment.instruments[{index}]"
        is_public = item.kind is InstrumentKind.PORTFOLIO
        if item.graded == "automatic":
            continue
        if item.rubric is None and is_public:
            yield QuestionDraft(f"{field}.rubric", "Is the candidate's own public work rated against a written rubric?")
        elif item.rubric is False:
            yield FindingDraft(
                what=f"“{item.name or item.kind or 'One test'}” is rated without a written rubric.",
                why="Public work differs from person to person, and most good engineers have none to show."
                if is_public
                else "Without written criteria, each reviewer looks for something different.",
                fix="Use the rubric that `tenfold interviews kit` adds, and only where a candidate offers such work."
                if is_public
                else "Write down what earns each rating, in things that can be seen in the work.",
                field=f"{field}.rubric",
                evidence=plan_says(case, f"{field}.name", f"{field}.kind", f"{field}.rubric"),
            )


@labs.rule(
    "scope-misfit",
    requirement="P5.1",
    severity=Severity.REVIEW,
    why="Work samples for the wrong half of the job select for the wrong half of the job.",
    facts=("labs.scope_distance",),
)
def scope_misfit(case: Case) -> Iterator[FindingDraft]:
    scope, share = case.plan.role.scope, samples_share(case)
    most = case.facts.number("labs.scope_distance")
    if scope is None or share is None or abs(scope - share) <= most:
        return
    leaning = "infrastructure" if share > scope else "the ML side"
    yield FindingDraft(
        what=f"The work samples test {leaning}, and the role is {_scope_words(case, scope)}.",
        why=f"What they assess is {share:.0f} % infrastructure; the role is {scope:g} %.",
        fix="Choose samples from the role's own half: serving and rollouts for infrastructure, drift, features and "
        "retraining for ML.",
        field="assessment.instruments",
        flips=f"Samples within {most:g} points of the role's share.",
        evidence=plan_says(
            case,
            "role.scope",
            *(f"assessment.instruments[{index}].assesses" for index in range(len(plan_instruments(case)))),
        ),
    )


@labs.rule(
    "lab-unknown",
    requirement="P5.1",
    severity=Severity.FIX,
    why="A lab that does not exist assesses nothing, whatever the plan counts on it for.",
)
def lab_unknown(case: Case) -> Iterator[FindingDraft]:
    known = case.cached(lab_registry)
    for index, item in enumerate(plan_instruments(case)):
        if item.lab is not None and item.lab not in known:
            near = get_close_matches(item.lab, known, n=1)
            yield FindingDraft(
                what=f"There is no lab `{item.lab}`.",
                why=f"{lab_names(item)} counts on it. The labs that ship are {join([f'`{slug}`' for slug in known])}.",
                fix=(f"Write `{near[0]}`, if that was meant. " if near else "")
                + "Name no lab where the work sample is your own.",
                field=f"assessment.instruments[{index}].lab",
                evidence=plan_says(case, f"assessment.instruments[{index}].lab"),
            )


@labs.rule(
    "lab-misfit",
    requirement="P5.1",
    severity=Severity.REVIEW,
    why="A lab was tried at the levels and for the scopes that it names; elsewhere it is too easy, too hard or beside "
    "the point.",
)
def lab_misfit(case: Case) -> Iterator[FindingDraft]:
    scope, level = case.plan.role.scope, case.plan.role.level
    for index, lab in plan_labs(case):
        misfits = []
        if level is not None and not lab.fits(level=level):
            misfits.append(f"for {join(lab.levels)} engineers, and the role is {level}")
        if scope is not None and not lab.fits(infra_share=scope / 100):
            low, high = lab.infra_share
            misfits.append(f"for roles of {low} to {high} % infrastructure, and this one has {scope:g} %")
        if misfits:
            others = [one for one in fitting_labs(case) if one.slug != lab.slug]
            yield FindingDraft(
                what=f"`{lab.slug}` does not fit the role.",
                why=f"It is made {' and '.join(misfits)}.",
                fix=f"Take {matching_labs(case, others)} instead."
                if others
                else "Take a work sample of your own instead.",
                field=f"assessment.instruments[{index}].lab",
                evidence=plan_says(case, f"assessment.instruments[{index}].lab", "role.level", "role.scope"),
            )


@labs.rule(
    "lab-shortened",
    requirement="P5.4",
    severity=Severity.REVIEW,
    why="A lab in less time than it was made for measures haste.",
)
def lab_shortened(case: Case) -> Iterator[FindingDraft]:
    for index, lab in plan_labs(case):
        minutes, field = plan_instruments(case)[index].minutes, f"assessment.instruments[{index}].minutes"
        if minutes is not None and minutes < lab.minutes:
            yield FindingDraft(
                what=f"`{lab.slug}` takes {lab.minutes} minutes, and the plan gives {minutes}.",
                why="Its criteria and pass mark rest on the full time.",
                fix=f"Give {lab.minutes} minutes, or take a shorter lab.",
                field=field,
                flips=f"{lab.minutes} minutes.",
                evidence=plan_says(case, f"assessment.instruments[{index}].lab", field),
            )


@labs.rule(
    "lab-overclaimed",
    requirement="P5.1",
    severity=Severity.REVIEW,
    why="A competency that a lab is said to assess and does not look at stays untested, and nobody notices.",
)
def lab_overclaimed(case: Case) -> Iterator[FindingDraft]:
    for index, lab in plan_labs(case):
        item, field = plan_instruments(case)[index], f"assessment.instruments[{index}].assesses"
        beyond = [name for name in item.assesses or () if name not in lab.competencies]
        if beyond:
            yield FindingDraft(
                what=f"`{lab.slug}` gives no evidence of {competency_names(case, beyond)}.",
                why=f"Its criteria look at {competency_names(case, lab.competencies)}.",
                fix="Do not count it there, and give it a place in a review or an interview round.",
                field=field,
                evidence=plan_says(case, f"assessment.instruments[{index}].lab", field),
            )


@labs.rule(
    "no-accommodations",
    requirement="P5.4",
    severity=Severity.FIX,
    why="A timed test without a way to ask for more time or another format shuts people out, and the law in "
    "many places "
    "says so.",
)
def no_accommodations(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    assessment = is_stated(case.plan.assessment)
    if assessment is None or not assessment.instruments:
        return
    if assessment.accommodations is None:
        yield QuestionDraft("assessment.accommodations", "How does a candidate ask for more time or another format?")
    elif assessment.accommodations is NONE:
        yield FindingDraft(
            what="Candidates cannot ask for more time or another format.",
            why="A person with a disability must be able to show the skill without being measured by the "
            "handicap of the "
            "test.",
            fix="Name a contact and offer extra time, another format and breaks, without asking for reasons "
            "beforehand.",
            field="assessment.accommodations",
            evidence=plan_says(case, "assessment.accommodations"),
        )


@labs.rule(
    "must-not-set-up",
    requirement="P5.1",
    severity=Severity.NOTE,
    why="What the plan assesses is assessed only where a kit asks about it or a lab looks at it.",
)
def must_not_set_up(case: Case) -> Iterator[FindingDraft]:
    if case.setup is None or case.setup.is_hidden or not (case.setup.rounds or case.setup.labs):
        return
    # A work sample of one's own is held outside; what nothing assesses is told by `must-untested`.
    own = {name for item in plan_instruments(case) if item.lab is None for name in item.assesses or ()}
    planned = {looks.competency for looks in evidence_map(case) if looks.by} - own
    looked = looks_set_up(case, _lab_competencies(case))
    bare = [looks.competency for looks in looked if not looks.by and looks.competency in planned]
    if bare:
        yield FindingDraft(
            what=f"Nothing that is set up for the role looks at {competency_names(case, bare)}.",
            why="The plan counts on it; neither the kit in use nor a lab that people were invited to does it.",
            fix="Make the kit anew from the plan, invite to a lab that looks at it, or move it to nice-to-have.",
            field="assessment.instruments",
        )


@labs.rule(
    "lab-not-used",
    requirement="P5.1",
    severity=Severity.NOTE,
    why="A work sample of the plan gives evidence of those who did it, and of nobody else.",
)
def lab_not_used(case: Case) -> Iterator[FindingDraft]:
    if case.setup is None or case.setup.is_hidden:
        return
    used = {one.lab for one in case.setup.labs}
    planned = {lab.slug for _, lab in plan_labs(case)}
    if unused := sorted(planned - used):
        yield FindingDraft(
            what=f"Nobody was invited to {join([f'`{slug}`' for slug in unused])} yet.",
            why="The plan counts on it for every candidate.",
            fix="Invite candidates on the role’s page “Labs”, or take it out of the plan.",
            field="assessment.instruments",
        )
    if beyond := sorted(used - planned):
        yield FindingDraft(
            what=f"People were invited to {join([f'`{slug}`' for slug in beyond])}, which the plan does not name.",
            why="Candidates of one role should do the same, and be told of it beforehand.",
            fix="Name it in the plan, or use the plan’s labs.",
            field="assessment.instruments",
        )


@labs.summary
def what_was_weighed(case: Case) -> Iterator[Observation]:
    coverage, musts = coverage_of(case), must_haves(case)
    if coverage and musts:
        yield Observation(f"{len(musts) - len(coverage.untested)} of {len(musts)} must-have competencies are assessed.")
    if where := sharing_in_words(case, tuple(looks for looks in evidence_map(case) if looks.is_must and looks.by)):
        yield Observation(f"What is assessed where: {where}.")
    if candidate_minutes(case):
        yield Observation(f"A candidate gives {candidate_minutes(case) / 60:.1f} hours in all.")
    yield from _what_labs_offer(case)


@labs.summary
def what_is_set_up(case: Case) -> Iterator[Observation]:
    """Each must-have as it is really assessed: by which lab and round, by how many people."""
    setup = case.setup
    if setup is None or setup.is_hidden or not (setup.rounds or setup.labs):
        return
    looked = tuple(looks for looks in looks_set_up(case, _lab_competencies(case)) if looks.is_must and looks.by)
    if where := sharing_in_words(case, looked):
        yield Observation(f"As set up for the role: {where}.", is_of_role=True)
    counted = [
        f"`{one.lab}`: {plural(one.invited, 'person', 'people')} invited, {one.handed_in or 0} handed in"
        for one in setup.labs
        if one.invited is not None
    ]
    if counted:
        yield Observation(f"Labs in use: {'; '.join(counted)}.", is_of_role=True)


def _lab_competencies(case: Case) -> dict[str, tuple[str, ...]]:
    return {slug: tuple(lab.competencies) for slug, lab in case.cached(lab_registry).items()}


def _what_labs_offer(case: Case) -> Iterator[Observation]:
    fitting, musts = fitting_labs(case), must_haves(case)
    if not musts or (case.plan.role.scope is None and case.plan.role.level is None):
        return
    if not fitting:
        yield Observation("No lab that ships fits the role's scope, level and must-haves.")
        return
    yield Observation(f"Labs that fit the role: {matching_labs(case, fitting)}.")
    if beyond := [name for name in musts if not any(name in lab.competencies for lab in fitting)]:
        yield Observation(f"No lab looks at {competency_names(case, beyond)}: that is for reviews and interviews.")


def _scope_words(case: Case, scope: float) -> str:
    words = {
        INFRASTRUCTURE_HEAVY: f"mostly infrastructure ({scope:g} %)",
        ML_HEAVY: f"mostly ML ({100 - scope:g} %)",
    }
    return words.get(profile_of(scope, case.facts), "balanced")
