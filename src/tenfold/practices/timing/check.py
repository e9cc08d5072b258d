"""P6: does this hire come at the right moment?"""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.checking.case import Case
from tenfold.checking.quoting import plan_says
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.kit.facts import FactBook
from tenfold.kit.findings import Observation, Severity, Verdict
from tenfold.kit.words import on_day, sentence
from tenfold.plan.document import Pain
from tenfold.practices.timing.engine import Met, Moment, Signs, Thresholds, Timing, weigh

timing = Ruleset("timing")
GUIDE = ("timing.models_near_production", "timing.manual_share", "timing.models_planned")
QUESTIONS = {
    "situation.models_in_production": "How many models serve users or decisions today?",
    "situation.models_near_production": "How many models should reach production within three months?",
    "situation.models_planned_12_months": "How many production models are planned in twelve months?",
    "situation.manual_share": "What percent of ML engineers' time goes to manual deployment and monitoring?",
    "situation.reproducibility_pain": "How much do results that cannot be reproduced hurt: no, some or severe?",
    "situation.tracking_pain": "How much does it hurt that nobody knows which model runs where: no, some or severe?",
    "situation.research_only": "Is ML here still research, with nothing to operate?",
    "situation.ml_engineers": "How many ML engineers and data scientists are there?",
}


def check(case: Case) -> Verdict:
    return timing.check(case)


@timing.rule(
    "too-early",
    requirement="P6.1",
    severity=Severity.FIX,
    why="An MLOps engineer with no models to run leaves, or builds a platform that nobody uses.",
    facts=("timing.ml_team", "timing.models_near_production"),
)
def too_early(case: Case) -> Iterator[FindingDraft]:
    held = [bar for bar in weigh_timing(case).bars if bar.met is Met.YES]
    if held:
        yield FindingDraft(
            what=f"It is too early: {' and '.join(bar.words for bar in held)}.",
            why="The guide says to wait while there is nothing in production to operate, ML is still "
            "research, or the ML "
            "team has fewer than two people: the hire would have no users.",
            fix="Wait, or hire an ML engineer first; ask your platform team for a first deployment path meanwhile.",
            field=held[0].field,
            flips=sentence("; ".join(bar.turns for bar in held)) + ".",
            evidence=plan_says(case, *dict.fromkeys(bar.field for bar in held)),
        )


@timing.rule(
    "no-sign",
    requirement="P6.1",
    severity=Severity.REVIEW,
    why="Without a sign that it is needed, the role is a solution in search of a problem.",
    facts=GUIDE,
)
def no_sign(case: Case) -> Iterator[FindingDraft]:
    weighing = weigh_timing(case)
    if weighing.moment is Moment.NO_SIGN:
        yield FindingDraft(
            what="Nothing here shows that an MLOps engineer would have enough to do yet.",
            why="None of the guide's four signs is present: " + "; ".join(sign.words for sign in weighing.signs) + ".",
            fix="Say what changes in the next twelve months, or review this when one of the signs appears.",
            field="situation.models_planned_12_months",
            flips="Any one of: " + "; ".join(sign.turns for sign in weighing.signs) + ".",
            evidence=plan_says(case, *(sign.field for sign in weighing.signs)),
        )


@timing.rule(
    "unanswered",
    requirement="P6.2",
    severity=Severity.NOTE,
    why="Whether the moment is right follows from the company's own figures.",
    facts=GUIDE,
)
def timing_not_answered(case: Case) -> Iterator[QuestionDraft]:
    weighing = weigh_timing(case)
    if weighing.moment is not Moment.UNKNOWN:
        return
    open_bars = [bar for bar in weighing.bars if bar.met is Met.UNKNOWN]
    needs_sign = not any(sign.met is Met.YES for sign in weighing.signs)
    open_signs = [sign for sign in weighing.signs if sign.met is Met.UNKNOWN] if needs_sign else []
    for indicator in (*open_bars, *open_signs):
        yield QuestionDraft(indicator.field, QUESTIONS[indicator.field])


@timing.rule(
    "rescue-unsaid",
    requirement="P6.2",
    severity=Severity.REVIEW,
    why="Some people choose a rescue mission; people who were not told about it leave.",
    facts=("timing.crisis_manual_share",),
)
def rescue_unsaid(case: Case) -> Iterator[FindingDraft]:
    if weigh_timing(case).crisis and not case.plan.role.rescue_statement:
        yield FindingDraft(
            what="This is a rescue mission, and candidates are not told.",
            why="The plan describes a platform in trouble. Engineers find out in the first week; the ones "
            "who would have "
            "chosen it want to know beforehand, and to see it in the pay.",
            fix="Write candidates a rescue statement of two honest sentences: what is broken, and what the "
            "hire may change.",
            field="role.rescue_statement",
            evidence=plan_says(
                case,
                "situation.inherits_technical_debt",
                "situation.manual_share",
                "situation.reproducibility_pain",
                "situation.tracking_pain",
            ),
        )


@timing.rule(
    "start-in-the-past",
    requirement="P6.2",
    severity=Severity.REVIEW,
    why="A start date in the past means the plan has not been reviewed since.",
)
def start_in_the_past(case: Case) -> Iterator[FindingDraft]:
    start = case.plan.role.start_by
    if start and start < case.as_of:
        yield FindingDraft(
            what=f"The start date, {on_day(start)}, has passed.",
            why="The answers about models and workload were given at an earlier time.",
            fix="Set a new date and answer the questions about models and workload again.",
            field="role.start_by",
            evidence=plan_says(case, "role.start_by"),
        )


@timing.summary
def what_was_weighed(case: Case) -> Iterator[Observation]:
    weighing = weigh_timing(case)
    known = [sign for sign in weighing.signs if sign.met is not Met.UNKNOWN]
    if known:
        met = [sign.words for sign in known if sign.met is Met.YES]
        yield Observation(f"{len(met)} of 4 signs to hire" + (": " + "; ".join(met) if met else "") + ".")
    if weighing.waiting_costs:
        yield Observation(
            f"Each month of waiting costs about {weighing.waiting_costs:.1f} engineer-months of manual work; the hire "
            "costs one."
        )


def weigh_timing(case: Case) -> Timing:
    situation = case.plan.situation
    team = [people for people in (situation.ml_engineers, situation.data_scientists) if people is not None]
    signs = Signs(
        models_in_production=situation.models_in_production,
        models_near_production=situation.models_near_production,
        models_planned=situation.models_planned_12_months,
        manual_share=situation.manual_share,
        reproducibility_pain=_rank(situation.reproducibility_pain),
        tracking_pain=_rank(situation.tracking_pain),
        research_only=situation.research_only,
        ml_team=sum(team) if team else None,
        inherits_technical_debt=situation.inherits_technical_debt,
    )
    return weigh(signs, thresholds(case.facts), situation.ml_engineers)


def thresholds(facts: FactBook) -> Thresholds:
    return Thresholds(
        models_near_production=facts.number("timing.models_near_production"),
        manual_share=facts.number("timing.manual_share"),
        models_planned=facts.number("timing.models_planned"),
        ml_team=facts.number("timing.ml_team"),
        crisis_manual_share=facts.number("timing.crisis_manual_share"),
    )


def _rank(pain: Pain | None) -> int | None:
    return None if pain is None else list(Pain).index(pain)
