"""What programs do with roles, teams, tasks of the law, follow-ups, accommodations, lists in XLSX and webhooks."""

from __future__ import annotations

import base64
import io
import json
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from tenfold.apps.candidates.models import AccommodationRequest, Application, FollowUp, OpenRole
from tenfold.apps.candidates.queries.funnel import funnel
from tenfold.apps.candidates.services.privacy import ask_accommodation
from tenfold.core.models import AuditEntry, TeamMember
from tenfold.core.scopes import Scope
from tests.company import Company
from tests.factories.candidates import application_to, applications_to, people_in, role_of
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


def test_a_role_is_set_up_and_closed_as_on_its_pages(role: OpenRole, program: Program, company: Company) -> None:
    one = application_to(role)
    address = f"/roles/{role.pk}"
    settings = {"places": ["CA-ON"], "decide_by": "2027-02-01", "uses_automated_tool": True, "zone": "America/Toronto"}
    seen = told(program.ask("PUT", address, settings))
    assert {key: seen[key] for key in settings} == settings
    assert any(task["law"] for task in program.get(f"{address}/tasks")["items"])
    for wrong in ({**settings, "zone": "Mars"}, {**settings, "places": ["XX-9"]}, {"zone": "UTC"}):
        assert program.ask("PUT", address, wrong).status_code == 422
    stages = [
        {key: each[key] for key in ("id", "name", "kind", "duty", "duty_of", "duty_days")} for each in seen["duties"]
    ]
    without_first = program.ask("PUT", f"{address}/stages", {"stages": stages[1:]})
    assert "open applications in a stage" in told(without_first, 422)["what"]
    stages[2]["name"] = "Work sample"
    again = told(program.ask("PUT", f"{address}/stages", {"stages": [*stages, {"name": "Talk", "kind": "screen"}]}))
    assert [each["name"] for each in again["stages"]][2::4] == ["Work sample", "Talk"]
    who = {"email": company["interviewer"].email, "part": "coordinator"}
    assert who in told(program.ask("PUT", f"{address}/team", who))["team"]
    assert who not in told(program.ask("PUT", f"{address}/team", {**who, "part": None}))["team"]
    assert not TeamMember.objects.filter(team=role.team, member__user=company["interviewer"]).exists()
    assert (
        told(program.ask("PUT", f"{address}/team", {**who, "email": "x@x.example"}), 422)["where"]["field"] == "email"
    )
    assert told(program.ask("POST", f"{address}/close"))["is_open"] is False
    assert program.ask("POST", f"{address}/applications", {"name": "Late Invented"}).status_code == 422
    one.refresh_from_db()
    assert one.is_open, "whoever applied still waits for a decision"


def test_a_task_of_the_law_is_done_once(role: OpenRole, program: Program) -> None:
    task = program.get(f"/roles/{role.pk}/tasks")["items"][0]
    assert told(program.ask("POST", f"/tasks/{task['id']}/done"))["done_at"]
    assert program.ask("POST", f"/tasks/{task['id']}/done").status_code == 404


def test_several_are_moved_by_one_call_and_by_one_call_moved_back(role: OpenRole, program: Program) -> None:
    people = applications_to(role, 30)
    lab = role.stages.get(kind="lab")
    asked = {"application_ids": [str(one.pk) for one in people], "stage_id": str(lab.pk)}
    done = told(program.ask("POST", f"/roles/{role.pk}/moves", asked), 201)
    assert len(done["moves"]) == 30
    figures = program.get(f"/roles/{role.pk}/figures")
    assert (figures["n"], figures["stages"][2]["here"]) == (30, 30)
    assert [each["reached"] for each in figures["stages"]] == [step.reached for step in funnel(role).steps]
    assert told(program.ask("POST", f"/roles/{role.pk}/batches/{done['batch_id']}/take-back"))["undone"] == 30
    assert set(Application.objects.filter(role=role).values_list("stage__kind", flat=True)) == {"applied"}
    elsewhere = {**asked, "stage_id": str(people[0].pk)}
    assert program.ask("POST", f"/roles/{role.pk}/moves", elsewhere).status_code == 404


def test_somebody_is_hired_and_that_is_taken_back(role: OpenRole, program: Program) -> None:
    one = application_to(role)
    done = told(program.ask("POST", f"/applications/{one.pk}/hire"))
    assert (done["state"], program.ask("POST", f"/applications/{one.pk}/hire").status_code) == ("hired", 422)
    back = told(program.ask("POST", f"/applications/{one.pk}/moves/{done['moves'][0]}/take-back"))
    assert back["state"] == "open"


