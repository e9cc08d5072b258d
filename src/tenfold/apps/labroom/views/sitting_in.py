"""The room for colleagues: sitting in beside a candidate, or one's own try."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.presenters.markdown import render_markdown, without_heading
from tenfold.apps.labroom.queries.labs import title_of
from tenfold.apps.labroom.queries.seats import seat_of
from tenfold.apps.labroom.queries.sessions import session_of
from tenfold.apps.labroom.services import submitting, tickets, working
from tenfold.apps.labroom.views.access import invitation_for
from tenfold.core.http.sign_in import signed_in
from tenfold.core.models import User
from tenfold.core.permissions import NotAllowed, may
from tenfold.kit.errors import UserError


def _require_seat(request: HttpRequest, pk: uuid.UUID) -> tuple[LabInvitation, User, str]:
    """The invitation, who asks, and their part now. Raises Http404 or NotAllowed."""
    found, user = invitation_for(request, pk, "lab.see"), signed_in(request)
    seat = seat_of(found, user)
    if seat is None:
        raise NotAllowed("only people who sit in on this lab go into its room")
    return found, user, seat.part


@never_cache
@require_GET
def room(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The room as this person may use it now."""
    found, user, part = _require_seat(request, pk)
    if found.submitted_at is not None:
        return redirect("lab-session", pk=pk)
    try:
        session = working.begin(invitation=found, now=timezone.now()) if found.tried_by_id else session_of(found)
        if session is None:
            messages.error(request, "The candidate has not begun yet.")
            return redirect("lab-session", pk=pk)
        text = working.instruction(session)
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
        return redirect("lab-session", pk=pk)
    is_own = may(user, "lab.work", found)
    context = {
        "invitation": found,
        "title": title_of(found.lab),
        "brief": render_markdown(without_heading(text)),
        "part": part,
        "is_practice": False,
        "ticket_url": reverse("lab-ticket", args=[pk]),
        "submit_url": reverse("submit-own-lab", args=[pk]) if is_own else "",
        "leave_url": reverse("lab-session", args=[pk]),
    }
    return render(request, "labroom/room.html", context)


@require_POST
def ticket(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A one-time ticket for the socket; the socket asks again what its holder may do."""
    found, user, _ = _require_seat(request, pk)
    if session_of(found) is None or found.submitted_at is not None:
        return JsonResponse({"problem": "This room is closed."}, status=409)
    return JsonResponse({"ticket": tickets.make_ticket(invitation=found, user=user, now=timezone.now())})


@never_cache
def submit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hands in one's own try."""
    found, user = invitation_for(request, pk, "lab.see"), signed_in(request)
    if not may(user, "lab.work", found):
        raise NotAllowed("only who tries a lab submits it")
    if session_of(found) is None or found.submitted_at is not None:
        return redirect("lab-session", pk=pk)
    if request.method != "POST":
        session = session_of(found)
        if session is None:
            raise Http404
        context = {"invitation": found, "lab": session.lab, "title": title_of(found.lab)}
        return render(request, "labroom/submit_own.html", context | {"changes": submitting.summary(found)})
    try:
        submitting.submit(invitation=found, now=timezone.now())
        messages.success(request, "Your work is in, and is being graded.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("lab-session", pk=pk)
