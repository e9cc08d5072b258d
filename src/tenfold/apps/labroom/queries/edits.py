"""What people saved in a room's editor, edit by edit, and the moments at which all of the work was saved."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.queries.changes import text_diff
from tenfold.apps.labroom.queries.sessions import session_of
from tenfold.core.models import User
from tenfold.labs.edits import Edit, edits, text_of
from tenfold.labs.rooms import CANDIDATE
from tenfold.labs.sessions import Session

MOST_EDITS = 2_000
MOST_DIFF = 20_000
"""Letters of one edit's diff that are shown."""
BUDGET_S = 3.0
"""For all comparisons of one session: edits after that are named without what differs."""


@dataclass(frozen=True, slots=True)
class EditShown:
    """One save. `diff`: unified; empty where `is_text` is False: no text, too long, or too much in all."""

    at: datetime
    by: str
    path: str
    diff: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class SavedState:
    """All of the work as it was saved at a moment, by its number among those of the session."""

    number: int
    hash: str
    at: datetime
    kind: str


def edits_shown(session: Session) -> list[EditShown]:
    """The first 2,000 saves, with the names of who made them."""
    found = edits(session)[:MOST_EDITS]
    names = names_of_people([one.by for one in found])
    until = time.monotonic() + BUDGET_S
    return [_show(session, one, names.get(one.by, "A colleague"), until) for one in found]


def _show(session: Session, one: Edit, by: str, until: float) -> EditShown:
    before, after = text_of(session, one.was), text_of(session, one.version)
    if before is None or after is None or time.monotonic() > until:
        return EditShown(one.at, by, one.path, "", is_text=False)
    diff, is_text = text_diff(one.path, before, after)
    return EditShown(one.at, by, one.path, diff[:MOST_DIFF], is_text)


def names_of_people(who: Sequence[str]) -> dict[str, str]:
    """What the engine calls people (“candidate”, “u-” and an id), with the names that pages show."""
    ids = {one: _uuid(one.removeprefix("u-")) for one in who if one.startswith("u-")}
    users = {one.pk: str(one) for one in User.objects.filter(pk__in=ids.values())}
    return {CANDIDATE: "Candidate"} | {one: users.get(pk, "A colleague") for one, pk in ids.items()}


def saved_states_of(found: LabInvitation) -> list[SavedState]:
    """Those that differ from the one before, from the first on; the starter is none of them."""
    session, states = session_of(found), list[SavedState]()
    for one in session.snapshots() if session else ():
        if not states or states[-1].hash != one.hash:
            states.append(SavedState(len(states) + 1, one.hash, one.at, one.kind))
    return states


def state_numbered(states: Sequence[SavedState], number: str) -> SavedState | None:
    """None where there is none of that number."""
    return next((one for one in states if str(one.number) == number), None)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