def test_a_follow_up_is_for_who_sees_the_application(role: OpenRole, program: Program, company: Company) -> None:
    one = application_to(role)
    address = f"/applications/{one.pk}/follow-ups"
    manager = company["hiring-manager"].email
    told(program.ask("POST", address, {"text": "Call back", "due_date": "2027-01-15", "of": manager}), 201)
    told(program.ask("POST", address, {"text": "Send the plan", "due_date": "2027-01-10"}), 201)
    for of in (company["interviewer"].email, "nobody@x.example"):
        assert program.ask("POST", address, {"text": "x", "due_date": "2027-01-15", "of": of}).status_code == 422
    listed = program.get(address)["items"]
    assert [(each["text"], each["of"]) for each in listed] == [
        ("Send the plan", company["recruiter"].email),
        ("Call back", manager),
    ]
    assert told(program.ask("POST", f"/follow-ups/{listed[0]['id']}/done"))["done_at"]
    assert program.ask("POST", f"/follow-ups/{listed[0]['id']}/done").status_code == 404
    assert FollowUp.objects.filter(done_at=None).count() == 1


def test_what_a_candidate_needs_is_read_by_who_arranges_it_and_by_a_token_that_says_so(
    role: OpenRole, program: Program, company: Company
) -> None:
    asked = ask_accommodation(application=application_to(role), text="An hour more", now=timezone.now())
    address = f"/roles/{role.pk}/accommodations"
    narrow = program_of(company, "recruiter", [Scope.CANDIDATES_READ, Scope.CANDIDATES_WRITE])
    assert "accommodations:arrange" in told(narrow.ask("GET", address), 403)["what"]
    for decides in ("hiring-manager", "administrator"):
        program_of_them = program_of(company, decides)
        assert program_of_them.ask("GET", address).status_code == 403
        answer = program_of_them.ask("POST", f"/accommodations/{asked.pk}/answer", {"answer": "No"})
        assert answer.status_code == 404
    assert [each["text"] for each in program.get(address)["items"]] == ["An hour more"]
    told(program.ask("POST", f"/accommodations/{asked.pk}/answer", {"answer": "Of course"}))
    assert AccommodationRequest.objects.get().answer == "Of course"


def test_nothing_of_whoever_waits_to_be_erased_is_read_or_changed(
    role: OpenRole, program: Program, company: Company
) -> None:
    from tenfold.apps.candidates.services.actors import CANDIDATE
    from tenfold.apps.candidates.services.privacy import erase

    OpenRole.objects.filter(pk=role.pk).update(places=["US-CO"])
    role.refresh_from_db()
    hiring = people_in(company, role)
    one = hiring.application
    assert erase(candidate=one.candidate, actor=CANDIDATE, now=timezone.now()).due_date is not None
    asked: list[tuple[str, str, Any]] = [
        ("GET", f"/applications/{one.pk}/follow-ups", None),
        ("GET", f"/applications/{one.pk}/files", None),
        ("GET", f"/files/{hiring.file}", None),
        ("POST", f"/applications/{one.pk}/hire", None),
        ("POST", f"/follow-ups/{hiring.follow_up}/done", None),
        ("POST", f"/accommodations/{hiring.accommodation}/answer", {"answer": "Yes"}),
        ("PUT", f"/candidates/{one.candidate_id}/hold", {"reason": "A dispute"}),
    ]
    assert {(path, program.ask(method, path, body).status_code) for method, path, body in asked} == {
        (path, 404) for _, path, _ in asked
    }
    assert program.get(f"/roles/{role.pk}/accommodations")["items"] == []
    assert program.get("/candidates?q=Ana")["items"] == []


def test_a_hold_stands_against_erasure_and_is_lifted(role: OpenRole, program: Program) -> None:
    one = application_to(role)
    address = f"/candidates/{one.candidate_id}"
    assert told(program.ask("PUT", f"{address}/hold", {"reason": "A dispute"}))["is_held"] is True
    assert program.ask("DELETE", address).status_code == 422
    assert told(program.ask("PUT", f"{address}/hold", {"reason": ""}))["is_held"] is False
    assert program.ask("DELETE", address).status_code == 200


def test_files_and_people_are_found(role: OpenRole, program: Program, company: Company) -> None:
    one = people_in(company, role).application
    (listed,) = program.get(f"/applications/{one.pk}/files")["items"]
    assert base64.b64decode(program.get(f"/files/{listed['id']}")["content_base64"]) == b"invented"
    (found,) = program.get("/candidates?q=person0@invented.example")["items"]
    assert (found["candidate_id"], found["applications"]) == (str(one.candidate_id), [str(one.pk)])
    assert program.ask("GET", "/candidates?q=A").status_code == 422


