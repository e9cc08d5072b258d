"""Where a candidate stands with their lab: what their page offers next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.queries.sessions import refunded_minutes, session_of
from tenfold.labs.clock import Clock
from tenfold.labs.sessions import Session, State


class Step(StrEnum):
    """What comes next for the candidate."""

    CLOSED = "closed"
    CONSENT = "consent"
    READY = "ready"
    WORKING = "working"
    TIME_OVER = "time-over"
    WAITING = "waiting"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Standing:
    """The step, and the clock where there is one. `refunded`: minutes given back because something of ours failed."""

    step: Step
    clock: Clock | None = None
    refunded: float = 0.0
    is_paused: bool = False

    @property
    def minutes_left(self) -> int:
        return round(self.clock.left_s / 60) if self.clock else 0


def standing(invitation: LabInvitation, now: datetime) -> Standing:
    if invitation.feedback_at is not None:
        return Standing(Step.FEEDBACK)
    if invitation.submitted_at is not None:
        return Standing(Step.WAITING)
    if not invitation.is_open(now):
        return Standing(Step.CLOSED)
    if invitation.consented_at is None:
        return Standing(Step.CONSENT)
    session = session_of(invitation)
    return Standing(Step.READY) if session is None else _at_work(session)


def _at_work(session: Session) -> Standing:
    if session.state is not State.OPEN:
        return Standing(Step.WAITING)
    clock = session.clock()
    step = Step.TIME_OVER if clock.is_over else Step.WORKING
    return Standing(step, clock, refunded_minutes(session), is_paused=session.paused() is not None)
