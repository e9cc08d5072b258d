"""Prometheus, tables by address, git repositories on the server; programs that manage sources; whatever may come."""

from __future__ import annotations

import copy
import json
import random
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.employees.models import HrList
from tenfold.apps.employees.queries import published_tenure, tenure_of_list
from tenfold.apps.retention.models import RecordKind, TeamRecord
from tenfold.apps.retention.queries import impact_of, knowledge_of
from tenfold.apps.sources.models import DataSource, SourceKind
from tenfold.apps.sources.queries import REPOSITORIES
from tenfold.apps.sources.services import keeping, reading
from tenfold.connectors.polling import Fetched
from tenfold.core.models.api import ApiToken
from tenfold.core.personal_data import erase_person
from tenfold.core.scopes import Scope
from tenfold.kit.errors import UserError
from tests.company import NOW, Company
from tests.connectors.payload_examples import EXAMPLES
from tests.connectors.test_local_sources import NOON, Repository
from tests.connectors.test_payloads import mutated
from tests.factories.sources import source_and_name
from tests.teams import people
from tests.web.api_client import program_of

ASKS = "https://prometheus.test/api/v1/query_range?start={since}T00:00:00Z&end={until}T00:00:00Z"
BY_CODE = "&step=1d&query=" + quote("sum by (code) (increase(http_requests_total[1d]))")


def source_of(company: Company, kind: SourceKind, url: str, **more: Any) -> DataSource:
    given = {"zone": "UTC", "first_date": date(2025, 1, 1), **more}
    made = DataSource(organisation=company.organisation, kind=kind, name="Scoring", url=url, **given)
    return keeping.save_source(source=made, by=company.administrator, now=NOW)


def read(source: DataSource, body: Any, at: datetime = NOW) -> DataSource:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    reading.read_source(DataSource.objects.get(pk=source.pk), now=at, fetch=lambda _: Fetched(raw))
    return DataSource.objects.get(pk=source.pk)


# Prometheus --------------------------------------------------------------------------------------


def counted(days: int, codes: dict[str, float]) -> dict[str, Any]:
    start = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
    values = {code: [[start + 86400 * day, str(count)] for day in range(days)] for code, count in codes.items()}
    result = [{"metric": {"code": code}, "values": points} for code, points in values.items()]
    return {"status": "success", "data": {"resultType": "matrix", "result": result}}


def test_requests_by_code_become_availability(company: Company) -> None:
    """What is the server's fault counts against it; what the caller did wrong does not."""
    source = source_of(company, SourceKind.REQUESTS, ASKS + BY_CODE)
    answer = counted(10, {"200": 990, "404": 5, "500": 4, "503": 1})
    answer["data"]["result"][2]["values"][3][1] = "NaN"
    found = read(source, answer)
    assert found.trouble == ""
    assert found.problems == ["$.data.result[2].values[3]: $.data.result[2].values[3][1] is not a finite number"]
    measure = impact_of([TeamRecord.objects.get()]).measures[0]
    assert (measure.id, measure.n, measure.value) == ("availability", 9_000, 0.995)
    later = read(source, counted(12, {"2xx": 1000}), NOW + timedelta(days=2))
    assert len(later.items) == 12


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("&step=1h&query=increase(x[1d])", "not as long"),
        ("&query=increase(x[1d])", "and a step"),
        ("&step=1d&query=x", "a query over a time"),
        ("&step=86400&query=increase(x[24h])", ""),
    ],
)
def test_a_step_that_counts_twice_is_refused(company: Company, query: str, says: str) -> None:
    if not says:
        assert source_of(company, SourceKind.REQUESTS, ASKS + query).trouble == ""
        return
    with pytest.raises(UserError, match=says):
        source_of(company, SourceKind.REQUESTS, ASKS + query)


def test_series_without_a_code_are_not_guessed(company: Company) -> None:
    answer = counted(3, {"200": 1})
    answer["data"]["result"][0]["metric"] = {"job": "scoring"}
    found = read(source_of(company, SourceKind.REQUESTS, ASKS + BY_CODE), answer)
    assert "no status code" in found.trouble
    assert "Where: job" in found.trouble


# Tables ------------------------------------------------------------------------------------------


def test_tickets_of_a_table_take_the_place_of_those_before(company: Company) -> None:
    source = source_of(company, SourceKind.TICKETS, "https://desk.test/tickets.csv")
    read(source, "Nr;Erstellt\n1;02.03.2026 08:00\n2;13.03.2026 09:30\n3;bald\n".encode("utf-16"))
    assert TeamRecord.objects.get().values == ["2026-03-02T08:00:00+00:00", "2026-03-13T09:30:00+00:00"]
    assert "line 4" in DataSource.objects.get().problems[0]
    read(source, b"id,created\n2,2026-03-13T09:30:00Z\n", NOW + timedelta(days=1))
    assert TeamRecord.objects.get().values == ["2026-03-13T09:30:00+00:00"]


