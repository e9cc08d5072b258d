"""P10 and what is measured of the team: on-call, help-desk, 1:1s, pulse and staying, as its own records tell them.

All of it is notes and observations: who may not see figures of teams gets the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.checking.case import Case
from tenfold.checking.quoting import plan_says
from tenfold.checking.rules import FindingDraft
from tenfold.checking.team_figures import TeamFigure
from tenfold.kit.findings import Observation
from tenfold.kit.words import join
from tenfold.plan.answers import is_stated

ON_TIME = 0.8
HIDDEN = "What is measured of the team is shown to administrators, hiring managers and people analysts."


def measured_otherwise(case: Case) -> Iterator[FindingDraft]:
    """Figures of the plan that lie outside the interval of what was measured."""
    on_call, figures = is_stated(case.plan.on_call), case.team
    if figures is None:
        return
    pages, share = on_call.pages_per_shift if on_call else None, case.plan.retention.helpdesk_share
    for said, found, words, field in (
        (pages, figures.pages_per_shift, "pages a shift", "on_call.pages_per_shift"),
        (share, figures.helpdesk_percent, "% help-desk", "retention.helpdesk_share"),
    ):
        if said is not None and found is not None and not found.holds(said):
            yield FindingDraft(
                what=f"The plan says {said:g} {words}; measured are {found.value:.2g}{_interval(found)}.",
                why="Candidates plan their nights and their work by these figures, and learn the true ones in a month.",
                fix=f"Write the measured figure into the plan, or say what changes it ({found.source}, "
                f"n = {found.n}, to {found.until}).",
                field=field,
                evidence=plan_says(case, field),
            )


def talks_behind(case: Case) -> Iterator[FindingDraft]:
    share = case.team.one_on_ones_on_time if case.team else None
    if share is not None and share.count < ON_TIME * share.of:
        yield FindingDraft(
            what=f"About {share.count} in {share.of} people have their 1:1s in the rhythm that was set.",
            why="A rhythm that is not kept is the first thing that somebody new notices.",
            fix="Move what is overdue, or set a rhythm that managers can keep.",
            field="retention.one_on_ones_weeks",
        )


def what_is_measured(case: Case) -> Iterator[Observation]:
    figures = case.team
    if figures is None:
        return
    if figures.is_hidden:
        yield Observation(HIDDEN, is_of_role=True)
        return
    for found, words in (
        (figures.pages_per_shift, "pages a shift"),
        (figures.helpdesk_percent, "% of the team’s time for tickets"),
        (figures.stay_18_months, "% stay longer than 18 months"),
    ):
        if found is not None:
            told = f"Measured: {found.value:.3g} {words}{_interval(found)}, n = {found.n}"
            yield Observation(f"{told}, {found.source}, to {found.until}.", is_of_role=True)
    if figures.pulse is not None:
        share = figures.pulse
        told = f"Pulse: {share.count} of {share.of} questions are answered favourably by most ({share.source})."
        yield Observation(told, is_of_role=True)
    missing = [f"{what} ({why})" for what, why in figures.missing if what not in OF_GROWTH]
    if missing:
        yield Observation(f"Not measured: {join(missing)}.", is_of_role=True)


OF_GROWTH = ("ladder", "placements", "check-ins")


def _interval(found: TeamFigure) -> str:
    if found.low is None or found.high is None:
        return ""
    return f" (95 % interval {found.low:.2g} to {found.high:.2g})"
