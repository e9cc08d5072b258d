"""A source is read page by page; each page is kept before the next is asked for, so that a break loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from tenfold.apps.employees.services import keep_read_list, parse_hr_table
from tenfold.apps.retention.models import RecordKind
from tenfold.apps.retention.services import ParsedRecord, keep_read_values
from tenfold.apps.sources.models import INVENTED, READ_WHOLE, DataSource, SourceKind, SourcesEvent
from tenfold.apps.sources.queries import (
    RECORDS,
    PageRead,
    first_address,
    knowledge_in,
    read_page,
    tickets_in,
    withdrawn_aliases,
)
from tenfold.apps.sources.services.names import keep_changes
from tenfold.connectors.payloads import Node, parse_json
from tenfold.connectors.polling import Fetch, Fetched, fetch_pages
from tenfold.connectors.tables import Table, parse_table, require_rows
from tenfold.core.api_reader import ApiReader
from tenfold.core.fetching import parse_address
from tenfold.core.jobs import job_named
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.services.trail import SYSTEM, record
from tenfold.kit.errors import UserError

READ_JOB = "sources.read"
NO_WORK = ""
"""Nobody waits on a page for a reading on schedule, so it is no piece of work of somebody's."""
LEASE = timedelta(minutes=15)
"""A reading that was lost with its process is begun again after this."""
PAGES_AT_ONCE, PAGES_AT_MOST = 20, 1_000
SOONEST = timedelta(minutes=15)
MOST_ITEMS, MOST_PROBLEMS, MOST_STATES = 100_000, 5, 100
GONE = (400, 404, 410, 422)


class SourceFailed(UserError):
    """The other system did not answer with data; `status` and `after_s` as it said."""

    status: int = 0
    after_s: int = 0


def queue_due_sources(now: datetime) -> int:
    """Queues the reading of what is due, each once whatever number of workers asks; says how many."""
    waiting = DataSource.objects.filter(is_paused=False, next_at__lte=now).exclude(url__iregex=INVENTED)
    due = waiting.values_list("pk", flat=True)[:50]
    queued = 0
    for pk in due:
        if DataSource.objects.filter(pk=pk, is_paused=False, next_at__lte=now).update(next_at=now + LEASE):
            job_named(READ_JOB).enqueue(NO_WORK, source=str(pk))
            queued += 1
    return queued


def read_soon(*, source: DataSource, by: User, now: datetime) -> None:
    """Queues a reading now.

    Raises:
        NotAllowed: only those who manage sources.
        UserError: the address is an invented one.
    """
    require(by, "sources.manage", source.organisation)
    if source.is_invented:
        raise UserError(
            "This address is invented (it ends in “.example”), so nothing is asked.",
            remedy="Add a source with an address of yours.",
        )
    DataSource.objects.filter(pk=source.pk).update(next_at=now)
    queue_due_sources(now)


def read_source(source: DataSource, *, now: datetime, fetch: Fetch | None = None) -> None:
    """Reads on from where the last reading stopped, at most twenty pages; the rest follows in the next minute.

    What goes wrong is kept with the source, with what to try; what was read before it stays.
    """
    ask = fetch or _fetch_with(source)
    if source.begun_at is None:
        source.begun_at, source.pages_read = now, 0
    begun, following = source.begun_at, source.cursor or first_address(source, now.date())
    if source.kind in READ_WHOLE:
        _read_in_one_go(source, ask, now=now)
        return
    try:
        for page in fetch_pages(ask, following, max_pages=PAGES_AT_ONCE):
            root = _with_states(page.root, ask, page.url) if source.kind == SourceKind.DEPLOYMENTS else page.root
            _keep_page(source, read_page(source, root, at=begun), page.next_url or "", now=now)
    except UserError as error:
        _keep_failure(source, error, now=now)
        return
    if source.cursor and source.pages_read < PAGES_AT_MOST:
        DataSource.objects.filter(pk=source.pk).update(next_at=now)
    else:
        _finish(source, now=now)


def _read_in_one_go(source: DataSource, ask: Fetch, *, now: datetime) -> None:
    """A table or a repository: what it holds now takes the place of what it held before."""
    try:
        if source.kind == SourceKind.GIT:
            _keep_whole(source, knowledge_in(source, now=now), now=now)
        else:
            table = parse_table(ask(first_address(source, now.date())).body, name=source.name)
            if source.kind == SourceKind.PEOPLE:
                _keep_people(source, table, now=now)
            else:
                _keep_whole(source, tickets_in(table), now=now)
    except UserError as error:
        _keep_failure(source, error, now=now)


@transaction.atomic
def _keep_whole(source: DataSource, found: PageRead, *, now: datetime) -> None:
    held = DataSource.objects.select_for_update().get(pk=source.pk)
    held.items, held.problems, held.begun_at = dict(found.values), list(found.problems)[:MOST_PROBLEMS], now
    held.save(update_fields=["items", "problems", "begun_at"])
    _finish(source, now=now)


