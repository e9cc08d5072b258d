"""The library of labs: what there is, what each shows, previews, and one's own try."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.presenters.markdown import mark_placeholders, render_markdown, without_heading
from tenfold.apps.labroom.queries.consent import statements
from tenfold.apps.labroom.queries.labs import (
    instruction_text,
    lab_of,
    machine_state,
    offers,
    preview_text,
    report_card,
    summary_of,
    title_of,
)
from tenfold.apps.labroom.queries.rubric import rubric_of
from tenfold.apps.labroom.services.working import begin_try
from tenfold.apps.plans.models import StoredPlan
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.permissions import require
from tenfold.kit.errors import UserError
from tenfold.labs import registry
from tenfold.labs.registry import LabSummary


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every lab, with how it was checked; against a plan where one is chosen."""
    organisation, user = require_organisation(request), signed_in(request)
    require(user, "lab.browse", organisation)
    plans = StoredPlan.objects.visible_to(user).filter(organisation=organisation)
    plan = plans.filter(pk=_uuid(request.GET.get("plan", ""))).first()
    context = {
        "offers": offers(organisation.pk, plan),
        "plans": plans,
        "plan": plan,
        "machine": machine_state(),
        "own": LabInvitation.objects.filter(organisation=organisation, tried_by=user, erased_at=None)[:10],
    }
    return render(request, "labroom/catalogue.html", context)


@require_GET
def lab(request: HttpRequest, slug: str) -> HttpResponse:
    """One lab: what it shows and does not show, its criteria and rubric, its report card, who has seen it."""
    organisation, user = require_organisation(request), signed_in(request)
    require(user, "lab.browse", organisation)
    summary = _summary(slug)
    begun = LabInvitation.objects.of_people().filter(organisation=organisation, lab=slug, begun_at__isnull=False)
    visible = begun.filter(pk__in=LabInvitation.objects.visible_to(user).values("pk"))
    context = {
        "summary": summary,
        "lab": lab_of(slug),
        "title": title_of(slug),
        "preview": render_markdown(without_heading(preview_text(slug))),
        "card": report_card(registry.labs_folder() / slug),
        "scales": rubric_of(slug),
        "machine": machine_state(slug),
        "exposure": begun.count(),
        "seen_by": visible.select_related("application__candidate", "tried_by").order_by("-begun_at")[:20],
    }
    return render(request, "labroom/lab.html", context)


@require_GET
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The lab as a candidate sees it: what they are told, and the task."""
    require(signed_in(request), "lab.browse", require_organisation(request))
    _summary(slug)
    found = lab_of(slug)
    context = {
        "lab": found,
        "slug": slug,
        "title": title_of(slug),
        "statements": statements(found, with_application=True),
        "brief": mark_placeholders(render_markdown(without_heading(instruction_text(slug)))),
    }
    return render(request, "labroom/preview.html", context)


@require_POST
def try_lab(request: HttpRequest, slug: str) -> HttpResponse:
    """Begins one's own try, and leads into the room."""
    organisation, user = require_organisation(request), signed_in(request)
    require(user, "lab.browse", organisation)
    _summary(slug)
    machine = machine_state(slug)
    if not machine.can:
        messages.error(request, f"{machine.lacks} {machine.remedy}")
        return redirect("lab", slug=slug)
    try:
        made = begin_try(organisation=organisation, lab=slug, by=user, now=timezone.now())
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
        return redirect("lab", slug=slug)
    return redirect("lab-room", pk=made.pk)


def _summary(slug: str) -> LabSummary:
    found = summary_of(slug)
    if found is None:
        raise Http404
    return found


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
