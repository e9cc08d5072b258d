"""What programs do with people, beside the pages: mail that waits, merges, lists, and all of it taken back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenfold.apps.candidates.models import Application, Candidate, CandidateImport, OpenRole, OutgoingMail
from tenfold.apps.candidates.queries.mailtext import OWN_LINK_WORDS
from tenfold.apps.candidates.services.mail import send_due
from tenfold.core.models import AuditEntry
from tenfold.core.scopes import Scope
from tests.company import Company
from tests.factories.candidates import application_to, applications_to, role_of
from tests.web.api_client import Program, program_of


@pytest.fixture
def role(company: Company) -> OpenRole:
    return role_of(company)


@pytest.fixture
def program(company: Company, role: OpenRole) -> Program:
    return program_of(company, "recruiter")


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def test_a_hundred_rejected_by_mistake_are_taken_back_by_one_call_and_nobody_is_written_to(
    role: OpenRole, program: Program
) -> None:
    people = applications_to(role, 100)
    OutgoingMail.objects.all().delete()
    text = next(one for one in program.get("/mail-texts")["items"] if one["kind"] == "rejection")
    asked = {"application_ids": [str(one.pk) for one in people], "reason": "lab", "mail_text_id": text["id"]}
    done = told(program.ask("POST", f"/roles/{role.pk}/rejections", asked), 201)
    assert (len(done["moves"]), len(done["mails"])) == (100, 100)
    send_due(timezone.now() + timedelta(minutes=29))
    back = told(program.ask("POST", f"/roles/{role.pk}/batches/{done['batch_id']}/take-back"))
    assert back == {"undone": 100, "kept": 0, "mails_taken_back": 100, "mails_gone": 0}
    send_due(timezone.now() + timedelta(days=2))
    assert outbox.outbox == []
    assert set(Application.objects.filter(role=role).values_list("state", flat=True)) == {"open"}


def test_one_rejection_tells_its_mail_and_both_are_taken_back_with_the_move(role: OpenRole, program: Program) -> None:
    one = application_to(role)
    text = next(each for each in program.get("/mail-texts")["items"] if each["kind"] == "rejection")
    wrong = next(each for each in program.get("/mail-texts")["items"] if each["kind"] == "invitation")
    address = f"/applications/{one.pk}/moves"
    refused = program.ask("POST", address, {"reject_for": "lab", "mail_text_id": wrong["id"]})
    assert (refused.status_code, OutgoingMail.objects.filter(move__isnull=False).count()) == (422, 0)
    done = told(program.ask("POST", address, {"reject_for": "lab", "mail_text_id": text["id"], "comment": "Late"}))
    listed = {each["id"]: each for each in program.get(f"/applications/{one.pk}/mails")["items"]}
    (waiting,) = done["mails"]
    assert (listed[waiting]["state"], listed[waiting]["move_id"]) == ("held", done["moves"][0])
    preview = told(
        program.ask("POST", f"/applications/{one.pk}/mails/preview", {key: text[key] for key in ("subject", "body")})
    )
    shown, previewed = listed[waiting]["body"], preview["body"]
    assert (listed[waiting]["subject"], shown) == (preview["subject"], previewed)
    assert "/candidate/" in OutgoingMail.objects.get(pk=waiting).body
    assert OWN_LINK_WORDS in shown, "whoever holds the link acts as the candidate: colleagues are not shown it"
    assert "/candidate/" not in shown
    told(program.ask("POST", f"{address}/{done['moves'][0]}/take-back"))
    assert OutgoingMail.objects.get(pk=waiting).state == "taken-back"


def test_a_mail_with_a_placeholder_without_a_value_is_not_kept(role: OpenRole, program: Program) -> None:
    one = application_to(role, emails=[])
    before = OutgoingMail.objects.count()
    link_in_subject = {"subject": "Hi {status_page}", "body": "Good"}
    without_value = ({"subject": "Hi", "body": "{salary}"}, {"subject": "Hi {first_name}", "body": "Good"})
    for body in (*without_value, link_in_subject):
        assert program.ask("POST", f"/applications/{one.pk}/mails", body).status_code == 422
        assert program.ask("POST", f"/applications/{one.pk}/mails/preview", body).status_code == 422
    assert OutgoingMail.objects.count() == before


def test_the_same_key_writes_one_mail_and_another_request_with_it_is_a_conflict(
    role: OpenRole, program: Program
) -> None:
    one, other = application_to(role), application_to(role, 1)
    before = OutgoingMail.objects.count()
    sent = {"subject": "Hello", "body": "A question."}
    asked = [
        program.ask("POST", f"/applications/{each.pk}/mails", sent, **{"Idempotency-Key": "k-1"})
        for each in (one, one, other)
    ]
    assert [answer.status_code for answer in asked] == [201, 201, 409]
    assert told(asked[0], 201) == told(asked[1], 201)
    assert asked[1]["Idempotent-Replayed"] == "true"
    assert OutgoingMail.objects.count() == before + 1
    made = told(asked[0], 201)["id"]
    assert told(program.ask("POST", f"/mails/{made}/take-back"))["state"] == "taken-back"
    assert program.ask("POST", f"/mails/{made}/take-back").status_code == 422
    assert AuditEntry.objects.filter(kind="token.used", data__did="mail.held").count() == 1


def test_a_merge_by_the_api_changes_no_row_and_is_undone(role: OpenRole, program: Program) -> None:
    one, other = application_to(role), application_to(role, 1, emails=["person0@invented.example"])
    before = [list(model.objects.order_by("pk").values()) for model in (Candidate, Application)]
    (pair,) = program.get("/duplicates")["items"]
    assert "the same e-mail address" in pair["reasons"]
    asked = {"kept_id": str(one.candidate_id), "merged_id": str(other.candidate_id)}
    link = told(program.ask("POST", "/merges", asked), 201)["id"]
    assert program.ask("POST", "/merges", asked).status_code == 422
    assert program.get("/duplicates")["items"] == []
    told(program.ask("POST", f"/merges/{link}/take-back"))
    assert [list(model.objects.order_by("pk").values()) for model in (Candidate, Application)] == before
    assert program.get("/duplicates")["items"] == [pair]
    two = {"one_id": str(one.candidate_id), "other_id": str(other.candidate_id)}
    assert told(program.ask("POST", "/duplicates/distinct", two)) == {"items": []}


def test_a_list_is_looked_over_corrected_and_imported_once(role: OpenRole, program: Program, company: Company) -> None:
    text = "name;email;stage\nAda Example;ada@invented.example;Lab\nBo Example;no address;Nowhere\n"
    made = told(program.ask("POST", f"/roles/{role.pk}/imports", {"file_name": "l.csv", "text": text}), 201)["id"]
    seen = program.get(f"/imports/{made}")
    assert (seen["usable"], seen["unusable"], seen["lines"][0]["line"]) == (1, 1, 3)
    assert {one["field"]: one["value"] for one in seen["lines"][0]["problems"]} == {
        "email": "no address",
        "stage": "Nowhere",
    }
    assert program_of(company, "administrator").ask("GET", f"/imports/{made}").status_code == 404, "one's own list"
    changes = [
        {"line": 3, "field": "email", "value": "bo@invented.example"},
        {"line": 3, "field": "stage", "value": "lab"},
    ]
    assert told(program.ask("PATCH", f"/imports/{made}", {"changes": changes}))["usable"] == 2
    assert told(program.ask("POST", f"/imports/{made}/commit"))["imported"] == 2
    assert program.ask("POST", f"/imports/{made}/commit").status_code == 422
    assert CandidateImport.objects.get(pk=made).rows == ""
    exported = program.get(f"/roles/{role.pk}/export")["people"]
    assert [(one["name"], one["emails"], one["stage"]) for one in exported] == [
        ("Ada Example", ["ada@invented.example"], "Lab"),
        ("Bo Example", ["bo@invented.example"], "Lab"),
    ]
    assert AuditEntry.objects.filter(kind="token.used", data__did="candidates.exported").count() == 1


def test_times_are_offered_moved_and_cancelled(role: OpenRole, program: Program) -> None:
    one = application_to(role)
    address = f"/applications/{one.pk}/meetings"
    body = {"title": "Talk", "minutes": 30, "panel": ["interviewer@harbour-parcel.example"]}
    times = ["2099-05-04T10:00:00+02:00", "2099-05-05T10:00:00+02:00"]
    for wrong in (
        {**body, "times": ["2099-05-04T10:00:00"]},  # whose clock?
        {**body, "times": [4_081_000_000]},
        {**body, "times": times, "panel": ["nobody@harbour-parcel.example"]},
        {**body, "times": ["2001-05-04T10:00:00Z"]},
    ):
        assert program.ask("POST", address, wrong).status_code == 422, wrong
    told(program.ask("POST", address, {**body, "times": times}), 201)
    fixed = told(program.ask("POST", address, {**body, "times": times[:1]}), 201)["id"]
    listed = {one["id"]: one for one in program.get(address)["items"]}
    assert sorted(len(one["slots"]) for one in listed.values()) == [0, 2]
    moved = told(program.ask("POST", f"/meetings/{fixed}/move", {"starts_at": times[1]}))
    assert moved["starts_at"].startswith("2099-05-05T08:00:00")
    assert told(program.ask("POST", f"/meetings/{fixed}/cancel"))["state"] == "cancelled"


def test_a_token_that_only_reads_changes_nothing(company: Company, role: OpenRole) -> None:
    one = application_to(role)
    reader = program_of(company, "recruiter", [Scope.CANDIDATES_READ])
    assert reader.ask("GET", f"/applications/{one.pk}/notes").status_code == 200
    for path in (f"/applications/{one.pk}/notes", f"/applications/{one.pk}/mails", "/merges"):
        refused = reader.ask("POST", path, {})
        assert (refused.status_code, "candidates:write" in told(refused, 403)["what"]) == (403, True)


def test_lists_of_people_ask_the_database_equally_often_for_1_30_and_300(role: OpenRole, program: Program) -> None:
    paths = (f"/roles/{role.pk}/applications?limit=100", "/duplicates", f"/roles/{role.pk}/export")
    counts: dict[str, set[int]] = {path: set() for path in paths}
    program.get("/me")  # the first request notes that the token is used
    for first, last in ((0, 1), (1, 30), (30, 300)):
        for n in range(first, last):
            application_to(role, n)
        for path, seen in counts.items():
            with CaptureQueriesContext(connection) as asked:
                assert program.ask("GET", path).status_code == 200
            seen.add(len(asked))
    assert {path: len(seen) for path, seen in counts.items()} == dict.fromkeys(paths, 1), counts
