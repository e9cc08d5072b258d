"""The yearly pay round and pay equity, for those who see pay."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.pay.models import PayUpload, UploadState
from tenfold.apps.retention import services as service
from tenfold.apps.retention.forms import EquityForm, RoundForm
from tenfold.apps.retention.models import PayRound, RoundState
from tenfold.apps.retention.queries import RoundAnswer, answer_round, round_lines
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import current_organisation, signed_in
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may, require
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.core.typed import whole
from tenfold.kit.errors import UserError
from tenfold.practices.retention.pay_equity import JOINT_ASSESSMENT, adjusted_gap, category_gaps, summary_of

QUARTERS = ("lowest quarter", "second quarter", "third quarter", "highest quarter")
RATINGS = ((0, "Not yet"), (1, "As expected"), (2, "Above"), (3, "Far above"))
FEWEST_SHOWN = 5


@require_http_methods(["GET", "POST"])
def rounds(request: HttpRequest) -> HttpResponse:
    organisation, user = _sees_pay(request)
    uploads = PayUpload.objects.visible_to(user).filter(organisation=organisation, state=UploadState.IMPORTED)
    form = RoundForm(request.POST or None, uploads=uploads.defer("rows"))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            started = service.start_round(
                upload=given["upload"],
                name=given["name"],
                budget_percent=given["budget_percent"],
                effective=given["effective_date"],
                by=user,
                now=timezone.now(),
            )
            return redirect("pay-round", pk=started.pk)
        except UserError as error:
            form.add_error(None, f"{error.what} {error.remedy}")
    context = {
        "form": form,
        "has_lists": uploads.exists(),
        "rounds": PayRound.objects.visible_to(user).filter(organisation=organisation),
    }
    return render(request, "retention/rounds.html", context, status=422 if form.errors else 200)


@require_GET
def pay_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Budget, guideline and totals; only who imported the list sees single people, and totals to the dollar."""
    found, user = _round(request, pk)
    holds_list = found.upload.uploaded_by_id == user.pk
    answers = answer_round(found, is_exact=holds_list)
    record_sight_of_pay(by=user, of=found.upload, now=timezone.now())
    context = {
        "round": found,
        "parts": [_part(answer) for answer in answers],
        "quarters": QUARTERS,
        "sees_lines": holds_list,
        "may_approve": may(user, "pay-round.approve", found) and found.state == RoundState.DRAFT,
    }
    return render(request, "retention/round.html", context)


@require_http_methods(["GET", "POST"])
def lines(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Line by line, for whoever brought the list in: they hold it anyway."""
    found, user = _round(request, pk)
    if found.upload.uploaded_by_id != user.pk:
        raise Http404
    if request.method == "POST":
        ratings = {
            key.removeprefix("rating:"): value
            for key in request.POST
            if key.startswith("rating:") and (value := whole(request.POST.get(key))) is not None
        }
        try:
            service.rate_lines(found=found, ratings=ratings, by=user)
            messages.success(request, "The ratings are saved.")
        except UserError as error:
            messages.error(request, f"{error.what} {error.remedy}")
        return redirect("pay-round-lines", pk=pk)
    record_sight_of_pay(by=user, of=found.upload, now=timezone.now())
    context = {"round": found, "lines": round_lines(answer_round(found, is_exact=True)), "ratings": RATINGS}
    return render(request, "retention/round_lines.html", context)


@require_GET
def letters(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A letter for each line of an approved round, for whoever brought the list in to put names to."""
    found, user = _round(request, pk)
    if found.upload.uploaded_by_id != user.pk:
        raise Http404
    if found.state != RoundState.APPROVED:
        messages.error(request, "Letters come once a second person has approved the round.")
        return redirect("pay-round", pk=pk)
    record_sight_of_pay(by=user, of=found.upload, now=timezone.now())
    return render(
        request, "retention/letters.html", {"round": found, "lines": round_lines(answer_round(found, is_exact=True))}
    )


@require_POST
def approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found, user = _round(request, pk)
    try:
        service.approve_round(found=found, by=user, now=timezone.now())
        messages.success(request, "The round is approved.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("pay-round", pk=pk)


@rate_limit(20, per_minutes=1)
@require_http_methods(["GET", "POST"])
def equity(request: HttpRequest) -> HttpResponse:
    """Gaps by category of equal work, with small cells refused. The table is read and forgotten."""
    _sees_pay(request)
    form = EquityForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "threshold": 100 * JOINT_ASSESSMENT}
    if request.method == "POST" and form.is_valid():
        try:
            rows, pair = form.rows(), {name: form.cleaned_data[name].casefold() for name in ("group", "reference")}
            gaps = category_gaps(rows, **pair)
            context |= {"gaps": gaps, "summary": summary_of(gaps), "adjusted": adjusted_gap(rows, **pair)}
        except UserError as error:
            line = f"Line {error.place.line}: " if error.place.line else ""
            form.add_error("file", f"{line}{error.what} {error.remedy}".strip())
    return render(request, "retention/equity.html", context, status=422 if form.errors else 200)


def _sees_pay(request: HttpRequest) -> tuple[Organisation, User]:
    user, organisation = signed_in(request), current_organisation(request)
    if organisation is None:
        raise Http404
    require(user, "pay-round.run", organisation)
    return organisation, user


def _round(request: HttpRequest, pk: uuid.UUID) -> tuple[PayRound, User]:
    user = signed_in(request)
    found = PayRound.objects.filter(pk=pk).select_related("upload", "organisation").first()
    if found is None or not may(user, "organisation.view", found.organisation):
        raise Http404
    require(user, "pay-round.run", found)
    return found, user


def _part(answer: RoundAnswer) -> dict[str, Any]:
    """What the page shows of the people paid in one currency."""
    return {"answer": answer, "is_shown": len(answer.people) >= FEWEST_SHOWN, "guideline": _guideline(answer)}


def _guideline(answer: RoundAnswer) -> list[tuple[str, list[tuple[str, float]]]]:
    """Percent by rating and quarter of the range, as the guideline gives it."""
    if answer.cycle is None:
        return []
    given = answer.cycle.guideline
    ratings = sorted({rating for rating, _ in given})
    names = dict(RATINGS)
    return [
        (names.get(rating, str(rating)), [(words, given[rating, quarter]) for quarter, words in enumerate(QUARTERS)])
        for rating in ratings
    ]