WEEK = timedelta(days=7)


def staff(numbers: range) -> bytes:
    return "".join(
        ["Personalnr;Name;Eintritt\n", *(f"P-{n};Invented {n};0{n % 9 + 1}.02.2025\n" for n in numbers)]
    ).encode()


def test_weekly_lists_of_employees_become_a_curve_without_names(company: Company) -> None:
    source = source_of(company, SourceKind.PEOPLE, "https://hr.test/people.csv", every_hours=168)
    for week in range(30):
        read(source, staff(range(week // 3, 40)), NOW + week * WEEK)
    read(source, staff(range(9, 40)), NOW + 29 * WEEK)  # the same day again counts once
    listed = HrList.objects.get()
    assert len({cells[0] for _, cells in listed.rows}) == 30
    assert "Invented" not in json.dumps(listed.rows)
    assert "P-1" not in json.dumps(listed.rows)
    answer = tenure_of_list(listed, today=(NOW + 30 * WEEK).date())
    assert (answer.n, answer.exits) == (40, 9)
    shown = published_tenure(listed)
    assert (shown.n, shown.exits, len(listed.changed)) == (40, 5, 4), "the last four are not told of yet"
    client = Client()
    client.force_login(company["people-analyst"])
    assert client.get(reverse("tenure")).status_code == 200
    assert "entries are kept" in " ".join(client.get(reverse("source", args=[source.pk])).content.decode().split())


def test_who_was_erased_does_not_come_back_with_the_next_list(company: Company) -> None:
    found = people(company)
    mine = f"{found.employee.reference};Invented;01.02.2025\n".encode()
    source = source_of(company, SourceKind.PEOPLE, "https://hr.test/people.csv", every_hours=168)
    read(source, staff(range(8)) + mine)
    assert len(HrList.objects.get(name="Scoring").rows) == 9
    erase_person(str(found.employee.pk), now=NOW)
    read(source, staff(range(8)) + mine, NOW + WEEK)
    assert len(HrList.objects.get(name="Scoring").rows) == 16


def test_a_list_of_people_is_not_read_daily(company: Company) -> None:
    with pytest.raises(UserError, match="once a week"):
        source_of(company, SourceKind.PEOPLE, "https://hr.test/people.csv")


# Git ---------------------------------------------------------------------------------------------


@pytest.fixture
def repositories(tmp_path: Path, company: Company, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As an operator puts clones there: a folder for each organisation."""
    home = tmp_path / "repositories" / str(company.organisation.pk)
    home.mkdir(parents=True)
    made = Repository(_folder(home / "scoring"))
    for number in range(6):
        made.commit(f"serving/part{number % 2}.py", "Serve", NOON + timedelta(days=number), f"Invented {number % 2}")
    monkeypatch.setenv(REPOSITORIES, str(home.parent))
    return home


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_a_repository_is_read_without_its_names(company: Company, repositories: Path) -> None:
    source = source_of(company, SourceKind.GIT, "scoring")
    reading.read_source(source, now=NOON + timedelta(days=9))
    record = TeamRecord.objects.get()
    assert record.kind == RecordKind.KNOWLEDGE
    found = knowledge_of(record)
    assert (found.commits, found.people, found.folders[0].alone) == (6, 2, 2)
    assert "nvented" not in json.dumps(record.values)


@pytest.mark.parametrize("name", ["..", ".", "../other", "/etc", "scoring/..", "", "linked", "other", "scoring\x00"])
def test_nobody_names_a_path_of_the_server(company: Company, repositories: Path, name: str) -> None:
    """Only folders that the operator put there for this organisation: no path, no link out of it, no other's folder."""
    (repositories / "linked").symlink_to(repositories.parent)
    _folder(_folder(repositories.parent / "999") / "other")
    with pytest.raises(UserError, match="put no repository"):
        source_of(company, SourceKind.GIT, name)


def test_git_is_offered_only_where_the_operator_put_something(
    company: Company, repositories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(company["people-analyst"])
    page = client.get(reverse("new-source")).content.decode()
    assert "For git, one of: scoring." in page
    monkeypatch.delenv(REPOSITORIES)
    assert 'value="git"' not in client.get(reverse("new-source")).content.decode()


# Programs ----------------------------------------------------------------------------------------


def test_a_program_adds_a_source_once_and_never_sees_its_token(company: Company) -> None:
    program = program_of(company, "people-analyst", [Scope.SOURCES_READ, Scope.SOURCES_WRITE])
    new = {"kind": "pagerduty", "name": "Ours", "url": "https://p.test/i?since={since}", "first_date": "2026-01-01"}
    for _ in range(2):
        made = program.ask("POST", "/sources", {**new, "token": "never-shown"}, **{"Idempotency-Key": "one"})
        assert made.status_code == 201
    listed = program.ask("GET", "/sources")
    assert [(each["name"], each["has_token"]) for each in json.loads(listed.content)] == [("Ours", True)]
    assert b"never-shown" not in made.content + listed.content
    refused = program.ask("POST", "/sources", {**new, "url": "https://p.test/?token=x"})
    assert (refused.status_code, "secret" in json.loads(refused.content)["what"]) == (422, True)
    assert program.ask("POST", "/sources", {**new, "kind": "git", "url": "/etc"}).status_code == 422
    assert ApiToken.objects.count() == 1


def test_a_program_reviews_names_by_the_number_in_the_hr_system(company: Company) -> None:
    found, (_, name) = people(company), source_and_name(company)
    program = program_of(company, "administrator", [Scope.SOURCES_READ, Scope.SOURCES_WRITE])
    address = f"/outside-names/{name.pk}/review"
    assert program.ask("POST", address, {"employee": "nobody"}).status_code == 422
    assert program.ask("POST", address, {"employee": found.employee.reference}).status_code == 200
    said = json.loads(program.ask("GET", "/outside-names").content)[0]
    assert (said["state"], said["employee"]) == ("accepted", found.employee.reference)
    assert program_of(company, "hiring-manager").ask("GET", "/outside-names").status_code == 403


# Whatever comes ----------------------------------------------------------------------------------

PAYLOADS = {
    SourceKind.DEPLOYMENTS: "deployments",
    SourceKind.CHANGES: "github pulls",
    SourceKind.PAGERDUTY: "pagerduty incidents",
    SourceKind.PAGES: "pagerduty pages",
    SourceKind.ALERTS: "alertmanager",
    SourceKind.INCIDENT_IO: "incident.io",
    SourceKind.ROOTLY: "rootly",
    SourceKind.MLFLOW: "mlflow models",
    SourceKind.REQUESTS: "prometheus",
}
MUTANTS = 200
WHERE = re.compile(r"\$|line \d|Where: |not JSON|code")


@pytest.mark.parametrize("kind", PAYLOADS)
def test_mutated_answers_are_kept_or_told_with_their_place(company: Company, kind: SourceKind) -> None:
    """With tables, 2,000 in all by the path that the schedule takes: to the database and the words of the page."""
    url = ASKS + BY_CODE if kind == SourceKind.REQUESTS else "https://other.test/list"
    source, payload = source_of(company, kind, url), copy.deepcopy(EXAMPLES[PAYLOADS[kind]][1])
    if kind == SourceKind.REQUESTS:
        payload["data"]["result"][0]["metric"] = {"code": "200"}
    troubles = 0
    for seed in range(MUTANTS):
        chance = random.Random(f"{kind}{seed}")  # noqa: S311 - repeatable
        found = read(source, mutated(payload, chance), NOW + timedelta(hours=seed))
        troubles += bool(found.trouble)
        assert not found.trouble or (WHERE.search(found.trouble) and found.remedy), found.trouble
        assert all(re.match(r"\$.*: .", each) or "counts less" in each for each in found.problems), found.problems
    assert 0 < troubles < MUTANTS


TABLES = {
    SourceKind.TICKETS: b"id;created;kind\n1;2026-03-01 08:00;help\n2;2026-03-13 09:30;help\n",
    SourceKind.PEOPLE: b"id;start;end\nP-1;2025-02-01;\nP-2;2025-03-01;2026-01-31\n",
}


@pytest.mark.parametrize("kind", TABLES)
def test_mutated_tables_are_kept_or_told_with_their_place(company: Company, kind: SourceKind) -> None:
    source = source_of(company, kind, "https://desk.test/list.csv", every_hours=168)
    raw, troubles = TABLES[kind], 0
    for seed in range(MUTANTS // 2):
        chance = random.Random(f"{kind}{seed}")  # noqa: S311 - repeatable
        body = bytearray(raw)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(body))
            body[at : at + chance.choice((0, 1, 1, 9))] = chance.choice(
                (b"", b";", b"\n", b"\x00", b'"', b"\xff", b"x")
            )
        found = read(source, bytes(body), NOW + timedelta(hours=seed))
        troubles += bool(found.trouble)
        assert not found.trouble or found.remedy, found.trouble
    assert troubles < MUTANTS // 2
