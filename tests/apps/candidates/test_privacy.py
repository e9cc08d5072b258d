"""Erasure leaves ids and nothing else; what a person gets of us; who sees accommodations and self-identification."""

from __future__ import annotations

import base64
import functools
import gc
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse

from tenfold.apps.candidates.models import (
    AccommodationRequest,
    Application,
    Candidate,
    ErasureRequest,
    MailTemplate,
    RejectionReason,
    SelfIdentification,
    TemplateKind,
)
from tenfold.apps.candidates.models.encryption import open_answers
from tenfold.apps.candidates.queries.applicant import UploadedFile
from tenfold.apps.candidates.services.actors import CANDIDATE, colleague
from tenfold.apps.candidates.services.duplicates import merge
from tenfold.apps.candidates.services.imports import create_import
from tenfold.apps.candidates.services.mail import receive, send_due
from tenfold.apps.candidates.services.meetings import set_meeting
from tenfold.apps.candidates.services.moves import move_applications, reject_applications
from tenfold.apps.candidates.services.notes import add_note, set_follow_up
from tenfold.apps.candidates.services.privacy import (
    answer_accommodation,
    ask_accommodation,
    erase,
    erase_due,
    export,
    identify,
    set_hold,
)
from tenfold.apps.decisions.models import Verdict
from tenfold.apps.decisions.services import sign
from tenfold.apps.feedback.services import draft_feedback
from tenfold.apps.labroom.services.reviewing import submit_review
from tenfold.core.home import home
from tenfold.core.models import User
from tenfold.core.permissions import NotAllowed
from tenfold.core.search import search_everything
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.interviews import asked, handed_in, kit_of
from tests.factories.labs import agreed, asked_reviews, graded, invited, review_ratings, submitted
from tests.factories.offers import offer_to

LATER = NOW + timedelta(hours=2)
MARKS = (
    "Quillon",
    "Vexworth",
    "quillon@vex.example",
    "+4930555123",
    "vexprofile",
    "Zanzibar",
    "Mombasa",
    "Lamu",
    "Pemba",
)


def busy_application(company: Company) -> Application:
    """Somebody who left traces in every place that there is."""
    role = role_of(company, places=["DE"])
    one = application_to(
        role,
        name="Quillon Vexworth",
        emails=["quillon@vex.example", "second-quillon@vex.example"],
        phones=["+4930555123"],
        links=["https://profiles.example/vexprofile"],
        location="Zanzibar",
        letter="Mombasa is where I worked, said Quillon",
        files=[UploadedFile("quillon-cv.txt", "text/plain", b"CV of Quillon Vexworth, Lamu")],
        source_detail="Recommended by a Vexworth",
        external_id="vexprofile-17",
    )
    by = company["recruiter"]
    add_note(application=one, text="Quillon seems strong @hiring-manager", by=by, now=NOW)
    set_follow_up(application=one, text="Call Quillon", of=by, due_date=NOW.date(), by=by, now=NOW)
    move_applications(applications=[one], stage=role.stages.get(kind="lab"), by=by, now=NOW, comment="Vexworth, yes")
    one.refresh_from_db()
    ask_accommodation(application=one, text="Pemba dialect interpreter for Quillon", now=NOW)
    identify(application=one, answers={"gender": "another"}, now=NOW)
    set_meeting(
        application=one, title="Talk with Quillon", starts_at=NOW + timedelta(days=2), minutes=30,
        place="Vexworth room",
        panel=[company["interviewer"]], by=by, now=NOW,
    )  # fmt: skip
    send_due(NOW)
    sent = one.mails.all()[0]
    receive(
        sender="Quillon <quillon@vex.example>", recipients=[], subject="Re: Quillon", text="Lamu greets",
        message_id="<x@vex.example>", references=sent.message_id, now=NOW,
    )  # fmt: skip
    create_import(role=role, rows=[{"line": 2, "name": "Quillon Vexworth", "email": ""}], shape="table", by=by, now=NOW)
    return one


