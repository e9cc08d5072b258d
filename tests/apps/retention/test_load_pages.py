"""Interrupts and knowledge at risk on their pages: from files, and each lack of an answer in its own words."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tenfold.apps.retention.models import TeamRecord
from tests.company import Company
from tests.teams import people

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def client_of(company: Company) -> Client:
    client = Client()
    client.force_login(company["hiring-manager"])
    return client


def upload(client: Client, kind: str, text: str, name: str = "file.csv") -> int:
    file = SimpleUploadedFile(name, text.encode())
    return client.post(reverse("new-team-record"), {"kind": kind, "file": file}).status_code


def words(client: Client, address: str, **asked: str) -> str:
    answer = client.get(reverse(address), asked)
    main = LexborHTMLParser(answer.content.decode()).css_first("main")
    return " ".join((main.text() if main else "").split())


def tickets(count: int, *, every_hours: int = 12, form: str = "%d.%m.%Y %H:%M") -> str:
    rows = [f"{n};{(START + timedelta(hours=every_hours * n)).strftime(form)};Dana" for n in range(count)]
    return "\n".join(["Nr;Erstellt;Wer", *rows])


def test_the_share_is_the_hours_of_the_tickets_over_those_of_the_team(company: Company) -> None:
    """60 tickets of an hour in 30 days of 4 people; told with its n, its interval and its dates."""
    client = client_of(company)
    assert upload(client, "tickets", tickets(61)) == 302
    assert "Dana" not in str(TeamRecord.objects.get().values)
    said = words(client, "toil", people="4", hours="1 / 1 / 1")
    truth = 60 / (30 / 7 * 4 * 38)
    assert f"Tickets take {100 * truth:.0f} %" in said
    assert "n = 60 tickets" in said
    assert "2 March 2026 to 1 April 2026" in said
    assert "Pages of on-call are not covered" in said


def test_each_lack_of_an_answer_is_told_in_its_own_words(company: Company) -> None:
    client = client_of(company)
    assert "Shares will appear here" in words(client, "toil")
    upload(client, "tickets", tickets(6))
    assert "Not enough data: 5 tickets" in words(client, "toil", people="4", hours="0.5 / 1 / 3")
    people(company)  # brings pages of the same spring
    later = tickets(40).replace("2026", "2019")
    upload(client, "tickets", later)
    assert "cover no common time" in words(client, "toil", people="4", hours="0.5 / 1 / 3")
    assert client.get(reverse("toil"), {"people": "0", "hours": "3 / 1"}).status_code == 422


@pytest.fixture
def log(tmp_path: Path) -> str:
    """A real repository: `alone` is one person's, `shared` two people's."""
    from tenfold.connectors.git_local import GIT_COMMAND

    def git(*command: str, who: str = "Invented Ada") -> None:
        person = ["-c", f"user.name={who}", "-c", f"user.email={who.split()[1].lower()}@x.example"]
        subprocess.run(["git", *person, *command], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    for number in range(20):
        for folder, who in (("alone", "Invented Ada"), ("shared", ("Invented Ada", "Invented Bo")[number % 2])):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / f"f{number // 4}.py").write_text(str(number))
            git("add", ".")
            git("commit", "-qm", f"{folder} {number}", who=who)
    subprocess.run(GIT_COMMAND.replace("git log", "git --no-pager log"), shell=True, cwd=tmp_path, check=True)  # noqa: S602 - our own constant, as a reader types it
    return (tmp_path / "git-log.txt").read_text()


def test_the_command_that_the_page_names_makes_the_plan_and_no_name_is_kept(company: Company, log: str) -> None:
    client = client_of(company)
    assert "git log" in words(client, "knowledge")
    assert upload(client, "knowledge", log, "git-log.txt") == 302
    kept = str(TeamRecord.objects.get().values)
    said = words(client, "knowledge")
    assert "Invented" not in kept + said
    assert "5 of 10 files" in said
    assert "Begin the backfill plan with alone" in said
    assert "40 commits by 2 authors" in said


def test_a_log_in_another_form_is_refused_with_the_command(company: Company) -> None:
    client = client_of(company)
    file = SimpleUploadedFile("log.txt", b"commit abc\nAuthor: Ada\n")
    answer = client.post(reverse("new-team-record"), {"kind": "knowledge", "file": file})
    assert answer.status_code == 422
    assert "git log --since" in answer.content.decode().replace("&quot;", '"')
    assert TeamRecord.objects.count() == 0


def test_few_commits_are_not_enough_data(company: Company, log: str) -> None:
    client = client_of(company)
    upload(client, "knowledge", "\x1e".join(log.split("\x1e")[:12]), "git-log.txt")
    assert "Not enough data: 11 commits" in words(client, "knowledge")
