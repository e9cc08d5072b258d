"""Who is let into a room's socket, and whether they still may be there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import close_old_connections
from django.utils import timezone

from tenfold.apps.labroom.models import LabInvitation, LabroomEvent
from tenfold.apps.labroom.queries.seats import Seat, candidate_seat, seat_of
from tenfold.apps.labroom.services.tickets import use_ticket
from tenfold.core.models import AuditEntry, User
from tenfold.core.services.trail import record

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs what asks the database in a thread of its own, with a connection that is given back."""

    def run() -> T:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.to_thread(run)


def admit(ticket: str) -> Seat | None:
    """The seat that a ticket gives, used up by asking; None where it gives none any more."""
    now = timezone.now()
    found = use_ticket(ticket, now=now)
    if found is None or found.invitation.submitted_at is not None or not found.invitation.is_open(now):
        return None
    if found.user is None:
        return candidate_seat(found.invitation, is_practice=found.is_practice)
    seat = seat_of(found.invitation, found.user)
    if seat is not None and not seat.is_candidate:
        _note_joined(seat)
    return seat


def _note_joined(seat: Seat) -> None:
    """That a colleague came in: once a person and room, since every terminal and reload asks anew."""
    data = {"who": str(seat.user.pk) if seat.user else "", "part": seat.part}
    known = AuditEntry.objects.filter(kind=LabroomEvent.JOINED, of_id=str(seat.invitation.pk), data=data)
    if known.exists():
        return
    record(kind=LabroomEvent.JOINED, by=seat.user or "candidate", of=seat.invitation, now=timezone.now(), data=data)


def seat_now(seat: Seat) -> Seat | None:
    """The same person's seat by the rows of this moment; None where they may not be there any more."""
    rows = LabInvitation.objects.select_related("organisation", "team", "application__candidate", "tried_by")
    found = rows.filter(pk=seat.invitation.pk, erased_at=None).first()
    if found is None or not found.is_open(timezone.now()):
        return None
    if seat.user is None:
        same_link = found.link_version == seat.invitation.link_version
        return candidate_seat(found, is_practice=seat.is_practice) if same_link else None
    user = User.objects.filter(pk=seat.user.pk, is_active=True).first()
    return seat_of(found, user) if user is not None else None
