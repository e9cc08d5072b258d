"""A program with a token."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tenfold.core.models import User
from tenfold.core.permissions import may
from tenfold.core.scopes import Scope
from tenfold.core.services.api import MadeToken, make_token
from tests.company import Company


@dataclass(frozen=True)
class Program:
    """Asks the API as the person whose token it has."""

    made: MadeToken | None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if self.made:
            headers["Authorization"] = f"Bearer {self.made.secret}"
        sent = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        return Client().generic(method, f"/api/v1{path}", sent, content_type="application/json", headers=headers)

    def get(self, path: str) -> Any:
        return json.loads(self.ask("GET", path).content)


def program_of(company: Company, role: str, scopes: Iterable[Scope] | None = None) -> Program:
    """With every scope that the person may give away, unless told which."""
    person: User = company[role]
    allowed = [s for s in Scope if s is not Scope.PAY_SEE or may(person, "pay.see", company.organisation)]
    made = make_token(
        organisation=company.organisation,
        name=f"{role}'s program",
        scopes=list(allowed if scopes is None else scopes),
        lasts=timedelta(days=30),
        by=person,
        now=timezone.now(),
    )
    return Program(made)
