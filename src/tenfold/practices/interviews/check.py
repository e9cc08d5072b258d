"""P8: are people asked the same, rated apart, and told what to expect?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenfold.checking.case import Case
from tenfold.checking.evidence_map import evidence_map, expected_reliability
from tenfold.checking.quoting import plan_says
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.kit.findings import Observation, Severity, Verdict
from tenfold.kit.words import inside, join, plural, sentence
from tenfold.plan.answers import NONE, is_stated
from tenfold.plan.document import Interview, InterviewKind, InterviewPlan
from tenfold.practices.interviews.engine import (
    FRAME_MINUTES,
    SOFT,
    Round,
    count_raters,
    find_soft_skills,
    find_unanswered_raters,
)
from tenfold.practices.interviews.set_up import kit_missing, kit_outdated, panel_short, what_is_set_up
from tenfold.stats.d_study import spearman_brown

interviews = Ruleset("interviews")


def check(case: Case) -> Verdict:
    return interviews.check(case)


@interviews.rule(
    "no-plan",
    requirement="P8.1",
    severity=Severity.FIX,
    why="Without a plan each interviewer asks what comes to mind, and candidates are compared on different things.",
    facts=("interviews.structured_validity", "interviews.unstructured_validity"),
)
def no_plan(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    plan = case.plan.interviews
    if plan is NONE:
        yield FindingDraft(
            what="There is no interview plan.",
            why="How a person explains, asks and decides is then never looked at on purpose.",
            fix="Plan two or three structured rounds, each with the competencies it assesses.",
            field="interviews",
            evidence=plan_says(case, "interviews"),
        )
    elif is_stated(plan) is None or not _rounds(case):
        yield QuestionDraft("interviews.rounds", "Which conversations will candidates have, and what does each assess?")


@interviews.rule(
    "unstructured",
    requirement="P8.1",
    severity=Severity.FIX,
    why="Unstructured interviews predict little and treat people unequally.",
    facts=("interviews.structured_validity", "interviews.unstructured_validity"),
)
def interview_unstructured(case: Case) -> Iterator[FindingDraft]:
    for index, round_ in enumerate(_plan(case).rounds or []):
        if round_.kind is InterviewKind.UNSTRUCTURED:
            yield FindingDraft(
                what=f"“{round_.name or 'One interview'}” has no fixed questions.",
                why=f"Structured interviews predict performance at r = {_r(case, 'structured_validity')}, "
                f"unstructured ones at r = {_r(case, 'unstructured_validity')} "
                "(meta-analysis, not measured on your jobs).",
                fix=f"Write three to five questions on {_assessed_names(case, round_) or 'one competency each'}, "
                "the same for everyone, and what a good answer holds.",
                field=f"interviews.rounds[{index}].kind",
                evidence=plan_says(case, f"interviews.rounds[{index}].name", f"interviews.rounds[{index}].kind"),
            )


@interviews.rule(
    "no-anchors",
    requirement="P8.1",
    severity=Severity.REVIEW,
    why="A number without a description means something else to every rater.",
    facts=("interviews.structured_validity",),
)
def no_anchors(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    rounds = _plan(case).rounds or []
    bare = [index for index, round_ in enumerate(rounds) if round_.anchored is False]
    if bare:
        names = join([f"“{rounds[index].name or f'round {index + 1}'}”" for index in bare])
        yield FindingDraft(
            what=f"Ratings in {names} have no written anchors.",
            why="Two raters who mean different things by “4” cannot agree, however carefully they listen.",
            fix=f"For each rating of {_assessed_names(case, rounds[bare[0]]) or 'a competency'} write one observable "
            f"behaviour that "
            "earns it.",
            field=f"interviews.rounds[{bare[0]}].anchored",
            evidence=plan_says(case, *(f"interviews.rounds[{index}].anchored" for index in bare)),
        )
    for index, round_ in enumerate(rounds):
        if round_.anchored is None and round_.kind is not InterviewKind.SCREEN:
            yield QuestionDraft(
                f"interviews.rounds[{index}].anchored",
                "Does each rating of this round have a written anchor?",
            )


@interviews.rule(
    "soft-skills-unassessed",
    requirement="P8.1",
    severity=Severity.REVIEW,
    why="MLOps work is done between teams; those skills are seen only where somebody looks.",
    facts=("interviews.soft_competencies",),
)
def soft_skills_unassessed(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    rounds = _rounds(case)
    if not rounds:
        return
    if all(round_.assesses is None for round_ in _plan(case).rounds or []):
        yield QuestionDraft("interviews.rounds[0].assesses", "Which soft skills does each round assess on purpose?")
        return
    covered, enough = find_soft_skills(rounds), case.facts.number("interviews.soft_competencies")
    if len(covered) >= enough:
        return
    names = [case.spine.competencies[competency].name for competency in SOFT if competency not in covered]
    have = (
        f"Only {plural(len(covered), 'soft skill')} is"
        if len(covered) == 1
        else f"{len(covered) or 'No'} soft skills are"
    )
    yield FindingDraft(
        what=f"{have} assessed on purpose.",
        why=f"No round looks at {join([inside(name) for name in names])}.",
        fix=f"Let a round assess {' or '.join(inside(name) for name in names[:2])} on purpose, with a task of its own.",
        field="interviews.rounds",
        flips=f"{plural(enough - len(covered), 'more of them', 'more of them')} assessed in a round.",
        evidence=plan_says(case, *(f"interviews.rounds[{index}].assesses" for index in range(len(rounds)))),
    )


@interviews.rule(
    "one-rater",
    requirement="P8.2",
    severity=Severity.REVIEW,
    why="One person's rating is less than half signal.",
    facts=("interviews.one_rater_reliability", "interviews.raters_per_competency"),
)
def one_rater(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    needed, rounds = int(case.facts.number("interviews.raters_per_competency")), _rounds(case)
    one = case.facts.number("interviews.one_rater_reliability")
    unsaid = find_unanswered_raters(rounds, needed)
    for index in unsaid:
        yield QuestionDraft(f"interviews.rounds[{index}].raters", "How many people rate this round independently?")
    open_yet = {competency for index in unsaid for competency in rounds[index].assesses}
    alone = [name for name, raters in count_raters(rounds).items() if raters < needed and name not in open_yet]
    if alone:
        names = [case.spine.competencies[competency].name for competency in alone]
        yield FindingDraft(
            what=f"One rater alone judges {join([inside(name) for name in names])}.",
            why=f"A single rater's reliability is {one:.2f}; {needed} independent ones reach "
            f"{spearman_brown(one, needed):.2f}.",
            fix=f"Let a second person rate {_rated_alone(case, needed)} independently, or assess the competency again.",
            field="interviews.rounds",
            evidence=plan_says(
                case,
                *(f"interviews.rounds[{index}].raters" for index in range(len(_plan(case).rounds or []))),
            ),
        )


@interviews.rule(
    "scorecards-shared",
    requirement="P8.2",
    severity=Severity.FIX,
    why="Whoever hears another's view first repeats it.",
    facts=("interviews.one_rater_reliability",),
)
def scorecards_shared(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    before = _plan(case).scorecards_before_debrief
    if before is False:
        yield FindingDraft(
            what="Interviewers see each other's views before they write their own.",
            why="Four ratings that copied the first are one rating; the reliability of several raters needs "
            "independence.",
            fix="Lock each scorecard before the debrief opens.",
            field="interviews.scorecards_before_debrief",
            evidence=plan_says(case, "interviews.scorecards_before_debrief"),
        )
    elif before is None and _rounds(case):
        yield QuestionDraft(
            "interviews.scorecards_before_debrief", "Are scorecards filled in before anyone sees another's?"
        )


@interviews.rule(
    "no-decision-rule",
    requirement="P8.2",
    severity=Severity.REVIEW,
    why="If nobody said beforehand how ratings become a decision, the loudest voice does it.",
    facts=("interviews.mechanical_gain",),
)
def no_decision_rule(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    rule = _plan(case).decision_rule
    if rule is NONE:
        gain = case.facts.number("interviews.mechanical_gain")
        yield FindingDraft(
            what="Nothing says how ratings become a decision.",
            why=f"A stated rule predicts job performance more than {gain:g} % better than combining the same "
            "ratings by feel.",
            fix="Write one sentence: equal weights per competency, what is needed to hire, who decides; "
            "overrides with a "
            "reason.",
            field="interviews.decision_rule",
            evidence=plan_says(case, "interviews.decision_rule"),
        )
    elif rule is None and _rounds(case):
        yield QuestionDraft("interviews.decision_rule", "How do ratings become a decision?")


@interviews.rule(
    "no-decider",
    requirement="P8.2",
    severity=Severity.REVIEW,
    why="Scores inform a named human; that human must exist.",
    facts=("interviews.ny_bias_audit",),
)
def no_decider(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    if _rounds(case) and not _plan(case).decided_by:
        yield QuestionDraft("interviews.decided_by", "Which post takes the decision and records the reason?")


@interviews.rule(
    "automatic-rejection",
    requirement="P8.2",
    severity=Severity.FIX,
    why="No score rejects a person by itself: unfair where it errs, and regulated in a growing list of places.",
    facts=("interviews.ny_bias_audit",),
)
def automatic_rejection(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    automatic = _plan(case).automatic_rejection
    if automatic is None and _rounds(case):
        yield QuestionDraft("interviews.automatic_rejection", "Does any score reject a person by itself?")
    elif automatic:
        yield FindingDraft(
            what="A score rejects people by itself.",
            why="Tools that decide or rank in place of a person need bias audits, notices and human review in several "
            "jurisdictions, and they are wrong about someone every week without anybody noticing.",
            fix=f"Let the score inform {_plan(case).decided_by or 'a named person'}, who decides and records a reason.",
            field="interviews.automatic_rejection",
            evidence=plan_says(case, "interviews.automatic_rejection"),
        )


@interviews.rule(
    "format-untold",
    requirement="P8.3",
    severity=Severity.REVIEW,
    why="Surprise measures composure, not skill, and puts off people with other offers.",
)
def format_untold(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    told = _plan(case).format_told_beforehand
    if told is False:
        yield FindingDraft(
            what="Candidates are not told the format beforehand.",
            why="Those with friends inside know it anyway; everyone else prepares for the wrong thing.",
            fix="Send the rounds, their length, what each looks at and how to ask for an accommodation.",
            field="interviews.format_told_beforehand",
            evidence=plan_says(case, "interviews.format_told_beforehand"),
        )
    elif told is None and _rounds(case):
        yield QuestionDraft("interviews.format_told_beforehand", "Do candidates get the format beforehand?")


@interviews.rule(
    "no-feedback",
    requirement="P8.3",
    severity=Severity.REVIEW,
    why="People who gave hours deserve an answer, and tell others whether they got one.",
    facts=("interviews.feedback_days",),
)
def no_feedback(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    days, most = _plan(case).feedback_within_days, case.facts.number("interviews.feedback_days")
    late = days is NONE or (isinstance(days, int) and days > most)
    if late:
        yield FindingDraft(
            what="Candidates get no feedback." if days is NONE else f"Candidates wait {days} days for feedback.",
            why="The MLOps market is small; the next candidate knows the last one.",
            fix=f"Promise feedback within {most:g} days and give it from the scorecards.",
            field="interviews.feedback_within_days",
            evidence=plan_says(case, "interviews.feedback_within_days"),
        )
    elif days is None and _rounds(case):
        yield QuestionDraft("interviews.feedback_within_days", "Within how many days do candidates get feedback?")


@interviews.rule(
    "too-many-rounds",
    requirement="P8.1",
    severity=Severity.REVIEW,
    why="Each round after the fourth costs good candidates and adds little.",
    facts=("interviews.most_rounds",),
)
def too_many_rounds(case: Case) -> Iterator[FindingDraft]:
    rounds, most = _plan(case).rounds or [], case.facts.number("interviews.most_rounds")
    asked = [round_ for round_ in rounds if round_.kind is not InterviewKind.SCREEN]
    if len(asked) > most:
        yield FindingDraft(
            what=f"{sentence(plural(len(asked), 'interview'))} are more than the decision needs.",
            why="Four gave 86 % agreement with the company's final decision in one large study; each further "
            "one about a "
            f"point. Candidates with other offers leave between round {most:g} and {len(asked)}.",
            fix=f"Merge {_shortest(asked)} into the others; let two people sit in one.",
            field="interviews.rounds",
            flips=f"{plural(len(asked) - most, 'round')} fewer.",
            evidence=plan_says(case, *(f"interviews.rounds[{index}].name" for index in range(len(rounds)))),
        )


@interviews.rule(
    "round-too-full",
    requirement="P8.1",
    severity=Severity.REVIEW,
    why="A competency that gets five minutes is rated on an impression.",
    facts=("interviews.minutes_per_competency",),
)
def round_too_full(case: Case) -> Iterator[FindingDraft]:
    least = case.facts.number("interviews.minutes_per_competency")
    for index, round_ in enumerate(_plan(case).rounds or []):
        competencies = len(set(round_.assesses or ()))
        if round_.minutes is None or not competencies:
            continue
        room = max(1, int((round_.minutes - FRAME_MINUTES) // least))
        if competencies > room:
            name = round_.name or f"Round {index + 1}"
            each, needed = (round_.minutes - FRAME_MINUTES) / competencies, FRAME_MINUTES + competencies * least
            yield FindingDraft(
                what=f"“{name}” assesses {competencies} competencies in {round_.minutes} minutes.",
                why=f"{FRAME_MINUTES} minutes go to the beginning and the end, so each gets {each:.0f}; one "
                f"question with follow-ups takes about {least:g}.",
                fix=f"Keep {room} in this round, or give it {needed:g} minutes. `tenfold interviews kit` shows which "
                "questions fit.",
                field=f"interviews.rounds[{index}].assesses",
                flips=f"{plural(competencies - room, 'competency', 'competencies')} fewer, or "
                f"{plural(needed - round_.minutes, 'minute')} more.",
                evidence=plan_says(case, f"interviews.rounds[{index}].minutes", f"interviews.rounds[{index}].assesses"),
            )


interviews.rule(
    "kit-missing",
    requirement="P8.1",
    severity=Severity.NOTE,
    why="A plan of interviews is kept only where its questions are written down for everybody who asks.",
)(kit_missing)
interviews.rule(
    "kit-outdated",
    requirement="P8.1",
    severity=Severity.NOTE,
    why="Questions belong to the must-haves of a version of the plan.",
)(kit_outdated)
interviews.rule(
    "panel-short",
    requirement="P8.2",
    severity=Severity.NOTE,
    why="Raters in a plan are an intention; the panel is who comes.",
    facts=("interviews.raters_per_competency",),
)(panel_short)


@interviews.summary
def what_was_weighed(case: Case) -> Iterator[Observation]:
    rounds = _plan(case).rounds or []
    if rounds:
        minutes = sum(round_.minutes or 0 for round_ in rounds)
        yield Observation(
            f"{sentence(plural(len(rounds), 'round'))}, {minutes} minutes in all; soft skills assessed: "
            + (join([inside(case.spine.competencies[name].name) for name in find_soft_skills(_rounds(case))]) or "none")
            + "."
        )


@interviews.summary
def what_is_assessed_where(case: Case) -> Iterator[Observation]:
    """Each competency of the rounds: where, by how many, and what such ratings were worth elsewhere."""
    asked = [looks for looks in evidence_map(case) if any(one.is_interview for one in looks.by)]
    worth: dict[str, list[str]] = {}
    for looks in asked:
        expected = expected_reliability(case, looks)
        if expected is not None:
            worth.setdefault(str(expected), []).append(inside(case.spine.competencies[looks.competency].name))
    if worth:
        told = "; ".join(f"{join(names)}: {expected}" for expected, names in worth.items())
        yield Observation(
            f"Expected reliability of the ratings: {told}. Show a band, not a rank, among candidates this close.",
            sources=(
                case.facts["interviews.mini_interview_variances"],
                case.facts["interviews.one_rater_reliability"],
            ),
        )


interviews.summary(what_is_set_up)


def _assessed_names(case: Case, round_: Interview) -> str:
    return join([inside(case.spine.competencies[name].name) for name in round_.assesses or []])


def _rated_alone(case: Case, needed: int) -> str:
    rounds = enumerate(_plan(case).rounds or [], start=1)
    names = [f"“{one.name or f'round {at}'}”" for at, one in rounds if one.raters is not None and one.raters < needed]
    return join(names) or "the same round"


def _shortest(rounds: Sequence[Interview]) -> str:
    """The two rounds that take least of a candidate's time: the first to merge."""
    names = [f"“{one.name or 'a round'}”" for one in sorted(rounds, key=lambda one: one.minutes or 0)[:2]]
    return join(names)


def _plan(case: Case) -> InterviewPlan:
    return is_stated(case.plan.interviews) or InterviewPlan()


def _rounds(case: Case) -> list[Round]:
    return [Round(tuple(round_.assesses or ()), round_.raters) for round_ in _plan(case).rounds or []]


def _r(case: Case, name: str) -> str:
    return f"{case.facts.number(f'interviews.{name}'):.2f}".lstrip("0")
