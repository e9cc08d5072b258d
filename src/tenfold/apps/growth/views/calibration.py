"""Calibration: the same cases judged apart, then where the judges differ."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tenfold.apps.growth import services as service
from tenfold.apps.growth.forms import CalibrationForm
from tenfold.apps.growth.models import CalibrationSession, CalibrationVote, StoredLadder
from tenfold.apps.growth.queries import agreement, parse_ladder
from tenfold.apps.growth.views.people import VIEWS
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.permissions import require
from tenfold.core.typed import whole
from tenfold.kit.errors import UserError


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user, organisation = signed_in(request), require_organisation(request)
    require(user, "calibration.call", organisation)
    stored = StoredLadder.objects.visible_to(user).filter(organisation=organisation).first()
    if stored is None:
        messages.error(request, "Import a ladder first.")
        return redirect("growth")
    shown = parse_ladder(stored.text(), stored.name)
    form = CalibrationForm(request.POST or None, organisation=organisation, ladder=shown, initial={"ladder": stored.pk})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            called = service.call_calibration(
                ladder=given["ladder"],
                name=given["name"],
                cases=form.case_texts(),
                cells=given["cells"],
                judges=list(given["judges"]),
                by=user,
                now=timezone.now(),
            )
            return redirect("calibration", pk=called.pk)
        except UserError as error:
            form.add_error(None, f"{error.what} {error.remedy}")
    return render(request, "growth/new_calibration.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One's own judgements; agreement once two judges have given theirs and one has oneself."""
    user = signed_in(request)
    found = get_object_or_404(CalibrationSession.objects.visible_to(user).select_related("ladder"), pk=pk)
    if request.method == "POST":
        service.vote(session=found, views=_views(request.POST), by=user, now=timezone.now())
        messages.success(request, "Your ratings are saved.")
        return redirect("calibration", pk=pk)
    own = {(vote.case, vote.cell): vote.view for vote in CalibrationVote.objects.visible_to(user).filter(session=found)}
    is_judge = found.judges.filter(pk=user.pk).exists()
    shown = parse_ladder(found.ladder.text(), found.ladder.name)
    names = {cell.id: cell.summary for cell in shown.competencies}
    context: dict[str, Any] = {
        "session": found,
        "is_judge": is_judge,
        "cases": [
            {
                "number": number,
                "text": text,
                "cells": [
                    {"id": cell, "name": names.get(cell, cell), "own": own.get((number, cell), "")}
                    for cell in found.cells
                ],
            }
            for number, text in enumerate(found.cases)
        ],
        "choices": VIEWS,
        "agreement": agreement(found) if own or not is_judge else None,
        "names": names,
        "has_voted": bool(own),
    }
    return render(request, "growth/calibration.html", context)


def _views(posted: QueryDict) -> dict[tuple[int, str], str]:
    """`view:CASE:ENTRY` → judgement."""
    found = {}
    for key, value in posted.items():
        name, _, rest = key.partition(":")
        case, _, cell = rest.partition(":")
        number = whole(case)
        if name == "view" and number is not None and str(value):
            found[number, cell] = str(value)
    return found
