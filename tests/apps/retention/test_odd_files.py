"""Whatever file or field is sent to employees, growth and retention, the answer is in words."""

from __future__ import annotations

import io
import json
import random

import pytest
from django.test import Client
from django.urls import reverse

from tests.company import Company
from tests.connectors.payload_examples import EXAMPLES
from tests.connectors.test_payloads import mutated
from tests.teams import people

KINDS = ("pages", "deployments", "incidents", "looks", "requests", "loop")
FILES = {
    "nothing": b"",
    "a heading": b"time,name,alias,version\n",
    "bytes": bytes(range(256)),
    "a broken workbook": b"PK\x03\x04 and no more",
    "NUL": b"time,good,total\n2026-01-01,\x00,3\n",
    "words": b"time,good,total,competency,assessed,shown_6,shown_12\nx,y,z,a,b,c,d\n",
    "one look": b"time,name,alias,version\n2026-01-01T00:00:00Z,churn,champion,1\n",
    "more good than all": b"time,good,total\n2026-01-01,9,3\n2026-01-02,1,3\n",
    "brackets": b"[" * 100_000,
    "quotes": b'time\n"2026',
}


@pytest.fixture
def admin(company: Company) -> Client:
    people(company)
    client = Client()
    client.force_login(company.administrator)
    return client


def sent(client: Client, kind: str, content: bytes, name: str = "file.csv") -> int:
    file = io.BytesIO(content)
    file.name = name
    answered = client.post(reverse("new-team-record"), {"kind": kind, "file": file})
    for page in ("on-call", "impact", "loop"):
        assert client.get(reverse(page)).status_code == 200, (kind, name, page)
    return answered.status_code


@pytest.mark.parametrize("kind", KINDS)
def test_odd_records_are_refused_in_words(kind: str, admin: Client) -> None:
    assert {sent(admin, kind, content) for content in FILES.values()} <= {302, 422}


def test_mutated_answers_of_outside_systems_are_read_or_refused(admin: Client) -> None:
    names = [name for name in EXAMPLES if "deploy" in name or "incident" in name or "rootly" in name]
    assert names
    for name in names:
        for seed in range(6):
            payload = mutated(EXAMPLES[name][1], random.Random(f"web{name}{seed}"))  # noqa: S311 - repeatable
            kind = "deployments" if "deploy" in name else "incidents"
            content = json.dumps(payload).encode(errors="replace")
            assert sent(admin, kind, content, "a.json") in (302, 422), (name, seed)


def test_odd_hr_lists_are_refused_in_words(admin: Client) -> None:
    for kind in ("stays", "snapshots"):
        for content in (*FILES.values(), b"start,end,person\nx,y,z\n", b"snapshot,person\n2026-01-01,1\n"):
            file = io.BytesIO(content)
            file.name = "list.csv"
            answered = admin.post(reverse("new-hr-list"), {"kind": kind, "file": file})
            assert answered.status_code in (302, 422)
            assert admin.get(reverse("tenure")).status_code == 200


@pytest.mark.parametrize("odd", ["x", "\x00", "9" * 400, "", "00000000-0000-0000-0000-000000000000"])
def test_odd_fields_fail_in_words(odd: str, admin: Client) -> None:
    for name, fields in (
        ("one-on-ones", {"employee": odd, "every_days": odd, "first": odd}),
        ("pulses", {"team": odd}),
        ("new-team", {"name": odd}),
        ("pay-rounds", {"upload": odd, "budget_percent": odd, "effective_date": odd, "name": odd}),
        ("new-employee", {"name": odd, "team": odd, "user": odd, "started_date": odd}),
        ("departure-cost", {"loaded_pay_year": odd}),
        ("new-calibration", {"name": odd, "judges": odd, "cells": odd}),
    ):
        assert admin.post(reverse(name), fields).status_code < 500, name
