"""Tokens made and revoked; writes that happen once however often they are sent."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tenfold.core.models import Organisation, User
from tenfold.core.models.api import ApiToken, IdempotencyRecord
from tenfold.core.models.trail import CoreEvent
from tenfold.core.permissions import NotAllowed, may, require
from tenfold.core.scopes import Scope
from tenfold.core.services.trail import record
from tenfold.core.tokens import hash_of, new_token
from tenfold.kit.errors import UserError

PREFIX = "tenfold_"
"""By it scanners find a token that was left in a repository."""
MAX_LIFE = timedelta(days=366)
KEYS_LAST = timedelta(days=7)
USE_NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token and its secret, which is shown once and not kept."""

    token: ApiToken
    secret: str


@dataclass(frozen=True, slots=True)
class IdempotentResponse:
    """What a write answers. `again`: it was answered before, and nothing was written now."""

    status: int
    body: dict[str, Any]
    location: str = ""
    again: bool = False


class KeyUsedForAnother(UserError):
    """An idempotency key came back with another request."""


@transaction.atomic
def make_token(
    *, organisation: Organisation, name: str, scopes: Collection[Scope], lasts: timedelta, by: User, now: datetime
) -> MadeToken:
    """A token for oneself.

    Raises:
        NotAllowed: not a member; or pay is to be seen by someone who may not.
        UserError: no scope, or it would last too long.
    """
    require(by, "organisation.view", organisation)
    if Scope.PAY_SEE in scopes:
        require(by, "pay.see", organisation)
    if not scopes:
        raise UserError("A token needs at least one scope.", remedy="Choose what it may do.")
    if not timedelta() < lasts <= MAX_LIFE:
        raise UserError(f"A token lasts at most {MAX_LIFE.days} days.", remedy="Choose a shorter time.")
    secret = PREFIX + new_token()
    token = ApiToken.objects.create(
        organisation=organisation,
        user=by,
        name=name,
        scopes=[scope.value for scope in Scope if scope in scopes],
        token_hash=hash_of(secret),
        hint=secret[: len(PREFIX) + 4],
        made_at=now,
        expires_at=now + lasts,
    )
    data = {"name": name, "scopes": token.scopes, "until": token.expires_at.isoformat()}
    record(kind=CoreEvent.TOKEN_MADE, by=by, of=token, now=now, data=data)
    return MadeToken(token, secret)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, now: datetime) -> None:
    """Closes a token at once: one's own, or anyone's as administrator."""
    if token.user_id != by.pk and not may(by, "organisation.manage", token):
        raise NotAllowed(f"{by} may not revoke this token")
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    record(kind=CoreEvent.TOKEN_REVOKED, by=by, of=token, now=now, data={"name": token.name, "of": token.user.email})


def open_token(*, secret: str, now: datetime) -> ApiToken | None:
    """The token, with its person and their memberships; None where it is closed or they have left."""
    found = (
        ApiToken.objects.filter(token_hash=hash_of(secret), user__is_active=True)
        .open_at(now)
        .select_related("organisation", "user")
        .prefetch_related("user__memberships")
        .first()
    )
    if found is None or all(own.organisation_id != found.organisation_id for own in found.user.memberships.all()):
        return None
    if found.used_at is None or now - found.used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=found.pk).update(used_at=now)
    return found


@transaction.atomic
def run_idempotent(
    *, token: ApiToken, key: str, request_hash: str, write: Callable[[], IdempotentResponse], now: datetime
) -> IdempotentResponse:
    """Does a write and keeps its answer under the key; the same key again gets the same answer and writes nothing.

    The answer stands or falls with the write: they share a transaction.

    Raises:
        KeyUsedForAnother: the key was already used for another request.
        Whatever the write raises; then nothing is kept, and the key may be used again.
    """
    if not key:
        return write()
    IdempotencyRecord.objects.filter(token=token, kept_at__lt=now - KEYS_LAST).delete()
    kept, made = IdempotencyRecord.objects.get_or_create(
        token=token, key=key, defaults={"request_hash": request_hash, "kept_at": now}
    )
    if not made:
        if kept.request_hash != request_hash:
            raise KeyUsedForAnother(
                "This Idempotency-Key was already used for another request.", remedy="Use a new key for a new request."
            )
        return IdempotentResponse(kept.status, kept.body, kept.location, again=True)
    answered = write()
    kept.status, kept.body, kept.location = answered.status, answered.body, answered.location
    kept.save(update_fields=["status", "body", "location"])
    return answered


def note_write(*, token: ApiToken, did: str, of_id: str, now: datetime) -> None:
    """Which token a write came by, beside the entry of the write itself; in the same transaction."""
    record(
        kind=CoreEvent.TOKEN_USED, by=token.user, of=token, now=now, data={"name": token.name, "did": did, "of": of_id}
    )