@transaction.atomic
def _keep_people(source: DataSource, table: Table, *, now: datetime) -> None:
    """A list of employees becomes a curve's list; people stand in it under a keyed hash, and nothing else is kept."""
    held = DataSource.objects.select_for_update().get(pk=source.pk)
    day = timezone.localdate(now)
    parsed, is_of_day = parse_hr_table(require_rows(table), day=day)
    held.hr_list = keep_read_list(
        kept=held.hr_list, organisation=held.organisation, parsed=parsed, is_of_day=is_of_day, now=now
    )
    held.begun_at, held.problems = now, []
    held.save(update_fields=["hr_list", "begun_at", "problems"])
    _finish(source, now=now)


def explain_status(source: DataSource, status: int, headers: Mapping[str, str]) -> SourceFailed:
    """Why an answer holds no data and what to try, by its status."""
    host = urlsplit(source.url).hostname
    what, remedy = f"{host} answered {status}.", "It is asked again by itself."
    if status in (401, 403):
        held = "The token was not accepted, or may not read this." if source.token else "It asks for a token."
        what, remedy = f"{host} answered {status}. {held}", f"Make a read-only token: {SCOPES[source.kind]}."
    elif status == 429:
        what, remedy = f"{host} asks us to wait (429).", "Nothing to do; raise the hours between readings if it recurs."
    elif status in GONE:
        remedy = f"Check the address; for this source it looks like {ADDRESSES[source.kind]}."
    elif 300 <= status < 400:
        remedy = "Give the address that it sends to, since redirects are not followed with a token."
    failed = SourceFailed(what, remedy=remedy)
    waits = headers.get("retry-after", "")
    failed.status, failed.after_s = status, int(waits) if waits.isdecimal() and len(waits) < 6 else 0
    return failed


SCOPES: Mapping[str, str] = {
    SourceKind.DEPLOYMENTS: "in GitHub with “Deployments: read”, in GitLab with read_api",
    SourceKind.CHANGES: "in GitHub with “Pull requests: read”, in GitLab with read_api",
    SourceKind.PAGERDUTY: "a read-only REST API key of PagerDuty",
    SourceKind.PAGES: "a read-only REST API key of PagerDuty",
    SourceKind.ALERTS: "of the proxy in front of Alertmanager, if there is one",
    SourceKind.INCIDENT_IO: "in incident.io with “View data”",
    SourceKind.ROOTLY: "in Rootly with read access",
    SourceKind.MLFLOW: "of an MLflow user with READ permission",
    SourceKind.REQUESTS: "of the proxy in front of Prometheus, if there is one",
    SourceKind.TICKETS: "that may read this table and nothing else",
    SourceKind.PEOPLE: "that may read this table and nothing else",
    SourceKind.GIT: "none is needed",
}
ADDRESSES: Mapping[str, str] = {
    SourceKind.DEPLOYMENTS: "https://api.github.com/repos/OWNER/NAME/deployments?environment=production&per_page=50",
    SourceKind.CHANGES: "https://api.github.com/repos/OWNER/NAME/pulls?state=closed&per_page=50",
    SourceKind.PAGERDUTY: "https://api.pagerduty.com/incidents?since={since}&limit=100",
    SourceKind.PAGES: "https://api.pagerduty.com/log_entries?since={since}&limit=100",
    SourceKind.ALERTS: "https://alertmanager.example.com/api/v2/alerts",
    SourceKind.INCIDENT_IO: "https://api.incident.io/v2/incidents?page_size=100",
    SourceKind.ROOTLY: "https://api.rootly.com/v1/incidents?page[size]=50",
    SourceKind.MLFLOW: "https://mlflow.example.com/api/2.0/mlflow/registered-models/search?max_results=100",
    SourceKind.REQUESTS: "https://prometheus.example.com/api/v1/query_range?step=1d&start={since}T00:00:00Z"
    "&end={until}T00:00:00Z&query=sum by (code) (increase(http_requests_total[1d]))",
    SourceKind.TICKETS: "https://desk.example.com/export/tickets.csv",
    SourceKind.PEOPLE: "https://hr.example.com/export/people.csv",
    SourceKind.GIT: "scoring-service (a folder’s name; the operator puts clones there)",
}


def _fetch_with(source: DataSource) -> Fetch:
    """Asks with the source's token, which goes to the address's own host only (pages on other hosts are not followed).

    Raises (when asked):
        UserError: a token over http, no answer, or one without data.
    """
    reader, headers = ApiReader(), _headers(source)

    def ask(url: str) -> Fetched:
        if source.token and parse_address(url).scheme != "https":
            raise SourceFailed("A token is sent over https only.", remedy="Give an address with https://.")
        answer = reader.ask(url, headers=headers)
        if answer.status != 200:
            raise explain_status(source, answer.status, answer.headers)
        return Fetched(answer.body, answer.headers)

    return ask


def _headers(source: DataSource) -> dict[str, str]:
    accepts = {"Accept": "text/csv, */*"} if source.kind in READ_WHOLE else {}
    if not source.token:
        return accepts
    of_pagerduty = source.kind in (SourceKind.PAGERDUTY, SourceKind.PAGES)
    return {**accepts, "Authorization": f"Token token={source.token}" if of_pagerduty else f"Bearer {source.token}"}


