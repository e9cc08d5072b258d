"""Whatever is sent to a form or uploaded, by chance, haste or malice: told, or taken; never a failure of ours.

`TENFOLD_MUTATIONS=5000` sends as many; a few are sent each time. Each is made from its own seed, which a failure names.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.company import Company
from tests.factories.candidates import application_to, role_of
from tests.fuzz.mutations import NOISE, mutated
from tests.pay.lists import received_list

COUNT = int(os.environ.get("TENFOLD_MUTATIONS", "60"))
ENDINGS = ("csv", "xlsx", "pdf", "docx", "md", "txt", "html", "yaml", "json", "tsv", "exe", "")
VALUES = ("", "0", "-1", "on", "1e999", "٣", "2026-02-30", "{}", "[]", "null", "a" * 5_000, "\u202e", "👩🏽‍🚀")


class FormReader(HTMLParser):
    """The inputs of a page's forms: name to values, and which of them take files."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.files: set[str] = set()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.values.setdefault(self._select, []).append(given.get("value") or "")
        elif tag in ("input", "textarea", "button") and name:
            if given.get("type") == "file":
                self.files.add(name)
            self.values.setdefault(name, []).append(given.get("value") or "")


def forms(company: Company) -> Iterator[str]:
    """Addresses that show a form and take what is sent with it."""
    plan, role, held = company.plan(), role_of(company), received_list(company)
    application = application_to(role)
    for name in ("plan", "plan-posting", "plan-what-if", "plan-yaml", "plan-answers", "plan-share"):
        yield reverse(name, args=[plan.pk])
    for name in (
        "new-plan",
        "reader",
        "new-pay-upload",
        "pay-offers",
        "pay-bands",
        "publishing-rules",
    ):
        yield reverse(name)
    yield reverse("pay-upload", args=[held.pk])
    yield f"{reverse('pay-upload', args=[held.pk])}?columns=1"
    for name in ("role", "role-settings", "role-team", "role-tasks", "new-candidate-import", "role-retention"):
        yield reverse(name, args=[role.pk])
    for name in ("application", "write-mail"):
        yield reverse(name, args=[application.pk])


def sent_by(chance: random.Random, form: FormReader) -> dict[str, object]:
    """What a form might send: its own values, some of them changed, some left out, some files."""
    sent: dict[str, object] = {}
    for name, values in form.values.items():
        if chance.random() < 0.1 or name == "csrfmiddlewaretoken":
            continue
        if name in form.files:
            ending = chance.choice(ENDINGS)
            sent[name] = SimpleUploadedFile(f"list.{ending}", mutated(chance, ending or "csv"))
            continue
        value = chance.choice(values)
        if chance.random() < 0.35:
            noise = chance.choice(NOISE).decode("utf-8", "replace")
            value = chance.choice((chance.choice(VALUES), value + noise, noise + value, value[::-1]))
        sent[f"{name}{chance.choice(('', '', '', '', '', '.9', ':x'))}"] = value
    return sent


def test_no_form_or_upload_is_answered_with_a_failure_of_ours(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("administrator")
    client.raise_request_exception = False
    addresses = list(forms(company))
    failed = [seed for seed in range(COUNT) if answer(client, addresses, seed) >= 500]
    assert failed == []


def answer(client: Client, addresses: list[str], seed: int) -> int:
    """The status of one sending; nothing of it stays."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    for name in ("default", "local"):
        caches[name].clear()  # limits of speed are another test's
    address = addresses[seed % len(addresses)]
    reader = FormReader()
    with transaction.atomic():
        reader.feed(client.get(address).content.decode("utf-8", "replace"))
        status = client.post(address, sent_by(chance, reader)).status_code
        transaction.set_rollback(True)
    return status
