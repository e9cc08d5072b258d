"""What is due to be read, and what one page of another system says in our values."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tenfold.apps.employees.models import Employee
from tenfold.apps.retention.models import RecordKind
from tenfold.apps.retention.queries import knowledge_values, read_opened_tickets
from tenfold.apps.sources.models import DataSource, OutsideName, SourceKind
from tenfold.connectors import forges, incident_tools, mlflow, prometheus
from tenfold.connectors.dates import UnreadableDate, zone
from tenfold.connectors.git_local import read_commits
from tenfold.connectors.payloads import Node, Reading
from tenfold.connectors.records import Change, Incident, Page
from tenfold.connectors.tables import Table
from tenfold.core.models import Organisation
from tenfold.kit.errors import UserError
from tenfold.practices.retention.knowledge import RECENT
from tenfold.practices.retention.team_knowledge import team_knowledge

RECORDS = {
    SourceKind.DEPLOYMENTS: RecordKind.DEPLOYMENTS,
    SourceKind.PAGERDUTY: RecordKind.INCIDENTS,
    SourceKind.INCIDENT_IO: RecordKind.INCIDENTS,
    SourceKind.ROOTLY: RecordKind.INCIDENTS,
    SourceKind.PAGES: RecordKind.PAGES,
    SourceKind.ALERTS: RecordKind.PAGES,
    SourceKind.MLFLOW: RecordKind.LOOKS,
    SourceKind.REQUESTS: RecordKind.REQUESTS,
    SourceKind.TICKETS: RecordKind.TICKETS,
    SourceKind.GIT: RecordKind.KNOWLEDGE,
}
"""Which record of the team a source fills; merged changes belong to people, and lists of people become a curve."""
REPOSITORIES = "TENFOLD_REPOSITORIES"
READ_AGAIN = timedelta(days=30)
"""How far back a reading begins before the last one: incidents end, and deployments fail, after their first reading."""


@dataclass(frozen=True)
class PageRead:
    """Values by the other system's id, merged changes with their authors' names, and what could not be read."""

    values: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()


def first_address(source: DataSource, today: date) -> str:
    """Where a reading begins: `{since}` in the address stands for the day to begin at, `{until}` for today."""
    if source.whole_at is None:
        since = source.first_date
    else:
        since = max(source.first_date, (source.whole_at - READ_AGAIN).date())
    return source.url.replace("{since}", since.isoformat()).replace("{until}", today.isoformat())


def read_page(source: DataSource, root: Node, *, at: datetime) -> PageRead:
    """One page in our values; `at` is when the reading began.

    Raises:
        UserError: it is no answer of this system.
    """
    name = source.name
    if source.kind == SourceKind.CHANGES:
        found = forges.read_changes(root, name=name)
        return PageRead(changes=tuple(each for each in found.items if each.merged_at), problems=_problems(found))
    if source.kind == SourceKind.MLFLOW:
        versions = mlflow.read_model_versions(root, name=name)
        looks = {
            f"{at.isoformat()} {each.name} {alias}": [at.isoformat(), each.name, alias, each.version]
            for each in versions.items
            for alias in each.aliases
        }
        return PageRead(looks, problems=_problems(versions))
    if source.kind == SourceKind.DEPLOYMENTS:
        deployments = forges.read_deployments(root, name=name)
        values = {d.id: [_utc(d.finished_at), d.environment, d.has_succeeded] for d in deployments.items}
        return PageRead(values, problems=_problems(deployments))
    if source.kind == SourceKind.REQUESTS:
        requests = prometheus.read_requests(root, name=name)
        counts = {each.at.isoformat(): [each.at.isoformat(), each.good, each.total] for each in requests.items}
        return PageRead(counts, problems=_problems(requests))
    if source.kind in PAGE_READERS:
        pages = PAGE_READERS[SourceKind(source.kind)](root, name=name)
        return PageRead(_pages(source, pages), problems=_problems(pages))
    incidents = INCIDENT_READERS[SourceKind(source.kind)](root, name=name)
    values = {each.id: _incident(each) for each in incidents.items}
    return PageRead(values, problems=_problems(incidents))


def tickets_in(table: Table) -> PageRead:
    """When tickets were opened, line by line."""
    found = read_opened_tickets(table)
    return PageRead(_by_number([_utc(each.opened_at) for each in found.items]), problems=_problems(found))


def knowledge_in(source: DataSource, *, now: datetime) -> PageRead:
    """Folders of a git repository with counts, of the last two years; its authors' names are dropped here.

    Raises:
        UserError: the operator put no such repository there, or git cannot read it.
    """
    since = datetime.combine(max(source.first_date, (now - RECENT).date()), time(), UTC)
    found = team_knowledge(read_commits(repository_path(source), since=since))
    if found is None:
        raise UserError("The repository has no commit in this time.", remedy="Choose an earlier day to read from.")
    return PageRead(_by_number(knowledge_values(found)))


def repository_names(organisation: Organisation) -> list[str]:
    """Repositories that the operator put there for this organisation: folders in the folder of its number."""
    root = os.environ.get(REPOSITORIES, "")
    home = Path(root, str(organisation.pk))
    if not root or not home.is_dir():
        return []
    return sorted(each.name for each in home.iterdir() if each.is_dir() and not each.is_symlink())


def repository_path(source: DataSource) -> Path:
    """Raises UserError where it is none of those that the operator put there: nobody names a path of the server."""
    if source.url not in repository_names(source.organisation):
        raise UserError(
            f"The operator put no repository “{source.url}” there for your organisation.",
            remedy=f"Ask for a clone in the folder {source.organisation_id} of {REPOSITORIES}.",
        )
    return Path(os.environ[REPOSITORIES], str(source.organisation_id), source.url)


def _by_number(values: Sequence[Any]) -> dict[str, Any]:
    """By numbers of one length, so that a database that sorts keys keeps the order."""
    return {f"{number:08}": value for number, value in enumerate(values)}


INCIDENT_READERS: Mapping[SourceKind, Callable[..., Reading[Incident]]] = {
    SourceKind.PAGERDUTY: incident_tools.read_pagerduty_incidents,
    SourceKind.INCIDENT_IO: incident_tools.read_incident_io,
    SourceKind.ROOTLY: incident_tools.read_rootly,
}
PAGE_READERS: Mapping[SourceKind, Callable[..., Reading[Page]]] = {
    SourceKind.PAGES: incident_tools.read_pagerduty_pages,
    SourceKind.ALERTS: incident_tools.read_alertmanager,
}


def entry_count(source: DataSource) -> int:
    """How many entries are kept: rows of a list of people, or values."""
    return len(source.hr_list.rows) if source.hr_list else len(source.items)


def withdrawn_aliases(items: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Aliases that an earlier look saw and the look at `at` did not: they point to nothing now."""
    seen = {(name, alias) for _, name, alias, _ in items.values()}
    now = {(name, alias) for when, name, alias, _ in items.values() if when == at.isoformat()}
    return {f"{at.isoformat()} {name} {alias}": [at.isoformat(), name, alias, ""] for name, alias in sorted(seen - now)}


