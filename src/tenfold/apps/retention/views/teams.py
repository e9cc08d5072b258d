"""Figures of teams: on-call replayed, impact with its sources, and whether hiring predicts."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.plans.presenters import pdf
from tenfold.apps.retention import services as service
from tenfold.apps.retention.forms import RecordForm
from tenfold.apps.retention.models import RecordKind, TeamRecord
from tenfold.apps.retention.queries import Impact, impact_of, loops_of, oncall_of
from tenfold.connectors.git_local import GIT_COMMAND
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import current_organisation, signed_in
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may, require
from tenfold.kit.errors import UserError
from tenfold.practices.retention.pages import record_warnings
from tenfold.practices.retention.pictures import rotations_picture

HOME = {
    RecordKind.PAGES: "on-call",
    RecordKind.LOOP: "loop",
    RecordKind.TICKETS: "toil",
    RecordKind.KNOWLEDGE: "knowledge",
}
IMPACT_KINDS = (RecordKind.DEPLOYMENTS, RecordKind.INCIDENTS, RecordKind.LOOKS, RecordKind.REQUESTS)


@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """What there is, by what one may see."""
    user, organisation = signed_in(request), current_organisation(request)
    context = {
        "sees_teams": organisation is not None and may(user, "teams.see", organisation),
        "sees_pay": organisation is not None and may(user, "pay-round.run", organisation),
    }
    return render(request, "retention/home.html", context)


@rate_limit(20, per_minutes=1)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A file of an outside system."""
    organisation, user = _reader(request)
    form = RecordForm(
        request.POST or None,
        request.FILES or None,
        organisation=organisation,
        initial={"kind": request.GET.get("kind", "pages")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            parsed = form.parse()
            service.import_record(
                organisation=organisation, parsed=parsed, team=form.cleaned_data["team"], by=user, now=timezone.now()
            )
            return redirect(HOME.get(parsed.kind, "impact"))
        except UserError as error:
            line = f"Line {error.place.line}: " if error.place.line else ""
            form.add_error("file", f"{line}{error.what} {error.remedy}".strip())
    return render(
        request,
        "retention/new_record.html",
        {"form": form, "git_command": GIT_COMMAND},
        status=422 if form.errors else 200,
    )


@require_POST
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(TeamRecord.objects.visible_to(request.user), pk=pk)
    kind = RecordKind(found.kind)
    service.remove_record(kept=found, by=signed_in(request), now=timezone.now())
    messages.success(request, "The record was deleted.")
    return redirect(HOME.get(kind, "impact"))


@require_GET
def on_call(request: HttpRequest) -> HttpResponse:
    """The latest pages, or those asked for, on rotations of two to eight."""
    organisation, user = _reader(request)
    records = _records(user, organisation, RecordKind.PAGES)
    chosen = next(
        (each for each in records if str(each.pk) == request.GET.get("record")), records[0] if records else None
    )
    business = request.GET.get("hours") == "business"
    answer = oncall_of(chosen, business_hours=business) if chosen else None
    context: dict[str, Any] = {"records": records, "chosen": chosen, "business": business, "answer": answer}
    if answer and chosen:
        context["warnings"] = [*chosen.notes, *(each.text for each in record_warnings(answer))]
        context["picture"] = SafeString(rotations_picture(answer))
        context["enough"] = next((each.people for each in answer.rotations if each.is_within_a_quarter), None)
        context["second"] = answer.rotations[0]
    return render(request, "retention/on_call.html", context)


@require_GET
def impact(request: HttpRequest) -> HttpResponse:
    organisation, user = _reader(request)
    records, found = _impact(user, organisation)
    context = {"records": records, "impact": found, "has_pdf": pdf.is_available()}
    return render(request, "retention/impact.html", context)


@require_GET
def impact_mail(request: HttpRequest) -> HttpResponse:
    """One page of HTML that brings its own style, as a leader forwards it."""
    organisation, user = _reader(request)
    headers = {"Content-Disposition": 'attachment; filename="impact.html"'}
    return HttpResponse(_mail(user, organisation), headers=headers)


@rate_limit(20, per_minutes=1)
@require_GET
def impact_pdf(request: HttpRequest) -> HttpResponse:
    """The same page as PDF."""
    organisation, user = _reader(request)
    if not pdf.is_available():
        return render(request, "retention/no_pdf.html", status=501)
    content = pdf.page_as_pdf(_mail(user, organisation))
    headers = {"Content-Disposition": 'attachment; filename="impact.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_GET
def loop(request: HttpRequest) -> HttpResponse:
    """Whether what was assessed at hiring shows in evidence at six and twelve months."""
    organisation, user = _reader(request)
    records = _records(user, organisation, RecordKind.LOOP)
    chosen = records[0] if records else None
    context = {"records": records, "chosen": chosen, "loops": loops_of(chosen) if chosen else ()}
    return render(request, "retention/loop.html", context)


def _reader(request: HttpRequest) -> tuple[Organisation, User]:
    user, organisation = signed_in(request), current_organisation(request)
    if organisation is None:
        raise Http404
    require(user, "teams.see", organisation)
    return organisation, user


def _records(user: User, organisation: Organisation, *kinds: RecordKind) -> list[TeamRecord]:
    found = TeamRecord.objects.visible_to(user).filter(organisation=organisation, kind__in=kinds)
    return list(found.select_related("team", "imported_by"))


def _impact(user: User, organisation: Organisation) -> tuple[list[TeamRecord], Impact]:
    records = _records(user, organisation, *IMPACT_KINDS)
    return records, impact_of(records)


def _mail(user: User, organisation: Organisation) -> str:
    context = {"impact": _impact(user, organisation)[1], "organisation": organisation, "today": timezone.localdate()}
    return render_to_string("retention/impact_mail.html", context)
