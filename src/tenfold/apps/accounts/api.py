"""Whom a token stands for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from tenfold.apps.accounts.schemas import Me
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.permissions import membership

router = Router()


@operation(router, "GET", "/me", Me, tag="Token", scope=None)
def who_am_i(request: HttpRequest) -> dict[str, Any]:
    """Whom this token stands for, and what it may do."""
    asking = caller(request)
    own = membership(asking.user, asking.organisation)
    return {
        "name": asking.user.name,
        "email": asking.user.email,
        "organisation": asking.organisation.name,
        "role": own.role if own else "",
        "token": asking.token.name,
        "scopes": asking.token.scopes,
        "sees_pay": asking.sees_pay,
        "expires_at": asking.token.expires_at,
    }
