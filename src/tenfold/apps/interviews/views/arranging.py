"""A role's kit and panels, whom an application's interviewers are, and ratings as a file."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.candidates.views.access import application_for, role_for
from tenfold.apps.interviews import services
from tenfold.apps.interviews.models import InterviewRound, Part, Scorecard
from tenfold.apps.interviews.queries import independent_version, latest_kit, list_rated, people_of_team
from tenfold.core.http.sign_in import signed_in
from tenfold.core.models import User
from tenfold.core.permissions import may, require
from tenfold.core.typed import day_of
from tenfold.kit.errors import UserError

ORDER = ("application__applied_at", "application", "asked_at", "pk")
COLUMNS = ("candidate", "interviewer", "round", "competency", "question", "rating")


@require_http_methods(["GET", "POST"])
def kit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The role's kit; made, and made anew when the plan has changed."""
    role, user = role_for(request, pk, "interviews.see-kit"), signed_in(request)
    if request.method == "POST":
        try:
            services.make_kit(role=role, by=user, now=timezone.now())
            messages.success(request, "The kit is made from the plan's approved version.")
        except UserError as error:
            messages.error(request, f"{error.what} {error.remedy}")
        return redirect("role-interviews", pk=pk)
    found = latest_kit(role)
    context = {
        "role": role,
        "tab": "interviews",
        "kit": found,
        "rounds": [(one, one.content) for one in found.rounds.all()] if found else [],
        "people": people_of_team(role),
        "names": _names(found.content) if found else {},
        "plan_is_newer": bool(found and role.plan and role.plan.approved_number != found.plan_version),
        "may_arrange": may(user, "interviews.arrange", role),
        "may_run": may(user, "role.run", role),
    }
    return render(request, "interviews/kit.html", context)


def _names(content: dict[str, Any]) -> dict[str, str]:
    return {one["id"]: one["name"] for one in content["competencies"]}


@require_POST
def panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who usually holds a round."""
    user = signed_in(request)
    rows = InterviewRound.objects.visible_to(user).select_related("kit__role__team", "kit__role__organisation")
    round_ = get_object_or_404(rows, pk=pk)
    require(user, "interviews.arrange", round_.kit)
    people = _chosen(people_of_team(round_.kit.role), request.POST.getlist("people"))
    services.set_panel(round_=round_, people=people, by=user, now=timezone.now())
    messages.success(request, f"The panel of “{round_.name}” is saved.")
    return redirect("role-interviews", pk=round_.kit.role_id)


@require_http_methods(["GET", "POST"])
def of_application(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who is asked for a scorecard of one person, and whose is in: never what it says."""
    application, user = application_for(request, pk, "interviews.arrange"), signed_in(request)
    team, found = people_of_team(application.role), latest_kit(application.role)
    rounds = list(found.rounds.all()) if found else []
    problem = ""
    if request.method == "POST":
        try:
            round_ = get_object_or_404(InterviewRound, pk=_uuid(request.POST.get("round", "")), kit=found)
            asked = services.ask_scorecards(
                application=application,
                round_=round_,
                interviewers=_chosen(team, request.POST.getlist("people")),
                due_date=day_of(request.POST.get("due_date", "")),
                part=_part(request.POST.get("part", "")),
                was_offered=request.POST.get("offered") == "yes",
                by=user,
                now=timezone.now(),
            )
            messages.success(request, f"Asked: {', '.join(str(one.interviewer) for one in asked) or 'nobody new'}.")
            return redirect("application-interviews", pk=pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    rows = list(Scorecard.objects.filter(application=application).select_related("round", "interviewer"))
    readable = set(Scorecard.objects.visible_to(user).filter(application=application).values_list("pk", flat=True))
    context = {
        "application": application,
        "kit": found,
        "rounds": [(one, team, {person.pk for person in one.panel.all()}) for one in rounds],
        "scorecards": [(one, one.pk in readable) for one in rows],
        "owes_own": any(one.interviewer_id == user.pk and not one.is_in for one in rows),
        "parts": Part.choices,
        "problem": problem,
    }
    return render(request, "interviews/of_application.html", context, status=422 if problem else 200)


@require_POST
def excuse(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Takes back the asking. Who arranges knows of every scorecard of the role, though not of what it says."""
    user = signed_in(request)
    rows = Scorecard.objects.select_related("application__role__team", "application__role__organisation")
    found = get_object_or_404(rows, pk=pk)
    application = application_for(request, found.application_id, "interviews.arrange")
    try:
        services.excuse(scorecard=found, by=user, now=timezone.now())
        messages.success(request, "They are not asked any more.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("application-interviews", pk=application.pk)


@require_GET
def ratings(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """First versions as `tenfold interviews reliability` reads them, by the day of applying; people by number."""
    role, user = role_for(request, pk, "interviews.arrange"), signed_in(request)
    rows = Scorecard.objects.visible_to(user).handed_in().that_count().filter(application__role=role)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in rows.select_related("round", "interviewer").prefetch_related("versions").order_by(*ORDER):
        for each in list_rated(one.round, independent_version(one).ratings):
            if each.rating is not None:
                name, question = str(one.application_id)[:8], each.question
                line = (name, one.interviewer, one.round.name, question["competency"], question["id"], each.rating)
                writer.writerow([_plain(value) for value in line])
    headers = {"Content-Disposition": 'attachment; filename="ratings.csv"'}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _plain(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _chosen(people: list[User], ids: list[str]) -> list[User]:
    return [one for one in people if str(one.pk) in ids]


def _part(text: str) -> Part:
    return Part(text) if text in Part.values else Part.RATES


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
