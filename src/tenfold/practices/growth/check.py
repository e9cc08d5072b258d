"""P9: can the person hired see where they stand, what comes next, and how to get there?"""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.checking.case import Case
from tenfold.checking.quoting import plan_says
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.kit.findings import Observation, Severity, Verdict
from tenfold.kit.words import join
from tenfold.plan.answers import NONE, is_stated
from tenfold.practices.growth.engine import LadderReading, Step, read_ladder, unseen_words
from tenfold.practices.growth.measured import few_placed, what_is_in_place

growth = Ruleset("growth")


def check(case: Case) -> Verdict:
    return growth.check(case)


@growth.rule(
    "no-ladder",
    requirement="P9.1",
    severity=Severity.FIX,
    why="Someone who sees no next step here will look for one elsewhere.",
    facts=("growth.ladder",),
)
def no_ladder(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    if case.plan.growth.ladder is NONE:
        yield FindingDraft(
            what="There is no ladder for this engineer to climb.",
            why="MLOps engineers are few in a company; without a written ladder their promotion rests on a "
            "manager's memory.",
            fix="Write at least the step the hire joins at and the next one: its scope and two behaviours each.",
            field="growth.ladder",
            evidence=plan_says(case, "growth.ladder"),
        )
    elif not is_stated(case.plan.growth.ladder):
        yield QuestionDraft("growth.ladder", "What do the hire's level and the next one own and do?")


@growth.rule(
    "step-missing",
    requirement="P9.1",
    severity=Severity.FIX,
    why="A ladder that skips the hire's own step, or ends above it, tells them nothing.",
    facts=("growth.ladder",),
)
def step_missing(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    if is_stated(case.plan.growth.ladder) and case.plan.role.level is None:
        yield QuestionDraft("role.level", "At which level do you hire?")
    reading = _ladder(case)
    if reading is None:
        return
    level = case.spine.levels[case.plan.role.level or "senior"]
    if reading.own_missing:
        yield FindingDraft(
            what=f"The ladder has no step for the {level.id} engineer you hire.",
            why="On the first day the person asks what is expected at their level.",
            fix=f"Add a step for {level.id} level with its scope and behaviours.",
            field="growth.ladder",
            evidence=plan_says(case, "role.level"),
        )
    elif reading.next_missing:
        following = list(case.spine.levels.values())[level.rank + 1].id
        yield FindingDraft(
            what=f"The ladder ends at {level.id}: there is nothing above the person you hire.",
            why="The choice left is to become a manager or to leave.",
            fix=f"Add a step for {following} level that is reached without managing people.",
            field="growth.ladder",
            evidence=plan_says(case, "role.level"),
        )


@growth.rule(
    "thin-step",
    requirement="P9.1",
    severity=Severity.REVIEW,
    why="A step without scope and behaviours is a title.",
    facts=("growth.behaviours", "growth.scope_by_level"),
)
def thin_step(case: Case) -> Iterator[FindingDraft]:
    reading = _ladder(case)
    if reading and reading.thin:
        needed = case.facts.number("growth.behaviours")
        yield FindingDraft(
            what=f"The {join(list(reading.thin))} step does not say what the person owns and does."
            if len(reading.thin) == 1
            else f"The {join(list(reading.thin))} steps do not say what the person owns and does.",
            why=f"A step that can be discussed has a scope and at least {needed:g} behaviours that someone could see.",
            fix=f"Write for {join(list(reading.thin))} what it owns (a model's path, a platform slice, a standard "
            f"for several teams) and {needed:g} things one could see it do.",
            field="growth.ladder",
        )


@growth.rule(
    "same-scope",
    requirement="P9.1",
    severity=Severity.REVIEW,
    why="If two levels own the same, only adjectives tell them apart.",
    facts=("growth.scope_by_level",),
)
def same_scope(case: Case) -> Iterator[FindingDraft]:
    reading = _ladder(case)
    for low, high in reading.same_scope if reading else ():
        yield FindingDraft(
            what=f"The {low} and {high} steps have the same scope.",
            why="Levels differ by what they own: task, project, team, several teams, organisation.",
            fix=f"Say what {high} owns that {low} does not.",
            field="growth.ladder",
        )


@growth.rule(
    "ladder-by-years",
    requirement="P9.1",
    severity=Severity.REVIEW,
    why="Years measure time served, and a rule about years is easily a rule about age.",
    facts=("growth.years_validity",),
)
def ladder_by_years(case: Case) -> Iterator[FindingDraft]:
    reading = _ladder(case)
    if reading and reading.by_years:
        yield FindingDraft(
            what="The ladder asks for years.",
            why="Years of experience correlate with performance at r = "
            f"{case.facts.number('growth.years_validity'):.2f}, and "
            "a rule about years is easily a rule about age.",
            fix=f"Take the years out of {join(list(reading.by_years))} and say what the person does at that step.",
            field="growth.ladder",
            evidence=plan_says(
                case,
                *(
                    f"growth.ladder[{index}].years"
                    for index, step in enumerate(is_stated(case.plan.growth.ladder) or [])
                    if step.years
                ),
            ),
        )


@growth.rule(
    "unseen-behaviour",
    requirement="P9.1",
    severity=Severity.NOTE,
    why="A behaviour that nobody can see is read differently by every reader.",
    facts=("growth.behaviours",),
)
def unseen_behaviour(case: Case) -> Iterator[FindingDraft]:
    for number, step in enumerate(is_stated(case.plan.growth.ladder) or []):
        for behaviour in step.behaviours or []:
            words = unseen_words(behaviour)
            if words:
                yield FindingDraft(
                    what=f"The {step.level} step asks for “{words}”, which nobody can see.",
                    why="Two people will judge it differently.",
                    fix="Say what the person does. `tenfold growth ladder show --level "
                    f"{step.level}` has examples for each competency.",
                    field=f"growth.ladder[{number}].behaviours",
                    evidence=plan_says(case, f"growth.ladder[{number}].behaviours"),
                )


@growth.rule(
    "no-learning",
    requirement="P9.2",
    severity=Severity.REVIEW,
    why="The tools of this trade change every year; whoever may not learn falls behind at your cost.",
    facts=("growth.learning_time",),
)
def no_learning(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    budget, time = case.plan.growth.learning_budget, case.plan.growth.learning_time
    if budget is None and time is None:
        yield QuestionDraft("growth.learning_budget", "What money and time a year are there for learning?")
    elif is_stated(budget) or is_stated(time):
        return
    elif budget is None:
        yield QuestionDraft("growth.learning_budget", "What money a year is there for learning? (“none” if none)")
    elif time is None:
        yield QuestionDraft("growth.learning_time", "What part of the time is there for learning? (“none” if none)")
    else:
        yield FindingDraft(
            what="There is neither money nor time for learning.",
            why="The guide suggests conferences, certifications and "
            f"{case.facts.number('growth.learning_time'):g} % of one's time; nothing at all says that growth is "
            "private business.",
            fix="Start with a learning budget and half a day every two weeks, and write both into the plan.",
            field="growth.learning_time",
            evidence=plan_says(case, "growth.learning_budget", "growth.learning_time"),
        )


@growth.rule(
    "no-wider-scope",
    requirement="P9.2",
    severity=Severity.REVIEW,
    why="Engineers stay for the next problem.",
    facts=("growth.ladder",),
)
def no_wider_scope(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    widening = case.plan.growth.widening_scope
    if widening is None:
        yield QuestionDraft("growth.widening_scope", "What will the engineer take on after the first project?")
    elif not is_stated(widening):
        yield FindingDraft(
            what="After the first project there is nothing more to own.",
            why="The usual path widens from deployment pipelines to feature stores, monitoring and "
            "self-service; without one "
            "the job is finished when it works.",
            fix="Name two things to own next, such as the feature store and monitoring for all.",
            field="growth.widening_scope",
            evidence=plan_says(case, "growth.widening_scope"),
        )


@growth.rule(
    "no-review",
    requirement="P9.2",
    severity=Severity.REVIEW,
    why="A ladder helps only if manager and engineer look at it together.",
    facts=("growth.review_months",),
)
def no_review(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    months, most = case.plan.growth.promotion_review_months, case.facts.number("growth.review_months")
    if months is None:
        yield QuestionDraft(
            "growth.promotion_review_months", "How often do manager and engineer look at the ladder together?"
        )
    elif months is NONE or months > most:
        yield FindingDraft(
            what="Nobody looks at the ladder with the engineer."
            if months is NONE
            else f"The ladder is looked at only every {months} months.",
            why="Where someone stands, evidence by evidence, is a conversation, and conversations need a date.",
            fix=f"Put it in the calendar at least every {most:g} months.",
            field="growth.promotion_review_months",
            evidence=plan_says(case, "growth.promotion_review_months"),
        )


growth.rule(
    "few-placed",
    requirement="P9.2",
    severity=Severity.NOTE,
    why="Where somebody stands is known only once it was looked at with evidence.",
)(few_placed)


@growth.summary
def what_was_weighed(case: Case) -> Iterator[Observation]:
    steps = is_stated(case.plan.growth.ladder)
    if steps:
        yield Observation(f"A ladder of {len(steps)} steps: {join([step.level for step in steps])}.")
    time, suggested = is_stated(case.plan.growth.learning_time), case.facts["growth.learning_time"]
    if time is not None and time < suggested.number:
        yield Observation(
            f"{time:g} % of the time is for learning; the guide says {suggested.number:g} %.", (suggested,)
        )


growth.summary(what_is_in_place)


def _ladder(case: Case) -> LadderReading | None:
    steps, level = is_stated(case.plan.growth.ladder), case.plan.role.level
    if not steps or level is None:
        return None
    levels = case.spine.levels
    return read_ladder(
        [
            Step(step.level, levels[step.level].rank, step.scope or "", len(step.behaviours or []), step.years)
            for step in steps
        ],
        hired_rank=levels[level].rank,
        top_rank=len(levels) - 1,
        behaviours_needed=case.facts.number("growth.behaviours"),
    )
