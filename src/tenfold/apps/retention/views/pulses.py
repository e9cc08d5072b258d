"""The pulse of a team: answered without a name, published once, never for fewer than five."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tenfold.apps.employees.models import Team
from tenfold.apps.retention import services as service
from tenfold.apps.retention.models import Pulse, PulseTicket
from tenfold.apps.retention.queries import is_asked
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.permissions import may, require
from tenfold.core.typed import id_of, whole
from tenfold.kit.errors import UserError
from tenfold.practices.retention.pulse import FEWEST, QUESTIONS, STEPS

SCALE = ((1, "Not at all"), (2, "Hardly"), (3, "Partly"), (4, "Mostly"), (5, "Fully"))


@require_http_methods(["GET", "POST"])
def pulses(request: HttpRequest) -> HttpResponse:
    """Pulses that one is asked in or may see; a POST opens one for a team."""
    user, organisation = signed_in(request), require_organisation(request)
    if request.method == "POST":
        require(user, "pulse.run", organisation)
        team = get_object_or_404(
            Team.objects.visible_to(user).filter(organisation=organisation), pk=id_of(request.POST.get("team"))
        )
        try:
            opened = service.open_pulse(team=team, by=user, now=timezone.now())
            return redirect("pulse", pk=opened.pk)
        except UserError as error:
            messages.error(request, f"{error.what} {error.remedy}")
            return redirect("pulses")
    found = Pulse.objects.visible_to(user).filter(team__organisation=organisation).select_related("team")
    context = {
        "pulses": found,
        "teams": Team.objects.visible_to(user).filter(organisation=organisation),
        "may_run": may(user, "pulse.run", organisation),
        "questions": QUESTIONS,
        "fewest": FEWEST,
    }
    return render(request, "retention/pulses.html", context)


@require_http_methods(["GET", "POST"])
def pulse(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """While it is open: the questions. Once closed: the result, or why there is none."""
    user = signed_in(request)
    found = get_object_or_404(Pulse.objects.visible_to(user).select_related("team"), pk=pk)
    if request.method == "POST":
        choices = {q.id: value for q in QUESTIONS if (value := whole(request.POST.get(q.id))) is not None}
        try:
            service.answer_pulse(pulse=found, choices=choices, by=user)
            messages.success(request, "Thank you. Nobody can see which answers are yours.")
        except UserError as error:
            messages.error(request, f"{error.what} {error.remedy}")
        return redirect("pulse", pk=pk)
    context: dict[str, Any] = {
        "pulse": found,
        "questions": QUESTIONS,
        "scale": SCALE,
        "fewest": FEWEST,
        "is_asked": is_asked(user, found),
        "has_answered": PulseTicket.objects.filter(pulse=found, user=user).exists(),
        "may_run": may(user, "pulse.run", found.team),
        "lines": result_lines(found),
    }
    return render(request, "retention/pulse.html", context)


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Pulse.objects.visible_to(request.user).select_related("team"), pk=pk)
    try:
        service.close_pulse(pulse=found, by=signed_in(request), now=timezone.now())
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("pulse", pk=pk)


def result_lines(found: Pulse) -> list[dict[str, Any]]:
    """Each question with its share in fifths; nothing for fewer than five answers."""
    if found.closed_at is None or found.result.get("at_least", 0) < FEWEST:
        return []
    fifths = found.result.get("fifths", {})
    return [
        {
            "question": question,
            "fifths": fifths.get(question.id),
            "percent": 100 // STEPS * (fifths.get(question.id) or 0),
            "dots": [place < (fifths.get(question.id) or 0) for place in range(STEPS)],
        }
        for question in QUESTIONS
    ]
