"""Incidents and pages from PagerDuty, incident.io, Rootly and Alertmanager.

Shapes after “PagerDuty REST API v2: List incidents, List log entries”, “incident.io API v2: List incidents”, “Rootly
API v1: List incidents (JSON:API)” and “Alertmanager API v2: GET /alerts; webhook version 4”.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tenfold.connectors.payloads import BadPayload, Node, Reading, read_items
from tenfold.connectors.records import Incident, Page


def read_pagerduty_incidents(root: Node, *, name: str) -> Reading[Incident]:
    return read_items(root, _pagerduty_incident, name=name, under=("incidents",))


def read_pagerduty_pages(root: Node, *, name: str) -> Reading[Page]:
    """Pages out of log entries, one an incident, when it was first logged; whom they reached is not read.

    PagerDuty logs a page several times (trigger, push, call). Entries that name no incident are kept each.
    """
    found = read_items(root, _pagerduty_page, name=name, under=("log_entries",))
    return Reading(tuple(first_of_incidents(found.items)), found.problems)


def first_of_incidents(pages: Iterable[Page]) -> Iterator[Page]:
    """Pages in order of time, each incident's first one alone."""
    seen: set[str] = set()
    for page in sorted(pages, key=lambda each: each.at):
        if not page.incident or page.incident not in seen:
            seen.add(page.incident)
            yield page


def read_incident_io(root: Node, *, name: str) -> Reading[Incident]:
    return read_items(root, _incident_io, name=name, under=("incidents",))


def read_rootly(root: Node, *, name: str) -> Reading[Incident]:
    return read_items(root, _rootly, name=name, under=("data",))


def read_alertmanager(root: Node, *, name: str) -> Reading[Page]:
    """Alerts that fired, from the API (a list) or a webhook (under `alerts`)."""
    return read_items(root, _alert, name=name, under=("alerts", "data"))


def _pagerduty_incident(node: Node) -> Incident:
    return Incident(
        id=node.get("id", "incident_number").text(),
        started_at=node.get("created_at").moment(),
        resolved_at=node.get("resolved_at", "last_status_change_at").moment_or_none() if _is_resolved(node) else None,
        severity=node.get("urgency").text_or(),
        service=node.get("service").get("summary", "name").text_or(),
        url=node.get("html_url").text_or(),
    )


def _is_resolved(node: Node) -> bool:
    return node.get("status").text_or() == "resolved" or node.get("resolved_at").is_there


def _pagerduty_page(node: Node) -> Page | None:
    kind = node.get("type").text_or()
    if kind and not kind.startswith(("trigger_log_entry", "notify_log_entry")):
        return None
    return Page(
        at=node.get("created_at").moment(),
        service=node.get("service").get("summary").text_or(),
        urgency=node.get("incident").get("urgency").text_or(),
        incident=node.get("incident").get("id").text_or(),
    )


def _incident_io(node: Node) -> Incident:
    times = _named_times(node)
    started = times.get("reported") or node.get("created_at")
    resolved = times.get("resolved") or times.get("fixed") or Node(None, f"{node.path}.resolved")
    return Incident(
        id=node.get("reference", "id").text(),
        started_at=started.moment(),
        resolved_at=resolved.moment_or_none(),
        severity=node.get("severity").get("name").text_or(),
        url=node.get("permalink").text_or(),
    )


def _named_times(node: Node) -> dict[str, Node]:
    """Timestamps by the first word of their name: `Reported at`, `Fixed at`, `Resolved at`."""
    listed = node.get("incident_timestamp_values")
    if not listed.is_there:
        return {}
    found = {}
    for each in listed.items():
        label = each.get("incident_timestamp").get("name").text_or().split()
        value = each.get("value").get("value")
        if label and value.is_there:
            found[label[0].casefold()] = value
    return found


def _rootly(node: Node) -> Incident:
    told = node.get("attributes")
    if not isinstance(told.value, dict):
        raise BadPayload(f"{told.path} is not a group of values")
    severity = told.get("severity")
    named = severity.get("data").get("attributes").get("name") if isinstance(severity.value, dict) else severity
    return Incident(
        id=node.get("id").text(),
        started_at=told.get("started_at", "created_at").moment(),
        resolved_at=told.get("resolved_at", "mitigated_at").moment_or_none(),
        severity=named.text_or(),
        url=told.get("url").text_or(),
    )


def _alert(node: Node) -> Page:
    labels = node.get("labels")
    return Page(
        at=node.get("startsAt", "activeAt").moment(),
        service=labels.get("service", "job", "alertname").text_or(),
        urgency=labels.get("severity").text_or(),
        incident=node.get("fingerprint").text_or(),
    )
