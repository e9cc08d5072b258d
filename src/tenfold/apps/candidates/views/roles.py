"""Roles: opened, listed, their stages, team, tasks of the law, figures and retention; closed again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.candidates.forms.roles import RoleForm, stages_from
from tenfold.apps.candidates.models import AccommodationRequest, OpenRole, RoleTask, StageKind
from tenfold.apps.candidates.queries.funnel import funnel
from tenfold.apps.candidates.queries.retention import due_for_erasure
from tenfold.apps.candidates.queries.waiting import waiting_in_roles
from tenfold.apps.candidates.services import duties, privacy, roles
from tenfold.apps.candidates.services.actors import colleague
from tenfold.apps.candidates.views.access import role_for
from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.plans.views.access import plan_access
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.models import Membership, TeamMember, TeamRole
from tenfold.core.permissions import may, require
from tenfold.core.services import teams
from tenfold.core.typed import whole
from tenfold.kit.errors import UserError
from tenfold.kit.words import plural


def open_role_button(request: HttpRequest, plan: StoredPlan) -> SafeString:
    """The piece of a plan's head that opens a role, or leads to the one that is open (`plan-head.actions`)."""
    user = signed_in(request)
    open_there = OpenRole.objects.filter(plan=plan, closed_at=None)
    role = open_there.with_page_for(user).first() if open_there.exists() else None
    may_open = plan.is_approved_as_is and not plan.is_archived and may(user, "role.open", plan)
    if role is None and not may_open:
        return SafeString()
    context = {"plan": plan, "role": role, "may_open": may_open}
    return SafeString(render_to_string("candidates/open_role_button.html", context, request))


@require_GET
def role_list(request: HttpRequest) -> HttpResponse:
    """The roles that one may see, with who waits for whom."""
    user, organisation = signed_in(request), require_organisation(request)
    rows = OpenRole.objects.visible_to(user).filter(organisation=organisation).select_related("team")
    run = set(OpenRole.objects.run_by(user).filter(organisation=organisation).values_list("pk", flat=True))
    shown = list(rows[:100])
    waiting = waiting_in_roles([role for role in shown if role.pk in run], now=timezone.now())
    told = [(role, waiting.get(role.pk, []), role.pk in run) for role in shown]
    return render(request, "candidates/roles.html", {"roles": told})


