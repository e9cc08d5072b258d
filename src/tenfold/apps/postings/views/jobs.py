"""Postings opened to candidates and closed again, and the job page that candidates read."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tenfold.apps.plans.views.access import plan_access
from tenfold.apps.postings import services
from tenfold.apps.postings.models import PublishedPosting
from tenfold.apps.postings.presenters.writing import as_page
from tenfold.kit.errors import UserError
from tenfold.posting.public_page import where_words


@require_POST
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk, "posting.publish")
    try:
        services.publish(plan=access.plan, by=access.user, now=timezone.now())
        messages.success(request, "The posting is open to candidates.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("plan-posting", pk=pk)


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk, "posting.publish")
    posting = get_object_or_404(PublishedPosting.objects.visible_to(access.user), plan=access.plan, closed_at=None)
    services.close(posting=posting, by=access.user, now=timezone.now())
    messages.success(request, "The posting is closed; its page says so.")
    return redirect("plan-posting", pk=pk)


@login_not_required
@require_GET
def job(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The posting as candidates read it: one small page without scripts or cookies, only while it is open."""
    found = get_object_or_404(PublishedPosting.objects.select_related("plan"), pk=pk)
    if not PublishedPosting.objects.filter(pk=pk).open_on(_today()).exists():
        return render(request, "postings/job_closed.html", {"posting": found}, status=410)
    context = {"posting": found, "text": as_page(found.text, found.title), "where": where_words(found.linked_data)}
    response = render(request, "postings/job.html", context)
    response["Cache-Control"] = "public, max-age=300"
    return response


def _today() -> date:
    return timezone.localdate()
