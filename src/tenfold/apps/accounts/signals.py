"""Signing in, passwords and second factors are in the trail of every organisation of that person."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.utils import timezone

from tenfold.apps.accounts.models import AccountEvent
from tenfold.apps.accounts.services import record_in_each_organisation
from tenfold.core.models import User

ENROLLED = "enrolled"
"""Session key: whose second factor was set up in this session, which shows it as well as using it does."""
RECORDED = {
    user_logged_in: AccountEvent.PERSON_SIGNED_IN,
    password_changed: AccountEvent.PASSWORD_CHANGED,
    password_reset: AccountEvent.PASSWORD_RESET,
    password_set: AccountEvent.PASSWORD_SET,
}


def connect() -> None:
    for signal, kind in RECORDED.items():
        signal.connect(_recorder(kind), weak=False, dispatch_uid=f"tenfold.{kind}")
    post_save.connect(_factor_saved, sender=Authenticator, dispatch_uid="tenfold.factor-saved")
    post_delete.connect(_factor_removed, sender=Authenticator, dispatch_uid="tenfold.factor-removed")
    authenticator_added.connect(_note_enrolled, dispatch_uid="tenfold.enrolled")


def _recorder(kind: AccountEvent) -> Any:
    def record(*, user: User, **_rest: Any) -> None:
        record_in_each_organisation(kind, person=user, by=user, now=timezone.now())

    return record


def _factor_saved(instance: Any, created: bool, **_rest: Any) -> None:
    """In the transaction of the change itself; allauth's own signal comes after it."""
    if created:
        _record_factor(AccountEvent.SECOND_FACTOR_ADDED, instance)


def _factor_removed(instance: Any, **_rest: Any) -> None:
    _record_factor(AccountEvent.SECOND_FACTOR_REMOVED, instance)


def _record_factor(kind: AccountEvent, factor: Any) -> None:
    data = {"factor": str(factor.type).replace("_", " ")}
    record_in_each_organisation(kind, person=factor.user, by=factor.user, now=timezone.now(), data=data)


def _note_enrolled(request: HttpRequest, user: User, **_rest: Any) -> None:
    request.session[ENROLLED] = str(user.pk)
