"""P9 and what is in place: the company's ladder, placements with evidence, and check-ins, of the team as a whole.

All of it is notes and observations: who may not see figures of teams gets the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.checking.case import Case
from tenfold.checking.rules import FindingDraft
from tenfold.kit.findings import Observation
from tenfold.kit.words import join
from tenfold.plan.answers import is_stated

HALF = 0.5
OF_GROWTH = ("ladder", "placements", "check-ins")


def few_placed(case: Case) -> Iterator[FindingDraft]:
    share = case.team.placed if case.team else None
    if share is not None and share.count < HALF * share.of:
        yield FindingDraft(
            what=f"About {share.count} in {share.of} people are placed on the ladder with evidence of the last year.",
            why="A ladder on which most people do not stand is a document, not a practice.",
            fix="Place people with their managers, each with two or three pieces of evidence.",
            field="growth.promotion_review_months",
        )


def what_is_in_place(case: Case) -> Iterator[Observation]:
    figures = case.team
    if figures is None or figures.is_hidden:
        return
    if figures.ladder is not None:
        used = "" if is_stated(case.plan.growth.ladder) else "; the plan does not show it to candidates"
        told = f"In force: the ladder “{figures.ladder.name}”, version {figures.ladder.version}{used}."
        yield Observation(told, is_of_role=True)
    for share, words in (
        (figures.placed, "are placed with evidence of the last year"),
        (figures.checked_in, "finished a check-in in the last six months"),
    ):
        if share is not None:
            yield Observation(f"About {share.count} in {share.of} people {words} (to {share.until}).", is_of_role=True)
    missing = [f"{what} ({why})" for what, why in figures.missing if what in OF_GROWTH]
    if missing:
        yield Observation(f"Not known: {join(missing)}.", is_of_role=True)
