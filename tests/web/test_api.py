"""What programs are answered: the same as people, with the same rights, and every write once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.accounts.services import change_membership, remove_member
from tenfold.apps.plans.models import PlanVersion, StoredPlan
from tenfold.apps.plans.services import archive
from tenfold.audit.intake import take_bytes
from tenfold.audit.renderers.document import to_dict
from tenfold.audit.report import report
from tenfold.audit.run import audit
from tenfold.core.models import AuditEntry
from tenfold.core.models.api import ApiToken, IdempotencyRecord
from tenfold.core.scopes import Scope
from tenfold.core.services.api import revoke_token
from tenfold.core.services.trail import verify_trail
from tenfold.web.api.root import api
from tests.company import GOOD_PLAN, NOW, Company
from tests.conftest import EXAMPLES
from tests.teams import people
from tests.web.api_client import Program, program_of
from tests.web.api_operations import EDITORS, OPERATIONS, SMALL, filled, ids_of

POSTING = (EXAMPLES / "posting_with_faults.md").read_text(encoding="utf-8")


def told(answer: Any) -> Any:
    return json.loads(answer.content)


def schema() -> dict[str, Any]:
    with override_settings():
        return json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))  # type: ignore[no-any-return]


# Tokens ------------------------------------------------------------------------------------------


def test_without_an_open_token_nothing_is_answered_and_the_problem_says_so(db: None) -> None:
    for headers in ({}, {"Authorization": "Bearer tenfold_guess"}, {"Authorization": "Basic YTpi"}):
        answer = Program(None).ask("GET", "/me", **headers)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert told(answer)["type"] == "urn:tenfold:problem:no-token"


def test_a_session_opens_nothing(company: Company) -> None:
    client = Client()
    client.force_login(company.administrator)
    assert client.get("/api/v1/plans").status_code == 401


def test_a_token_says_whom_it_stands_for_and_leaves_no_cookie(company: Company) -> None:
    answer = program_of(company, "recruiter").ask("GET", "/me")
    assert not answer.cookies
    said = told(answer)
    assert (said["role"], said["sees_pay"], said["organisation"]) == ("recruiter", False, "Harbour Parcel")


def test_only_the_hash_of_a_token_is_kept(company: Company) -> None:
    made = program_of(company, "recruiter").made
    assert made is not None
    kept = ApiToken.objects.values().get()
    assert made.secret not in json.dumps(kept, default=str)
    assert made.secret not in json.dumps(list(AuditEntry.objects.values()), default=str)


def test_a_token_ends_when_it_expires_is_revoked_or_its_person_leaves(company: Company) -> None:
    expired, revoked, left = (program_of(company, role) for role in ("recruiter", "interviewer", "hiring-manager"))
    assert expired.made
    assert revoked.made
    ApiToken.objects.filter(pk=expired.made.token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    revoke_token(token=revoked.made.token, by=company["interviewer"], now=NOW)
    remove_member(membership=company["hiring-manager"].memberships.get(), by=company.administrator, now=NOW)
    assert [program.ask("GET", "/me").status_code for program in (expired, revoked, left)] == [401, 401, 401]


def test_a_scope_that_the_token_lacks_is_named(company: Company) -> None:
    program = program_of(company, "administrator", [Scope.PLANS_READ])
    assert program.ask("GET", "/plans").status_code == 200
    refused = program.ask("POST", "/audits", {"posting": POSTING})
    assert (refused.status_code, "audits:run" in told(refused)["what"]) == (403, True)


def test_the_page_shows_a_token_once_and_closes_it(company: Company) -> None:
    client = Client()
    client.force_login(company["recruiter"])
    sent = {"name": "Careers page", "scopes": ["plans:read", "audits:run"], "days": "90"}
    page = client.post(reverse("api-tokens"), sent).content.decode()
    token = ApiToken.objects.get()
    assert page.count("tenfold_") >= 2
    again = client.get(reverse("api-tokens")).content.decode()
    assert token.hint in again
    assert again.count("tenfold_") == 1
    client.post(reverse("revoke-token", args=[token.pk]))
    assert not ApiToken.objects.open_at(timezone.now()).exists()
    assert [e.kind for e in AuditEntry.objects.filter(of="apitoken").order_by("n")] == ["token.made", "token.revoked"]


def test_nobody_gives_away_a_sight_that_they_lack(company: Company) -> None:
    client = Client()
    client.force_login(company["recruiter"])
    sent = {"name": "Everything", "scopes": ["pay:see"], "days": "90"}
    assert client.post(reverse("api-tokens"), sent).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_token_of_another_is_closed_by_an_administrator_only(company: Company, other_company: Company) -> None:
    made = program_of(company, "interviewer").made
    assert made is not None
    for user, status in ((company["recruiter"], 404), (other_company.administrator, 404), (company.administrator, 302)):
        client = Client()
        client.force_login(user)
        assert client.post(reverse("revoke-token", args=[made.token.pk])).status_code == status


# Rights ------------------------------------------------------------------------------------------

IN_TEAM = {"get_interview_kit", "get_role_setup"}
OF_HIRING = (  # the interviewer is in the team, the analyst counts
    "list_applications",
    "create_application",
    "create_import",
    "export_candidates",
    "reject_applications",
    "take_back_batch",
    *("read_role", "change_role", "set_stages", "set_team_part", "close_role", "list_tasks", "list_due_erasures"),
    *("move_applications", "list_accommodations", "create_mail_text", "change_mail_text", "open_role"),
)
OF_A_PERSON = (
    *("list_scorecards", "list_decisions", "read_application", "move_application", "take_back_move", "erase_candidate"),
    *("preview_mail", "write_mail", "list_mails", "take_back_mail"),
    *("list_meetings", "plan_meeting", "move_meeting", "cancel_meeting", "list_notes", "add_note"),
    *("say_distinct", "merge_candidates", "take_back_merge"),
    *("read_import", "correct_import", "commit_import", "discard_import"),
    *("hire_candidate", "set_hold", "list_files", "read_file", "list_follow_ups", "set_follow_up", "finish_follow_up"),
    *("complete_task", "answer_accommodation"),
)
OF_TEAMS = {"get_tenure", "get_on_call", "get_impact", "list_pulses", "list_sources"}
OF_SOURCES = {"create_source", "list_outside_names", "read_source_now", "review_outside_name"}
KEEP_RECORDS = ("people-analyst", "administrator")
MADE = (
    *("write_mail", "plan_meeting", "add_note", "merge_candidates", "reject_applications"),
    *("open_role", "move_applications", "set_follow_up"),
)
OF_ADMINISTRATORS = {
    **dict.fromkeys(("list_webhooks", "create_webhook"), 403),
    **dict.fromkeys(("remove_webhook", "list_deliveries", "replay_delivery"), 404),
}
ARRANGED = {"list_accommodations": 403, "answer_accommodation": 404}  # by the recruiter, and by nobody who decides
SEE_TEAMS = ("people-analyst", "hiring-manager", "administrator")
ON_A_PLAN = {"read_plan", "save_plan", "audit_plan"}
WRITES = {"create_plan", "save_plan"}
READERS = ("interviewer", "people-analyst")
DECIDERS = ("hiring-manager", "administrator")  # of the role, and they see pay


def test_every_operation_has_a_row() -> None:
    ids = {operation["operationId"] for path in schema()["paths"].values() for operation in path.values()}
    assert ids == set(OPERATIONS)


@pytest.mark.parametrize("role", [*READERS, *EDITORS])
def test_every_operation_answers_every_role_as_the_pages_do(role: str, company: Company) -> None:
    plan, program = company.plan(), program_of(company, role)
    people(company)
    ids = ids_of(company, plan, role)
    for name, (method, path, body) in OPERATIONS.items():
        with transaction.atomic():
            answer = program.ask(method, path.format(id=plan.pk, **ids), filled(body, ids))
            transaction.set_rollback(True)
        refused = (name in WRITES and role in READERS) or (name in OF_TEAMS and role not in SEE_TEAMS)
        refused = refused or (name in OF_HIRING and role in READERS)
        refused = refused or (name in IN_TEAM and role == "people-analyst")  # not in the team
        refused = refused or (name == "list_pay_bands" and role not in SEE_TEAMS)  # those who see pay here
        refused = refused or (name in OF_SOURCES and role not in KEEP_RECORDS)
        refused = refused or ("audit_period" in name and role != "people-analyst")
        good = 201 if name.startswith("create_") or name in MADE else 200
        refused = refused or (name == "get_offer_measures" and role == "interviewer")  # neither runs nor counts
        hidden = (name in OF_A_PERSON and role in READERS) or (name == "read_offer" and role not in DECIDERS)
        hidden = hidden or (name == "review_outside_name" and role not in KEEP_RECORDS)
        hidden = hidden or (name == "read_source_now" and role not in SEE_TEAMS)
        refused = refused or (name == "read_figures" and role == "interviewer")
        told_to = 404 if hidden else 403 if refused else good
        told_to = told_to if role == "administrator" else OF_ADMINISTRATORS.get(name, told_to)
        told_to = told_to if role == "recruiter" else ARRANGED.get(name, told_to)
        assert answer.status_code == told_to, (name, answer.content)


def test_a_program_of_another_company_finds_nothing(company: Company, other_company: Company) -> None:
    plan, stranger = company.plan(), program_of(other_company, "administrator")
    for name in ON_A_PLAN:
        method, path, body = OPERATIONS[name]
        assert stranger.ask(method, path.format(id=plan.pk), body).status_code == 404
    assert stranger.get("/plans") == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("sees", [True, False])
def test_pay_is_shown_where_person_and_scope_allow_it_and_the_trail_says_so(sees: bool, company: Company) -> None:
    plan = company.plan(SMALL)
    scopes = [Scope.PLANS_READ, Scope.PLANS_WRITE, *([Scope.PAY_SEE] if sees else [])]
    program = program_of(company, "administrator", scopes)
    found, audited = program.get(f"/plans/{plan.pk}"), program.ask("GET", f"/plans/{plan.pk}/audit")
    assert found["pay_shown"] is sees
    assert ("180k" in found["yaml"]) is sees
    assert ("pay" in found["document"]) is sees
    assert ('"field": "pay.min"' in audited.content.decode()) is not sees, (
        "the lowest pay is asked for where it is hidden"
    )
    assert AuditEntry.objects.filter(kind="pay.seen", of_id=str(plan.pk)).count() == int(sees)


def test_who_sees_no_pay_saves_and_the_offer_stays(company: Company) -> None:
    """Also where the person may see pay, but this token may not."""
    plan = company.plan(SMALL)
    program = program_of(company, "administrator", [Scope.PLANS_READ, Scope.PLANS_WRITE])
    text = program.get(f"/plans/{plan.pk}")["yaml"].replace("Senior MLOps engineer", "MLOps lead")
    assert program.ask("PUT", f"/plans/{plan.pk}", {"yaml": text, "base_version": 1}).status_code == 200
    saved = plan.versions.get(number=2).text
    assert "MLOps lead" in saved
    assert "min: 180k" in saved
    assert "# why we hire" in saved


def test_a_right_that_is_taken_away_is_taken_from_the_token_at_once(company: Company) -> None:
    plan, program = company.plan(SMALL), program_of(company, "hiring-manager")
    assert program.get(f"/plans/{plan.pk}")["pay_shown"]
    own = company["hiring-manager"].memberships.get()
    change_membership(membership=own, role="interviewer", sees_pay=False, by=company.administrator, now=NOW)
    assert not program.get(f"/plans/{plan.pk}")["pay_shown"]
    assert program.ask("POST", "/plans", {"yaml": SMALL}).status_code == 403


# Writing -----------------------------------------------------------------------------------------


@pytest.fixture
def program(company: Company) -> Program:
    return program_of(company, "hiring-manager")


@pytest.mark.parametrize(
    "body", [{"yaml": SMALL}, {"posting": POSTING}, {"document": {"tenfold_plan": 1, "role": {"title": "Engineer"}}}]
)
def test_a_plan_is_made_from_yaml_json_or_a_posting(body: dict[str, Any], program: Program) -> None:
    answer = program.ask("POST", "/plans", body)
    made = told(answer)
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/plans/{made['id']}"
    assert [e.kind for e in AuditEntry.objects.filter(kind__in=("plan.created", "token.used")).order_by("n")] == [
        "plan.created",
        "token.used",
    ]
    assert program.ask("GET", answer["Location"].removeprefix("/api/v1")).status_code == 200
    verify_trail()


def test_saving_on_an_old_version_is_a_conflict_that_names_the_latest(program: Program, company: Company) -> None:
    plan = company.plan(SMALL)
    first, second = ({"yaml": SMALL + f"  max: {top}\n", "base_version": 1} for top in ("210k", "220k"))
    assert told(program.ask("PUT", f"/plans/{plan.pk}", first))["version"] == 2
    late = program.ask("PUT", f"/plans/{plan.pk}", second)
    assert (late.status_code, told(late)["latest_version"]) == (409, 2)
    assert plan.versions.count() == 2


def test_the_same_key_writes_once_and_answers_the_same(program: Program) -> None:
    first, again = (program.ask("POST", "/plans", {"yaml": SMALL}, **{"Idempotency-Key": "a-1"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert json.loads(first.content) == json.loads(again.content)
    assert first["Location"] == again["Location"]
    assert again["Idempotent-Replayed"] == "true"
    assert StoredPlan.objects.count() == 1


def test_the_same_key_with_another_request_is_a_conflict(program: Program) -> None:
    program.ask("POST", "/plans", {"yaml": SMALL}, **{"Idempotency-Key": "a-1"})
    other = program.ask("POST", "/plans", {"yaml": GOOD_PLAN}, **{"Idempotency-Key": "a-1"})
    assert (other.status_code, told(other)["type"]) == (409, "urn:tenfold:problem:key-reused")
    assert StoredPlan.objects.count() == 1


def test_a_write_that_fails_keeps_no_answer_and_its_key_can_be_used_again(program: Program) -> None:
    wrong = program.ask("POST", "/plans", {"yaml": "tenfold_plan: 2\n"}, **{"Idempotency-Key": "a-1"})
    assert wrong.status_code == 422
    assert not IdempotencyRecord.objects.exists()
    assert program.ask("POST", "/plans", {"yaml": SMALL}, **{"Idempotency-Key": "a-1"}).status_code == 201


def test_keys_of_two_tokens_are_two_keys(program: Program, company: Company) -> None:
    other = program_of(company, "administrator")
    for one in (program, other):
        assert one.ask("POST", "/plans", {"yaml": SMALL}, **{"Idempotency-Key": "a-1"}).status_code == 201
    assert StoredPlan.objects.count() == 2


def test_a_kept_answer_holds_no_pay(program: Program) -> None:
    program.ask("POST", "/plans", {"yaml": SMALL}, **{"Idempotency-Key": "a-1"})
    assert "180" not in json.dumps({**IdempotencyRecord.objects.get().body, "id": "", "page": ""})


# What is wrong -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "status", "field"),
    [
        (("POST", "/plans", {"yaml": "tenfold_plan: 1\nrole:\n  level: wizard\n"}), 422, "role.level"),
        (("POST", "/plans", {"yaml": SMALL, "posting": "both"}), 422, "plan"),
        (("POST", "/plans", {"yaml": SMALL, "colour": "red"}), 422, "colour"),
        (("POST", "/plans", {"document": {"tenfold_plan": 1, "role": {"title": "a\0b"}}}), 422, "role.title"),
        (("POST", "/audits", {"posting": "a\0b"}), 422, "posting"),
        (("POST", "/pay/estimates", {"role": "mlops", "level": "senior", "place": "Qwertyville"}), 422, "place"),
        (("POST", "/pay/estimates", {"role": "mlops", "level": "senior", "years": 3}), 422, "asked"),
        (("POST", "/pay/estimates", b"{not json"), 400, None),
        (("GET", "/plans?cursor=bm90IG91cnM", None), 422, "cursor"),
        (("GET", "/plans?limit=1000", None), 422, "limit"),
        (("GET", "/plans/7", None), 422, "plan_id"),
        (("GET", "/nowhere/at/all", None), 404, None),
        (("DELETE", "/plans", None), 405, None),
    ],
)
def test_what_is_wrong_is_told_with_what_where_and_remedy(
    request_: tuple[str, str, Any], status: int, field: str | None, program: Program
) -> None:
    answer = program.ask(*request_)
    said = told(answer)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert said["status"] == status
    assert said["what"]
    assert said["remedy"]
    assert said["where"].get("field") == field
    assert not StoredPlan.objects.exists()


def test_our_fault_is_told_as_a_problem_too(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_over(**_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tenfold.apps.plans.api.page", fall_over)
    client = Client(raise_request_exception=False)
    assert program.made
    answer = client.get("/api/v1/plans", headers={"Authorization": f"Bearer {program.made.secret}"})
    assert (answer.status_code, told(answer)["title"]) == (500, "Our fault")


@override_settings(LIMITS_ON=True)
def test_a_token_that_asks_too_often_is_told_to_wait(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenfold.core.http.limits.timezone.now", lambda: NOW)  # one minute, however slow the machine
    answers = [program.ask("GET", "/me") for _ in range(242)]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert answers[-1]["Retry-After"] == "60"


# Lists, and the same answers as elsewhere --------------------------------------------------------


def test_a_cursor_leads_through_every_plan_once_while_others_are_made(program: Program, company: Company) -> None:
    made = {str(company.plan(SMALL).pk) for _ in range(7)}
    seen: list[str] = []
    cursor = ""
    while True:
        shown = program.get(f"/plans?limit=3{cursor}")
        seen += [plan["id"] for plan in shown["items"]]
        if shown["next_cursor"] is None:
            break
        cursor = f"&cursor={shown['next_cursor']}"
    assert (len(seen), set(seen)) == (7, made)


def test_the_list_asks_the_database_as_often_for_thirty_plans_as_for_one(program: Program, company: Company) -> None:
    counts = []
    program.get("/me")
    for many in (1, 29):
        for _ in range(many):
            company.plan(SMALL)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            program.get("/plans?limit=100")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 4


def test_archived_plans_are_listed_when_asked_for(program: Program, company: Company) -> None:
    archive(plan=company.plan(SMALL), by=company.administrator, now=NOW)
    assert program.get("/plans")["items"] == []
    assert [plan["state"] for plan in program.get("/plans?state=archived")["items"]] == ["archived"]


def test_an_audit_is_the_report_of_the_command_line(program: Program) -> None:
    answer = told(program.ask("POST", "/audits", {"yaml": GOOD_PLAN, "as_of": "2026-11-18"}))
    submission = take_bytes(GOOD_PLAN.encode(), name="what was sent")
    expected = to_dict(
        report(audit(submission.plan, as_of=NOW.date(), reading=submission.reading, name=submission.name), submission)
    )
    assert answer == json.loads(json.dumps(expected))


def test_an_estimate_carries_n_and_interval_and_places_an_offer(program: Program) -> None:
    asked = {"role": "mlops", "level": "senior", "place": "Denver, CO", "offer": {"min": 165000, "max": 195000}}
    answer = told(program.ask("POST", "/pay/estimates", asked))
    assert answer["supported"]
    assert answer["n"] > 0
    low, high = answer["median_interval_95"]
    assert low < answer["p50"] < high
    assert answer["offer"]["midpoint"] == 180_000
    refused = told(program.ask("POST", "/pay/estimates", {"role": "mlops", "level": "staff", "place": "Germany"}))
    assert (refused["supported"], bool(refused["what_would_help"])) == (False, True)


@pytest.mark.parametrize("name", list(OPERATIONS))
def test_every_answer_is_as_the_openapi_document_says(name: str, program: Program, company: Company) -> None:
    plan, described = company.plan(), schema()
    people(company)
    method, path, body = OPERATIONS[name]
    ids = ids_of(company, plan) if "_id}" in path else {}
    asked_by = program_of(company, "people-analyst") if "audit_period" in name else program
    asked_by = program_of(company, "administrator") if name in OF_ADMINISTRATORS else asked_by
    answer = asked_by.ask(method, path.format(id=plan.pk, **ids), filled(body, ids))
    described_as = path.replace("{id}", "{plan_id}").replace("{spare_id}", "{plan_id}").partition("?")[0]
    operation = described["paths"][described_as][method.lower()]
    told_as = answer["Content-Type"].partition(";")[0]  # some of them refuse here, as a problem in words
    shape = operation["responses"][str(answer.status_code)]["content"][told_as]["schema"]
    jsonschema.validate(told(answer), {**shape, "components": described["components"]})


def test_the_openapi_document_and_the_guide_can_be_read(company: Company) -> None:
    assert Client().get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
    client = Client()
    client.force_login(company["interviewer"])
    page = client.get(reverse("api-guide")).content.decode()
    assert all(name in page for name in OPERATIONS)


def test_nothing_is_saved_when_the_trail_fails(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: Any) -> None:
        raise OSError("no space")

    monkeypatch.setattr("tenfold.apps.plans.api.note_write", full)
    client = Client(raise_request_exception=False)
    assert program.made
    answer = client.post(
        "/api/v1/plans",
        json.dumps({"yaml": SMALL}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.made.secret}", "Idempotency-Key": "a-1"},
    )
    assert answer.status_code == 500
    assert not StoredPlan.objects.exists()
    assert not PlanVersion.objects.exists()
    assert not IdempotencyRecord.objects.exists()
