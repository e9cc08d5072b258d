"""One-time tickets of sockets: asked for by a page that knows who is there, used up by the socket's first frame."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tenfold.apps.labroom.models import LabInvitation, RoomTicket
from tenfold.core.models import User
from tenfold.core.tokens import hash_of, new_token

LASTS = timedelta(seconds=30)
"""From the page's request to the socket's first frame."""


@transaction.atomic
def make_ticket(*, invitation: LabInvitation, user: User | None, now: datetime, is_practice: bool = False) -> str:
    """The ticket, which only its holder knows: its hash is kept, for seconds."""
    RoomTicket.objects.filter(expires_at__lt=now).delete()
    token = new_token()
    RoomTicket.objects.create(
        token_hash=hash_of(token),
        invitation=invitation,
        user=user,
        is_practice=is_practice,
        link_version=invitation.link_version,
        expires_at=now + LASTS,
    )
    return token


@transaction.atomic
def use_ticket(token: str, *, now: datetime) -> RoomTicket | None:
    """Whom it lets in; None where it was used, is too old, or the link was renewed since. It is gone afterwards."""
    rows = RoomTicket.objects.select_related("invitation__application__candidate", "invitation__team", "user")
    found: RoomTicket | None = rows.filter(token_hash=hash_of(token)).first()
    if found is None or not RoomTicket.objects.filter(pk=found.pk).delete()[0]:
        return None
    is_current = found.link_version == found.invitation.link_version
    return found if found.expires_at > now and is_current else None
