"""Plans for programs: listed, read, made, saved, audited; the same services as the pages."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Router
from ninja.params.functions import Header, Query

from tenfold.apps.plans import services as service
from tenfold.apps.plans.models import PlanState, StoredPlan
from tenfold.apps.plans.schemas import Audit, AuditRequest, NewPlan, Plan, PlanChange, PlanInList, PlanPage
from tenfold.audit.check_text import check_text
from tenfold.audit.drafting import plan_text_from
from tenfold.audit.renderers.document import to_dict as audit_document
from tenfold.checking.role_setup import RoleSetup
from tenfold.core.http.api_access import Caller, caller
from tenfold.core.http.cursors import page
from tenfold.core.http.operations import operation
from tenfold.core.http.schemas import Day, Words
from tenfold.core.own_bands import own_bands_of
from tenfold.core.permissions import require
from tenfold.core.role_setup import setup_of_plan
from tenfold.core.scopes import Scope
from tenfold.core.services.api import IdempotentResponse, note_write, run_idempotent
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.plan.redaction import redact_pay
from tenfold.plan.yaml_io import CommentedMap, dump, load_plan

MAX_ON_A_PAGE = 100
LIMIT: Any = Query(25, ge=1, le=MAX_ON_A_PAGE)
CURSOR: Any = Query(None, max_length=200, description="As it came in next_cursor")
TITLE: Any = Query(None, max_length=100, description="Part of the title")
router = Router()
KEY: Any = Header(
    None,
    alias="Idempotency-Key",
    min_length=1,
    max_length=200,
    pattern=r"^[!-~]+$",
    description="The same key again within seven days gets the same answer and writes nothing",
)


@operation(router, "GET", "/plans", PlanPage, tag="Plans", scope=Scope.PLANS_READ)
def list_plans(
    request: HttpRequest,
    limit: int = LIMIT,
    cursor: Words | None = CURSOR,
    state: Literal["draft", "approved", "archived"] | None = None,
    title: Words | None = TITLE,
) -> dict[str, Any]:
    """The organisation's plans, newest first. Archived ones only when asked for."""
    found = _visible(caller(request))
    found = found.filter(state=state) if state else found.exclude(state=PlanState.ARCHIVED)
    if title:
        found = found.filter(title__icontains=title)
    shown = page(found, by="created_at", cursor=cursor, limit=limit)
    return {"items": [_in_list(request, plan) for plan in shown.rows], "next_cursor": shown.next_cursor}


@operation(router, "POST", "/plans", PlanInList, tag="Plans", scope=Scope.PLANS_WRITE, status=201, conflicts=True)
def create_plan(request: HttpRequest, plan: NewPlan, idempotency_key: str | None = KEY) -> HttpResponse:
    """Makes a plan. A posting becomes the plan that can be read from it."""
    asking = caller(request)
    require(asking.user, "plan.create", asking.organisation)
    text = plan_text_from(plan.posting.encode(), name="posting.md") if plan.posting else _given_text(plan)

    def write() -> IdempotentResponse:
        made = service.create_plan(
            organisation=asking.organisation,
            text=text,
            why=plan.why or "By the API",
            by=asking.user,
            now=timezone.now(),
        )
        note_write(token=asking.token, did="plan.created", of_id=str(made.pk), now=timezone.now())
        return IdempotentResponse(201, _in_list(request, made), reverse("api:read_plan", args=[made.pk]))

    return _once(request, asking, idempotency_key, write)


@operation(router, "GET", "/plans/{plan_id}", Plan, tag="Plans", scope=Scope.PLANS_READ)
def read_plan(request: HttpRequest, plan_id: uuid.UUID) -> dict[str, Any]:
    """A plan with its text, as YAML and as JSON."""
    asking, plan = _plan(request, plan_id)
    text = _text(asking, plan)
    document = load_plan(text).plan.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return {**_in_list(request, plan), "pay_shown": asking.sees_pay, "yaml": text, "document": document}


@operation(router, "PUT", "/plans/{plan_id}", PlanInList, tag="Plans", scope=Scope.PLANS_WRITE, conflicts=True)
def save_plan(
    request: HttpRequest, plan_id: uuid.UUID, plan: PlanChange, idempotency_key: str | None = KEY
) -> HttpResponse:
    """Saves the whole plan as the next version. 409 where somebody saved since `base_version`.

    Who may not see pay leaves it as it was. Where nothing differs, nothing is written.
    """
    asking, held = _plan(request, plan_id)
    require(asking.user, "plan.edit", held)
    text = _given_text(plan)

    def write() -> IdempotentResponse:
        now = timezone.now()
        saved = service.save_version(
            plan=held,
            text=text,
            sees_pay=asking.sees_pay,
            base_number=plan.base_version,
            why=plan.why,
            by=asking.user,
            now=now,
        )
        if saved.number != plan.base_version:
            note_write(token=asking.token, did="plan.saved", of_id=str(held.pk), now=now)
        held.refresh_from_db()
        return IdempotentResponse(200, _in_list(request, held))

    return _once(request, asking, idempotency_key, write)


