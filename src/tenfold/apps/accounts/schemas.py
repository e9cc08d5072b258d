"""Whom a token stands for."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema

from tenfold.core.scopes import Scope


class Me(Schema):
    """Whom this token stands for."""

    name: str
    email: str
    organisation: str
    role: str
    token: str
    scopes: list[Scope]
    sees_pay: bool
    expires_at: datetime
