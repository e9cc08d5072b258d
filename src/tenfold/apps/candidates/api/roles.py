"""Roles for programs: opened, set up, closed; their teams, their tasks of the law, their figures."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router

from tenfold.apps.candidates.api.asking import KEY, TAG, colleague_by, role_for, write_once
from tenfold.apps.candidates.models import OpenRole, RoleStage, RoleTask, StageKind
from tenfold.apps.candidates.queries.funnel import FunnelStep, funnel
from tenfold.apps.candidates.queries.retention import due_for_erasure
from tenfold.apps.candidates.queries.waiting import waiting_on_whom
from tenfold.apps.candidates.schemas import MadeRow
from tenfold.apps.candidates.schemas.roles import (
    DuePeople,
    FullRole,
    NewStage,
    NewStages,
    NewTeamPart,
    RoleFigures,
    RoleSettings,
    TaskOfLaw,
    TasksOfLaw,
)
from tenfold.apps.candidates.services import duties, roles
from tenfold.apps.plans.models import StoredPlan
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.http.schemas import Words
from tenfold.core.models import Membership, TeamMember, TeamRole
from tenfold.core.permissions import require
from tenfold.core.scopes import Scope
from tenfold.core.services import teams
from tenfold.core.services.api import note_write

router = Router()
READ, WRITE = Scope.CANDIDATES_READ, Scope.CANDIDATES_WRITE


@operation(router, "POST", "/plans/{plan_id}/roles", MadeRow, tag=TAG, scope=WRITE, status=201, conflicts=True)
def open_role(request: HttpRequest, plan_id: uuid.UUID, key: Words | None = KEY) -> Any:
    """Opens a role from an approved plan. Whoever asks leads its hiring team."""
    asking = caller(request)
    plans = StoredPlan.objects.visible_to(asking.user).filter(organisation=asking.organisation)
    plan: StoredPlan = get_object_or_404(plans.select_related("organisation"), pk=plan_id)
    require(asking.user, "role.open", plan)
    own = get_object_or_404(Membership, organisation=asking.organisation, user=asking.user)

    def write(now: datetime) -> tuple[uuid.UUID, dict[str, Any]]:
        made = roles.open_role(plan=plan, lead=own, by=asking.user, now=now)
        return made.pk, {"id": str(made.pk)}

    return write_once(request, key, "role.opened", write)


@operation(router, "GET", "/roles/{role_id}", FullRole, tag=TAG, scope=READ)
def read_role(request: HttpRequest, role_id: uuid.UUID) -> dict[str, Any]:
    """A role's settings, stages with their duties, hiring team, and who waits for whom."""
    return _role(role_for(request, role_id, "role.run"))


def _role(role: OpenRole) -> dict[str, Any]:
    names = ("title", "is_open", "opened_at", "closed_at", "places", "decide_by", "uses_automated_tool", "zone")
    stages = list(role.stages.kept())
    waiting = waiting_on_whom(role, now=timezone.now())
    return {
        "id": role.pk,
        **{name: getattr(role, name) for name in names},
        "stages": [{"id": one.pk, "name": one.name, "kind": one.kind} for one in stages],
        "duties": [_stage(one) for one in stages],
        "team": _team(role),
        "waiting": [
            {"stage": one.stage, "whom": one.whom, "duty": one.duty, "n": one.n, "late": one.late} for one in waiting
        ],
    }


def _stage(stage: RoleStage) -> dict[str, Any]:
    names = ("name", "kind", "duty", "duty_of", "duty_days")
    return {"id": stage.pk, **{name: getattr(stage, name) for name in names}}


def _team(role: OpenRole) -> list[dict[str, str]]:
    members = TeamMember.objects.filter(team=role.team_id).select_related("member__user")
    return [{"email": one.member.user.email, "part": one.role} for one in members]


@operation(router, "PUT", "/roles/{role_id}", FullRole, tag=TAG, scope=WRITE)
def change_role(request: HttpRequest, role_id: uuid.UUID, new: RoleSettings) -> dict[str, Any]:
    """Sets places, deadline, time zone, and whether an automated tool is used. The law's tasks follow."""
    role, now = role_for(request, role_id, "role.edit"), timezone.now()
    with transaction.atomic():
        roles.change_role(role=role, by=caller(request).user, now=now, **new.model_dump())
        note_write(token=caller(request).token, did="role.changed", of_id=str(role.pk), now=now)
    return _role(role)


@operation(router, "PUT", "/roles/{role_id}/stages", FullRole, tag=TAG, scope=WRITE)
def set_stages(request: HttpRequest, role_id: uuid.UUID, new: NewStages) -> dict[str, Any]:
    """The stages as they are to be from now on, in this order. One with open applications cannot be left out."""
    role, now = role_for(request, role_id, "role.edit"), timezone.now()
    with transaction.atomic():
        drafts = [_draft(one) for one in new.stages]
        roles.set_stages(role=role, stages=drafts, by=caller(request).user, now=now)
        note_write(token=caller(request).token, did="role.stages-set", of_id=str(role.pk), now=now)
    return _role(role)


