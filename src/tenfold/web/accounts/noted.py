"""Signing in and changing a password are in the trail of every organisation of that person."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in
from django.utils import timezone

from tenfold.hiring.models import User
from tenfold.hiring.services.people import note_for_each_organisation

NOTED = {
    user_logged_in: "person.signed-in",
    password_changed: "password.changed",
    password_reset: "password.reset",
    password_set: "password.set",
}


def connect() -> None:
    for signal, what in NOTED.items():
        signal.connect(_noting(what), weak=False, dispatch_uid=f"tenfold.{what}")


def _noting(what: str) -> Any:
    def note(*, user: User, **_rest: Any) -> None:
        note_for_each_organisation(what, person=user, by=user, now=timezone.now())

    return note
