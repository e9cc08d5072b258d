"""How pages grow with what an organisation holds: the same pages at 1, 10 and 100 times the rows, in one run.

    .venv/bin/python -m benchmarks.grow [--times 1 10 100] [--runs 9]
    bin/with-postgres .venv/bin/python -m benchmarks.grow

One time is 100 plans with 3 versions each, 1,000 applications in ten roles, 10,000 entries of the trail and 20,000 rows
of own pay, all invented; the rows come in bulk, the trail with true seals. For each page: the median of processor time,
its ratio to that at the first size, and the queries it asks; then how long the trail takes to verify and a backup to
make, with the entries a second.
"""

# ruff: noqa: PLC0415 - Django is ready only after `at_home`
from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.web_visitors import ROOT, at_home

if TYPE_CHECKING:
    from django.test import Client

    from tenfold.apps.candidates.models import OpenRole
    from tenfold.core.models import Organisation, User

PLANS, VERSIONS, APPLICATIONS, ENTRIES, PAY_ROWS = 100, 3, 1_000, 10_000, 20_000
ROLES, BATCH, WARM_UP = 10, 2_000, 2


@dataclass
class House:
    """The organisation that grows; so much is in it."""

    organisation: Organisation
    administrator: User
    text: str
    now: datetime
    roles: list[OpenRole]
    times: int = 0


def found() -> House:
    from django.utils import timezone

    from tenfold.apps.accounts.services import found_organisation, new_user
    from tenfold.apps.candidates.services.roles import open_role
    from tenfold.apps.plans.services import approve, create_plan
    from tenfold.core.models import Membership

    now, text = timezone.now(), (ROOT / "examples/good_plan.yaml").read_text("utf-8")
    administrator = new_user(name="Ada Grown", email="ada@grow.example", password=None)
    organisation = found_organisation(name="Grown", administrator=administrator, now=now)
    lead = Membership.objects.get(organisation=organisation, user=administrator)
    roles = []
    for _ in range(ROLES):
        plan = create_plan(organisation=organisation, text=text, by=administrator, now=now)
        approve(plan=plan, number=1, by=administrator, now=now)
        roles.append(open_role(plan=plan, lead=lead, by=administrator, now=now))
    return House(organisation, administrator, text, now, roles)


def grow(house: House, times: int) -> None:
    """Fills the organisation up to so many times."""
    before, house.times = house.times, times
    _in_bulk(_plans(house, range(before * PLANS, times * PLANS)))
    _in_bulk(_versions(house))
    _in_bulk(_candidates(house, range(before * APPLICATIONS, times * APPLICATIONS)))
    _in_bulk(_applications(house))
    _in_bulk(_pay(house, range(before, times)))
    _trail(house, (times - before) * ENTRIES)
    _analyse()


def _in_bulk(rows: Iterator[Any]) -> None:
    while batch := list(islice(rows, BATCH)):
        type(batch[0]).objects.bulk_create(batch)


def _plans(house: House, numbers: range) -> Iterator[Any]:
    from tenfold.apps.plans.models import StoredPlan

    for number in numbers:
        at = house.now - timedelta(minutes=number)
        yield StoredPlan(
            organisation=house.organisation,
            title=f"MLOps Engineer {number}",
            latest_number=VERSIONS,
            strip={},
            created_by=house.administrator,
            created_at=at,
            changed_at=at,
        )


def _versions(house: House) -> Iterator[Any]:
    from tenfold.apps.plans.models import PlanVersion, StoredPlan

    for plan in StoredPlan.objects.filter(versions=None).order_by("pk"):
        for number in range(1, VERSIONS + 1):
            yield PlanVersion(
                plan=plan, number=number, text=house.text, saved_by=house.administrator, saved_at=plan.changed_at
            )


def _candidates(house: House, numbers: range) -> Iterator[Any]:
    from tenfold.apps.candidates.models import Candidate

    for number in numbers:
        yield Candidate(organisation=house.organisation, name=f"Invented Person {number}", created_at=house.now)


def _applications(house: House) -> Iterator[Any]:
    from tenfold.apps.candidates.models import Application, Candidate, Source

    stages = {role.pk: list(role.stages.all()) for role in house.roles}
    new = Candidate.objects.filter(applications=None).order_by("pk").values_list("pk", flat=True)
    for number, candidate in enumerate(new):
        role = house.roles[number % ROLES]
        at = house.now - timedelta(minutes=number)
        is_open = number % 20 == 0
        yield Application(
            role=role,
            candidate_id=candidate,
            stage=stages[role.pk][number % len(stages[role.pk])],
            state="open" if is_open else "rejected",
            source=Source.JOB_PAGE,
            applied_at=at,
            stage_since=at,
            closed_at=None if is_open else house.now,
        )


