"""What the API says of kits and scorecards."""

from __future__ import annotations

from datetime import datetime
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