def _with_states(root: Node, ask: Fetch, url: str) -> Node:
    """GitHub lists deployments without their state: the last one is asked for; without any, the item is left out."""
    if not isinstance(root.value, list):
        return root
    kept, asked = [], 0
    for item in root.value:
        is_open = isinstance(item, dict) and not (item.get("state") or item.get("status"))
        address = str(item.get("statuses_url", "")) if is_open else ""
        if not is_open:
            kept.append(item)
        elif urlsplit(address)[:2] == urlsplit(url)[:2] and asked < MOST_STATES:
            asked += 1
            said = parse_json(ask(address).body, name=address).value
            last = said[0] if isinstance(said, list) and said and isinstance(said[0], dict) else {}
            kept.append({**item, "state": last.get("state") or "unknown", "updated_at": last.get("created_at")})
    return Node(kept, root.path)


@transaction.atomic
def _keep_page(source: DataSource, found: PageRead, following: str, *, now: datetime) -> None:
    held = DataSource.objects.select_for_update().get(pk=source.pk)
    held.items = _merge_items(held, found.values)
    held.problems = [*(held.problems if source.pages_read else []), *found.problems][:MOST_PROBLEMS]
    held.cursor, held.begun_at, held.pages_read = following[:2000], source.begun_at, source.pages_read + 1
    held.save(update_fields=["items", "problems", "cursor", "begun_at", "pages_read"])
    keep_changes(held, found.changes, now=now)
    source.items, source.cursor, source.pages_read = held.items, held.cursor, held.pages_read


def _merge_items(held: DataSource, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was read before with what is new; of an incident's pages the first counts. The oldest go beyond the most."""
    first_counts = held.kind == SourceKind.PAGES
    merged = dict(held.items)
    for key, value in values.items():
        merged[key] = min(value, merged.get(key, value)) if first_counts else value
    return dict(list(merged.items())[-MOST_ITEMS:])


@transaction.atomic
def _finish(source: DataSource, *, now: datetime) -> None:
    """The reading is whole: the team's record gets its values, and the next reading its time."""
    locked = DataSource.objects.select_for_update(of=("self",))  # PostgreSQL locks no side of an outer join
    held = locked.select_related("record", "team", "added_by").get(pk=source.pk)
    begun = held.begun_at or now
    if held.kind == SourceKind.MLFLOW:
        held.items = {**held.items, **withdrawn_aliases(held.items, begun)}
    kind = RECORDS.get(SourceKind(held.kind))
    if kind is not None and held.items:
        held.record = keep_read_values(
            kept=held.record, organisation=held.organisation, team=held.team, parsed=_record_values(held, kind), now=now
        )
    held.cursor, held.begun_at, held.pages_read, held.failures = "", None, 0, 0
    held.trouble, held.remedy = "", ""
    held.whole_at, held.next_at = begun, now + timedelta(hours=held.every_hours)
    held.save()
    record(kind=SourcesEvent.READ, by=SYSTEM, of=held, now=now, data={"rows": len(held.items)})


def _record_values(held: DataSource, kind: RecordKind) -> ParsedRecord:
    if held.kind in READ_WHOLE:
        values = [held.items[number] for number in sorted(held.items)]
    else:
        values = sorted(held.items.values(), key=lambda each: each if isinstance(each, str) else str(each[0]))
    notes = [f"Could not be read: {each}" for each in held.problems]
    return ParsedRecord(kind, held.name, values, notes)


@transaction.atomic
def _keep_failure(source: DataSource, error: UserError, *, now: datetime) -> None:
    """Keeps why and what to try, and asks again later: each time after twice as long, at most after its usual time."""
    held = DataSource.objects.select_for_update().get(pk=source.pk)
    what = _what_and_where(error)
    is_new = held.trouble != what
    held.trouble, held.remedy = what, error.remedy[:500]
    waits = min(timedelta(hours=held.every_hours), SOONEST * 2 ** min(held.failures, 10))
    if isinstance(error, SourceFailed):
        waits = max(waits, timedelta(seconds=error.after_s))
        if error.status in GONE:  # the place to go on from is no longer known there: begin anew
            held.cursor, held.begun_at, held.pages_read = "", None, 0
    held.failures = min(held.failures + 1, 1_000)
    held.next_at = now + waits
    held.save(update_fields=["trouble", "remedy", "failures", "next_at", "cursor", "begun_at", "pages_read"])
    if is_new:
        record(kind=SourcesEvent.FAILED, by=SYSTEM, of=held, now=now)


def _what_and_where(error: UserError) -> str:
    """What was wrong, with the line or the value's path in the answer where it is known."""
    at = [f"line {error.place.line}" if error.place.line else "", error.place.field or ""]
    where = ", ".join(each for each in at if each)
    return f"{error.what}{f' Where: {where}.' if where and where not in error.what else ''}"[:500]