@operation(router, "GET", "/plans/{plan_id}/audit", Audit, tag="Plans", scope=Scope.PLANS_READ)
def audit_plan(request: HttpRequest, plan_id: uuid.UUID, as_of: Day | None = None) -> dict[str, Any]:
    """The ten checks on a plan's latest version, of what the token may see.

    What is set up for its role is among the observations where the token may also read hiring.
    """
    asking, plan = _plan(request, plan_id)
    setup = _setup_in_scope(asking, plan)
    bands = own_bands_of(plan.organisation_id) if asking.sees_pay else None
    checked = check_text(_text(asking, plan), as_of=as_of or _today(), name=plan.title, setup=setup, bands=bands)
    return audit_document(checked.report)


def _setup_in_scope(asking: Caller, plan: StoredPlan) -> RoleSetup | None:
    """What is set up for the role, and what is measured of the team, as far as the token's scopes name them."""
    setup = setup_of_plan(plan.pk, asking.user)
    if setup is None:
        return None
    team = setup.team if Scope.TEAMS_READ in asking.token.scopes else None
    if Scope.HIRING_READ in asking.token.scopes:
        return replace(setup, team=team)
    return RoleSetup(is_open=False, team=team)


@operation(router, "POST", "/audits", Audit, tag="Audits", scope=Scope.AUDITS_RUN)
def run_audit(request: HttpRequest, asked: AuditRequest) -> dict[str, Any]:  # noqa: ARG001 - an operation takes the request
    """The ten checks on a posting or a plan. Nothing is kept."""
    if asked.posting is not None:
        text = plan_text_from(asked.posting.encode(), name="posting.md")
    else:
        text = asked.yaml if asked.yaml is not None else given_plan(asked.document or {})
    checked = check_text(text, as_of=asked.as_of or timezone.localdate(), name="what was sent")
    return audit_document(checked.report)


def given_plan(document: dict[str, Any]) -> str:
    """A plan that came as JSON, as YAML."""
    return dump(_as_yaml(document))


def _given_text(given: NewPlan | PlanChange) -> str:
    return given.yaml if given.yaml is not None else given_plan(given.document or {})


def _as_yaml(node: Any) -> Any:
    if isinstance(node, dict):
        return CommentedMap({key: _as_yaml(value) for key, value in node.items()})
    return [_as_yaml(item) for item in node] if isinstance(node, list) else node


def _visible(asking: Caller) -> Any:
    return StoredPlan.objects.visible_to(asking.user).filter(organisation=asking.organisation)


def _plan(request: HttpRequest, plan_id: uuid.UUID) -> tuple[Caller, StoredPlan]:
    asking = caller(request)
    return asking, get_object_or_404(_visible(asking).select_related("organisation"), pk=plan_id)


@transaction.atomic
def _text(asking: Caller, plan: StoredPlan) -> str:
    """The latest text as the token may see it; that pay was seen goes into the trail."""
    text = plan.latest().text
    if not asking.sees_pay:
        return redact_pay(text)
    now = timezone.now()
    if record_sight_of_pay(by=asking.user, of=plan, now=now):
        note_write(token=asking.token, did="pay.seen", of_id=str(plan.pk), now=now)
    return text


def _in_list(request: HttpRequest, plan: StoredPlan) -> dict[str, Any]:
    known = {
        "id": plan.pk,
        "title": plan.title,
        "state": plan.state,
        "version": plan.latest_number,
        "approved_version": plan.approved_number,
        "states": {**_all_unknown(), **plan.strip},
        "opening": plan.opening,
        "facts_line": plan.facts_line,
        "created_at": plan.created_at,
        "changed_at": plan.changed_at,
        "page": request.build_absolute_uri(reverse("plan", args=[plan.pk])),
    }
    return PlanInList.model_validate(known).model_dump(mode="json")


@cache
def _all_unknown() -> dict[str, str]:
    from tenfold.audit.registry import PRACTICES  # noqa: PLC0415 - loads every practice

    return {practice.id: "unanswered" for practice in PRACTICES}


def _once(request: HttpRequest, asking: Caller, key: str | None, write: Any) -> HttpResponse:
    said = b"\n".join((str(request.method).encode(), request.path.encode(), request.body))
    answered = run_idempotent(
        token=asking.token,
        key=key or "",
        request_hash=hashlib.sha256(said).hexdigest(),
        write=write,
        now=timezone.now(),
    )
    response = HttpResponse(
        json.dumps(answered.body, ensure_ascii=False), status=answered.status, content_type="application/json"
    )
    if answered.location:
        response["Location"] = answered.location
    if answered.again:
        response["Idempotent-Replayed"] = "true"
    return response


def _today() -> date:
    return timezone.localdate()
