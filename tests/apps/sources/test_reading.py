"""Sources are read through the guarded fetch from a server on this machine: resumed, counted once, told when broken."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.retention.models import TeamRecord
from tenfold.apps.sources.models import DataSource, NameState, OutsideChange, OutsideName, SourceKind
from tenfold.apps.sources.services import keeping, names, reading
from tenfold.connectors.polling import Fetched
from tenfold.core.api_reader import NETWORKS
from tenfold.core.models import AuditEntry
from tenfold.core.permissions import NotAllowed
from tenfold.core.personal_data import erase_person, export_person
from tenfold.kit.errors import UserError
from tests.apps.sources.server import OtherSystem, other_system
from tests.company import NOW, Company
from tests.connectors.payload_examples import MLFLOW_MODELS
from tests.teams import CELLS, people

TOKEN = "a-token-that-nobody-should-see"  # noqa: S105 - of a server in this test
FIRST = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherSystem]:
    monkeypatch.setenv(NETWORKS, "127.0.0.0/8")
    with other_system() as found:
        yield found


def source_of(company: Company, kind: SourceKind, url: str, *, token: str = "", **more: Any) -> DataSource:
    found = DataSource(
        organisation=company.organisation, kind=kind, name="Scoring", url=url, token=token, first_date=date(2026, 1, 1)
    )
    for name, value in more.items():
        setattr(found, name, value)
    return keeping.save_source(source=found, by=company.administrator, now=NOW)


def deployments(numbers: range, state: str = "success") -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "environment": "production",
            "updated_at": (FIRST + timedelta(days=number)).isoformat(),
            "state": state,
        }
        for number in numbers
    ]


def incident(number: int, resolved_hours: int | None = None) -> dict[str, Any]:
    started = FIRST + timedelta(days=number)
    resolved = (started + timedelta(hours=resolved_hours)).isoformat() if resolved_hours else None
    return {"id": f"P{number}", "created_at": started.isoformat(), "resolved_at": resolved}


def read(source: DataSource, at: datetime = NOW) -> DataSource:
    found = DataSource.objects.get(pk=source.pk)
    reading.read_source(found, now=at)
    return DataSource.objects.get(pk=source.pk)


# Resumed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("break_at", range(1, 6))
def test_a_reading_that_breaks_goes_on_where_it_stopped(company: Company, system: OtherSystem, break_at: int) -> None:
    """Whichever page breaks: none that was kept is asked for again, and nothing is missing or counted twice."""
    bodies = [deployments(range(10 * page, 10 * page + 10)) for page in range(5)]
    source = source_of(company, SourceKind.DEPLOYMENTS, system.pages("/deployments", bodies))
    broken = f"/deployments?page={break_at}"
    whole, system.answers[broken] = system.answers[broken], (503, {}, {})
    found = read(source)
    assert "503" in found.trouble
    assert found.remedy
    assert len(found.items) == 10 * (break_at - 1)
    assert TeamRecord.objects.count() == 0
    system.answers[broken] = whole
    found = read(source, NOW + timedelta(hours=1))
    assert (found.trouble, found.cursor, found.failures) == ("", "", 0)
    assert [address.rpartition("=")[2] for address in system.asked] == [
        *(str(page) for page in range(1, break_at + 1)),
        *(str(page) for page in range(break_at, 6)),
    ]
    record = TeamRecord.objects.get()
    assert len(record.values) == 50
    assert record.values == sorted(record.values)


def test_a_long_reading_is_done_in_parts_and_a_server_that_never_ends_is_left(
    company: Company, system: OtherSystem
) -> None:
    source = source_of(company, SourceKind.DEPLOYMENTS, "https://forge.example/deployments?page=1")
    bodies = 3 * reading.PAGES_AT_ONCE + 1
    asked = []

    def fetch(url: str) -> Fetched:
        number = int(url.rpartition("=")[2])
        asked.append(number)
        link = f'<https://forge.example/deployments?page={number + 1}>; rel="next"' if number < bodies else ""
        body = f'[{{"id": {number}, "environment": "live", "updated_at": "2026-03-01T08:00:00Z", "state": "success"}}]'
        return Fetched(body.encode(), {"link": link})

    for _ in range(4):
        found = DataSource.objects.get(pk=source.pk)
        reading.read_source(found, now=NOW, fetch=fetch)
    assert asked == list(range(1, bodies + 1))
    assert DataSource.objects.get(pk=source.pk).whole_at == NOW
    bodies = 10**9
    for _ in range(200):
        found = DataSource.objects.get(pk=source.pk)
        reading.read_source(found, now=NOW, fetch=fetch)
        if DataSource.objects.get(pk=source.pk).begun_at is None:
            break
    assert len(asked) - 61 == reading.PAGES_AT_MOST


def test_what_is_read_again_counts_once_and_takes_its_new_state(company: Company, system: OtherSystem) -> None:
    url = system.pages("/incidents", [{"incidents": [incident(1), incident(2, 3)]}])
    source = source_of(company, SourceKind.PAGERDUTY, url)
    read(source)
    system.pages("/incidents", [{"incidents": [incident(1, 5), incident(2, 3), incident(3)]}])
    found = read(source, NOW + timedelta(days=1))
    values = TeamRecord.objects.get().values
    assert len(values) == len(found.items) == 3
    assert [end is None for _, end in values] == [False, False, True]


def test_the_address_asks_from_the_first_day_and_later_from_a_month_before(
    company: Company, system: OtherSystem
) -> None:
    source = source_of(company, SourceKind.PAGERDUTY, system.base + "/incidents?since={since}")
    for since in ("2026-01-01", (NOW - timedelta(days=30)).date().isoformat()):
        system.answers[f"/incidents?since={since}"] = (200, {}, {"incidents": [incident(1)]})
        assert read(source).trouble == ""
    assert len(system.asked) == 2


def test_many_workers_queue_a_reading_once(company: Company, system: OtherSystem) -> None:
    source_of(company, SourceKind.DEPLOYMENTS, system.base + "/deployments")
    assert [reading.queue_due_sources(NOW) for _ in range(3)] == [1, 0, 0]
    assert reading.queue_due_sources(NOW + reading.LEASE) == 1  # the process of the first was lost


# What goes wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((401, {}, {}), "token"),
        ((403, {}, {}), "token"),
        ((404, {}, {}), "Check the address"),
        ((429, {"Retry-After": "7200"}, {}), "wait"),
        ((302, {"Location": "https://elsewhere.example/"}, {}), "redirects are not followed"),
        ((500, {}, b"<html>"), "by itself"),
        ((200, {}, b"<html>sign in</html>"), "not JSON"),
        ((200, {}, {"message": "hello"}), "No list"),
        ((200, {}, [{"id": 1, "state": "success", "updated_at": "soon"}]), "None of 1 items"),
        ((200, {}, b""), "not JSON"),
    ],
)
def test_what_went_wrong_is_on_the_page_with_what_to_try(
    company: Company, system: OtherSystem, answer: tuple[int, dict[str, str], Any], says: str
) -> None:
    status = answer[0]
    url = system.pages("/deployments", [deployments(range(4))])
    source = source_of(company, SourceKind.DEPLOYMENTS, url)
    read(source)
    system.answers["/deployments?page=1"] = answer
    found = read(source, NOW + timedelta(days=1))
    assert says in f"{found.trouble} {found.remedy}"
    assert found.trouble
    assert found.remedy
    assert len(found.items) == 4, "what was read before stays"
    assert found.next_at > NOW + timedelta(days=1, hours=1 if status == 429 else 0)
    client = Client()
    client.force_login(company["people-analyst"])
    page = client.get(reverse("source", args=[source.pk])).content.decode()
    assert "What to try" in page
    assert client.get(reverse("sources")).status_code == 200
    waits = [read(source, NOW + timedelta(days=2 + n)).next_at - (NOW + timedelta(days=2 + n)) for n in range(9)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=24)


def test_an_inner_address_is_not_asked_unless_the_operator_allows_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NETWORKS, raising=False)
    with other_system() as system:
        source = source_of(company, SourceKind.DEPLOYMENTS, system.pages("/deployments", [deployments(range(2))]))
        assert "not on the public web" in read(source).trouble
        assert system.asked == []


def test_a_token_goes_nowhere_else_and_is_shown_nowhere(company: Company, system: OtherSystem) -> None:
    """Not over http, not to another host that the answer names, and on no page and in no entry of the history."""
    source = source_of(company, SourceKind.DEPLOYMENTS, system.base + "/deployments", token=TOKEN)
    assert "https only" in read(source).trouble
    assert system.asked == []
    with other_system() as elsewhere:
        link = f'<{elsewhere.base}/deployments>; rel="next"'
        body = [{**deployments(range(1))[0], "state": None, "statuses_url": f"{elsewhere.base}/statuses"}]
        system.answers["/deployments"] = (200, {"Link": link}, body)
        without = source_of(company, SourceKind.DEPLOYMENTS, system.base + "/deployments")
        assert read(without).trouble == ""
        assert elsewhere.asked == []
    client = Client()
    client.force_login(company.administrator)
    for page in (reverse("sources"), reverse("source", args=[source.pk])):
        assert TOKEN not in client.get(page).content.decode()
    assert TOKEN not in str(list(AuditEntry.objects.values_list("data", flat=True)))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM sources_datasource")
        assert all(TOKEN not in str(row) for row in cursor.fetchall())


def test_a_token_that_is_kept_does_not_follow_to_another_host(company: Company) -> None:
    """Whoever changes the address cannot read the token, and must not get it sent to a place of theirs."""
    source = source_of(company, SourceKind.DEPLOYMENTS, "https://api.x.example/deployments", token=TOKEN)
    client = Client()
    client.force_login(company.administrator)
    address = reverse("source", args=[source.pk])
    said = {"kind": source.kind, "name": "Ours", "zone": "UTC", "every_hours": 24, "first_date": "2026-01-01"}
    there, here = "https://elsewhere.example/deployments", "https://api.x.example/v2/deployments"
    refused = client.post(address, {**said, "url": there, "token": ""})
    assert (refused.status_code, "for api.x.example only" in refused.content.decode()) == (422, True)
    assert DataSource.objects.get(pk=source.pk).url == source.url
    assert client.post(address, {**said, "url": here, "token": ""}).status_code == 302
    assert DataSource.objects.get(pk=source.pk).token == TOKEN
    assert client.post(address, {**said, "url": there, "token": TOKEN.upper()}).status_code == 302
    assert DataSource.objects.get(pk=source.pk).token == TOKEN.upper()


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "https://a:b@x.example/", "https://x.example/?private_token=1", ""]
)
def test_an_address_with_a_secret_or_none_is_refused(company: Company, url: str) -> None:
    with pytest.raises(UserError) as caught:
        source_of(company, SourceKind.DEPLOYMENTS, url)
    assert caught.value.remedy
    assert DataSource.objects.count() == 0


# Each system -------------------------------------------------------------------------------------


def test_githubs_deployments_take_their_state_from_its_own_list(company: Company, system: OtherSystem) -> None:
    """GitHub's list has no state: the last status says it. One without any is not counted as a success."""
    truth = {1: "success", 2: "failure", 3: "error", 4: None, 5: "success", 6: "in_progress"}
    for number, state in truth.items():
        said = [{"state": state, "created_at": "2026-03-02T09:00:00Z"}] if state else []
        system.answers[f"/statuses/{number}"] = (200, {}, said)
    listed = [
        {
            "id": n,
            "environment": "production",
            "created_at": "2026-03-02T08:00:00Z",
            "statuses_url": f"{system.base}/statuses/{n}",
        }
        for n in truth
    ]
    source = source_of(company, SourceKind.DEPLOYMENTS, system.pages("/deployments", [listed]))
    assert read(source).trouble == ""
    assert sorted(succeeded for _, _, succeeded in TeamRecord.objects.get().values) == [False, False, True, True]


