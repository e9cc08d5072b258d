"""One's own scorecard, typed and handed in; others' as far as they may be read; the guide of a round."""

from __future__ import annotations

import secrets
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.interviews import services
from tenfold.apps.interviews.forms import ratings_from
from tenfold.apps.interviews.models import InterviewRound, Scorecard
from tenfold.apps.interviews.queries import LEAVE_ALONE, latest_version, list_rated, past_pay
from tenfold.core.http.sign_in import signed_in
from tenfold.core.permissions import may, require
from tenfold.kit.errors import UserError


def _scorecard_for(request: HttpRequest, pk: uuid.UUID) -> Scorecard:
    """Raises Http404 where this person may not read it now."""
    rows = Scorecard.objects.visible_to(signed_in(request)).select_related(
        "application__candidate", "application__role__team", "application__role__organisation", "interviewer"
    )
    found: Scorecard = get_object_or_404(rows.select_related("round__kit").prefetch_related("versions"), pk=pk)
    return found


@never_cache
@require_http_methods(["GET", "POST"])
def scorecard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Typed by its interviewer, read by whom `visible_to` lets."""
    found, user = _scorecard_for(request, pk), signed_in(request)
    problem, field = "", ""
    if request.method == "POST":
        require(user, "scorecard.fill", found)
        given, now = ratings_from(found.round, request.POST), timezone.now()
        services.save_draft(scorecard=found, ratings=given, by=user, now=now)
        try:
            services.submit(scorecard=found, ratings=given, by=user, now=now, why=request.POST.get("why", ""))
            messages.success(request, "The scorecard is in.")
            return redirect("scorecard", pk=pk)
        except UserError as error:
            problem, field = f"{error.what} {error.remedy}", error.place.field or ""
        found = _scorecard_for(request, pk)
    is_own = may(user, "scorecard.fill", found)
    edits = is_own and (not found.is_in or bool(problem) or "edit" in request.GET or bool(found.draft))
    shown = found.draft or (latest_version(found).ratings if found.is_in else {})
    context = {
        "scorecard": found,
        "application": found.application,
        "round": found.round,
        "names": {one["id"]: one["name"] for one in found.round.kit.content["competencies"]},
        "rows": [
            (one, found.draft.get(one.question["id"], {}).get("skipped")) for one in list_rated(found.round, shown)
        ]
        if edits
        else [],
        "versions": [(one, list_rated(found.round, one.ratings)) for one in reversed(found.versions.all())],
        "edits": edits,
        "is_own": is_own,
        "page": secrets.token_hex(8),
        "problem": problem,
        "field": field,
    }
    return render(request, "interviews/scorecard.html", context, status=422 if problem else 200)


@never_cache
@require_POST
def draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keeps what is typed, and says since when it is safe."""
    found, user = _scorecard_for(request, pk), signed_in(request)
    require(user, "scorecard.fill", found)
    given = ratings_from(found.round, request.POST)
    opened_at, over = (_number(request.POST.get(name, "")) for name in ("versions", "over"))
    page, now = request.POST.get("page", ""), timezone.now()
    saved = services.save_draft(
        scorecard=found, ratings=given, by=user, now=now, versions=opened_at, over=over, page=page
    )
    is_late = opened_at not in {None, saved.versions.count()}
    context = {
        "scorecard": saved,
        "is_late": is_late,
        "is_newer_elsewhere": not is_late and saved.saved_at != now,
        "is_answer": True,
    }
    return render(request, "interviews/saved.html", context)


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None


@require_GET
def guide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One page for the interviewer: the time plan, the questions with anchors, and what not to ask here."""
    user = signed_in(request)
    rows = InterviewRound.objects.visible_to(user).select_related("kit__role__team", "kit__role__organisation")
    round_: InterviewRound = get_object_or_404(rows, pk=pk)
    require(user, "interviews.see-kit", round_.kit)
    questions = {one["id"]: one for one in round_.questions}
    laws, unknown = past_pay(round_.kit.role, today=timezone.localdate())
    context = {
        "round": round_,
        "content": round_.content,
        "role": round_.kit.role,
        "names": {one["id"]: one["name"] for one in round_.kit.content["competencies"]},
        "steps": [(step, questions.get(step["what"])) for step in round_.content["time_plan"]],
        "topics": LEAVE_ALONE,
        "laws": laws,
        "unknown": unknown,
    }
    return render(request, "interviews/guide.html", context)
