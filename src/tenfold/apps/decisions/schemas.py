"""What the API says of decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class DecisionResult(Schema):
    """A decision as signed. `rests_on`: scorecards that were in; `waiting`: those that were not.

    `packet`: what lay before the one who signed, competency by competency, as it was then. `hash`: of all of it, as the
    trail holds it. A decision that was taken back stays, with the reason.
    """

    id: UUID
    application_id: UUID
    verdict: str
    reasons: str
    signed_by: str
    signed_at: datetime
    rests_on: int
    waiting: int
    stands: bool
    taken_back_at: datetime | None
    taken_back_by: str | None
    taken_back_why: str
    hash: str
    packet: dict[str, Any]


class DecisionList(Schema):
    """Decisions on one application, newest first; none while you owe a scorecard of it (`waiting_for_your_own`)."""

    waiting_for_your_own: bool
    decisions: list[DecisionResult]
