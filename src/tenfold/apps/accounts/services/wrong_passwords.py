"""How many wrong passwords are taken, so that guessing ends and nobody can shut another person out.

Counted three ways: by account and address together, by address, and by account over all addresses that the account's
person has not been signed in from. Whoever guesses from elsewhere never closes the door to the person's own address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenfold.apps.accounts.models import OpenSession
from tenfold.core.services.limits import is_at_limit, is_over_limit


@dataclass(frozen=True, slots=True)
class Limit:
    """Wrong passwords under one key in a window of time."""

    key: str
    most: int
    per: timedelta


PAIR, ADDRESS, ACCOUNT = (5, timedelta(minutes=10)), (30, timedelta(minutes=10)), (50, timedelta(hours=1))


def is_shut(*, account: str, address: str, now: datetime) -> bool:
    """Whether no password is taken from this address for this account now."""
    return any(is_at_limit(one.key, one.most, per=one.per, now=now) for one in _limits(account, address))


def note_wrong_password(*, account: str, address: str, now: datetime) -> None:
    for one in _limits(account, address):
        is_over_limit(one.key, one.most, per=one.per, now=now)


def _limits(account: str, address: str) -> Iterator[Limit]:
    who = account.strip().lower()
    yield Limit(f"wrong password:{who}:{address}", *PAIR)
    yield Limit(f"wrong password from:{address}", *ADDRESS)
    if not OpenSession.objects.filter(user__email__iexact=who, address=address or None).exists():
        yield Limit(f"wrong password for:{who}", *ACCOUNT)