def _pay(house: House, numbers: range) -> Iterator[Any]:
    from tenfold.apps.pay.models import OwnPay, PayUpload, UploadState

    for number in numbers:
        upload = PayUpload.objects.create(
            organisation=house.organisation,
            name=f"list {number}",
            sha256=f"{number:064}",
            state=UploadState.IMPORTED,
            total=PAY_ROWS,
            kept=PAY_ROWS,
            uploaded_by=house.administrator,
            uploaded_at=house.now,
            imported_at=house.now,
        )
        for line in range(PAY_ROWS):
            level = ("junior", "mid", "senior", "staff")[line % 4]
            yield OwnPay(
                organisation=house.organisation,
                upload=upload,
                line=line,
                role="mlops",
                level=level,
                pay_usd_year=90_000.0 + line,
            )


def _trail(house: House, count: int) -> None:
    """Entries as `record` seals them, many in one write."""
    from tenfold.core.models import AuditEntry, ChainHead
    from tenfold.core.services import trail

    head = ChainHead.objects.get(pk=1)
    _in_bulk(_entries(house, head, count, trail._seal, AuditEntry))  # noqa: SLF001 - a true chain, quickly
    head.save(update_fields=["n", "seal"])


def _entries(house: House, head: Any, count: int, seal: Callable[[Any], str], entry_of: Any) -> Iterator[Any]:
    for number in range(count):
        entry = entry_of(
            n=head.n + 1,
            at=house.now,
            kind="plan.saved",
            by=house.administrator.email,
            by_id=house.administrator.pk,
            organisation_id=house.organisation.pk,
            of="storedplan",
            of_id=str(uuid.UUID(int=number)),
            data={"number": number},
            prev=head.seal,
        )
        entry.seal = seal(entry)
        head.n, head.seal = entry.n, entry.seal
        yield entry


def _analyse() -> None:
    """As the database does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@dataclass(frozen=True)
class Cost:
    ms: float
    queries: int


def pages(house: House) -> dict[str, str]:
    from django.urls import reverse

    return {
        "list of plans": reverse("plans"),
        "search": f"{reverse('find')}?q=engineer",
        "trail": reverse("trail"),
        "list of roles": reverse("roles"),
        "list of candidates": reverse("candidates"),
        "a role's page": reverse("role", args=[house.roles[0].pk]),
        "own pay": reverse("pay-own"),
        "first page": "/",
    }


def cost(client: Client, address: str, runs: int) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken = []
    for _ in range(WARM_UP + runs):
        start = time.process_time()
        answer = client.get(address)
        taken.append((time.process_time() - start) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return Cost(statistics.median(taken[WARM_UP:]), len(asked))


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def copy_database() -> None:
    from tenfold.web.backup import back_up as write_backup

    with tempfile.TemporaryDirectory() as folder:
        write_backup(Path(folder) / "backup.sqlite3")


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    arguments.add_argument("--times", type=int, nargs="+", default=[1, 10, 100])
    arguments.add_argument("--runs", type=int, default=9)
    given = arguments.parse_args()
    at_home()
    from django.conf import settings
    from django.test import Client

    from tenfold.core.models import AuditEntry
    from tenfold.core.services.trail import verify_trail

    settings.LIMITS_ON, settings.ALLOWED_HOSTS = False, ["testserver"]
    house, client = found(), Client()
    client.force_login(house.administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    first: dict[str, float] = {}
    for times in given.times:
        begun = time.perf_counter()
        grow(house, times)
        print(f"\n{times} x, filled in {time.perf_counter() - begun:.0f} s", flush=True)
        for name, address in pages(house).items():
            at = cost(client, address, given.runs)
            ratio = at.ms / first.setdefault(name, at.ms)
            print(f"  {name:20} {at.ms:8.1f} ms  {ratio:6.2f} x  {at.queries:3} queries", flush=True)
        entries, taken = AuditEntry.objects.count(), seconds(verify_trail)
        print(f"  {'trail verified':20} {taken:8.2f} s   {entries / taken:10,.0f} entries a second", flush=True)
        print(f"  {'backup':20} {seconds(copy_database):8.2f} s", flush=True)


if __name__ == "__main__":
    main()
