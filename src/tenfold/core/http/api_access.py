"""Who asks: the token in the header, what it may do, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from tenfold.core.http.limits import asks_too_often
from tenfold.core.http.problems import ScopeMissing, TooOften
from tenfold.core.models import Organisation, User
from tenfold.core.models.api import ApiToken
from tenfold.core.permissions import may
from tenfold.core.scopes import Scope
from tenfold.core.services.api import open_token

REQUESTS_PER_MINUTE = 240
"""Requests that one token may send in a minute; a third of that for an address without a token."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A token's person, in the token's organisation."""

    token: ApiToken

    @property
    def user(self) -> User:
        return self.token.user

    @property
    def organisation(self) -> Organisation:
        return self.token.organisation

    @property
    def sees_pay(self) -> bool:
        """Both must allow it: the person's right, and the token's scope."""
        return Scope.PAY_SEE in self.token.scopes and may(self.user, "pay.see", self.organisation)


class Token(HttpBearer):
    """A bearer token of one's own, made on the page “API”, with the scope that the operation needs."""

    def __init__(self, scope: Scope | None) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = open_token(secret=token, now=timezone.now())
        if found is None:
            _limit(f"api:{request.META.get('REMOTE_ADDR', '')}", REQUESTS_PER_MINUTE // 3)
            return None
        _limit(f"api:{found.pk}", REQUESTS_PER_MINUTE)
        if self.scope is not None and self.scope not in found.scopes:
            raise ScopeMissing(self.scope)
        return Caller(found)


def caller(request: HttpRequest) -> Caller:
    return cast("Caller", request.auth)  # type: ignore[attr-defined]  # set by the token's check


def _limit(who: str, times: int) -> None:
    if asks_too_often(who, times, per_minutes=1):
        raise TooOften
