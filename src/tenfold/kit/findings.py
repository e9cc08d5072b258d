"""What a check answers: findings, questions, and the state they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tenfold.kit.facts import Fact


class Severity(StrEnum):
    """How much a finding matters, worst first.

    fix: would mislead candidates, break a law that was read, or hire for another job. review: a named person should
    decide deliberately. note: worth knowing; changes no verdict.
    """

    FIX = "fix"
    REVIEW = "review"
    NOTE = "note"


class State(StrEnum):
    """The state of a practice: its worst finding, or `unanswered` where a required answer is absent.

    hidden: the reader may not see what decides it.
    """

    FIX = "fix"
    REVIEW = "review"
    UNANSWERED = "unanswered"
    GOOD = "good"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words the finding rests on.

    `field` is the plan's path (`role.scope`, `requirements.must[2]`); `posting` for the posting's text, and then
    `start` and `end` are code points of that text as the reader emits it.
    """

    text: str
    field: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a careful reader of the plan would say.

    what: one sentence that stands alone. why: the reason, with figures. fix: what to do next.
    flips: the single change that would turn this verdict, where one is known. field: the plan field that mends it.
    publishes: the plan's answers that the fix would put into the posting as they stand.
    """

    practice: str
    rule: str
    severity: Severity
    what: str
    why: str
    fix: str
    field: str = ""
    flips: str = ""
    evidence: tuple[Quote, ...] = ()
    sources: tuple[Fact, ...] = ()
    publishes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """An answer that a check needs and the plan does not give: the practice is unknown until it does."""

    practice: str
    rule: str
    field: str
    ask: str
    why: str


@dataclass(frozen=True, slots=True)
class Observation:
    """A short sentence on what was looked at, with the sources of its figures.

    `is_of_role`: it says what is set up for the role rather than what the plan says.
    """

    text: str
    sources: tuple[Fact, ...] = ()
    is_of_role: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of our own (SVG text, safe to put into a page) and the words below it."""

    svg: str
    caption: str
    sources: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One practice's part of an audit. `observations` says what the verdict rests on, good or not; `picture` shows it.

    `is_hidden`: the reader may not see what decides it; then there is nothing else in it.
    """

    practice: str
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    observations: tuple[Observation, ...] = ()
    picture: Picture | None = None
    is_hidden: bool = False

    @property
    def sources(self) -> tuple[Fact, ...]:
        """Every fact shown with this verdict, in the order in which it is met."""
        shown = (*self.findings, *((self.picture,) if self.picture else ()), *self.observations)
        return tuple(dict.fromkeys(fact for item in shown for fact in item.sources))

    @property
    def state(self) -> State:
        if self.is_hidden:
            return State.HIDDEN
        severities = {finding.severity for finding in self.findings}
        if Severity.FIX in severities:
            return State.FIX
        if Severity.REVIEW in severities:
            return State.REVIEW
        return State.UNANSWERED if self.questions else State.GOOD


_ORDER = list(State)


def worst(states: Iterable[State]) -> State:
    return min(states, key=_ORDER.index, default=State.GOOD)
