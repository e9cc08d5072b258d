"""The clock of the plain version: who works by forms is there from one step to the next."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tenfold.apps.labroom.models import LabInvitation
from tenfold.labs.session_clock import LONGEST_SILENCE_S
from tenfold.labs.sessions import Session


@transaction.atomic
def note_presence(invitation: LabInvitation, session: Session, now: datetime) -> None:
    """Charges the time since the last step where it was short; after a longer silence a new visit begins, uncharged."""
    held = LabInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    silence = now - held.plain_seen_at if held.plain_seen_at else timedelta.max
    if held.plain_visit is not None and silence.total_seconds() <= LONGEST_SILENCE_S:
        session.heartbeat(held.plain_visit, now)
    else:
        if held.plain_visit is not None and held.plain_seen_at is not None:
            session.leave(held.plain_visit, held.plain_seen_at)
        held.plain_visit = session.enter(now)
    held.plain_seen_at = now
    held.save(update_fields=["plain_visit", "plain_seen_at"])