def test_an_incident_pages_once_however_often_it_is_logged_and_at_the_teams_time(
    company: Company, system: OtherSystem
) -> None:
    chance = random.Random(4)  # noqa: S311 - repeatable
    truth = {f"P{n}": FIRST + timedelta(hours=chance.uniform(-1500, 3000)) for n in range(40)}
    entries = [
        {"type": kind, "created_at": (at + timedelta(minutes=wait)).isoformat(), "incident": {"id": name}}
        for name, at in truth.items()
        for kind, wait in (("trigger_log_entry", 0), ("notify_log_entry", 1), ("notify_log_entry", 6))
    ]
    chance.shuffle(entries)
    bodies = [{"log_entries": entries[start : start + 17]} for start in range(0, len(entries), 17)]
    source = source_of(company, SourceKind.PAGES, system.pages("/log", bodies), zone="America/New_York")
    read(source)
    local = [datetime.fromisoformat(each) for each in TeamRecord.objects.get().values]
    assert len(local) == 40
    offsets = {
        round((at.replace(tzinfo=None) - here).total_seconds() / 3600, 3)
        for at, here in zip(sorted(truth.values()), sorted(local), strict=True)
    }
    assert offsets == {4.0, 5.0}  # summer and winter


def test_polls_of_a_registry_remember_what_it_forgets(company: Company, system: OtherSystem) -> None:
    system.answers["/models"] = (200, {}, {**MLFLOW_MODELS, "next_page_token": ""})
    source = source_of(company, SourceKind.MLFLOW, system.base + "/models")
    read(source)
    moved = [{"name": "churn", "aliases": [{"alias": "champion", "version": "3"}]}]
    system.answers["/models"] = (200, {}, {"registered_models": moved})
    read(source, NOW + timedelta(days=1))
    seen = [(alias, version) for _, _, alias, version in TeamRecord.objects.get().values]
    assert seen.count(("champion", "2")) == seen.count(("champion", "3")) == 1
    assert ("challenger", "") in seen


