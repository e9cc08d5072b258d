"""What the API says of kits and scorecards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class KitResult(Schema):
    """The role's latest kit: what is assessed where, rounds with questions and anchors, the candidate's preview."""

    id: UUID
    number: int
    plan_version: int
    made_at: datetime
    content: dict[str, Any]


class SetupKit(Schema):
    """Which kit is in use; `approved_version` is the plan's of today."""

    number: int
    made_on: date | None
    plan_version: int | None
    approved_version: int | None


class SetupQuestion(Schema):
    """One question by the competency that it looks at."""

    competency: str


class SetupRound(Schema):
    """One conversation: who usually holds it, scorecards asked for and handed in; null where you may not count them."""

    name: str
    minutes: int | None
    optional: bool
    questions: list[SetupQuestion]
    panel: list[str]
    raters: int | None
    asked: int | None
    handed_in: int | None


class SetupLab(Schema):
    """A lab in use; counts are null where you may not know them."""

    lab: str
    invited: int | None
    handed_in: int | None


class SetupReliability(Schema):
    """Of one interviewer's mean rating, from decided applications: value, 95 % interval, and from how many."""

    value: float
    low: float | None
    high: float | None
    n: int
    candidates: int
    interviewers: int


class SetupResult(Schema):
    """What is set up for a role. `measured` is null where `unmeasured` says why."""

    format: str
    title: str
    kit: SetupKit | None
    rounds: list[SetupRound]
    labs: list[SetupLab]
    measured: SetupReliability | None
    unmeasured: str


class QuestionRating(Schema):
    """One question's rating, 1 to 4; null where it was not asked."""

    question: str
    competency: str
    rating: int | None
    evidence: str
    link: str


class ScorecardResult(Schema):
    """One scorecard that is in: what was said first, before others could be read, and what is said now."""

    id: UUID
    round: str
    interviewer: str
    submitted_at: datetime
    version: int
    first: list[QuestionRating]
    now: list[QuestionRating]


class ScorecardList(Schema):
    """Scorecards of one application that the token's person may read, in the order in which they were asked for.

    `waiting_for_your_own`: they owe one themselves, so that others' are not told.
    """

    waiting_for_your_own: bool
    still_owed: int
    scorecards: list[ScorecardResult]