def traces(words: tuple[str, ...]) -> dict[str, list[str]]:
    """Where any of the words stands: every column of every table decrypted, every file of the home, every cache."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all():
            held = repr([_plain(getattr(row, field.attname)) for field in model._meta.concrete_fields])
            found.setdefault(model._meta.label, []).extend(word for word in words if word.casefold() in held.casefold())
    for path in (path for path in home().rglob("*") if path.is_file() and path.suffix != ".sqlite3"):
        content = path.read_bytes()
        found.setdefault(str(path), []).extend(word for word in words if word.encode() in content)
    return {place: words for place, words in found.items() if words}


def _plain(value: Any) -> Any:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else value


def test_after_erasure_nothing_of_the_person_is_left_anywhere(company: Company, settings: Any) -> None:
    one = busy_application(company)
    before = traces(MARKS)
    assert len(before) >= 12, "the test looks where people leave traces"
    counts = (Application.objects.count(), one.moves.count(), Candidate.objects.count())
    done = erase(candidate=one.candidate, actor=CANDIDATE, now=LATER)
    assert done.due_date is None
    assert traces(MARKS) == {}
    assert search_everything(company["recruiter"], company.organisation, "Quillon") == ()
    one.refresh_from_db()
    assert (Application.objects.count(), one.moves.count() - 1, Candidate.objects.count()) == counts
    assert one.state == "withdrawn"
    verify_trail()


def interviewed_and_offered(company: Company, one: Application) -> None:
    """The later stages name the person too: scorecards, a decision, an offer, a lab with its recording and reviews."""
    round_ = kit_of(company, one.role).rounds.all()[0]
    (card,) = asked(company, one, round_, company["interviewer"])
    handed_in(card, words="Quillon drew the rollback in Lamu and named who decides")
    sign(
        application=one, verdict=Verdict.OFFER, by=company["hiring-manager"], now=NOW,
        reasons="Vexworth named the price of each way back, unasked, as in Mombasa",
    )  # fmt: skip
    offer_to(company, one, benefits="A flat in Zanzibar for Quillon")
    draft_feedback(application=one, by=company["recruiter"], now=NOW)
    lab = graded(submitted(agreed(invited(company, one))), {})
    (home() / "sessions" / lab.session / "recordings/001.raw").write_bytes(b"echo Quillon Vexworth")
    for review in asked_reviews(company, lab, company["interviewer"], company["hiring-manager"]):
        words = review_ratings(words="Quillon profiled one request in Pemba, at 04:10")
        submit_review(review=review, ratings=words, by=User.objects.get(pk=review.reviewer_id), now=NOW)


def test_after_erasure_nothing_is_left_of_interviews_decisions_offers_and_labs(company: Company) -> None:
    one = busy_application(company)
    interviewed_and_offered(company, one)
    named = {place.split(".")[0] for place in traces(MARKS)}
    assert {"interviews", "decisions", "offers", "labroom"} <= named
    assert any("001.raw" in place for place in traces(MARKS))
    erase(candidate=one.candidate, actor=CANDIDATE, now=LATER)
    assert traces(MARKS) == {}
    verify_trail()


def test_after_erasure_the_file_of_the_database_holds_no_byte_of_it(tmp_path: Path) -> None:
    """Ciphertext as well: a marked row of SQLite, erased with our own settings, is not in the file or its journal."""
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite")
    import sqlite3

    pragmas = str(settings.DATABASES["default"]["OPTIONS"]["init_command"])
    path = tmp_path / "held.sqlite3"
    with sqlite3.connect(path) as held:
        for pragma in pragmas.split(";"):
            held.execute(pragma)
        held.execute("CREATE TABLE people (name BLOB)")
        held.execute("INSERT INTO people VALUES (?)", (b"quillon-marked-ciphertext" * 50,))
        held.commit()
        held.execute("DELETE FROM people")
        held.commit()
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in tmp_path.iterdir():
        assert b"quillon-marked" not in file.read_bytes(), file.name


def test_a_wish_that_the_law_delays_shuts_the_person_away_until_its_day(company: Company) -> None:
    role = role_of(company, places=["US-CO"])
    one = application_to(role, name="Quillon Vexworth")
    done = erase(candidate=one.candidate, actor=CANDIDATE, now=LATER)
    assert done.due_date is not None
    assert "1602.14" in done.law
    assert list(Application.objects.not_shut_away()) == []
    assert erase_due(LATER + timedelta(days=300)) == 0
    assert Candidate.objects.get().name == "Quillon Vexworth"
    assert erase_due(LATER + timedelta(days=367)) == 1
    assert Candidate.objects.get().name == ""
    assert not ErasureRequest.objects.exists()


def test_erasing_one_row_of_a_person_erases_all_of_them(company: Company) -> None:
    role = role_of(company, places=["DE"])
    one, other = application_to(role, 0), application_to(role, 1)
    merge(kept=one.candidate, merged=other.candidate, by=company["recruiter"], now=NOW)
    erase(candidate=other.candidate, actor=CANDIDATE, now=LATER)
    assert Candidate.objects.filter(erased_at=None).count() == 0


def test_a_hold_stands_against_erasure(company: Company) -> None:
    one = application_to(role_of(company, places=["DE"]))
    set_hold(candidate=one.candidate, reason="A charge was filed", by=company["recruiter"], now=NOW)
    with pytest.raises(UserError, match="held"):
        erase(candidate=one.candidate, actor=CANDIDATE, now=LATER)
    set_hold(candidate=Candidate.objects.get(), reason="", by=company["recruiter"], now=NOW)
    assert erase(candidate=Candidate.objects.get(), actor=CANDIDATE, now=LATER).due_date is None


def test_only_who_runs_the_role_erases_and_exports(company: Company, other_company: Company) -> None:
    one = application_to(role_of(company, places=["DE"]))
    for by in (company["interviewer"], company["people-analyst"], other_company["administrator"]):
        for verb in (erase, export):
            with pytest.raises(NotAllowed):
                verb(candidate=one.candidate, actor=colleague(by), now=LATER)
    assert Candidate.objects.get().name


def test_what_is_exported_holds_what_the_person_gave(company: Company) -> None:
    one = busy_application(company)
    held = json.dumps(export(candidate=one.candidate, actor=CANDIDATE, now=LATER), ensure_ascii=False)
    assert [word for word in (*MARKS[:7], MARKS[8]) if word not in held] == []


def test_accommodations_are_seen_by_who_arranges_them_and_not_by_who_decides(company: Company) -> None:
    one = application_to(role_of(company))
    asked = ask_accommodation(application=one, text="More time", now=NOW)
    seen = {role: AccommodationRequest.objects.visible_to(company[role]).exists() for role in company.people}
    assert seen == {**dict.fromkeys(company.people, False), "recruiter": True}
    with pytest.raises(NotAllowed):
        answer_accommodation(asked=asked, answer="Yes", by=company["hiring-manager"], now=NOW)
    answer_accommodation(asked=asked, answer="Double time", by=company["recruiter"], now=NOW)


def test_self_identification_cannot_be_joined_from_the_database(company: Company) -> None:
    one = application_to(role_of(company))
    identify(application=one, answers={"gender": "female", "disability": "no", "made-up": "x"}, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM candidates_selfidentification")
        held = repr([tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor])
    for word in ("female", str(one.pk), one.pk.hex, str(one.candidate_id), one.candidate_id.hex):
        assert word not in held
    (kept,) = SelfIdentification.objects.all()
    assert json.loads(open_answers(bytes(kept.answers), subject=kept.pk)) == {"gender": "female", "disability": "no"}
    assert all(not SelfIdentification.objects.visible_to(company[role]).exists() for role in company.people)
    identify(application=one, answers={}, now=NOW)
    assert not SelfIdentification.objects.exists()


def test_a_rejection_that_can_be_taken_back_is_not_told(company: Company) -> None:
    from tenfold.apps.candidates.queries.public import progress

    one = application_to(role_of(company))
    text = MailTemplate.objects.get(organisation=company.organisation, kind=TemplateKind.REJECTION)
    reject_applications(
        applications=[one], reason=RejectionReason.LAB, by=company["recruiter"], now=LATER, template=text
    )
    one = Application.objects.select_related("stage", "role").get(pk=one.pk)
    assert progress(one, now=LATER + timedelta(minutes=29)).is_open
    send_due(LATER + timedelta(minutes=31))
    assert not progress(one, now=LATER + timedelta(minutes=31)).is_open


PAGES = ("role", "role-figures", "application", "application-interviews", "role-interviews", "export-candidates")


def look_at(one: Application, client: Client) -> None:
    """Every page that names the person, opened as a recruiter does in a day."""
    of_role = {"role", "role-figures", "role-interviews", "export-candidates"}
    for name in PAGES:
        address = reverse(name, args=[one.role_id if name in of_role else one.pk])
        for view in ("", "table", "closed"):
            assert client.get(address, {"view": view} if view else {}).status_code == 200, name
    for name in ("front", "roles", "duplicates"):
        client.get(reverse(name))
    for name in ("candidates", "find"):
        found = client.get(reverse(name), {"q": "Quillon"}).content.decode()
        assert "Vexworth" in found, name


def held_in_caches(words: tuple[str, ...]) -> set[tuple[str, str]]:
    """Where any of the words stands: caches of the process and of the database, and what functions remember."""
    places = {"local": [repr(vars(caches["local"]))], "shared": _rows_of_the_shared_cache()}
    for one in gc.get_objects():
        if type(one) is functools._lru_cache_wrapper:  # lazy objects stay asleep
            places.setdefault(getattr(one, "__qualname__", repr(one)), []).extend(_remembered(one))
    return {(place, word) for place, texts in places.items() for word in words if any(word in text for text in texts)}


def _rows_of_the_shared_cache() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM core_cache")
        return [key + base64.b64decode(value).decode("utf-8", "replace") for key, value in cursor.fetchall()]


def _remembered(function: Any) -> list[str]:
    """Arguments and results: the keys of a cache without bounds, and the links of one with bounds."""
    own = function.__dict__
    kept = [each for each in gc.get_referents(function) if type(each) is dict and each is not own]
    return [repr([key, value, gc.get_referents(value)]) for each in kept for key, value in list(each.items())]


@functools.lru_cache(maxsize=4)
def remember(word: str) -> str:
    return word.upper()


def test_the_search_of_caches_finds_what_is_in_each_of_them(db: None) -> None:
    assert held_in_caches(("Kilindini",)) == set()
    caches["local"].set("a", "Kilindini", 60)
    caches["default"].set("b", "Kilindini", 60)
    remember("Kilindini")
    found = {place.rpartition(".")[2] for place, _ in held_in_caches(("Kilindini",))}
    caches["local"].delete("a")
    remember.cache_clear()
    assert found == {"local", "shared", "remember"}


def test_no_cache_holds_a_person_whose_pages_were_open_before_they_were_erased(company: Company) -> None:
    one = busy_application(company)
    client = Client()
    client.force_login(company["recruiter"])
    look_at(one, client)
    assert held_in_caches(MARKS) == set(), "what is not kept need not be erased"
    erase(candidate=one.candidate, actor=CANDIDATE, now=LATER)
    assert held_in_caches(MARKS) == set()
    assert traces(MARKS) == {}
    pages = [
        client.get(reverse("role", args=[one.role_id])),
        client.get(reverse("candidates"), {"q": "Quillon"}),
        client.get(reverse("find"), {"q": "Vexworth"}),
        client.get(reverse("export-candidates", args=[one.role_id])),
    ]
    for page in pages:
        text = page.content.decode().replace('value="Quillon"', "").replace('value="Vexworth"', "")
        assert not [mark for mark in ("quillon@vex.example", "Mombasa", "Quillon Vexworth") if mark in text]
