"""Published periods, one period's tables, and its files."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tenfold.apps.fairness import services
from tenfold.apps.fairness.models import AuditPeriod
from tenfold.apps.fairness.presenters.files import notice_text, packet, to_json
from tenfold.apps.fairness.queries import hash_of_period
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.models import Membership, Organisation, Role
from tenfold.core.permissions import is_administrator, may, require
from tenfold.core.typed import day_of
from tenfold.kit.errors import UserError
from tenfold.practices.interviews.fairness_report import METHOD, to_csv


@never_cache
@require_http_methods(["GET", "POST"])
def fairness(request: HttpRequest) -> HttpResponse:
    """What is published, and the form that publishes a further period; for others, whose page it is and why."""
    user, organisation = signed_in(request), require_organisation(request)
    if not may(user, "fairness.see", organisation):
        return _explain_refusal(request, organisation)
    problem, sent = "", request.POST
    if request.method == "POST":
        try:
            made = services.publish_period(
                organisation=organisation,
                from_date=day_of(sent.get("from", "")),
                until_date=day_of(sent.get("until", "")),
                by=user,
                now=timezone.now(),
            )
            messages.success(request, "The period is published. It will not change any more.")
            return redirect("fairness-period", pk=made.pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    rows = AuditPeriod.objects.visible_to(user).filter(organisation=organisation)
    context = {"periods": rows, "problem": problem, "sent": sent, "notice": notice_text()}
    return render(request, "fairness/fairness.html", context, status=422 if problem else 200)


def _explain_refusal(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Refused, with the reason and the people who may: an administrator can give the role, and sees no figure here."""
    user = signed_in(request)
    analysts = Membership.objects.visible_to(user).filter(organisation=organisation, role=Role.PEOPLE_ANALYST)
    context = {
        "organisation": organisation,
        "analysts": [one.user.name for one in analysts.select_related("user").distinct()],
        "gives_roles": is_administrator(user, organisation),
    }
    return render(request, "fairness/for_people_analysts.html", context, status=403)


def _period_for(request: HttpRequest, pk: uuid.UUID) -> AuditPeriod:
    """Raises Http404 for anybody but the organisation's people analysts."""
    rows = AuditPeriod.objects.visible_to(signed_in(request)).select_related("organisation", "published_by")
    found: AuditPeriod = get_object_or_404(rows, pk=pk)
    require(signed_in(request), "fairness.see", found)
    return found


@never_cache
@require_GET
def period(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The tables: everybody first, then each role."""
    found = _period_for(request, pk)
    tables = found.content["tables"]
    shown = [one for one in tables if one["rows"]]
    flagged = [(one, row) for one in shown if one["part"] is None for row in one["rows"] if row["below_four_fifths"]]
    parts: dict[str, list[object]] = {}
    for one in shown:
        parts.setdefault(one["part"] or "", []).append(one)
    context = {
        "period": found,
        "counts": found.content["counts"],
        "parts": parts.items(),
        "flagged": flagged,
        "n_hidden": len(tables) - len(shown),
        "method": METHOD.values(),
        "sha256": hash_of_period(found),
    }
    return render(request, "fairness/period.html", context)


@never_cache
@require_GET
def period_csv(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _period_for(request, pk)
    return _file(to_csv(found.content).encode(), "text/csv; charset=utf-8", f"fairness-{found.until_date}.csv")


@never_cache
@require_GET
def period_json(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _period_for(request, pk)
    return _file(to_json(found).encode(), "application/json", f"fairness-{found.until_date}.json")


@never_cache
@require_GET
def auditor_packet(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _period_for(request, pk)
    return _file(packet(found), "application/zip", f"audit-packet-{found.until_date}.zip")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def fairness_hint(request: HttpRequest, organisation: Organisation) -> SafeString:
    """In the menu of the list of roles, for administrators: where fairness is, and for whom (`roles.menu`)."""
    user = signed_in(request)
    if may(user, "fairness.see", organisation) or not is_administrator(user, organisation):
        return SafeString("")
    return SafeString(render_to_string("fairness/hint.html", {}, request))


def fairness_link(request: HttpRequest, organisation: Organisation) -> SafeString:
    """On the list of roles, for who may read it (`roles.actions`)."""
    if not may(signed_in(request), "fairness.see", organisation):
        return SafeString("")
    return SafeString(render_to_string("fairness/link.html", {}, request))