def offered_employee(name: OutsideName, employees: list[Employee]) -> Employee | None:
    """The one employee whose number, name or e-mail address is exactly this name; a proposal that decides nothing."""
    wanted = {name.name.casefold(), name.name.rpartition("<")[2].rstrip("> ").casefold()}
    found = [each for each in employees if wanted & _own_names(each)]
    return found[0] if len(found) == 1 else None


def _own_names(employee: Employee) -> set[str]:
    own = [employee.reference, employee.name, employee.user.email if employee.user else ""]
    return {each.casefold() for each in own if each}


def _pages(source: DataSource, found: Reading[Page]) -> dict[str, str]:
    """Local times of pages. PagerDuty logs a page several times (trigger, push, call): an incident counts once."""
    once = source.kind == SourceKind.PAGES
    local: dict[str, str] = {}
    for page in sorted(found.items, key=lambda each: each.at, reverse=True):
        key = page.incident if once and page.incident else f"{page.incident} {page.at.isoformat()}"
        local[key] = _local(page.at, source.zone)
    return local


def _local(moment: datetime, zone_name: str) -> str:
    try:
        place = zone(zone_name)
    except UnreadableDate:
        place = UTC
    return moment.astimezone(place).replace(tzinfo=None).isoformat()


def _incident(found: Incident) -> list[Any]:
    return [_utc(found.started_at), _utc(found.resolved_at) if found.resolved_at else None]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _problems(found: Reading[Any]) -> tuple[str, ...]:
    return tuple(f"{each.where}: {each.why}"[:300] for each in found.problems)
