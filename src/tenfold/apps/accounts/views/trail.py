"""The audit trail as administrators read it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.models import AuditEntry
from tenfold.core.permissions import require
from tenfold.core.subjects import subjects_of
from tenfold.core.typed import day_of

ENTRIES_ON_A_PAGE = 50


@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """The audit trail, searched by person, verb or thing, and between two days."""
    organisation, user = require_organisation(request), signed_in(request)
    require(user, "trail.view", organisation)
    asked = request.GET.get("q", "").strip()[:100]
    entries = AuditEntry.objects.visible_to(user).filter(organisation_id=organisation.pk)
    if asked:
        entries = (
            entries.filter(by__icontains=asked)
            | entries.filter(kind__icontains=asked.replace(" ", "."))
            | entries.filter(of_id=asked)
        )
    since, until = day_of(request.GET.get("from", "")), day_of(request.GET.get("to", ""))
    if since:
        entries = entries.filter(at__gte=_midnight(since))
    if until:
        entries = entries.filter(at__lt=_midnight(until + timedelta(days=1)))
    page = Paginator(entries, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
    lines = [(entry, subject) for entry, subject in zip(page, subjects_of(user, list(page)), strict=True)]
    given = {"since": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
    return render(request, "accounts/trail.html", {"page": page, "lines": lines, "asked": asked, **given})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
