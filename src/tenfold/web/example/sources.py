"""The example's data sources, all invented: what its forge, PagerDuty and help desk would have answered.

The answers go through the same reading as real ones; the hosts end in `.example`, which nobody can own (RFC 2606).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tenfold.apps.employees.models import Employee, Team
from tenfold.apps.retention import services as retention
from tenfold.apps.retention.models import RecordKind
from tenfold.apps.retention.queries import knowledge_values
from tenfold.apps.retention.services import ParsedRecord
from tenfold.apps.sources.models import DataSource, OutsideName, SourceKind
from tenfold.apps.sources.services import keeping, names, reading
from tenfold.connectors.polling import Fetched
from tenfold.connectors.records import Commit
from tenfold.core.models import User
from tenfold.practices.retention.team_knowledge import team_knowledge

FORGE = "https://gitlab.tidewater.example/api/v4/projects/7"
AUTHORS = ("teodor.b", "jonas.w", "update-bot")
FOLDERS = (
    ("serving/gateway", 9, ("teodor", "jonas")),
    ("serving/rollback", 5, ("teodor",)),
    ("features/backfill", 6, ("wanjiru",)),
    ("training/pipelines", 11, ("wanjiru", "aleks", "priya")),
    ("monitoring/drift", 7, ("priya", "teodor")),
    ("deploy/charts", 8, ("jonas", "aleks", "wanjiru")),
)
"""Folder, files, and who works in it: two of them rest on one person."""
WEEKS = 26


def seed_sources(*, team: Team, people: dict[str, User], teodor: Employee, start: datetime) -> None:
    """Four sources (three read, one that is not let in), names to review, tickets and a git log."""
    chance = random.Random(31)  # noqa: S311 - the same example each time
    by, read_at = people["ines"], start + timedelta(days=21)
    begin = start - timedelta(weeks=WEEKS)
    for kind, name, url, answer in (
        (SourceKind.DEPLOYMENTS, "GitLab deployments", f"{FORGE}/deployments", [*_deployments(begin, chance)]),
        (SourceKind.CHANGES, "GitLab merge requests", f"{FORGE}/merge_requests?state=merged", [*_merges(start)]),
        (
            SourceKind.PAGERDUTY,
            "PagerDuty incidents",
            "https://pagerduty.tidewater.example/incidents?since={since}",
            {"incidents": [*_incidents(begin, chance)]},
        ),
        (SourceKind.MLFLOW, "MLflow registry", "https://mlflow.tidewater.example/api/2.0/registered-models", None),
    ):
        source = _source(team, kind, f"{name} (invented)", url, begin, by=by, now=start)
        _read(source, answer, read_at)
    _review_names(teodor, by, read_at)
    for record_kind, title, values in (
        (RecordKind.TICKETS, "help desk (invented).csv", _tickets(begin, chance)),
        (RecordKind.KNOWLEDGE, "git log (invented).txt", _knowledge(start, chance)),
    ):
        parsed = ParsedRecord(record_kind, title, values)
        retention.import_record(organisation=team.organisation, parsed=parsed, team=team, by=by, now=read_at)


def _source(
    team: Team, kind: SourceKind, name: str, url: str, begin: datetime, *, by: User, now: datetime
) -> DataSource:
    made = DataSource(organisation=team.organisation, team=team, kind=kind, name=name, url=url, zone="Europe/Berlin")
    made.first_date = begin.date()
    return keeping.save_source(source=made, by=by, now=now)


def _read(source: DataSource, answer: Any, now: datetime) -> None:
    """Reads an invented answer as a real one would be; None: the other system asks for a token."""

    def fetch(_url: str) -> Fetched:
        if answer is None:
            raise reading.explain_status(source, 401, {})
        return Fetched(json.dumps(answer).encode())

    reading.read_source(source, now=now, fetch=fetch)


def _deployments(begin: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    for day in range(WEEKS * 7):
        if chance.random() < 0.35:
            at = begin + timedelta(days=day, hours=chance.randint(8, 17))
            state = "success" if chance.random() > 0.04 else "failed"
            yield {"id": day, "status": state, "environment": {"name": "production"}, "updated_at": at.isoformat()}


def _incidents(begin: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(9):
        at = begin + timedelta(days=chance.uniform(5, 180))
        ended = at + timedelta(hours=chance.expovariate(0.4))
        yield {"id": f"Q{number}", "created_at": at.isoformat(), "resolved_at": ended.isoformat()}


def _merges(start: datetime) -> Iterator[dict[str, Any]]:
    for number in range(12):
        merged = start - timedelta(days=3 + 6 * number)
        yield {
            "iid": 840 - number,
            "author": {"username": AUTHORS[number % 3]},
            "created_at": (merged - timedelta(days=2)).isoformat(),
            "merged_at": merged.isoformat(),
            "web_url": f"https://gitlab.tidewater.example/platform/serving/-/merge_requests/{840 - number}",
        }


def _review_names(teodor: Employee, by: User, now: datetime) -> None:
    """One account is somebody's, one is a program's, and one waits for a decision."""
    for name in OutsideName.objects.filter(organisation=teodor.organisation):
        if name.name in AUTHORS[::2]:
            employee = teodor if name.name == AUTHORS[0] else None
            names.review_name(name=name, employee=employee, by=by, now=now)


def _tickets(begin: datetime, chance: random.Random) -> list[str]:
    days = (begin + timedelta(days=day) for day in range(WEEKS * 7))
    return [
        (day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=chance.uniform(8, 17))).isoformat()
        for day in days
        if day.weekday() < 5
        for _ in range(chance.choice((0, 1, 1, 2, 4)))
    ]


def _knowledge(start: datetime, chance: random.Random) -> list[list[Any]]:
    commits = []
    for number in range(420):
        folder, files, authors = chance.choice(FOLDERS)
        at = start - timedelta(days=chance.uniform(0, 700))
        touched = tuple(f"{folder}/part_{chance.randrange(files)}.py" for _ in range(chance.randint(1, 3)))
        commits.append(Commit(f"{number:040x}", at, at, chance.choice(authors), "A change", touched))
    found = team_knowledge(commits)
    return knowledge_values(found) if found else []
