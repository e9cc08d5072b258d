"""Kills the server and the worker amid 200 writes, as a power cut would: what was acknowledged must all be there.

Eight people save versions, comment and ask for reports as PDF; a third of the way the server is killed, at two thirds
the worker, and both are started again. Then every acknowledged write is looked for, the audit trail is verified, and
every report that was asked for must be drawn.

Run: .venv/bin/python -m benchmarks.web_breakdown
     bin/with-postgres .venv/bin/python -m benchmarks.web_breakdown
"""

# ruff: noqa: PLC0415 - Django is ready only after `at_home`
from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import dataclass, field

from benchmarks.web_visitors import Browser, Person, Running, Server, at_home, editable, people

WRITERS = 8
LONGEST_S = 300


@dataclass
class Acknowledged:
    """What the server said is kept."""

    wanted: int
    saved: list[tuple[str, int, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    asked_for: set[str] = field(default_factory=set)
    broken_off: int = 0

    @property
    def writes(self) -> int:
        return len(self.saved) + len(self.said)


async def write(browser: Browser, number: int, kept: Acknowledged, until: float) -> None:
    """One person, who begins again from the page after every break."""
    plan, turn = f"/plans/{browser.person.plan}/", 0
    while kept.writes < kept.wanted and time.monotonic() < until:
        turn += 1
        try:
            await _one(browser, plan, f"{number}-{turn}", kept)
        except (OSError, EOFError, ValueError):
            kept.broken_off += 1
            await asyncio.sleep(0.2)
    await browser.close()


async def _one(browser: Browser, plan: str, mark: str, kept: Acknowledged) -> None:
    page = editable((await browser.get(plan))[1])
    base, why = int(page["base"]), f"Reason {mark}"
    changed = {**page, "do": "save", "view": "form", "why": why, "pay.max": str(200_000 + base)}
    if (await browser.post(plan, changed))[0] == 302:
        kept.saved.append((browser.person.plan, base + 1, why))
    text = f"Comment {mark}"
    if (await browser.post(f"{plan}comments/", {"text": text}))[0] == 302:
        kept.said.append(text)
    if mark.endswith("-3"):
        await browser.get(f"{plan}report.pdf")
        kept.asked_for.add(browser.person.plan)


async def breakdowns(server: Server, worker: Running, kept: Acknowledged) -> None:
    await _reached(kept, kept.wanted // 3)
    server.kill()
    await asyncio.sleep(1)
    server.again()
    await _reached(kept, 2 * kept.wanted // 3)
    worker.kill()
    await asyncio.sleep(1)
    worker.again()


async def _reached(kept: Acknowledged, count: int) -> None:
    until = time.monotonic() + LONGEST_S
    while kept.writes < count:
        if time.monotonic() > until:
            raise TimeoutError(f"only {kept.writes} writes were acknowledged")
        await asyncio.sleep(0.02)


async def run(server: Server, worker: Running, everyone: tuple[Person, ...], kept: Acknowledged) -> None:
    until = time.monotonic() + LONGEST_S
    writers = (write(Browser(server.port, person), at, kept, until) for at, person in enumerate(everyone))
    await asyncio.gather(breakdowns(server, worker, kept), *writers)


def missing(kept: Acknowledged) -> list[str]:
    """Acknowledged, and not there."""
    from tenfold.apps.plans.models import Comment, PlanVersion

    versions = {(str(v.plan_id), v.number, v.why) for v in PlanVersion.objects.all()}
    comments = set(Comment.objects.values_list("text", flat=True))
    return [f"version {one}" for one in kept.saved if one not in versions] + [
        one for one in kept.said if one not in comments
    ]


def undone() -> list[str]:
    """Reports that the worker has not drawn, given time."""
    from tenfold.core.models.background import Work, WorkState

    until = time.monotonic() + LONGEST_S
    while (left := Work.objects.exclude(state__in=(WorkState.DONE, WorkState.FAILED))).exists():
        if time.monotonic() > until:
            return [f"{work}: {work.state}" for work in left.defer("file")]
        time.sleep(0.5)
    return [f"{work}: {work.said}" for work in Work.objects.filter(state=WorkState.FAILED).defer("file")]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--writes", type=int, default=200)
    kept = Acknowledged(wanted=asked.parse_args().writes)
    at_home()
    from django.db import connection

    from tenfold.core.models.background import Work
    from tenfold.core.services.trail import verify_trail

    everyone = people(WRITERS)
    connection.close()
    server, worker = Server(), Running("worker")
    try:
        server.wait()
        asyncio.run(run(server, worker, everyone, kept))
        late = undone()
    finally:
        server.end()
        worker.end()
    lost, verdict = missing(kept), verify_trail()
    print(f"{connection.vendor}: {len(kept.saved)} versions and {len(kept.said)} comments acknowledged, ", end="")
    print(f"{kept.broken_off} requests broken off by the kill; lost: {lost or 'none'}")
    print(f"reports asked for: {Work.objects.count()}; not drawn: {late or 'none'}")
    print(f"the trail verifies: {verdict.entries} entries")
    if lost or late or kept.writes < kept.wanted or not kept.broken_off:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
