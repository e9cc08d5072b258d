"""Pages and lists of the API ask the database equally often for 1, 30 and 300 applications."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.candidates.queries.contact import email_index
from tenfold.apps.candidates.services.notes import add_note, set_follow_up
from tenfold.apps.candidates.services.privacy import ask_accommodation
from tests.company import Company
from tests.factories.candidates import application_to, role_of
from tests.web.api_client import program_of

SIZES = ((0, 1), (1, 30), (30, 300))
SAME_PHONE = ["+49 30 2345678"]
"""Four in a hundred share it, so that there are pairs to propose at every size but the first."""


@pytest.fixture
def role(company: Company) -> OpenRole:
    return role_of(company)


def grown(role: OpenRole, first: int, last: int, company: Company) -> Application:
    """Adds people; every tenth has a note, something to do and something to arrange. Gives the very first of them."""
    by, now = company["recruiter"], timezone.now()
    for n in range(first, last):
        one = application_to(role, n, phones=SAME_PHONE if n % 25 == 0 else [])
        if n % 10 == 0:
            add_note(application=one, text="@hiring-manager look", by=by, now=now)
            set_follow_up(application=one, text="Call", of=by, due_date=now.date(), by=by, now=now)
            ask_accommodation(application=one, text="More time", now=now)
    found: Application = Application.objects.get(candidate__emails__index=email_index("person0@invented.example"))
    return found


def counted(asks: Mapping[str, Callable[[], Any]]) -> dict[str, int]:
    found = {}
    for name, ask in asks.items():
        with CaptureQueriesContext(connection) as asked:
            answer = ask()
        assert answer.status_code == 200, (name, answer.content[:300])
        found[name] = len(asked)
    return found


def test_pages_ask_equally_often(company: Company, role: OpenRole, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("recruiter")
    client.get(reverse("roles"))  # the first page after signing in notes that the session is used
    counts: dict[str, set[int]] = {}
    for first, last in SIZES:
        one = grown(role, first, last, company)
        pages = {
            name: reverse(name, args=[role.pk])
            for name in ("role", "role-figures", "role-tasks", "role-retention", "accommodations", "export-candidates")
        }
        pages |= {name: reverse(name) for name in ("roles", "duplicates", "front")}
        pages |= {
            "table": reverse("role", args=[role.pk]) + "?view=table",
            "closed": reverse("role", args=[role.pk]) + "?view=closed",
            "card": reverse("application", args=[one.pk]),
            "candidates": reverse("candidates") + "?q=a",
            "found": reverse("candidates") + "?q=an",
            "find": reverse("find") + "?q=ana",
        }
        for name, n in counted({name: partial(client.get, at) for name, at in pages.items()}).items():
            counts.setdefault(name, set()).add(n)
    assert {name: sorted(seen) for name, seen in counts.items() if len(seen) > 1} == {}


def test_lists_of_the_api_ask_equally_often(company: Company, role: OpenRole) -> None:
    program = program_of(company, "recruiter")
    program.get("/me")  # the first request notes that the token is used
    counts: dict[str, set[int]] = {}
    for first, last in SIZES:
        one = grown(role, first, last, company)
        lists = [f"/roles/{role.pk}{rest}" for rest in ("", "/tasks", "/figures", "/retention", "/accommodations")]
        lists += [f"/roles/{role.pk}/applications?limit=100", f"/roles/{role.pk}/export", "/roles", "/duplicates"]
        lists += ["/candidates?q=an", "/mail-texts"]
        lists += [f"/applications/{one.pk}{rest}" for rest in ("", "/notes", "/mails", "/meetings", "/files")]
        lists += [f"/applications/{one.pk}/follow-ups"]
        for path, n in counted({path: partial(program.ask, "GET", path) for path in lists}).items():
            counts.setdefault(path.replace(str(one.pk), "one"), set()).add(n)
    assert {path: sorted(seen) for path, seen in counts.items() if len(seen) > 1} == {}