def _draft(stage: NewStage) -> roles.StageDraft:
    return roles.StageDraft(
        stage.name,
        StageKind(stage.kind),
        stage.duty,
        TeamRole(stage.duty_of),
        stage.duty_days,
        str(stage.id) if stage.id else "",
    )


@operation(router, "PUT", "/roles/{role_id}/team", FullRole, tag=TAG, scope=WRITE)
def set_team_part(request: HttpRequest, role_id: uuid.UUID, new: NewTeamPart) -> dict[str, Any]:
    """Gives a colleague a part in the hiring team, or takes them out of it. What they see follows from it at once."""
    role, by, now = role_for(request, role_id, "role.run"), caller(request).user, timezone.now()
    require(by, "team.edit", role.team)
    user = colleague_by(new.email, caller(request), field="email")
    member = Membership.objects.get(organisation=role.organisation, user=user)
    with transaction.atomic():
        if new.part is None:
            teams.remove_team_member(team=role.team, member=member, by=by, now=now)
        else:
            teams.set_team_member(team=role.team, member=member, role=TeamRole(new.part), by=by, now=now)
        note_write(token=caller(request).token, did="role.team-set", of_id=str(role.pk), now=now)
    return _role(role)


@operation(router, "POST", "/roles/{role_id}/close", FullRole, tag=TAG, scope=WRITE)
def close_role(request: HttpRequest, role_id: uuid.UUID) -> dict[str, Any]:
    """Takes no more applications. Those that are open still need a decision."""
    role, now = role_for(request, role_id, "role.edit"), timezone.now()
    with transaction.atomic():
        roles.close_role(role=role, by=caller(request).user, now=now)
        note_write(token=caller(request).token, did="role.closed", of_id=str(role.pk), now=now)
    return _role(role)


@operation(router, "GET", "/roles/{role_id}/tasks", TasksOfLaw, tag=TAG, scope=READ)
def list_tasks(request: HttpRequest, role_id: uuid.UUID) -> dict[str, Any]:
    """What the law of the role's places asks, by day; `is_sure` false where it depends on something not known."""
    role = role_for(request, role_id, "role.run")
    return {"items": [_task(one) for one in RoleTask.objects.filter(role=role)]}


def _task(task: RoleTask) -> dict[str, Any]:
    names = ("application_id", "law", "says", "due_date", "begins", "is_sure", "conditions", "done_at")
    return {"id": task.pk, **{name: getattr(task, name) for name in names}}


@operation(router, "POST", "/tasks/{task_id}/done", TaskOfLaw, tag=TAG, scope=WRITE)
def complete_task(request: HttpRequest, task_id: uuid.UUID) -> dict[str, Any]:
    """Notes that a task of the law is done, and by whom."""
    asking, now = caller(request), timezone.now()
    rows = RoleTask.objects.visible_to(asking.user).filter(role__organisation=asking.organisation, done_at=None)
    task: RoleTask = get_object_or_404(rows.select_related("role__team", "role__organisation"), pk=task_id)
    with transaction.atomic():
        duties.complete_task(task=task, by=asking.user, now=now)
        note_write(token=asking.token, did="task.done", of_id=str(task.pk), now=now)
    return _task(task)


@operation(router, "GET", "/roles/{role_id}/figures", RoleFigures, tag=TAG, scope=READ)
def read_figures(request: HttpRequest, role_id: uuid.UUID) -> dict[str, Any]:
    """The funnel with n and 95 % intervals, sources, and days in each stage; moves that were taken back are not in."""
    found = funnel(role_for(request, role_id, "role.count"))
    sources = [
        {"source": one.source, "n": one.n, "beyond_first": one.beyond_first, "hired": one.hired}
        for one in found.sources
    ]
    return {"n": found.n, "hired": found.hired, "stages": [_figure(one) for one in found.steps], "sources": sources}


def _figure(step: FunnelStep) -> dict[str, Any]:
    names = ("reached", "went_on", "rejected", "withdrawn", "here", "share", "median_days", "n_days")
    return {"stage": step.stage.name, "interval_95": step.interval, **{name: getattr(step, name) for name in names}}


@operation(router, "GET", "/roles/{role_id}/retention", DuePeople, tag=TAG, scope=READ)
def list_due_erasures(request: HttpRequest, role_id: uuid.UUID) -> dict[str, Any]:
    """People whose retention period is over. `DELETE /candidates/{candidate_id}` erases each of them."""
    role = role_for(request, role_id, "role.run")
    due = [one for one in due_for_erasure(caller(request).user, now=timezone.now()) if one.role_id == role.pk]
    items = [{"application_id": one.pk, "candidate_id": one.candidate_id, "closed_at": one.closed_at} for one in due]
    return {"items": items}
