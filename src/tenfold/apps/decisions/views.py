"""The debrief of one application, and its decision."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.candidates.models import Application
from tenfold.apps.candidates.views.access import application_for
from tenfold.apps.decisions import services
from tenfold.apps.decisions.models import Decision, Verdict
from tenfold.apps.decisions.queries import debrief, hash_of_decision, owes_scorecard
from tenfold.apps.interviews.queries import still_owed
from tenfold.apps.plans.presenters import pdf
from tenfold.core.http.sign_in import signed_in
from tenfold.core.permissions import may, require
from tenfold.kit.errors import UserError


def debrief_link(request: HttpRequest, application: Application) -> SafeString:
    """The way from interviews to the debrief (`application-interviews.actions`)."""
    return SafeString(render_to_string("decisions/debrief_link.html", {"application": application}, request))


@never_cache
@require_http_methods(["GET", "POST"])
def debrief_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What interviewers say, where they differ first; nothing of it for who owes a scorecard."""
    application, user = application_for(request, pk, "debrief.read"), signed_in(request)
    problem = ""
    if request.method == "POST":
        require(user, "decision.sign", application)
        try:
            given = {name: request.POST.get(name, "") for name in ("verdict", "reasons")}
            services.sign(application=application, by=user, now=timezone.now(), **given)
            messages.success(request, "The decision is signed. Moving the application is a step of its own.")
            return redirect("debrief", pk=pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    is_blind = owes_scorecard(application, user)
    decisions = list(Decision.objects.visible_to(user).filter(application=application))
    context = {
        "application": application,
        "is_blind": is_blind,
        "debrief": None if is_blind else debrief(application, user),
        "owed": still_owed(application),
        "decisions": decisions,
        "may_sign": may(user, "decision.sign", application) and not any(one.stands for one in decisions),
        "may_take_back": may(user, "decision.sign", application),
        "verdicts": Verdict.choices,
        "reasons": request.POST.get("reasons", ""),
        "problem": problem,
    }
    return render(request, "decisions/debrief.html", context, status=422 if problem else 200)


@never_cache
@require_GET
def packet(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What a decision rests on, to read and to print; `?as=html` and `?as=pdf` are files."""
    rows = Decision.objects.visible_to(signed_in(request)).select_related(
        "application__candidate", "application__role__organisation", "taken_back_by"
    )
    found = get_object_or_404(rows, pk=pk)
    context = {"decision": found, "packet": found.packet, "hash": hash_of_decision(found), "printed_at": timezone.now()}
    form = request.GET.get("as", "")
    if form not in ("html", "pdf"):
        return render(request, "decisions/packet.html", {**context, "has_pdf": pdf.is_available()})
    page = render_to_string("decisions/packet_print.html", context)
    try:
        content = pdf.page_as_pdf(page) if form == "pdf" else page.encode()
    except pdf.NoPdf as error:
        messages.error(request, f"{error.what} {error.remedy}")
        return redirect("decision-packet", pk=pk)
    headers = {"Content-Disposition": f'attachment; filename="decision-{found.signed_at:%Y-%m-%d}.{form}"'}
    media_type = "application/pdf" if form == "pdf" else "text/html; charset=utf-8"
    return HttpResponse(content, content_type=media_type, headers=headers)


@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ends a decision, with the reason."""
    user = signed_in(request)
    rows = Decision.objects.visible_to(user).select_related(
        "application__role__team", "application__role__organisation"
    )
    found = get_object_or_404(rows, pk=pk)
    try:
        services.take_back(decision=found, why=request.POST.get("why", ""), by=user, now=timezone.now())
        messages.success(request, "The decision is taken back; it stays to be read.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("debrief", pk=found.application_id)
