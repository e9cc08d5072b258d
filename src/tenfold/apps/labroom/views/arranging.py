"""A role's labs, invitations, and one session with all that is arranged around it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tenfold.apps.candidates.views.access import application_for, role_for
from tenfold.apps.labroom.models import LabInvitation, LabReview, LabVerdictKind, Part
from tenfold.apps.labroom.presenters.session_page import session_page
from tenfold.apps.labroom.queries.labs import machine_state, offers, title_of
from tenfold.apps.labroom.services import inviting, reviewing, working
from tenfold.apps.labroom.views.access import invitation_for
from tenfold.core.http.sign_in import signed_in
from tenfold.core.models import User
from tenfold.core.permissions import may
from tenfold.core.typed import whole
from tenfold.kit.errors import UserError

USUAL_DAYS = 14
Done = Callable[[LabInvitation, HttpRequest], str]


@require_http_methods(["GET", "POST"])
def role_labs(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who is invited to which lab in a role; and an invitation by name and address alone."""
    role, user = role_for(request, pk, "role.run"), signed_in(request)
    problem, field = "", ""
    if request.method == "POST":
        try:
            made = inviting.invite(
                team=role.team,
                lab=request.POST.get("lab", ""),
                lasts=_days(request),
                name=request.POST.get("name", ""),
                email=request.POST.get("email", ""),
                by=user,
                now=timezone.now(),
            )
            _send(request, made, user)
            return redirect("lab-session", pk=made.pk)
        except UserError as error:
            problem, field = f"{error.what} {error.remedy}", error.place.field or ""
    rows = LabInvitation.objects.run_by(user).of_people().filter(team=role.team, erased_at=None)
    context = {
        "role": role,
        "tab": "labs",
        "may_run": True,
        "may_connect": may(user, "webhook.manage", role.organisation),
        "invitations": rows.select_related("application__candidate").prefetch_related("reviews"),
        "offers": offers(role.organisation_id, role.plan),
        "machine": machine_state(),
        "days": USUAL_DAYS,
        "problem": problem,
        "field": field,
        "sent": request.POST,
    }
    return render(request, "labroom/role_labs.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
def invite_applicant(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Invites one applicant; the mail is shown before it goes out."""
    application, user = application_for(request, pk, "application.work"), signed_in(request)
    problem = ""
    if request.method == "POST":
        try:
            made = inviting.invite(
                team=application.role.team,
                lab=request.POST.get("lab", ""),
                lasts=_days(request),
                application=application,
                by=user,
                now=timezone.now(),
            )
            _send(request, made, user)
            return redirect("lab-session", pk=made.pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    context = {
        "application": application,
        "role": application.role,
        "offers": offers(application.role.organisation_id, application.role.plan),
        "machine": machine_state(),
        "days": USUAL_DAYS,
        "problem": problem,
    }
    return render(request, "labroom/invite.html", context, status=422 if problem else 200)


def _send(request: HttpRequest, made: LabInvitation, user: User) -> None:
    if request.POST.get("send") != "yes":
        messages.success(request, f"{made.person} is invited. Copy the link below, and send it yourself.")
        return
    if inviting.send_invitation(invitation=made, by=user, now=timezone.now()):
        messages.success(request, f"{made.person} is invited, and the mail is on its way.")
    else:
        messages.error(request, "The invitation is made, but the mail could not be sent. Copy the link below.")


def _days(request: HttpRequest) -> timedelta:
    return timedelta(days=whole(request.POST.get("days", "")) or 0)


@never_cache
@require_http_methods(["GET"])
def session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One person's lab: where it stands, who sits in and reviews, and the result as far as one may read it."""
    found, user = invitation_for(request, pk, "lab.see"), signed_in(request)
    context = session_page(found, user) | {
        "title": title_of(found.lab),
        "may_arrange": may(user, "lab.arrange", found),
        "may_set_time": may(user, "lab.set-time", found),
        "may_join": may(user, "lab.join", found),
        "may_work": may(user, "lab.work", found),
        "may_decide": may(user, "lab.decide", found),
        "parts": Part.choices,
        "verdict_kinds": LabVerdictKind.choices,
    }
    return render(request, "labroom/session.html", context)


@require_POST
def arrange(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Reviews asked for, people who sit in, links renewed or withdrawn, time set."""
    found = invitation_for(request, pk, "lab.arrange")
    step = STEPS.get(request.POST.get("do", ""))
    if step is None:
        raise Http404
    try:
        messages.success(request, step(found, request))
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("lab-session", pk=pk)


def _ask_reviews(found: LabInvitation, request: HttpRequest) -> str:
    chosen = User.objects.filter(pk__in=_uuids(request.POST.getlist("people")))
    made = reviewing.ask_reviews(invitation=found, reviewers=chosen, by=signed_in(request), now=timezone.now())
    return f"Asked: {', '.join(str(one.reviewer) for one in made) or 'nobody new'}."


def _excuse(found: LabInvitation, request: HttpRequest) -> str:
    one = get_object_or_404(LabReview, pk=_uuid(request.POST.get("review", "")), invitation=found)
    reviewing.excuse_reviewer(review=one, by=signed_in(request), now=timezone.now())
    return "They are no longer asked."


def _set_partner(found: LabInvitation, request: HttpRequest) -> str:
    person = get_object_or_404(User, pk=_uuid(request.POST.get("person", "")))
    part = request.POST.get("part", "")
    if part == "none":
        inviting.remove_partner(invitation=found, user=person, by=signed_in(request), now=timezone.now())
        return f"{person} no longer sits in."
    inviting.set_partner(invitation=found, user=person, part=part, by=signed_in(request), now=timezone.now())
    return f"{person} sits in as {part}."


def _renew(found: LabInvitation, request: HttpRequest) -> str:
    made = inviting.renew_link(invitation=found, lasts=_days(request), by=signed_in(request), now=timezone.now())
    return f"There is a new link, open until {made.expires_at:%-d %B %Y}. The old one is closed."


def _withdraw(found: LabInvitation, request: HttpRequest) -> str:
    inviting.withdraw(invitation=found, by=signed_in(request), now=timezone.now())
    return "The invitation is withdrawn."


def _set_time(found: LabInvitation, request: HttpRequest) -> str:
    try:
        factor = float(request.POST.get("factor", "").replace(",", "."))
    except ValueError:
        raise UserError("This is not a number.", remedy="1.5 gives half as much time again.") from None
    working.set_time_factor(invitation=found, factor=factor, by=signed_in(request), now=timezone.now())
    return "The time is set. Reviewers do not see this."


STEPS: dict[str, Done] = {
    "ask-reviews": _ask_reviews,
    "excuse": _excuse,
    "partner": _set_partner,
    "renew": _renew,
    "withdraw": _withdraw,
    "time": _set_time,
}


def _uuids(texts: list[str]) -> list[uuid.UUID]:
    return [_uuid(one) for one in texts]


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
