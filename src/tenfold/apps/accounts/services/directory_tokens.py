"""The tokens by which an organisation's directory may write here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tenfold.apps.accounts.models import AccountEvent, DirectoryToken
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.core.tokens import hash_of, new_token
from tenfold.kit.errors import UserError

PREFIX = "tenfold_scim_"
MAX_LIFE = timedelta(days=366)
USE_NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class MadeDirectoryToken:
    """A token and its secret, which is shown once and not kept."""

    token: DirectoryToken
    secret: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Who writes: the organisation's directory, by one of its tokens."""

    token: DirectoryToken

    @property
    def organisation(self) -> Organisation:
        return self.token.organisation

    @property
    def by(self) -> str:
        return f"directory {self.token.hint}"


@transaction.atomic
def make_directory_token(
    *, organisation: Organisation, default_role: str, lasts: timedelta, by: User, now: datetime
) -> MadeDirectoryToken:
    """A token for the organisation's directory; `default_role` is for people in no group that means anything.

    Raises:
        NotAllowed: only administrators do this.
        UserError: it would last too long.
    """
    require(by, "organisation.manage", organisation)
    if not timedelta() < lasts <= MAX_LIFE:
        raise UserError(f"A token lasts at most {MAX_LIFE.days} days.", remedy="Choose a shorter time.")
    secret = PREFIX + new_token()
    token = DirectoryToken.objects.create(
        organisation=organisation,
        token_hash=hash_of(secret),
        hint=secret[: len(PREFIX) + 4],
        default_role=default_role,
        made_by=by,
        made_at=now,
        expires_at=now + lasts,
    )
    data = {"hint": token.hint, "default_role": default_role, "until": token.expires_at.isoformat()}
    record(kind=AccountEvent.DIRECTORY_TOKEN_MADE, by=by, of=token, now=now, data=data)
    return MadeDirectoryToken(token, secret)


@transaction.atomic
def revoke_directory_token(*, token: DirectoryToken, by: User, now: datetime) -> None:
    require(by, "organisation.manage", token)
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    record(kind=AccountEvent.DIRECTORY_TOKEN_REVOKED, by=by, of=token, now=now, data={"hint": token.hint})


def open_directory(*, secret: str, now: datetime) -> Directory | None:
    """Whose directory a token is; None where it is closed."""
    found = (
        DirectoryToken.objects.filter(token_hash=hash_of(secret)).open_at(now).select_related("organisation").first()
    )
    if found is None:
        return None
    if found.used_at is None or now - found.used_at >= USE_NOTED_EVERY:
        DirectoryToken.objects.filter(pk=found.pk).update(used_at=now)
    return Directory(found)
