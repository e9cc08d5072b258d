"""Periods are published once; nothing in them tells of a few; only people analysts read them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.candidates.models import Application, OpenRole, RejectionReason, SelfIdentification
from tenfold.apps.candidates.services.moves import reject_applications
from tenfold.apps.candidates.services.privacy import identify
from tenfold.apps.fairness.models import AuditPeriod
from tenfold.apps.fairness.presenters.files import packet
from tenfold.apps.fairness.services import publish_period
from tenfold.cli.app import leave
from tenfold.core.models.only_added import RowChanged
from tenfold.core.permissions import NotAllowed
from tenfold.core.personal_data import erase_person
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tenfold.kit.hashchain import ChainBroken
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.fairness import AFTER, FIRST_DAY, LAST_DAY, decided, published
from tests.factories.interviews import asked, handed_in, join_team, kit_of
from tests.web.api_client import program_of

WOMEN, MEN = ["female"] * 12, ["male"] * 20


def rows(period: AuditPeriod, step: str, question: str = "sex") -> dict[str, dict[str, Any]]:
    table = next(
        one for one in period.content["tables"] if (one["step"], one["question"], one["part"]) == (step, question, None)
    )
    return {row["category"]: row for row in table["rows"]}


def everybody(company: Company) -> list[Application]:
    """12 women of whom 6 went on, 20 men of whom 15 did."""
    role = role_of(company)
    women = decided(company, role, WOMEN, 6)
    return [*women, *decided(company, role, MEN, 15, begin=40)]


def test_rates_are_those_of_the_moves(company: Company) -> None:
    everybody(company)
    found = rows(published(company), "Applied")
    assert {name: (row["selected"], row["assessed"]) for name, row in found.items()} == {
        "female": (6, 12),
        "male": (15, 20),
    }
    assert (found["female"]["impact_ratio"], found["female"]["below_four_fifths"]) == ("2/3", True)
    assert rows(published_later(company), "Applied") == {}


def published_later(company: Company) -> AuditPeriod:
    """The month after, with a handful of women decided: too few to show."""
    decided(company, Application.objects.all()[0].role, WOMEN[:6], 2, begin=80, now=AFTER - timedelta(days=5))
    return publish_period(
        organisation=company.organisation,
        from_date=LAST_DAY + timedelta(days=1),
        until_date=(AFTER - timedelta(days=1)).date(),
        by=company["people-analyst"],
        now=AFTER,
    )


def test_whoever_is_removed_or_changes_an_answer_changes_nothing(company: Company) -> None:
    people = everybody(company)
    period = published(company)
    before = json.dumps(period.content, sort_keys=True)
    erase_person(str(people[0].candidate_id), now=AFTER)
    identify(application=people[1], answers={"gender": "male"}, now=AFTER)
    SelfIdentification.objects.all()[0].delete()
    again = AuditPeriod.objects.get(pk=period.pk)
    assert json.dumps(again.content, sort_keys=True) == before
    verify_trail()


@pytest.mark.parametrize(
    ("begin", "end"),
    [(FIRST_DAY, LAST_DAY), (LAST_DAY, LAST_DAY + timedelta(days=3)), (date(2026, 10, 1), FIRST_DAY)],
)
def test_no_second_table_shares_a_day_with_the_first(company: Company, begin: date, end: date) -> None:
    """Two dates of the same table are refused: their difference would be somebody."""
    everybody(company)
    published(company)
    with pytest.raises(UserError, match="published already"):
        published(company, begin, end)
    assert AuditPeriod.objects.count() == 1


@pytest.mark.parametrize(
    ("begin", "end", "says"),
    [
        (FIRST_DAY, AFTER.date(), "not over"),
        (LAST_DAY, FIRST_DAY, "must end after"),
        (date(2001, 1, 1), LAST_DAY, "within three years"),
        (None, LAST_DAY, "from which day"),
        (date(2026, 1, 1), date(2026, 1, 31), "No application"),
    ],
)
def test_a_period_is_over_and_holds_somebody(company: Company, begin: date | None, end: date, says: str) -> None:
    everybody(company)
    with pytest.raises(UserError, match=says):
        publish_period(
            organisation=company.organisation,
            from_date=begin,
            until_date=end,
            by=company["people-analyst"],
            now=AFTER,
        )
    assert not AuditPeriod.objects.exists()


def test_a_few_are_not_shown_and_cannot_be_worked_out(company: Company) -> None:
    role = role_of(company)
    decided(company, role, [*MEN, *MEN, "another", "another", *WOMEN], 30)
    found = rows(published(company), "Applied")
    assert set(found) == {"male"}  # who said `another` would be all less women and men


def test_ratings_of_interviews_are_an_instrument(company: Company) -> None:
    role = role_of(company)
    round_, by = kit_of(company, role).rounds.all()[0], join_team(company, role, "people-analyst")
    people = everybody_in(company, role)
    for n, one in enumerate(people):
        (card,) = asked(company, one, round_, by)
        handed_in(card, 4 if n % 2 else 2)
    close(company, people)
    found = rows(published(company), "Interview ratings: above the median")
    assert {name: (row["selected"], row["assessed"]) for name, row in found.items()} == {
        "female": (6, 12),
        "male": (10, 20),
    }


def everybody_in(company: Company, role: OpenRole) -> list[Application]:
    made = [application_to(role, n) for n in range(32)]
    for one, sex in zip(made, [*WOMEN, *MEN], strict=True):
        identify(application=one, answers={"gender": sex}, now=AFTER)
    return made


def close(company: Company, people: list[Application]) -> None:
    reject_applications(applications=people, reason=RejectionReason.OTHER_CHOSEN, by=company["recruiter"], now=NOW)


def test_only_people_analysts_read_and_publish(
    company: Company, other_company: Company, signed_in: Callable[[str], Client]
) -> None:
    everybody(company)
    period = published(company)
    pages = [
        reverse(name, args=[period.pk])
        for name in ("fairness-period", "fairness-csv", "fairness-json", "fairness-packet")
    ]
    for role in company.people:
        told = {signed_in(role).get(page).status_code for page in pages}
        assert told == ({200} if role == "people-analyst" else {404})
        assert signed_in(role).get(reverse("fairness")).status_code == (200 if role == "people-analyst" else 403)
        assert AuditPeriod.objects.visible_to(company[role]).exists() == (role == "people-analyst")
    for person in other_company.people.values():
        assert not AuditPeriod.objects.visible_to(person).exists()
    with pytest.raises(NotAllowed):
        publish_period(
            organisation=company.organisation,
            from_date=FIRST_DAY,
            until_date=LAST_DAY,
            by=company.administrator,
            now=AFTER,
        )


def test_no_page_of_hiring_tells_what_anybody_said_of_themselves(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    people = everybody(company)
    published(company)
    role = people[0].role_id
    for person in company.people:
        for address in (
            reverse("role-figures", args=[role]),
            reverse("role", args=[role]),
            reverse("application", args=[people[0].pk]),
            reverse("export-candidates", args=[role]),
            reverse("trail"),
        ):
            page = signed_in(person).get(address).content.decode().casefold()
            assert "female" not in page, (person, address)
            assert "asian" not in page, (person, address)


def test_programs_read_what_pages_show(company: Company) -> None:
    everybody(company)
    period = published(company)
    told = program_of(company, "people-analyst").get("/fairness")
    assert [one["id"] for one in told["periods"]] == [str(period.pk)]
    assert program_of(company, "people-analyst").get(f"/fairness/{period.pk}")["content"] == period.content
    for role in company.people:
        if role != "people-analyst":
            assert program_of(company, role).ask("GET", f"/fairness/{period.pk}").status_code == 403


def test_the_packet_holds_hashes_and_nobody(company: Company) -> None:
    people = everybody(company)
    period = published(company)
    packed = packet(period)
    assert packed == packet(AuditPeriod.objects.get(pk=period.pk))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    assert manifest["files"] == {
        name: hashlib.sha256(held).hexdigest() for name, held in files.items() if name != "manifest.json"
    }
    everything = b"\n".join(files.values()).decode()
    for one in people:
        assert str(one.pk) not in everything
        assert str(one.candidate) not in everything
    lines = list(csv.DictReader(io.StringIO(files["tables.csv"].decode())))
    shown = [row for table in json.loads(files["tables.json"])["tables"] for row in table["rows"]]
    assert [(one["category"], int(one["selected"])) for one in lines] == [
        (row["category"], row["selected"]) for row in shown
    ]
    assert json.loads(files["counts.json"]) == {"ended": 32, "rejected": 32, "hired": 0, "withdrawn": 0, "roles": 1}


def test_a_changed_period_is_found(company: Company) -> None:
    everybody(company)
    period = published(company)
    verify_trail()
    with pytest.raises(RowChanged):
        AuditPeriod.objects.filter(pk=period.pk).update(content={})
    period.content = {"tables": []}
    period.save_base(raw=True)  # as somebody would who writes in the database, past our code
    with pytest.raises(ChainBroken):
        verify_trail()


def test_the_page_publishes_and_refuses(company: Company, signed_in: Callable[[str], Client]) -> None:
    everybody(company)
    client = signed_in("people-analyst")
    refused = client.post(reverse("fairness"), {"from": "2026-11-01", "until": "2099-01-01"})
    assert refused.status_code == 422
    sent = client.post(reverse("fairness"), {"from": "2026-11-01", "until": "2026-11-20"})
    assert sent.status_code == 302
    assert "below 4/5" in client.get(sent.headers["Location"]).content.decode()


def test_the_command_writes_the_packet_once(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    everybody(company)
    period = published(company)
    assert leave(["fairness", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["periods"][0]["id"] == str(period.pk)
    out = tmp_path / "packet.zip"
    assert leave(["fairness", "packet", str(period.pk), "--out", str(out)]) == 0
    assert out.read_bytes() == packet(period)
    assert leave(["fairness", "packet", str(period.pk), "--out", str(out)]) == 2
    assert leave(["fairness", "packet", "nonsense", "--out", str(tmp_path / "x.zip")]) == 2
    assert not (tmp_path / "x.zip").exists()


def test_whoever_may_not_read_it_is_told_whose_page_it_is(company: Company, signed_in: Callable[[str], Client]) -> None:
    everybody(company)
    published(company)
    told = {role: signed_in(role).get(reverse("fairness")).content.decode() for role in company.people}
    members = reverse("members")
    for role, page in told.items():
        if role == "people-analyst":
            continue
        assert company["people-analyst"].name in page
        assert "Publish a period" not in page
        assert (f'href="{members}"' in page.partition("<h1>")[2]) == (role == "administrator")
    roles = {role: signed_in(role).get(reverse("roles")).content.decode() for role in ("administrator", "recruiter")}
    assert "Fairness (for people analysts)" in roles["administrator"]
    assert "Fairness (for people analysts)" not in roles["recruiter"]
