"""Server time of the live re-check of a plan, and of ordinary pages, as ratios to a page that does nothing.

Run: .venv/bin/python benchmarks/web_live_check.py
"""

# ruff: noqa: E402 - the settings are named before Django is asked for anything
from __future__ import annotations

import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from html import unescape

os.environ["TENFOLD_HOME"] = tempfile.mkdtemp(prefix="tenfold-benchmark-")
os.environ["TENFOLD_LOG_LEVEL"] = "ERROR"
os.environ["DJANGO_SETTINGS_MODULE"] = "tenfold.web.settings"

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.plans.models import StoredPlan
from tenfold.web.example.seed import seed_example

RUNS = 200


def timed(times: int, act: Callable[[int], object]) -> list[float]:
    """Milliseconds of each run, after three that warm up."""
    for number in range(3):
        act(number)
    taken = []
    for number in range(times):
        start = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> None:
    settings.LIMITS_ON = False
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    client = Client()
    client.force_login(seed_example(now=timezone.now()))
    plan = StoredPlan.objects.get(title="MLOps Engineer")
    page = client.get(reverse("plan", args=[plan.pk])).content.decode()
    fields = dict(re.findall(r'<input [^>]*?name="([^"]+)" value="([^"]*)"', page))
    sent = {name: unescape(value) for name, value in fields.items() if "__row__" not in name}
    check = reverse("check-plan", args=[plan.pk])

    def recheck(number: int) -> None:
        changed = {
            **sent,
            "base": "2",
            "view": "form",
            "pay.max": str(140_000 + number),
            "role.title": f"Engineer {number}",
        }
        assert client.post(check, changed).status_code == 200

    text = plan.latest().text

    def retype(number: int) -> None:
        typed = re.sub(r"(?m)^  title: .*$", f"  title: Engineer {number}", text, count=1)
        assert client.post(check, {"view": "yaml", "base": "2", "changed": "yaml", "yaml": typed}).status_code == 200

    nothing = p95(timed(RUNS, lambda _: client.get("/sign-in/closed/")))
    rows = {
        "live re-check": p95(timed(RUNS, recheck)),
        "live re-check of YAML, the form beside it drawn anew": p95(timed(RUNS // 2, retype)),
        "plan page": p95(timed(30, lambda _: client.get(reverse("plan", args=[plan.pk])))),
        "list of plans": p95(timed(RUNS, lambda _: client.get(reverse("plans")))),
    }
    print(f"a page that does nothing: p95 {nothing:.1f} ms, n = {RUNS}")
    for name, value in rows.items():
        print(f"{name}: p95 {value:.0f} ms, {value / nothing:.1f} times that")


if __name__ == "__main__":
    main()
