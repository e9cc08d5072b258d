"""P8 and what is set up for the role: the kit in use, its panels, scorecards, and what their ratings are worth.

All of it is notes and observations: who may not see what is set up gets the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.checking.case import Case
from tenfold.checking.evidence_map import expected_reliability, looks_set_up
from tenfold.checking.role_setup import MeasuredReliability, RoleSetup, SetUpRound
from tenfold.checking.rules import FindingDraft
from tenfold.kit.findings import Observation
from tenfold.kit.words import inside, join, plural
from tenfold.stats.d_study import ratings_needed, spearman_brown

TARGET = 0.7
"""Reliability from which differences between people are more signal than chance by a usual convention."""
MOST_NEEDED = 20
"""More interviewers than anybody would ask."""
HIDDEN = "What is set up for the role (kit, panels, scorecards, labs) is shown to its hiring team."


def kit_missing(case: Case) -> Iterator[FindingDraft]:
    setup = visible_setup(case)
    if setup is not None and setup.kit_number is None:
        yield FindingDraft(
            what="The role is open and has no interview kit.",
            why="Until a kit is made, each interviewer decides what to ask.",
            fix="Make the kit on the role’s page “Interviews”.",
            field="interviews.rounds",
        )


def kit_outdated(case: Case) -> Iterator[FindingDraft]:
    setup = visible_setup(case)
    if setup is not None and setup.is_outdated:
        yield FindingDraft(
            what=f"The kit in use is from version {setup.plan_version} of the plan; version {setup.approved_version} "
            "is approved.",
            why="Candidates are asked about the must-haves of the older version.",
            fix="Make the kit anew. Scorecards already asked for keep the kit they were made with.",
            field="interviews.rounds",
        )


def panel_short(case: Case) -> Iterator[FindingDraft]:
    """Competencies that no lab grades and that fewer interviewers than needed rate, as panels stand."""
    needed = int(case.facts.number("interviews.raters_per_competency"))
    setup = visible_setup(case)
    empty = [one.name for one in (setup.rounds if setup else ()) if one.raters is None and not one.is_optional]
    if empty:
        yield FindingDraft(
            what=f"Nobody is named yet to hold {join([f'“{name}”' for name in empty])}.",
            why="How far its ratings can be trusted depends on how many people rate independently.",
            fix=f"Choose {needed} people for the panel on the role’s page “Interviews”.",
            field="interviews.rounds",
        )
    looks = [one for one in looks_set_up(case, {}) if setup and one.by and all(look.raters for look in one.by)]
    alone = [_competency(case, one.competency) for one in looks if one.raters < needed]
    if alone:
        yield FindingDraft(
            what=f"As panels stand, one interviewer alone rates {join(alone)}.",
            why=f"The plan’s check expects {needed} independent ratings of each competency.",
            fix="Add a second person to the panel, or ask about it in another round.",
            field="interviews.rounds",
        )


def what_is_set_up(case: Case) -> Iterator[Observation]:
    if case.setup is not None and case.setup.is_hidden:
        yield Observation(HIDDEN, is_of_role=True)
    setup = visible_setup(case)
    if setup is None or setup.kit_number is None:
        return
    questions = sum(count for one in setup.rounds if not one.is_optional for _, count in one.asks)
    rounds = [one for one in setup.rounds if not one.is_optional]
    made = f" of {setup.kit_date:%-d %B %Y}" if setup.kit_date else ""
    version = f", from version {setup.plan_version} of the plan" if setup.plan_version else ""
    yield Observation(
        f"In use is kit {setup.kit_number}{made}{version}: {plural(questions, 'question')} in "
        f"{plural(len(rounds), 'round')}. {' '.join(_round_in_words(case, one) for one in rounds)}",
        is_of_role=True,
    )
    yield from _what_ratings_are_worth(case, setup)


def visible_setup(case: Case) -> RoleSetup | None:
    return None if case.setup is None or case.setup.is_hidden else case.setup


def _round_in_words(case: Case, one: SetUpRound) -> str:
    """`“The work” asks about serving (2 questions) and pipelines (1 question), rated by Ada and Ben; …`."""
    asks = [f"{_competency(case, name)} ({plural(count, 'question')})" for name, count in one.asks]
    who = (
        f"rated by {join(list(one.panel))}"
        if one.panel
        else f"rated by {plural(one.raters, 'interviewer')}"
        if one.raters
        else "with nobody named to rate it"
    )
    cards = (
        f"; {one.handed_in} of {plural(one.asked, 'scorecard')} {'is' if one.asked == 1 else 'are'} in"
        if one.asked and one.handed_in is not None
        else "; no scorecard was asked for yet"
        if one.asked == 0
        else ""
    )
    return f"“{one.name}” asks about {join(asks) or 'nothing'}, {who}{cards}."


def _competency(case: Case, competency: str) -> str:
    """Its name; the id as it stands where our library does not know it, such as one of the company's own."""
    known = case.spine.competencies.get(competency)
    return inside(known.name) if known else competency


def _what_ratings_are_worth(case: Case, setup: RoleSetup) -> Iterator[Observation]:
    worth: dict[str, list[str]] = {}
    for looks in looks_set_up(case, {}):
        expected = expected_reliability(case, looks)
        if expected is not None:
            worth.setdefault(str(expected), []).append(_competency(case, looks.competency))
    if worth:
        told = "; ".join(f"{join(names)}: {expected}" for expected, names in worth.items())
        sources = ("interviews.mini_interview_variances", "interviews.one_rater_reliability")
        yield Observation(
            f"With these panels, expected reliability of the ratings: {told} (from two published sources, not "
            "measured on these interviews).",
            sources=tuple(case.facts[key] for key in sources),
            is_of_role=True,
        )
    if setup.measured is not None:
        yield Observation(_measured_in_words(setup.measured), is_of_role=True)
    elif setup.unmeasured:
        yield Observation(f"Measured on your own interviews: not enough data. {setup.unmeasured}", is_of_role=True)


def _measured_in_words(one: MeasuredReliability) -> str:
    enough = ratings_needed(one.value, TARGET)
    more = f", and .70 takes about {enough:.0f}" if enough <= MOST_NEEDED and one.value < TARGET else ""
    two = [None if end is None else spearman_brown(end, 2) for end in (one.value, one.low, one.high)]
    return (
        f"Measured on your own decided applications: one interviewer’s rating has a reliability of "
        f"{_figure(one.value, one.low, one.high)}; two independent interviewers have "
        f"{_figure(*two)}{more} "
        f"({plural(one.ratings, 'rating')} of {plural(one.candidates, 'candidate')} by "
        f"{plural(one.interviewers, 'interviewer')})."
    )


def _figure(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "unknown"
    span = "no interval" if low is None or high is None else f"95 % interval {low:.2f} to {high:.2f}"
    return f"{value:.2f} ({span})"
