"""What leaves the editor: reports, files, shared links, and the job page that candidates read."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tenfold.audit.renderers import page
from tenfold.hiring.models import PublishedPosting, StoredPlan
from tenfold.hiring.pay_visibility import without_pay
from tenfold.hiring.services import postings
from tenfold.hiring.services.plans import shared_version
from tenfold.hiring.services.trail import record_sight_of_pay
from tenfold.kit.errors import UserError
from tenfold.plan.schema import json_schema
from tenfold.plan.yaml_io import load_plan
from tenfold.web.limits import at_most
from tenfold.web.plans import pdf
from tenfold.web.plans.access import Sight, sight
from tenfold.web.plans.checks import check_text
from tenfold.web.plans.tasks import draw_report, file_name
from tenfold.web.postings.writing import as_page, linked_data, where_words
from tenfold.web.work.doing import ask_for

BY_A_LINK = "whoever has the link"


@require_GET
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    seen = _seen(request, pk)
    version = seen.plan.latest()
    return _report(request, seen.text(version), version.number, {"plan": seen.plan, "seen": seen})


@at_most(20, per_minutes=1)
@require_GET
def report_pdf(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The report as PDF, drawn by the worker where the part that draws it is installed; the same one once a day."""
    seen = _seen(request, pk)
    if not pdf.can_be_made():
        return render(request, "plans/no_pdf.html", {"plan": seen.plan, "seen": seen}, status=501)
    number = seen.plan.latest_number
    drawn = ask_for(
        draw_report,
        title=f"Report on {seen.plan}",
        by=seen.user,
        organisation=seen.plan.organisation,
        now=timezone.now(),
        key=f"report:{pk}:{number}:{seen.sees_pay}:{_today()}",
        back_to=reverse("plan", args=[pk]),
        plan=str(pk),
        number=number,
    )
    return redirect("work-result" if drawn.is_over else "work", pk=drawn.pk)


@require_GET
def download(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The plan's YAML, for the command line and for keeping."""
    seen = _seen(request, pk)
    text = seen.text(seen.plan.latest())
    return _file(text.encode(), "application/yaml; charset=utf-8", file_name(seen.plan, ".yaml"))


@require_GET
def schema(_request: HttpRequest) -> HttpResponse:
    """The plan's JSON Schema, by which the YAML editor completes keys and answers."""
    response = JsonResponse(json_schema(), json_dumps_params={"separators": (",", ":")})
    response["Cache-Control"] = "private, max-age=3600"
    return response


@login_not_required
@never_cache
@at_most(60, per_minutes=1)
@require_GET
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """One version's report, for whoever has the link, until it expires."""
    found = shared_version(token=token, now=timezone.now())
    if found is None:
        return render(request, "plans/shared_closed.html", status=410)
    link, version = found
    if link.with_pay:
        record_sight_of_pay(by=BY_A_LINK, of=link, now=timezone.now())
    text = version.text if link.with_pay else without_pay(version.text)
    response = _report(request, text, version.number, {"link": link})
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    seen = sight(request, pk, "posting.publish")
    try:
        postings.publish(plan=seen.plan, by=seen.user, now=timezone.now(), linked_data=_linked_data(seen.plan))
        messages.success(request, "The posting is open to candidates.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("plan-posting", pk=pk)


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    seen = sight(request, pk, "posting.publish")
    posting = get_object_or_404(PublishedPosting.objects.visible_to(seen.user), plan=seen.plan, closed_at=None)
    postings.close(posting=posting, by=seen.user, now=timezone.now())
    messages.success(request, "The posting is closed; its page says so.")
    return redirect("plan-posting", pk=pk)


@login_not_required
@require_GET
def job(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The posting as candidates read it: one small page without scripts or cookies, only while it is open."""
    found = get_object_or_404(PublishedPosting.objects.select_related("plan"), pk=pk)
    if not PublishedPosting.objects.filter(pk=pk).open_on(_today()).exists():
        return render(request, "plans/job_closed.html", {"posting": found}, status=410)
    context = {"posting": found, "text": as_page(found.text, found.title), "where": where_words(found.linked_data)}
    response = render(request, "plans/job.html", context)
    response["Cache-Control"] = "public, max-age=300"
    return response


def _seen(request: HttpRequest, pk: uuid.UUID) -> Sight:
    """The plan; where its pay is shown, the trail says so."""
    seen = sight(request, pk)
    if seen.sees_pay:
        record_sight_of_pay(by=seen.user, of=seen.plan, now=timezone.now())
    return seen


def _linked_data(plan: StoredPlan) -> dict[str, Any]:
    """What machines are told of the posting; nothing where there is none to publish."""
    content = load_plan(plan.latest().text).plan
    if not content.posting:
        return {}
    return linked_data(content, text=content.posting, title=plan.title, day=_today())


def _report(request: HttpRequest, text: str, number: int, more: dict[str, Any]) -> HttpResponse:
    checked = check_text(text, as_of=_today(), name=f"version {number}")
    body = SafeString(page.body(checked.report))
    return render(request, "plans/report.html", {"report": checked.report, "body": body, "number": number, **more})


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _today() -> date:
    return timezone.localdate()
