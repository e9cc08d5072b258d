"""A review written blind, the replay beside it, the verdict and its appeals."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.labroom.forms import ratings_from
from tenfold.apps.labroom.models import LabAppeal, LabInvitation, LabReview, SignedLabVerdict
from tenfold.apps.labroom.presenters.replay import edit_list, recording_list, recording_part
from tenfold.apps.labroom.presenters.session_page import work_of
from tenfold.apps.labroom.queries.edits import saved_states_of, state_numbered
from tenfold.apps.labroom.queries.labs import title_of
from tenfold.apps.labroom.queries.reviews import is_unblinded
from tenfold.apps.labroom.queries.rubric import list_rated, rubric_for
from tenfold.apps.labroom.services import reviewing, working
from tenfold.apps.labroom.views.access import invitation_for, own_review
from tenfold.core.http.sign_in import signed_in
from tenfold.core.permissions import require
from tenfold.kit.errors import UserError

Done = Callable[[LabInvitation, HttpRequest], str]


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One's own review: what is typed is kept; once it is in, it stays."""
    found, user = own_review(request, pk), signed_in(request)
    invitation, problem, field = found.invitation, "", ""
    scales = rubric_for(invitation)
    if request.method == "POST":
        given, now = ratings_from(scales, request.POST), timezone.now()
        found = reviewing.save_review(review=found, ratings=given, by=user, now=now)
        if request.POST.get("do") == "save":
            messages.success(request, "Saved. Nobody else sees it yet.")
            return redirect("lab-review", pk=pk)
        try:
            reviewing.submit_review(review=found, ratings=given, by=user, now=now)
            messages.success(request, "Your review is in.")
            return redirect("lab-session", pk=invitation.pk)
        except UserError as error:
            problem, field = f"{error.what} {error.remedy}", error.place.field or ""
    context: dict[str, Any] = {
        "review": found,
        "invitation": invitation,
        "title": title_of(invitation.lab),
        "rows": list_rated(scales, found.ratings),
        "work": work_of(invitation) if invitation.submitted_at else [],
        "problem": problem,
        "field": field,
    }
    return render(request, "labroom/review.html", context, status=422 if problem else 200)


def _must_have_a_reason_to_watch(request: HttpRequest, found: LabInvitation) -> None:
    """Recordings are for who reviews, who decides and who tried it; not for whoever arranges."""
    user = signed_in(request)
    if found.tried_by_id == user.pk or LabReview.objects.filter(invitation=found, reviewer=user).exists():
        return
    require(user, "lab.decide", found)


@never_cache
@require_GET
def replay(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The session again: terminals with what happened beside them. The grade is not in it while one is blind."""
    found = invitation_for(request, pk, "lab.see")
    _must_have_a_reason_to_watch(request, found)
    if found.submitted_at is None:
        raise Http404
    own = LabReview.objects.filter(invitation=found, reviewer=signed_in(request)).first()
    states = saved_states_of(found)
    since, until = (state_numbered(states, request.GET.get(name, "")) for name in ("since", "until"))
    context = {
        "invitation": found,
        "title": title_of(found.lab),
        "recordings": recording_list(found, signed_in(request)),
        "own_review": own,
        "states": states,
        "since": since,
        "until": until or (states[-1] if states else None),
        "work": work_of(found, since=since.hash if since else "", until=until.hash if until else ""),
        "is_unblinded": is_unblinded(found),
    }
    return render(request, "labroom/replay.html", context)


@never_cache
@require_GET
def edits(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """What was saved in the editor, edit by edit, for the replay."""
    found = invitation_for(request, pk, "lab.see")
    _must_have_a_reason_to_watch(request, found)
    if found.submitted_at is None:
        raise Http404
    return JsonResponse({"edits": edit_list(found)})


@never_cache
@require_GET
def recording(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A segment of one recording as asciicast, made safe to show: `name`, `part`."""
    found = invitation_for(request, pk, "lab.see")
    _must_have_a_reason_to_watch(request, found)
    if found.submitted_at is None:
        raise Http404
    part = recording_part(found, request.GET.get("name", ""), request.GET.get("part", ""))
    if part is None:
        raise Http404
    return HttpResponse(part, content_type="application/x-asciicast; charset=utf-8")


@require_POST
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Verdict, feedback, appeals."""
    found = invitation_for(request, pk, "lab.decide")
    step = STEPS.get(request.POST.get("do", ""))
    if step is None:
        raise Http404
    try:
        messages.success(request, step(found, request))
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("lab-session", pk=pk)


def _sign(found: LabInvitation, request: HttpRequest) -> str:
    given = {name: request.POST.get(name, "") for name in ("verdict", "reasons", "discussion")}
    reviewing.sign_verdict(invitation=found, by=signed_in(request), now=timezone.now(), **given)
    return "The verdict is signed."


def _take_back(found: LabInvitation, request: HttpRequest) -> str:
    signed = get_object_or_404(SignedLabVerdict, pk=_uuid(request.POST.get("verdict", "")), invitation=found)
    why = request.POST.get("why", "")
    reviewing.take_back_verdict(signed=signed, why=why, by=signed_in(request), now=timezone.now())
    return "The verdict is taken back; it stays to be read."


def _release(found: LabInvitation, request: HttpRequest) -> str:
    reviewing.release_feedback(invitation=found, by=signed_in(request), now=timezone.now())
    return "The candidate can read their feedback now."


def _answer(found: LabInvitation, request: HttpRequest) -> str:
    appeal = get_object_or_404(LabAppeal, pk=_uuid(request.POST.get("appeal", "")), invitation=found)
    answer = request.POST.get("answer", "")
    reviewing.answer_appeal(found=appeal, answer=answer, by=signed_in(request), now=timezone.now())
    return "The objection is answered."


def _regrade(found: LabInvitation, request: HttpRequest) -> str:
    working.ask_regrade(invitation=found, by=signed_in(request))
    return "It is being graded anew, beside the first verdict."


STEPS: dict[str, Done] = {
    "sign": _sign,
    "take-back": _take_back,
    "feedback": _release,
    "answer": _answer,
    "regrade": _regrade,
}


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