def workbook(rows: list[list[Any]]) -> str:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return base64.b64encode(held.getvalue()).decode()


def test_a_workbook_is_imported_as_its_rows_would_be_as_text(role: OpenRole, program: Program) -> None:
    address = f"/roles/{role.pk}/imports"
    rows = [["Name", "E-mail", "Stage"], ["Ada Example", "ada@invented.example", "Lab"], ["Bo Example", "no", "Lab"]]
    as_book = {"file_name": "people.xlsx", "content_base64": workbook(rows)}
    as_text = {"file_name": "people.csv", "text": "\n".join(";".join(row) for row in rows)}
    seen = [program.get(f"/imports/{told(program.ask('POST', address, one), 201)['id']}") for one in (as_book, as_text)]
    book, text = ({key: value for key, value in one.items() if key != "id"} for one in seen)
    assert book == text
    assert (book["usable"], book["lines"][0]["line"]) == (1, 3)
    for wrong in (
        {"file_name": "people.xlsx", "content_base64": "no base64!"},
        {"file_name": "people.xlsx", "content_base64": base64.b64encode(b"no workbook").decode()},
        {"file_name": "people.xlsx"},
        {**as_book, "text": "name\nAda"},
    ):
        assert program.ask("POST", address, wrong).status_code == 422, wrong
    told(program.ask("POST", f"/imports/{seen[0]['id']}/commit"))
    assert Application.objects.get(role=role).candidate.name == "Ada Example"


def test_a_mail_text_with_a_gap_that_nothing_fills_is_not_kept(role: OpenRole, program: Program) -> None:
    text = {"name": "Ours", "kind": "other", "subject": "Hello {first_name}", "body": "About {role}."}
    made = told(program.ask("POST", "/mail-texts", text), 201)["id"]
    assert program.ask("POST", "/mail-texts", text).status_code == 422, "the name is taken"
    assert program.ask("PUT", f"/mail-texts/{made}", {**text, "body": "{salary}"}).status_code == 422
    told(program.ask("PUT", f"/mail-texts/{made}", {**text, "body": "About {role}, again."}))
    assert [each["body"] for each in program.get("/mail-texts")["items"] if each["id"] == made] == [
        "About {role}, again."
    ]


def test_webhooks_are_managed_by_an_administrators_token_that_may(role: OpenRole, company: Company) -> None:
    boss = program_of(company, "administrator")
    made = told(
        boss.ask("POST", "/webhooks", {"url": "https://hooks.example/a", "kinds": ["application.received"]}), 201
    )
    assert made["secret"].startswith("whsec_")
    application_to(role)
    (delivery,) = boss.get(f"/webhooks/{made['id']}/deliveries")["items"]
    assert told(boss.ask("POST", f"/deliveries/{delivery['id']}/replay"))["state"] == "waiting"
    assert boss.ask("POST", "/webhooks", {"url": "http://plain.example/a"}).status_code == 422
    assert "secret" not in json.dumps(boss.get("/webhooks"))
    narrow = program_of(company, "administrator", [Scope.CANDIDATES_WRITE])
    assert narrow.ask("GET", "/webhooks").status_code == 403
    told(boss.ask("DELETE", f"/webhooks/{made['id']}"))
    assert boss.get("/webhooks")["items"] == []
    assert AuditEntry.objects.filter(kind="token.used", data__did="webhook.removed").count() == 1


def test_a_role_is_opened_from_an_approved_plan_alone(company: Company) -> None:
    from tenfold.apps.plans.services import approve
    from tests.company import NOW

    plan, program = company.plan(), program_of(company, "hiring-manager")
    address = f"/plans/{plan.pk}/roles"
    assert program.ask("POST", address).status_code == 422
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    made = told(program.ask("POST", address), 201)["id"]
    seen = program.get(f"/roles/{made}")
    assert (seen["team"], len(seen["stages"])) == ([{"email": company["hiring-manager"].email, "part": "lead"}], 6)
    assert program.ask("POST", address).status_code == 422, "one role a plan"
    assert seen["waiting"] == []
    application_to(OpenRole.objects.get(pk=made), now=timezone.now() - timedelta(days=30))
    (waits,) = program.get(f"/roles/{made}")["waiting"]
    assert (waits["n"], waits["late"], waits["whom"]) == (1, 1, "Recruiter")
