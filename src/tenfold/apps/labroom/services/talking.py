"""What is said in a room: messages, hints, markers, notes, changes of the task. All of it is part of the record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tenfold.apps.labroom.models import EntryKind, LabroomEvent, RoomEntry
from tenfold.apps.labroom.queries.edits import names_of_people
from tenfold.apps.labroom.queries.seats import CANDIDATE, Seat
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError
from tenfold.labs.sessions import Session, utc_now

MOST_ENTRIES = 2_000
"""In one session: a bound, not a policy."""
AT_ONCE = 200


@transaction.atomic
def say(seat: Seat, text: str, *, kind: EntryKind) -> RoomEntry | None:
    """Adds an entry; nothing in practice, where nothing is kept. Raises UserError for an empty one, or too many."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise UserError("There is nothing to send.")
    if seat.is_practice:
        return None
    if RoomEntry.objects.filter(invitation=seat.invitation).count() >= MOST_ENTRIES:
        raise UserError("This room holds as many messages as it may.", remedy="Write a mail instead.")
    by = None if seat.is_candidate else seat.user
    return RoomEntry.objects.create(invitation=seat.invitation, kind=kind, by=by, text=text, at=timezone.now())


@transaction.atomic
def give_hint(seat: Seat, session: Session) -> str:
    """The next hint, in the record and told to everybody in the room. Raises UserError where all were given."""
    text = session.hint(utc_now())
    if text is None:
        raise UserError("All hints were given.")
    say(seat, text, kind=EntryKind.HINT)
    if not seat.is_practice:
        by = seat.user or "candidate"
        record(kind=LabroomEvent.HINT_GIVEN, by=by, of=seat.invitation, now=timezone.now())
    return text


def entries_after(seat: Seat, last: str) -> list[dict[str, str]]:
    """What this person may read of what was said since an entry (by its id), oldest first."""
    rows = RoomEntry.objects.filter(invitation=seat.invitation).select_related("by").order_by("at", "pk")
    own_notes = ~Q(kind=EntryKind.NOTE) | Q(by=seat.user)
    rows = rows.shown_in_room() if seat.is_candidate else rows.filter(own_notes)
    known = RoomEntry.objects.filter(pk=_uuid(last), invitation=seat.invitation).first()
    if known is not None:
        rows = rows.filter(at__gte=known.at).exclude(pk=known.pk)
    return [
        {
            "id": str(one.pk),
            "kind": one.kind,
            "by": str(one.by) if one.by else "Candidate",
            "text": one.text,
            "at": one.at.isoformat(),
        }
        for one in rows[:AT_ONCE]
    ]


def names_of(seat: Seat, who: Sequence[str]) -> dict[str, str]:
    """What the engine calls people, with the names that the room shows."""
    own = {CANDIDATE: seat.name} if seat.is_candidate and seat.user is not None else {}
    return names_of_people(who) | own


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
