"""A person's lab is handed over whole, is erased everywhere, and goes by itself when its time is over."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.labroom.models import EntryKind, LabInvitation, LabReview, RoomEntry
from tenfold.apps.labroom.queries.consent import KEPT_DAYS
from tenfold.apps.labroom.queries.links import lab_token
from tenfold.apps.labroom.queries.seats import candidate_seat
from tenfold.apps.labroom.services import talking, working
from tenfold.apps.labroom.services.erasure import erase_due
from tenfold.core.models import AuditEntry
from tenfold.core.personal_data import erase_person, export_person
from tenfold.labs import home
from tenfold.labs.session_store import SCHEMA
from tests.company import NOW, Company
from tests.factories import labs
from tests.factories.candidates import application_to, role_of

PRIVATE = "my sister was the on-call engineer"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(home.HOME_VARIABLE, str(tmp_path))
    return tmp_path


def with_session(lab: LabInvitation) -> Path:
    """The lab with a session of the engine that has been handed in, and a recording in it."""
    folder = home.home().sessions / f"slow-inference-{lab.pk.hex[:10]}"
    for name in ("recordings", "snapshots"):
        (folder / name).mkdir(parents=True)
    (folder / "recordings/001.raw").write_bytes(b"$ " + PRIVATE.encode())
    with contextlib.closing(sqlite3.connect(folder / "session.sqlite")) as database:
        database.executescript(SCHEMA)
        facts = {"state": "submitted", "lab": lab.lab, "labs": "/nowhere", "candidate": lab.alias}
        database.executemany("insert into fact values (?, ?)", facts.items())
        database.commit()
    LabInvitation.objects.filter(pk=lab.pk).update(session=folder.name)
    lab.refresh_from_db()
    return folder


def test_an_applicants_lab_is_handed_over_and_erased_with_the_rest(company: Company) -> None:
    application = application_to(role_of(company))
    lab = labs.submitted(labs.agreed(labs.invited(company, application)))
    folder = with_session(lab)
    talking.say(candidate_seat(lab), PRIVATE, kind=EntryKind.CHAT)
    labs.asked_reviews(company, lab, company["interviewer"])
    person = str(application.candidate_id)
    (told,) = export_person(person)["labroom"]
    assert [one["text"] for one in told["messages"]] == [PRIVATE]
    assert told["consent"]["statements"]
    erase_person(person, now=NOW)
    lab.refresh_from_db()
    assert not folder.exists()
    assert (lab.name, lab.email, lab.session, lab.consent) == ("", "", "", {})
    assert not RoomEntry.objects.exists()
    assert not LabReview.objects.exists()
    assert PRIVATE not in str(AuditEntry.objects.values_list("data"))
    assert Client().get(reverse("lab-invitation", args=[lab_token(lab)])).status_code == 410


def test_a_candidate_downloads_everything_by_their_link(company: Company) -> None:
    lab = labs.submitted(labs.agreed(labs.invited_by_address(company, role_of(company), now=timezone.now())))
    with_session(lab)
    response = Client().get(reverse("candidate-lab-data", args=[lab_token(lab)]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        assert {"lab.json", "recordings/001.raw"} <= set(packed.namelist())
        told = json.loads(packed.read("lab.json"))
    assert told["email"] == "quillon@invented.example"
    assert told["results"] == "Reviewers are still rating."


def test_another_persons_lab_stays(company: Company) -> None:
    role = role_of(company)
    one, other = (labs.invited(company, application_to(role, n)) for n in range(2))
    erase_person(str(one.application.candidate_id), now=NOW)  # type: ignore[union-attr]
    other.refresh_from_db()
    assert other.erased_at is None


@pytest.mark.parametrize(("days", "gone"), [(KEPT_DAYS - 1, False), (KEPT_DAYS + 1, True)])
def test_who_was_invited_by_address_alone_is_erased_when_their_time_is_over(
    company: Company, days: int, gone: bool
) -> None:
    lab = labs.invited_by_address(company, role_of(company))
    erase_due(lab.expires_at + timedelta(days=days))
    lab.refresh_from_db()
    assert (lab.erased_at is not None) is gone
    assert (lab.email == "") is gone


def test_an_own_try_is_erased_after_two_weeks(company: Company) -> None:
    tried = working.begin_try(organisation=company.organisation, lab=labs.LAB, by=company["recruiter"], now=NOW)
    assert erase_due(NOW + timedelta(days=13)) == 0
    assert erase_due(NOW + timedelta(days=15)) > 0
    tried.refresh_from_db()
    assert tried.erased_at is not None


def test_nothing_said_in_practice_is_kept(company: Company) -> None:
    lab = labs.agreed(labs.invited(company, application_to(role_of(company))))
    talking.say(candidate_seat(lab, is_practice=True), PRIVATE, kind=EntryKind.CHAT)
    assert not RoomEntry.objects.exists()
