"""Postings opened to candidates and closed again, and the job page that candidates read."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.plans.views.access import plan_access, plan_head
from tenfold.apps.postings import services
from tenfold.apps.postings.forms.rules import RulesForm
from tenfold.apps.postings.models import PublishedPosting, PublishingRules
from tenfold.apps.postings.presenters.writing import as_page
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.permissions import require
from tenfold.kit.errors import UserError
from tenfold.posting.public_page import where_words


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What stands in the way of publishing, and a reason where checks say fix; then it is open."""
    access = plan_access(request, pk, "posting.publish")
    now = timezone.now()
    missing = services.rules_not_met(access.plan, now, by=access.user)
    to_fix = services.checks_to_fix(access.plan, now, by=access.user)
    why = request.POST.get("why", "").strip()
    if request.method == "GET" or (to_fix and not why) or missing:
        context = {**plan_head(access), "to_fix": to_fix, "missing": missing, "asked": request.method == "POST"}
        return render(request, "postings/publish.html", context, status=422 if request.method == "POST" else 200)
    try:
        apply_to = request.POST.get("apply_to", "")
        services.publish(plan=access.plan, by=access.user, now=now, why=why, apply_to=apply_to)
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


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """What this organisation does not publish without; administrators change it."""
    organisation, user = require_organisation(request), signed_in(request)
    own = PublishingRules.objects.visible_to(user).filter(organisation=organisation).first()
    form = RulesForm(
        request.POST if request.method == "POST" else None, instance=own or PublishingRules(organisation=organisation)
    )
    if request.method == "POST":
        require(user, "organisation.manage", organisation)
        if form.is_valid():
            services.set_rules(organisation=organisation, by=user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "The rules for publishing are set.")
            return redirect("publishing-rules")
    return render(request, "postings/rules.html", {"form": form})


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
