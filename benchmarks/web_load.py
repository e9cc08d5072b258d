"""Fifty people at once for a minute: no error, no lost write; the 95th percentile, and as a ratio to a static file.

People read the list and a plan, type (live re-check), save versions and comment, with a pause to think between two
clicks; `--think 0` has them never pause. The static file is asked for by the same people in the same minute.

Run: .venv/bin/python -m benchmarks.web_load
     bin/with-postgres .venv/bin/python -m benchmarks.web_load
"""

# ruff: noqa: PLC0415 - Django is ready only after `at_home`
from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import time
from collections import defaultdict
from dataclasses import dataclass, field

from benchmarks.web_visitors import Browser, Fields, Person, Server, at_home, editable, people

EXPECTED = {200, 302}
CHOICES = (("list", 30), ("plan", 20), ("check", 20), ("save", 8), ("comment", 7), ("static", 15))


@dataclass
class Told:
    """What a run amounted to."""

    taken_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    saved: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    said: int = 0


async def visit(browser: Browser, *, until: float, think_s: float, told: Told) -> None:
    """One person until the time is up."""
    person = browser.person
    dice = random.Random(person.plan)  # noqa: S311 - no secret
    await asyncio.sleep(dice.random() * min(think_s, 2.0))
    plan = f"/plans/{person.plan}/"
    fields = editable((await browser.get(plan))[1])
    names, weights = zip(*CHOICES, strict=True)
    while time.monotonic() < until:
        act = dice.choices(names, weights)[0]
        began = time.monotonic()
        try:
            status = await one(browser, act, plan=plan, fields=fields, told=told)
        except (OSError, EOFError) as error:
            told.errors.append(f"{act}: {error!r}")
            continue
        told.taken_ms[act].append((time.monotonic() - began) * 1000)
        if status not in EXPECTED:
            told.errors.append(f"{act}: {status}")
        await asyncio.sleep(dice.uniform(0.5, 1.5) * think_s)
    await browser.close()


async def one(browser: Browser, act: str, *, plan: str, fields: Fields, told: Told) -> int:
    person = browser.person
    number = told.saved[person.plan]
    changed = {**fields, "base": str(number + 1), "view": "form", "pay.max": str(200_000 + number)}
    if act == "check":
        return (await browser.post(f"{plan}check/", changed))[0]
    if act == "save":
        status = (await browser.post(plan, {**changed, "do": "save", "pay.max": str(201_000 + number)}))[0]
        told.saved[person.plan] += status == 302
        return status
    if act == "comment":
        status = (await browser.post(f"{plan}comments/", {"text": "Is this agreed?"}))[0]
        told.said += status == 302
        return status
    return (await browser.get({"list": "/plans/", "plan": plan, "static": "/static/icon.svg"}[act]))[0]


async def warm_up(everyone: tuple[Person, ...], port: int) -> None:
    """Ten people look at everything once, so that every server process has read its templates and tables."""

    async def look(person: Person) -> None:
        browser, plan = Browser(port, person), f"/plans/{person.plan}/"
        fields = editable((await browser.get(plan))[1])
        for _ in range(4):
            await browser.get("/plans/")
            await browser.post(f"{plan}check/", {**fields, "base": "1", "view": "form"})
        await browser.close()

    await asyncio.gather(*(look(person) for person in everyone[:10]))


async def minute(everyone: tuple[Person, ...], port: int, seconds: float, think_s: float) -> Told:
    told, until = Told(), time.monotonic() + seconds
    browsers = (Browser(port, person) for person in everyone)
    await asyncio.gather(*(visit(browser, until=until, think_s=think_s, told=told) for browser in browsers))
    return told


def lost(told: Told) -> list[str]:
    """Writes that were acknowledged and are not there, or are there and were not."""
    from tenfold.apps.plans.models import Comment, StoredPlan
    from tenfold.core.services.trail import verify_trail

    verify_trail()
    kept = {str(plan.pk): plan.latest_number - 1 for plan in StoredPlan.objects.all()}
    wrong = [f"{plan}: {count} saved, {kept[plan]} kept" for plan, count in told.saved.items() if kept[plan] != count]
    comments = Comment.objects.count()
    return wrong + ([f"{told.said} said, {comments} kept"] if comments != told.said else [])


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--people", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--think", type=float, default=2.0, help="Mean pause between two clicks, seconds.")
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    at_home()
    from django.db import connection

    everyone = people(given.people)
    load = os.getloadavg()[0]
    server = Server(workers=given.workers)
    try:
        server.wait()
        asyncio.run(warm_up(everyone, server.port))
        told = asyncio.run(minute(everyone, server.port, given.seconds, given.think))
    finally:
        server.end()
    pages = [ms for act, taken in told.taken_ms.items() if act != "static" for ms in taken]
    static = p95(told.taken_ms["static"])
    print(
        f"{connection.vendor}, {given.workers} server processes, {given.people} people for {given.seconds:g} s, ",
        end="",
    )
    print(f"{given.think:g} s to think; load of the machine before: {load:.1f}")
    print(f"{len(pages)} pages ({len(pages) / given.seconds:.0f} a second), {len(told.errors)} errors")
    print(f"static file: p95 {static:.1f} ms, n = {len(told.taken_ms['static'])}")
    print(f"all pages:   p95 {p95(pages):.0f} ms, {p95(pages) / static:.1f} times the static file")
    for act, taken in sorted(told.taken_ms.items()):
        print(f"  {act}: median {statistics.median(taken):.0f}, p95 {p95(taken):.0f} ms, n = {len(taken)}")
    missing = lost(told)
    print(f"{sum(told.saved.values())} versions and {told.said} comments acknowledged; lost: {missing or 'none'}")
    if told.errors or missing:
        print("\n".join(told.errors[:10]))
        raise SystemExit(1)


if __name__ == "__main__":
    main()
