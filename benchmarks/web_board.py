"""What a role's board costs with 300 people on it: bytes of the first load, server time at p95, queries.

Run: .venv/bin/python -m benchmarks.web_board [--runs 60] [--people 300]

Server time is wall time of a request in this process, and its processor time beside it, since other programs keep the
machine busy. A static page (a file of this size, read from disk and sent) takes turns with the board in the same run,
and so does a bare Django page with sign-in and one query. First load: the board's HTML with every style sheet
and script that it names, as a server sends them to a browser that takes gzip, and plain.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import gzip
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.http import FileResponse, HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from benchmarks.web_pages import AUTH, SESSION  # first: it names the settings
from tenfold.apps.candidates.models import OpenRole
from tenfold.apps.candidates.queries.applicant import Applicant
from tenfold.apps.candidates.services.applying import apply
from tenfold.web.example.seed import seed_example

WARM_UP, WANTED_KB, WANTED_MS = 3, 200, 300


@dataclass
class Times:
    wall_ms: list[float] = field(default_factory=list)
    own_ms: list[float] = field(default_factory=list)

    def add(self, ask: Callable[[], Any]) -> None:
        wall, own = time.perf_counter(), time.process_time()
        ask()
        self.wall_ms.append((time.perf_counter() - wall) * 1000)
        self.own_ms.append((time.process_time() - own) * 1000)

    def __str__(self) -> str:
        wall, own = p95(self.wall_ms), p95(self.own_ms)
        middle = statistics.median(self.wall_ms)
        return f"p95 {wall:7.1f} ms, median {middle:6.1f} ms; processor p95 {own:6.1f} ms"


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def fill(people: int) -> OpenRole:
    """An open role of the example with this many open applications; all of them are invented."""
    role = OpenRole.objects.filter(organisation__is_example=True, closed_at=None).order_by("opened_at")[0]
    missing = people - role.applications.filter(state="open").count()
    for n in range(missing):
        person = Applicant(name=f"Invented Person{n}", emails=[f"p{n}@invented.example"], letter="Good morning")
        apply(role=role, applicant=person, now=timezone.now())
    return role


def first_load(html: bytes) -> tuple[int, int]:
    """Bytes of the page and of what it loads at once: packed, and plain."""
    names = re.findall(rb'<(?:link|script)[^>]+(?:href|src)="/static/([^"?]+)', html)
    parts = [html, *(_content(name.decode()) for name in dict.fromkeys(names))]
    return sum(len(gzip.compress(part, 6)) for part in parts), sum(len(part) for part in parts)


def _content(name: str) -> bytes:
    plain = re.sub(r"\.[0-9a-f]{8,16}(\.\w+)$", r"\1", name)
    found = finders.find(name) or finders.find(plain)
    if not found:
        raise SystemExit(f"{name} is not there: run the build of the scripts first (bin/setup).")
    return Path(str(found)).read_bytes()


def static_page(_request: HttpRequest) -> FileResponse:
    return FileResponse(STATIC.open("rb"), content_type="text/html")


STATIC = Path(__file__)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    arguments.add_argument("--runs", type=int, default=60)
    arguments.add_argument("--people", type=int, default=300)
    given = arguments.parse_args()
    settings.LIMITS_ON, settings.ALLOWED_HOSTS = False, ["testserver"]
    call_command("migrate", verbosity=0)
    user = seed_example(now=timezone.now())
    address = reverse("role", args=[fill(given.people).pk])
    client, plain = Client(), Client()
    client.force_login(user)
    board, static, bare = Times(), Times(), Times()
    client.get(address)
    gc.collect()
    gc.freeze()  # as the server does, see tenfold.web.asgi
    atexit.register(gc.unfreeze)
    for number in range(WARM_UP + given.runs):
        turn = (board, static, bare) if number >= WARM_UP else (Times(), Times(), Times())
        turn[0].add(lambda: client.get(address))
        with override_settings(ROOT_URLCONF="benchmarks.web_board_addresses", MIDDLEWARE=[SESSION, AUTH]):
            plain.force_login(user) if not number else None
            turn[1].add(lambda: b"".join(plain.get("/static-page/")))
            turn[2].add(lambda: plain.get("/"))
    with CaptureQueriesContext(connection) as asked:
        html = client.get(address).content
    packed, whole = first_load(html)
    cards = html.count(b"data-card")
    print(f"{connection.vendor}, {given.runs} runs each, {cards} cards, {len(asked)} queries")
    print(f"board        {board}  (wanted: p95 at most {WANTED_MS} ms)")
    print(f"static page  {static}")
    print(f"bare page    {bare}")
    print(
        f"ratio of p95 to the static page {p95(board.wall_ms) / p95(static.wall_ms):.1f}, to the bare page "
        f"{p95(board.wall_ms) / p95(bare.wall_ms):.1f}"
    )
    print(f"HTML {len(html) / 1000:.1f} kB plain, {len(gzip.compress(html, 6)) / 1000:.1f} kB packed")
    print(f"first load {packed / 1000:.1f} kB packed, {whole / 1000:.1f} kB plain (wanted: at most {WANTED_KB} kB)")


if __name__ == "__main__":
    main()