# People ------------------------------------------------------------------------------------------


def pulls(*authors: str) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "user": {"login": author},
            "created_at": FIRST.isoformat(),
            "merged_at": (FIRST + timedelta(days=number)).isoformat(),
            "html_url": f"https://forge.example/{number}",
        }
        for number, author in enumerate(authors, start=1)
    ]


@pytest.fixture
def changes(company: Company, system: OtherSystem) -> DataSource:
    source = source_of(company, SourceKind.CHANGES, system.pages("/pulls", [pulls("noor", "robot", "noor")]))
    return read(source)


def name_of(said: str) -> OutsideName:
    return next(each for each in OutsideName.objects.all() if each.name == said)


def test_changes_are_seen_by_nobody_before_a_review_and_by_the_two_after(company: Company, changes: DataSource) -> None:
    found = people(company)
    everybody = [company[role] for role in company.people]
    assert OutsideChange.objects.count() == 3
    assert not any(OutsideChange.objects.visible_to(user).exists() for user in everybody)
    names.review_name(name=name_of("noor"), employee=found.employee, by=company.administrator, now=NOW)
    sees = {role for role in company.people if OutsideChange.objects.visible_to(company[role]).exists()}
    assert sees == {"interviewer", "hiring-manager"}  # the person and their manager
    for role in company.people:
        client = Client()
        client.force_login(company[role])
        page = client.get(reverse("outside-changes")).content.decode()
        assert ("forge.example/1" in page) == (role in sees)
        for address in ("sources", "on-call", "impact"):
            assert "noor" not in client.get(reverse(address)).content.decode()
    with pytest.raises(NotAllowed):
        names.review_name(name=name_of("robot"), employee=None, by=company["hiring-manager"], now=NOW)