@require_POST
def open_role(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk)
    require(access.user, "role.open", access.plan)
    own = get_object_or_404(Membership, organisation=access.plan.organisation_id, user=access.user)
    try:
        role = roles.open_role(plan=access.plan, lead=own, by=access.user, now=timezone.now())
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
        return redirect("plan", pk=pk)
    messages.success(request, "The role is open. Check its stages and its team.")
    return redirect("role", pk=role.pk)


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stages, places, deadline and time zone of a role."""
    role = role_for(request, pk, "role.edit" if request.method == "POST" else "role.run")
    user, problem = signed_in(request), ""
    tool = {True: "yes", False: "no", None: ""}[role.uses_automated_tool]
    initial = {"places": ", ".join(role.places), "decide_by": role.decide_by, "zone": role.zone, "tool": tool}
    form = RoleForm(request.POST if request.POST.get("do") == "role" else None, initial=initial)
    if request.method == "POST":
        try:
            if request.POST.get("do") != "role":
                roles.set_stages(role=role, stages=stages_from(request.POST), by=user, now=timezone.now())
                return redirect("role-settings", pk=pk)
            if form.is_valid():
                _change(role, form, request)
                return redirect("role-settings", pk=pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    context = {
        "role": role,
        "tab": "settings",
        "form": form,
        "problem": problem,
        "stages": [*role.stages.kept(), None],
        "kinds": StageKind.choices,
        "parts": TeamRole.choices,
        "may_edit": may(user, "role.edit", role),
    }
    return render(request, "candidates/role_settings.html", context, status=422 if problem or form.errors else 200)


def _change(role: OpenRole, form: RoleForm, request: HttpRequest) -> None:
    given = form.cleaned_data
    roles.change_role(
        role=role,
        by=signed_in(request),
        now=timezone.now(),
        places=[place for place in given["places"].replace(",", " ").split() if place],
        decide_by=given["decide_by"],
        uses_automated_tool=form.uses_tool,
        zone=given["zone"],
    )


@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who works on this hire, and what each of them sees of it."""
    role = role_for(request, pk, "role.run")
    user, problem = signed_in(request), ""
    people = Membership.objects.filter(organisation=role.organisation).select_related("user")
    if request.method == "POST":
        require(user, "team.edit", role.team)
        member = get_object_or_404(people, pk=whole(request.POST.get("member")) or 0)
        try:
            _set_part(request, role, member)
            return redirect("role-team", pk=pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    context = {
        "role": role,
        "tab": "team",
        "problem": problem,
        "members": TeamMember.objects.filter(team=role.team).select_related("member__user"),
        "people": people,
        "parts": TeamRole.choices,
        "may_edit": may(user, "team.edit", role.team),
    }
    return render(request, "candidates/role_team.html", context, status=422 if problem else 200)


def _set_part(request: HttpRequest, role: OpenRole, member: Membership) -> None:
    part, user, now = request.POST.get("part", ""), signed_in(request), timezone.now()
    if part in TeamRole.values:
        teams.set_team_member(team=role.team, member=member, role=TeamRole(part), by=user, now=now)
    else:
        teams.remove_team_member(team=role.team, member=member, by=user, now=now)


@require_http_methods(["GET", "POST"])
def tasks(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the law of the role's places asks, by day."""
    role = role_for(request, pk, "role.run")
    if request.method == "POST":
        task = get_object_or_404(RoleTask, pk=_uuid(request.POST.get("task", "")), role=role, done_at=None)
        duties.complete_task(task=task, by=signed_in(request), now=timezone.now())
        return redirect("role-tasks", pk=pk)
    rows = RoleTask.objects.filter(role=role).select_related("application", "done_by")
    today = timezone.localdate()
    context = {
        "role": role,
        "tab": "tasks",
        "tasks": [one for one in rows if one.done_at is None and one.is_sure],
        "maybe": [one for one in rows if one.done_at is None and not one.is_sure],
        "done": [one for one in rows if one.done_at is not None],
        "today": today,
    }
    return render(request, "candidates/role_tasks.html", context)


@require_GET
def figures(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The funnel, sources, time in stage. What people said of themselves is told of finished periods alone."""
    role = role_for(request, pk, "role.count")
    user = signed_in(request)
    context = {
        "role": role,
        "tab": "figures",
        "funnel": funnel(role),
        "may_run": may(user, "role.run", role),
    }
    return render(request, "candidates/role_figures.html", context)


@require_http_methods(["GET", "POST"])
def retention(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """People whose time is over, erased by one button."""
    role = role_for(request, pk, "role.run")
    user, now = signed_in(request), timezone.now()
    due = [one for one in due_for_erasure(user, now=now) if one.role_id == role.pk]
    if request.method == "POST":
        require(user, "application.decide", role)
        for one in due:
            privacy.erase(candidate=one.candidate, actor=colleague(user), now=now)
        messages.success(request, f"{plural(len(due), 'person', 'people')} erased.")
        return redirect("role-retention", pk=pk)
    context = {"role": role, "tab": "retention", "due": due, "may_erase": may(user, "application.decide", role)}
    return render(request, "candidates/role_retention.html", context)


@require_http_methods(["GET", "POST"])
def accommodations(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What candidates need, for those who arrange it, and for nobody who decides."""
    role = role_for(request, pk, "accommodation.see")
    user, problem = signed_in(request), ""
    rows = AccommodationRequest.objects.visible_to(user).filter(application__role=role)
    rows = rows.filter(application__candidate__erasure_request=None).select_related("application__candidate")
    if request.method == "POST":
        asked = get_object_or_404(rows, pk=_uuid(request.POST.get("request", "")))
        try:
            privacy.answer_accommodation(
                asked=asked, answer=request.POST.get("answer", ""), by=user, now=timezone.now()
            )
            return redirect("accommodations", pk=pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    context = {"role": role, "tab": "accommodations", "requests": rows, "problem": problem}
    return render(request, "candidates/accommodations.html", context, status=422 if problem else 200)


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    role = role_for(request, pk, "role.edit")
    roles.close_role(role=role, by=signed_in(request), now=timezone.now())
    messages.success(request, "The role no longer takes applications. Open ones still need a decision.")
    return redirect("role", pk=pk)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
