"""Browsers that people are signed in with: noted, listed, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from tenfold.apps.accounts.models import AccountEvent, OpenSession
from tenfold.apps.accounts.services.people import record_in_each_organisation
from tenfold.core.models import User

NOTED_EVERY = timedelta(minutes=10)


def note_session(
    *, user: User, session_key: str, browser: str, address: str | None, method: str, now: datetime
) -> OpenSession:
    """Keeps when a browser was last seen. The first time it is added, with how its person came in."""
    seen, _ = OpenSession.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "browser": browser[:120], "address": address, "method": method[:80], "seen_at": now},
        create_defaults={
            "user": user,
            "browser": browser[:120],
            "address": address,
            "method": method[:80],
            "seen_at": now,
            "begun_at": now,
        },
    )
    return seen


def open_sessions(*, user: User, now: datetime) -> list[OpenSession]:
    """Those whose session is there still, the last seen first."""
    noted = list(OpenSession.objects.visible_to(user))
    keys = [one.session_key for one in noted]
    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("session_key", flat=True)
    held = set(alive)
    return [one for one in noted if one.session_key in held]


@transaction.atomic
def end_sessions(*, of: User, sessions: Iterable[OpenSession], by: User | str, now: datetime) -> int:
    """Signs browsers out at once; in the trail of each organisation of that person where there were any."""
    keys = [one.session_key for one in sessions if one.user_id == of.pk]
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    OpenSession.objects.filter(session_key__in=keys).delete()
    if ended:
        record_in_each_organisation(AccountEvent.SESSION_ENDED, person=of, by=by, now=now)
    return ended


def end_every_session(*, of: User, by: User | str, now: datetime) -> int:
    return end_sessions(of=of, sessions=OpenSession.objects.filter(user=of), by=by, now=now)


def forget_closed_sessions(now: datetime) -> None:
    """Sessions that are over leave no line behind. Registered as a chore."""
    OpenSession.objects.filter(seen_at__lt=now - NOTED_EVERY).exclude(
        session_key__in=Session.objects.filter(expire_date__gt=now).values("session_key")
    ).delete()
    Session.objects.filter(expire_date__lt=now).delete()
