"""The engine's sessions of invitations, and the sandbox of this machine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tenfold.apps.labroom.models import LabInvitation
from tenfold.kit.errors import UserError
from tenfold.labs import engines, home
from tenfold.labs.sessions import Session
from tenfold.labs.verdicts import Verdict
from tenfold.sandbox.interface import Sandbox


@contextlib.contextmanager
def sandbox_here() -> Iterator[Sandbox]:
    """The best sandbox of this machine, given back afterwards. Raises UserError where there is none."""
    sandbox = home.sandbox(home.home())
    try:
        yield sandbox
    finally:
        sandbox.close()


def session_of(invitation: LabInvitation, *, is_practice: bool = False) -> Session | None:
    """As it is now, wherever it is worked on; None where it is not begun, or it cannot be found from this machine."""
    return engines.session_at(home.home(), invitation.practice if is_practice else invitation.session)


def verdict_of(invitation: LabInvitation) -> Verdict | None:
    """The automatic verdict that counts; None before it is graded, or where only our own failures were noted."""
    session = session_of(invitation)
    return session.verdict() if session is not None and invitation.submitted_at is not None else None


def all_verdicts(invitation: LabInvitation) -> int:
    """How often it was judged, our own failures included."""
    session = session_of(invitation)
    return sum(entry.kind == "verdict" for entry in session.events()) if session is not None else 0


def lab_folder(invitation: LabInvitation) -> Path | None:
    """The lab's folder as kept for the session, so that a rubric never changes under a review."""
    session = session_of(invitation)
    if session is None:
        return None
    try:
        return session.lab.folder
    except (UserError, KeyError):
        return None


def refunded_minutes(session: Session) -> float:
    """What was given back because something failed on our side."""
    return sum(float(entry.data.get("minutes", 0)) for entry in session.events() if entry.kind == "refund")
