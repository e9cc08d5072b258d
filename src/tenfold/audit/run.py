"""Asks ten practices about one plan. Values in, a frozen answer out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tenfold.audit.advice import order_advice
from tenfold.audit.headline import Headline, headline
from tenfold.audit.registry import PRACTICES
from tenfold.checking.case import Case
from tenfold.checking.role_setup import RoleSetup
from tenfold.kit.errors import ExitCode
from tenfold.kit.facts import FactBook, load
from tenfold.kit.findings import Finding, Question, State, Verdict
from tenfold.market.company_bands import OwnBands
from tenfold.plan.document import HiringPlan
from tenfold.posting.model import PostingReading


class FailOn(StrEnum):
    """From which state on an audit counts as failed. Each includes those before it; `never` only reports."""

    FIX = "fix"
    REVIEW = "review"
    UNANSWERED = "unanswered"
    NEVER = "never"


_FAILING = {
    FailOn.FIX: {State.FIX},
    FailOn.REVIEW: {State.FIX, State.REVIEW},
    FailOn.UNANSWERED: {State.FIX, State.REVIEW, State.UNANSWERED},
    FailOn.NEVER: set[State](),
}


@dataclass(frozen=True)
class Audit:
    """Ten verdicts on one plan, in the order of the registry."""

    name: str
    plan: HiringPlan
    reading: PostingReading | None
    as_of: date
    verdicts: tuple[Verdict, ...]
    opening: str = ""
    """The answer where another audit gave it: that of the whole plan, for a reader who may not see all of it."""

    def state(self, practice: str) -> State:
        return next(verdict.state for verdict in self.verdicts if verdict.practice == practice)

    @property
    def states(self) -> dict[str, State]:
        return {verdict.practice: verdict.state for verdict in self.verdicts}

    @property
    def counts(self) -> dict[State, int]:
        """How many practices are in each state; every state is there."""
        seen = Counter(verdict.state for verdict in self.verdicts)
        return {state: seen[state] for state in State}

    @property
    def answered(self) -> int:
        return len(self.verdicts) - self.counts[State.UNANSWERED] - self.counts[State.HIDDEN]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for verdict in self.verdicts for finding in verdict.findings)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for verdict in self.verdicts for question in verdict.questions)

    @property
    def headline(self) -> Headline:
        head = headline(self.verdicts, has_posting=self.reading is not None)
        return replace(head, opening=self.opening) if self.opening else head

    def hiding(self, practice: str, *, opening: str) -> Audit:
        """The same audit for a reader who may not see what decides one practice; it keeps the whole plan's answer."""
        verdicts = tuple(Verdict(practice, is_hidden=True) if v.practice == practice else v for v in self.verdicts)
        return replace(self, verdicts=verdicts, opening=opening)

    def exit_code(self, fail_on: FailOn) -> ExitCode:
        failed = any(state in _FAILING[fail_on] for state in self.states.values())
        return ExitCode.FAIL_ON_REACHED if failed else ExitCode.CLEAN


def audit(
    plan: HiringPlan,
    *,
    as_of: date,
    reading: PostingReading | None = None,
    name: str = "plan",
    facts: FactBook | None = None,
    setup: RoleSetup | None = None,
    bands: OwnBands | None = None,
) -> Audit:
    """The ten checks. `reading` is the plan's posting as read; `facts` the book with the operator's house rules.

    `setup`: what is set up for the plan's role, `bands`: the company's own; they add notes and turn no verdict.
    """
    role, team = (setup.role, setup.team) if setup else (None, None)
    case = Case(plan=plan, reading=reading, as_of=as_of, facts=facts or load(), setup=role, team=team, bands=bands)
    verdicts = order_advice([practice.check(case) for practice in PRACTICES])
    return Audit(name=name, plan=plan, reading=reading, as_of=as_of, verdicts=verdicts)
