"""Every operation of the API as one request that can be granted, and ids of people to ask about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tenfold.apps.candidates.queries.applicant import UploadedFile
from tenfold.apps.candidates.services.duplicates import merge
from tenfold.apps.candidates.services.imports import create_import
from tenfold.apps.candidates.services.meetings import set_meeting
from tenfold.apps.candidates.services.moves import move_applications
from tenfold.apps.candidates.services.notes import set_follow_up
from tenfold.apps.candidates.services.privacy import ask_accommodation
from tenfold.apps.candidates.services.webhooks import save_endpoint
from tenfold.apps.fairness.models import AuditPeriod
from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.plans.services import approve
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_in_team
from tests.factories.interviews import kit_of
from tests.factories.offers import decided, offer_to
from tests.factories.sources import source_and_name

SMALL = "tenfold_plan: 1\n# why we hire\nrole:\n  title: Senior MLOps engineer\n  level: senior\npay:\n  min: 180k\n"
EDITORS = ("recruiter", "hiring-manager", "administrator")
MAIL = {"subject": "Hello {first_name}", "body": "About {role}."}
LIST = {"file_name": "list.csv", "text": "name,email\nKim Invented,k@invented.example"}
COLLEAGUE = "interviewer@harbour-parcel.example"
MEETING = {
    "title": "Talk",
    "times": ["2099-05-04T10:00:00+02:00"],
    "minutes": 45,
    "panel": [COLLEAGUE],
}
SOURCE = {
    "kind": "pagerduty",
    "name": "Incidents",
    "url": "https://pagerduty.test/incidents?since={since}",
    "first_date": "2026-01-01",
}
SETTINGS = {"places": ["US-CO"], "decide_by": "2027-03-01", "uses_automated_tool": False, "zone": "Europe/Berlin"}
STAGES = [
    {"id": "{stage_id}", "name": "Work sample", "kind": "lab"},
    {"id": "{first_stage_id}", "name": "New here", "kind": "applied", "duty": "Read and answer", "duty_days": 3},
    {"id": "{offer_stage_id}", "name": "Offer", "kind": "offer"},
]
OPERATIONS: dict[str, tuple[str, str, Any]] = {
    "who_am_i": ("GET", "/me", None),
    "list_plans": ("GET", "/plans", None),
    "create_plan": ("POST", "/plans", {"yaml": SMALL}),
    "read_plan": ("GET", "/plans/{id}", None),
    "save_plan": ("PUT", "/plans/{id}", {"yaml": SMALL, "base_version": 1}),
    "audit_plan": ("GET", "/plans/{id}/audit", None),
    "run_audit": ("POST", "/audits", {"posting": "# MLOps engineer\n\n- Run models on Kubernetes"}),
    "read_posting": ("POST", "/postings/readings", {"posting": "# MLOps engineer\n\n- Run models on Kubernetes"}),
    "estimate_pay": ("POST", "/pay/estimates", {"role": "mlops", "level": "senior"}),
    "list_pay_bands": ("GET", "/pay/bands", None),
    "get_tenure": ("GET", "/tenure", None),
    "get_on_call": ("GET", "/on-call", None),
    "get_impact": ("GET", "/impact", None),
    "list_pulses": ("GET", "/pulses", None),
    "list_ladders": ("GET", "/ladders", None),
    "list_sources": ("GET", "/sources", None),
    "create_source": ("POST", "/sources", SOURCE),
    "read_source_now": ("POST", "/sources/{source_id}/readings", None),
    "list_outside_names": ("GET", "/outside-names", None),
    "review_outside_name": ("POST", "/outside-names/{name_id}/review", {"employee": None}),
    "list_roles": ("GET", "/roles", None),
    "list_applications": ("GET", "/roles/{role_id}/applications", None),
    "get_interview_kit": ("GET", "/roles/{role_id}/interview-kit", None),
    "get_role_setup": ("GET", "/roles/{role_id}/setup", None),
    "list_scorecards": ("GET", "/applications/{application_id}/scorecards", None),
    "list_decisions": ("GET", "/applications/{application_id}/decisions", None),
    "list_audit_periods": ("GET", "/fairness", None),
    "get_audit_period": ("GET", "/fairness/{period_id}", None),
    "list_offers": ("GET", "/roles/{role_id}/offers", None),
    "get_offer_measures": ("GET", "/roles/{role_id}/offer-measures", None),
    "read_offer": ("GET", "/offers/{offer_id}", None),
    "open_role": ("POST", "/plans/{spare_id}/roles", None),
    "read_role": ("GET", "/roles/{role_id}", None),
    "change_role": ("PUT", "/roles/{role_id}", SETTINGS),
    "set_stages": ("PUT", "/roles/{role_id}/stages", {"stages": STAGES}),
    "set_team_part": ("PUT", "/roles/{role_id}/team", {"email": COLLEAGUE, "part": "reviewer"}),
    "close_role": ("POST", "/roles/{role_id}/close", None),
    "list_tasks": ("GET", "/roles/{role_id}/tasks", None),
    "complete_task": ("POST", "/tasks/{task_id}/done", None),
    "read_figures": ("GET", "/roles/{role_id}/figures", None),
    "list_due_erasures": ("GET", "/roles/{role_id}/retention", None),
    "move_applications": (
        "POST",
        "/roles/{role_id}/moves",
        {"application_ids": ["{third}"], "stage_id": "{stage_id}"},
    ),
    "hire_candidate": ("POST", "/applications/{application_id}/hire", None),
    "find_candidates": ("GET", "/candidates?q=Ana", None),
    "set_hold": ("PUT", "/candidates/{candidate_id}/hold", {"reason": "A dispute"}),
    "list_files": ("GET", "/applications/{application_id}/files", None),
    "read_file": ("GET", "/files/{file_id}", None),
    "list_follow_ups": ("GET", "/applications/{application_id}/follow-ups", None),
    "set_follow_up": (
        "POST",
        "/applications/{application_id}/follow-ups",
        {"text": "Call", "due_date": "2026-12-01"},
    ),
    "finish_follow_up": ("POST", "/follow-ups/{follow_up_id}/done", None),
    "list_accommodations": ("GET", "/roles/{role_id}/accommodations", None),
    "answer_accommodation": ("POST", "/accommodations/{accommodation_id}/answer", {"answer": "An hour more"}),
    "create_mail_text": ("POST", "/mail-texts", {"name": "New", "kind": "other", **MAIL}),
    "change_mail_text": ("PUT", "/mail-texts/{mail_text_id}", {"name": "Other", "kind": "other", **MAIL}),
    "list_webhooks": ("GET", "/webhooks", None),
    "create_webhook": ("POST", "/webhooks", {"url": "https://hooks.example/new"}),
    "remove_webhook": ("DELETE", "/webhooks/{webhook_id}", None),
    "list_deliveries": ("GET", "/webhooks/{webhook_id}/deliveries", None),
    "replay_delivery": ("POST", "/deliveries/{delivery_id}/replay", None),
    "create_application": ("POST", "/roles/{role_id}/applications", {"name": "Kim Invented"}),
    "read_application": ("GET", "/applications/{application_id}", None),
    "move_application": ("POST", "/applications/{application_id}/moves", {"reject_for": "lab"}),
    "take_back_move": ("POST", "/applications/{application_id}/moves/{move_id}/take-back", None),
    "list_mail_texts": ("GET", "/mail-texts", None),
    "preview_mail": ("POST", "/applications/{application_id}/mails/preview", MAIL),
    "write_mail": ("POST", "/applications/{application_id}/mails", MAIL),
    "list_mails": ("GET", "/applications/{application_id}/mails", None),
    "take_back_mail": ("POST", "/mails/{mail_id}/take-back", None),
    "list_meetings": ("GET", "/applications/{application_id}/meetings", None),
    "plan_meeting": ("POST", "/applications/{application_id}/meetings", MEETING),
    "move_meeting": ("POST", "/meetings/{meeting_id}/move", {"starts_at": "2099-05-05T10:00:00+02:00"}),
    "cancel_meeting": ("POST", "/meetings/{meeting_id}/cancel", None),
    "list_notes": ("GET", "/applications/{application_id}/notes", None),
    "add_note": ("POST", "/applications/{application_id}/notes", {"text": "Call on Monday"}),
    "list_duplicates": ("GET", "/duplicates", None),
    "say_distinct": ("POST", "/duplicates/distinct", {"one_id": "{candidate_id}", "other_id": "{other_id}"}),
    "merge_candidates": ("POST", "/merges", {"kept_id": "{candidate_id}", "merged_id": "{third_id}"}),
    "take_back_merge": ("POST", "/merges/{merge_id}/take-back", None),
    "create_import": (
        "POST",
        "/roles/{role_id}/imports",
        LIST,
    ),
    "read_import": ("GET", "/imports/{import_id}", None),
    "correct_import": ("PATCH", "/imports/{import_id}", {"changes": [{"line": 2, "field": "name", "value": "Jo"}]}),
    "commit_import": ("POST", "/imports/{import_id}/commit", None),
    "discard_import": ("DELETE", "/imports/{import_id}", None),
    "export_candidates": ("GET", "/roles/{role_id}/export", None),
    "reject_applications": ("POST", "/roles/{role_id}/rejections", {"application_ids": ["{third}"], "reason": "lab"}),
    "take_back_batch": ("POST", "/roles/{role_id}/batches/{batch_id}/take-back", None),
    "erase_candidate": ("DELETE", "/candidates/{candidate_id}", None),
}


def filled(body: Any, ids: Mapping[str, object]) -> Any:
    """A body with ids in the places that name them."""
    text = json.dumps(body)
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", str(value))
    return json.loads(text)


def ids_of(company: Company, plan: StoredPlan, person: str = "recruiter") -> dict[str, str]:
    """Of a role of the plan, led by the hiring manager, with somebody who applied and was moved."""
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    role = role_in_team(company, plan)
    kit_of(company, role)
    spare = company.plan()
    approve(plan=spare, number=1, by=company.administrator, now=NOW)
    one = application_to(role, files=[UploadedFile("cv.txt", "text/plain", b"invented")])
    other = application_to(role, 7)
    decided(company, other)
    offer = offer_to(company, other)
    period = AuditPeriod.objects.create(
        organisation=company.organisation, from_date=NOW, until_date=NOW, content={"tables": []}, published_at=NOW
    )
    third, fourth = (application_to(role, n) for n in (8, 9))
    by, now = company["recruiter"], timezone.now()
    meeting = set_meeting(
        application=one,
        title="Talk",
        starts_at=now + timedelta(days=3),
        minutes=30,
        place="",
        panel=[by],
        by=by,
        now=now,
    )
    runs = company[person if person in EDITORS else "recruiter"]
    rows = [{"line": 2, "name": "Kim Invented", "email": "k@invented.example"}]
    stage = role.stages.get(kind="lab")
    follow_up = set_follow_up(application=one, text="Call", of=by, due_date=now.date(), by=by, now=now)
    asked = ask_accommodation(application=one, text="More time", now=now)
    endpoint, _ = save_endpoint(
        organisation=company.organisation, url="https://hooks.example/x", kinds=[], by=company.administrator, now=now
    )
    moved = move_applications(applications=[one], stage=stage, by=by, now=now)
    source, name = source_and_name(company)
    ids = {
        "source_id": source.pk,
        "name_id": name.pk,
        "role_id": role.pk,
        "application_id": one.pk,
        "candidate_id": one.candidate_id,
        "period_id": period.pk,
        "offer_id": offer.pk,
        "mail_id": one.mails.all()[0].pk,
        "meeting_id": meeting.pk,
        "other_id": other.candidate_id,
        "third_id": third.candidate_id,
        "third": third.pk,
        "merge_id": merge(kept=third.candidate, merged=fourth.candidate, by=by, now=now).pk,
        "import_id": create_import(role=role, rows=rows, shape="table", by=runs, now=now).pk,
        "move_id": moved.moves[0].pk,
        "batch_id": moved.id,
        "spare_id": spare.pk,
        "stage_id": stage.pk,
        "offer_stage_id": role.stages.get(kind="offer").pk,
        "first_stage_id": role.stages.get(kind="applied").pk,
        "task_id": role.tasks.filter(application=None)[0].pk,
        "file_id": one.files.get().pk,
        "follow_up_id": follow_up.pk,
        "accommodation_id": asked.pk,
        "mail_text_id": company.organisation.mail_templates.get(kind="rejection").pk,
        "webhook_id": endpoint.pk,
        "delivery_id": endpoint.deliveries.all()[0].pk,
    }
    return {key: str(value) for key, value in ids.items()}
