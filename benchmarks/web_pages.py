"""What pages cost in processor time, as ratios to a bare Django page with sign-in and one query, in the same run.

Run: .venv/bin/python -m benchmarks.web_pages [--runs 60]
     bin/with-postgres .venv/bin/python -m benchmarks.web_pages

Also: queries a page asks, and its HTML before compression. Requests take turns, so that what slows the machine for a
while slows all alike; medians are told, with the middle half.
"""

# ruff: noqa: E402 - the settings are named before Django is asked for anything
from __future__ import annotations

import argparse
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

os.environ.setdefault("TENFOLD_HOME", tempfile.mkdtemp(prefix="tenfold-benchmark-"))
os.environ["TENFOLD_LOG_LEVEL"] = "ERROR"
os.environ["DJANGO_SETTINGS_MODULE"] = "tenfold.web.settings"

import django

django.setup()

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path, reverse
from django.utils import timezone

from tenfold.apps.plans.models import StoredPlan
from tenfold.web.example.seed import seed_example

WARM_UP = 3
SESSION, AUTH = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
)


@login_required
def bare(_request: HttpRequest) -> HttpResponse:
    """Sign-in, one query, a line of text."""
    return HttpResponse(f"<!doctype html><p>{StoredPlan.objects.count()} plans")


urlpatterns = [path("", bare)]


@dataclass(frozen=True)
class Page:
    name: str
    most: float | None
    ask: Callable[[int], Any]


@dataclass
class Told:
    taken_ms: list[float]
    queries: int
    size: int

    def of(self, bare_ms: float) -> str:
        low, middle, high = statistics.quantiles(self.taken_ms, n=4)
        cost = f"{middle:6.1f} ms ({low:.1f}-{high:.1f}), {middle / bare_ms:5.1f} x"
        return f"{cost}, {self.queries:3} queries, {self.size / 1000:6.1f} kB"


def pages(client: Client, plan: StoredPlan) -> list[Page]:
    address = reverse("plan", args=[plan.pk])
    html = client.get(address).content.decode()
    fields = dict(re.findall(r'<input [^>]*?name="([^"]+)" value="([^"]*)"', html))
    sent = {name: unescape(value) for name, value in fields.items() if "__row__" not in name}

    def check(number: int) -> Any:
        changed = {**sent, "base": plan.latest().number, "view": "form", "pay.max": str(140_000 + number)}
        return _of(client.post(reverse("check-plan", args=[plan.pk]), changed), 200)

    def save(number: int) -> Any:
        plan.refresh_from_db()
        changed = {**sent, "base": plan.latest().number, "view": "form", "do": "save", "why": "Measured"}
        return _of(client.post(address, {**changed, "pay.max": str(150_000 + number)}), 302)

    return [
        Page("list of plans", 2, lambda _: client.get(reverse("plans"))),
        Page("a plan's page", 5, lambda _: client.get(address)),
        Page("live check", 3, check),
        Page("save", 6, save),
    ]


def _of(answer: Any, status: int) -> Any:
    assert answer.status_code == status, (answer.status_code, answer.content[:300])
    return answer


def timed(page: Page, runs: int) -> Told:
    taken = []
    for number in range(WARM_UP + runs):
        start = time.process_time()
        answer = page.ask(number)
        taken.append((time.process_time() - start) * 1000)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page.ask(runs + WARM_UP)
    return Told(taken[WARM_UP:], len(asked), len(answer.content))


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    arguments.add_argument("--runs", type=int, default=60)
    runs = arguments.parse_args().runs
    settings.LIMITS_ON = False
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    user = seed_example(now=timezone.now())
    client = Client()
    client.force_login(user)
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[SESSION, AUTH]):
        plain = Client()
        plain.force_login(user)
        told = timed(Page("bare", None, lambda _: _of(plain.get("/"), 200)), runs * 4)
    bare_ms = statistics.median(told.taken_ms)
    print(f"{connection.vendor}, {runs} runs each")
    print(f"{'a bare page':16} {told.of(bare_ms)}")
    for page in pages(client, StoredPlan.objects.get(title="MLOps Engineer")):
        most = f" (wanted: at most {page.most:g} x)" if page.most else ""
        print(f"{page.name:16} {timed(page, runs).of(bare_ms)}{most}")


if __name__ == "__main__":
    main()