def test_a_change_becomes_evidence_once(company: Company, changes: DataSource) -> None:
    found = people(company)
    change = OutsideChange.objects.filter(key="1").get()
    with pytest.raises(UserError):
        names.use_change(change=change, cell=CELLS[0], by=company["interviewer"], now=NOW)
    names.review_name(name=name_of("noor"), employee=found.employee, by=company.administrator, now=NOW)
    with pytest.raises(NotAllowed):
        names.use_change(change=change, cell=CELLS[0], by=company.administrator, now=NOW)
    piece = names.use_change(change=change, cell=CELLS[0], by=company["interviewer"], now=NOW)
    assert (piece.employee, piece.link) == (found.employee, "https://forge.example/1")
    with pytest.raises(UserError):
        names.use_change(change=change, cell=CELLS[0], by=company["interviewer"], now=NOW)


def test_what_is_ignored_or_erased_does_not_come_back(
    company: Company, system: OtherSystem, changes: DataSource
) -> None:
    found = people(company)
    names.review_name(name=name_of("robot"), employee=None, by=company.administrator, now=NOW)
    names.review_name(name=name_of("noor"), employee=found.employee, by=company.administrator, now=NOW)
    assert len(export_person(str(found.employee.pk))["sources"][0]["merged_changes"]) == 2
    erase_person(str(found.employee.pk), now=NOW)
    system.pages("/pulls", [pulls("noor", "robot", "Noor", "dana")])
    read(changes, NOW + timedelta(days=1))
    assert [change.author.name for change in OutsideChange.objects.all()] == ["dana"]
    assert sorted(each.name for each in OutsideName.objects.all()) == ["", "dana", "robot"]
    assert {each.state for each in OutsideName.objects.all() if each.name != "dana"} == {NameState.IGNORED}


def test_the_page_accepts_changes_and_ignores_and_a_table_does_it_at_once(
    company: Company, changes: DataSource
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    found = people(company)
    client = Client()
    client.force_login(company["people-analyst"])
    address = reverse("review-outside-name", args=[name_of("noor").pk])
    client.post(address, {"employee": str(found.employee.pk)})
    assert name_of("noor").employee == found.employee
    client.post(address, {"employee": "ignore"})
    assert (name_of("noor").employee, name_of("noor").state) == (None, NameState.IGNORED)
    rows = f"system;name;employee\n127.0.0.1;noor;{found.employee.reference}\n127.0.0.1;robot;\n127.0.0.1;lee;E-none\n"
    sent = client.post(
        reverse("outside-names-table"), {"file": SimpleUploadedFile("who.csv", rows.encode())}, follow=True
    )
    assert "E-none" in sent.content.decode()
    assert (name_of("noor").employee, name_of("robot").state) == (found.employee, NameState.IGNORED)
