"""What leaves the editor: reports, files and shared links."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tenfold.apps.plans.forms.places import places_offered
from tenfold.apps.plans.forms.skills import skill_options
from tenfold.apps.plans.models import PlanVersion
from tenfold.apps.plans.presenters import pdf
from tenfold.apps.plans.presenters.page_words import report_for_page
from tenfold.apps.plans.queries import PlanAccess
from tenfold.apps.plans.services import shared_version
from tenfold.apps.plans.tasks import file_name
from tenfold.apps.plans.views.access import plan_access, text_for
from tenfold.audit.check_text import Checked, check_text, check_without_pay
from tenfold.audit.renderers import page
from tenfold.checking import team_figures
from tenfold.checking.role_setup import RoleSetup, to_dict
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.middleware import let_browsers_keep
from tenfold.core.seals import hash_of_content
from tenfold.core.services.jobs import enqueue
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.plan.schema import json_schema

LONGEST_TYPED = 80
BY_A_LINK = "whoever has the link"


@require_GET
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = _access(request, pk)
    version = access.plan.latest()
    about = {"plan": access.plan, "access": access}
    if access.can_see_pay:
        text, setup, bands = version.text, access.setup(), access.bands()
        checked = check_text(text, as_of=_today(), name=f"version {version.number}", setup=setup, bands=bands)
    else:
        checked = check_without_pay(
            version.text, as_of=_today(), name=f"version {version.number}", setup=access.setup()
        )
    return _report(request, checked, version, about)


@rate_limit(20, per_minutes=1)
@require_GET
def report_pdf(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The report as PDF, drawn by the worker where the part that draws it is installed; the same one once a day."""
    access = _access(request, pk)
    if not pdf.is_available():
        return render(request, "plans/no_pdf.html", {"plan": access.plan, "access": access}, status=501)
    number = access.plan.latest_number
    drawn = enqueue(
        "plans.report",
        title=f"Report on {access.plan}",
        by=access.user,
        organisation=access.plan.organisation,
        now=timezone.now(),
        key=f"report:{pk}:{number}:{access.can_see_pay}:{_today()}:{_mark(access.setup())}",
        back_to=reverse("plan", args=[pk]),
        plan=str(pk),
        number=number,
    )
    return redirect("work-result" if drawn.is_over else "work", pk=drawn.pk)


@require_GET
def download(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The plan's YAML, for the command line and for keeping."""
    access = _access(request, pk)
    text = text_for(access, access.plan.latest())
    return _file(text.encode(), "application/yaml; charset=utf-8", file_name(access.plan, ".yaml"))


@require_GET
def schema(_request: HttpRequest) -> HttpResponse:
    """The plan's JSON Schema, by which the YAML editor completes keys and answers."""
    response = JsonResponse(json_schema(), json_dumps_params={"separators": (",", ":")})
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_GET
def skill_choices(_request: HttpRequest) -> HttpResponse:
    """The skills that a field can take: fetched once a browser, by an address that changes with the catalogue."""
    return let_browsers_keep(HttpResponse(skill_options()), seconds=365 * 86_400)


@require_GET
def place_choices(request: HttpRequest) -> JsonResponse:
    """Places that some typed letters may mean, in words that name each alone."""
    return JsonResponse(list(places_offered(request.GET.get("q", "")[:LONGEST_TYPED])), safe=False)


@login_not_required
@never_cache
@rate_limit(60, per_minutes=1)
@require_GET
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """One version's report, for whoever has the link, until it expires."""
    found = shared_version(token=token, now=timezone.now())
    if found is None:
        return render(request, "plans/shared_closed.html", status=410)
    link, version = found
    if link.with_pay:
        record_sight_of_pay(by=BY_A_LINK, of=link, now=timezone.now())
    # Whoever comes by a link is told nothing of what is set up for the role, and of no band.
    check = check_text if link.with_pay else check_without_pay
    checked = check(version.text, as_of=_today(), name=f"version {version.number}")
    response = _report(request, checked, version, {"link": link})
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _access(request: HttpRequest, pk: uuid.UUID) -> PlanAccess:
    """The plan; where its pay is shown, the trail says so."""
    access = plan_access(request, pk)
    if access.can_see_pay:
        record_sight_of_pay(by=access.user, of=access.plan, now=timezone.now())
    return access


def _report(request: HttpRequest, checked: Checked, version: PlanVersion, about: dict[str, Any]) -> HttpResponse:
    report = report_for_page(checked.report)
    context = {"report": report, "body": SafeString(page.body(report)), "number": version.number}
    return render(request, "plans/report.html", {**context, **about})


def _mark(setup: RoleSetup | None) -> str:
    """Tells one state of what is set up from another, so that a report is drawn anew when it changed."""
    if setup is None:
        return ""
    team = team_figures.to_dict(setup.team) if setup.team else {}
    return hash_of_content({**to_dict(setup), "team": team})[:12]


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _today() -> date:
    return timezone.localdate()
