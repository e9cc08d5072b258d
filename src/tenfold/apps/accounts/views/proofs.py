"""What a session has shown of its person: by whom it was vouched for, by what means of their own they came in."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from tenfold.apps.accounts.signals import ENROLLED
from tenfold.core.models import Membership, Organisation, SecondFactor, User
from tenfold.core.sensitive import sees_sensitive

VOUCHED = "vouched"
"""Session key: which organisations' providers vouched for whom."""


def note_vouched(request: HttpRequest, user: User, organisation: Organisation, *, second_factor: bool) -> None:
    known = _vouch(request, user)
    request.session[VOUCHED] = {"user": str(user.pk), "by": {**known, str(organisation.pk): second_factor}}


def is_vouched_by(request: HttpRequest, user: User, organisation_id: uuid.UUID) -> bool:
    return str(organisation_id) in _vouch(request, user)


def has_proof_of_own(request: HttpRequest, user: User) -> bool:
    """A password, a passkey or a code in this session: nothing that an organisation's provider could claim."""
    return bool({"password", "mfa"} & _methods(request, user))


def has_second_factor(request: HttpRequest, user: User) -> bool:
    return "mfa" in _methods(request, user) or request.session.get(ENROLLED) == str(user.pk)


def method_of(request: HttpRequest, user: User) -> str:
    """How this session came in, in words."""
    said = {"password": "password", "mfa": "second factor"}
    methods = [words for key, words in said.items() if key in _methods(request, user)]
    return ", ".join([*(["single sign-on"] if _vouch(request, user) else []), *methods])


def lacks_single_sign_on(request: HttpRequest, user: User) -> Organisation | None:
    """An organisation of the user that lets people in by its provider only, which has not vouched here."""
    vouched = _vouch(request, user)
    return next(
        (
            own.organisation
            for own in user.memberships.all()
            if own.organisation.single_sign_on_only and str(own.organisation_id) not in vouched
        ),
        None,
    )


def lacks_second_factor(request: HttpRequest, user: User) -> Organisation | None:
    """An organisation of the user that demands a second factor of them, which this session has not shown."""
    if has_second_factor(request, user):
        return None
    vouched = _vouch(request, user)
    asking = [own for own in user.memberships.all() if _demands_second_factor(own)]
    return next((own.organisation for own in asking if not vouched.get(str(own.organisation_id))), None)


def lacks_proof_of_own(request: HttpRequest, user: User) -> Organisation | None:
    """An organisation that would be opened by another organisation's provider alone."""
    vouched = _vouch(request, user)
    if not vouched or has_proof_of_own(request, user):
        return None
    others = (own.organisation for own in user.memberships.all() if str(own.organisation_id) not in vouched)
    return next(others, None)


def _demands_second_factor(own: Membership) -> bool:
    demand = own.organisation.second_factor
    return demand == SecondFactor.EVERYONE or (demand == SecondFactor.SENSITIVE and sees_sensitive(own))


def _vouch(request: HttpRequest, user: User) -> dict[str, bool]:
    held: dict[str, Any] = request.session.get(VOUCHED) or {}
    return dict(held["by"]) if held.get("user") == str(user.pk) else {}


def _methods(request: HttpRequest, user: User) -> set[str]:
    return {str(record.get("method")) for record in get_authentication_records(request, user)}
