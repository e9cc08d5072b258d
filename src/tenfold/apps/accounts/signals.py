"""Signing in and changing a password are in the trail of every organisation of that person."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in
from django.utils import timezone

from tenfold.apps.accounts.models import AccountEvent
from tenfold.apps.accounts.services import record_in_each_organisation
from tenfold.core.models import User

RECORDED = {
    user_logged_in: AccountEvent.PERSON_SIGNED_IN,
    password_changed: AccountEvent.PASSWORD_CHANGED,
    password_reset: AccountEvent.PASSWORD_RESET,
    password_set: AccountEvent.PASSWORD_SET,
}


def connect() -> None:
    for signal, kind in RECORDED.items():
        signal.connect(_recorder(kind), weak=False, dispatch_uid=f"tenfold.{kind}")


def _recorder(kind: AccountEvent) -> Any:
    def record(*, user: User, **_rest: Any) -> None:
        record_in_each_organisation(kind, person=user, by=user, now=timezone.now())

    return record
