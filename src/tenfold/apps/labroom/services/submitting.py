"""Handing in: what will be graded, and the moment from which the work stands."""

from __future__ import annotations

from datetime import datetime

from asgiref.sync import async_to_sync

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.queries.changes import FileChange, changed_files
from tenfold.apps.labroom.queries.sessions import session_of
from tenfold.apps.labroom.services.working import note_submitted
from tenfold.kit.errors import UserError
from tenfold.labs import rooms
from tenfold.labs.engines import engine
from tenfold.labs.rooms import RoomError
from tenfold.labs.sessions import State
from tenfold.sandbox.interface import SandboxError


def submit(*, invitation: LabInvitation, now: datetime) -> None:
    """Hands in what the room holds now, or what was saved last where the room is gone. Repeating changes nothing.

    Raises:
        UserError: nothing was begun, or the workspace holds more than may be handed in.
    """
    session = session_of(invitation)
    if session is None:
        raise UserError("There is nothing to submit yet", remedy="Begin the lab first.")
    snapshot = async_to_sync(engine().submit)(session)
    note_submitted(invitation=invitation, snapshot=snapshot, now=now)


def summary(invitation: LabInvitation) -> list[FileChange]:
    """What differs from what the person began with, as the room holds it now; what was saved last where it is gone."""
    session = session_of(invitation)
    if session is None:
        return []
    try:
        if session.state is State.OPEN:
            async_to_sync(rooms.save)(session)
        saved = session_of(invitation)
        return changed_files(saved) if saved is not None else []
    except (UserError, SandboxError, RoomError):
        return []
