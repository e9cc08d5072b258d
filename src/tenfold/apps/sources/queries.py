"""What is due to be read, and what one page of another system says in our values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tenfold.apps.employees.models import Employee
from tenfold.apps.retention.models import RecordKind
from tenfold.apps.sources.models import DataSource, OutsideName, SourceKind
from tenfold.connectors import forges, incident_tools, mlflow
from tenfold.connectors.dates import UnreadableDate, zone
from tenfold.connectors.payloads import Node, Reading
from tenfold.connectors.records import Change, Incident, Page

RECORDS = {
    SourceKind.DEPLOYMENTS: RecordKind.DEPLOYMENTS,
    SourceKind.PAGERDUTY: RecordKind.INCIDENTS,
    SourceKind.INCIDENT_IO: RecordKind.INCIDENTS,
    SourceKind.ROOTLY: RecordKind.INCIDENTS,
    SourceKind.PAGES: RecordKind.PAGES,
    SourceKind.ALERTS: RecordKind.PAGES,
    SourceKind.MLFLOW: RecordKind.LOOKS,
}
"""Which record of the team a source fills; merged changes fill none, since they belong to people."""
READ_AGAIN = timedelta(days=30)
"""How far back a reading begins before the last one: incidents end, and deployments fail, after their first reading."""


@dataclass(frozen=True)
class PageRead:
    """Values by the other system's id, merged changes with their authors' names, and what could not be read."""

    values: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()


def first_address(source: DataSource) -> str:
    """Where a reading begins: `{since}` in the address stands for the day from which on entries are asked for."""
    if source.whole_at is None:
        since = source.first_date
    else:
        since = max(source.first_date, (source.whole_at - READ_AGAIN).date())
    return source.url.replace("{since}", since.isoformat())


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
    if source.kind in PAGE_READERS:
        pages = PAGE_READERS[SourceKind(source.kind)](root, name=name)
        return PageRead(_pages(source, pages), problems=_problems(pages))
    incidents = INCIDENT_READERS[SourceKind(source.kind)](root, name=name)
    values = {each.id: _incident(each) for each in incidents.items}
    return PageRead(values, problems=_problems(incidents))


INCIDENT_READERS: Mapping[SourceKind, Callable[..., Reading[Incident]]] = {
    SourceKind.PAGERDUTY: incident_tools.read_pagerduty_incidents,
    SourceKind.INCIDENT_IO: incident_tools.read_incident_io,
    SourceKind.ROOTLY: incident_tools.read_rootly,
}
PAGE_READERS: Mapping[SourceKind, Callable[..., Reading[Page]]] = {
    SourceKind.PAGES: incident_tools.read_pagerduty_pages,
    SourceKind.ALERTS: incident_tools.read_alertmanager,
}


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
