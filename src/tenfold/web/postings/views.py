"""Postings: those that were published, the reader, the writer."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from tenfold.hiring.models import PublishedPosting
from tenfold.hiring.permissions import require
from tenfold.hiring.services import plans as service
from tenfold.hiring.services.trail import record_sight_of_pay
from tenfold.kit.errors import UserError
from tenfold.plan.document import HiringPlan
from tenfold.plan.yaml_io import dump, load_plan
from tenfold.posting.draft import drafted
from tenfold.posting.judgement import judged
from tenfold.posting.model import PostingReading
from tenfold.posting.summary import summary
from tenfold.web.limits import at_most
from tenfold.web.middleware import current_organisation
from tenfold.web.plans.access import Sight, sight, signed_in
from tenfold.web.plans.checks import reading_of as reading_of_text
from tenfold.web.plans.editing import as_long_text, document_of, problems_of, whole_number
from tenfold.web.plans.views import whole_summary
from tenfold.web.postings.forms import ToRead
from tenfold.web.postings.highlights import marked
from tenfold.web.postings.incoming import picked, postings_in, reading_of
from tenfold.web.postings.law import law_of
from tenfold.web.postings.writing import as_page, written_posting

POSTINGS_ON_A_PAGE = 30
LONGEST_PLACES = 300


@require_GET
def postings(request: HttpRequest) -> HttpResponse:
    """What candidates can read, and what they could; the newest first."""
    organisation, user = current_organisation(request), signed_in(request)
    if organisation is None:
        return render(request, "plans/nowhere.html")
    own = PublishedPosting.objects.visible_to(user).filter(plan__organisation=organisation)
    shown = own.select_related("plan", "published_by").order_by("-published_at", "pk")
    page = Paginator(shown, POSTINGS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "postings/list.html", {"page": page, "today": _today()})


@at_most(60, per_minutes=1)
@require_http_methods(["GET", "POST"])
def reader(request: HttpRequest) -> HttpResponse:
    """Any posting, read and judged; nothing is kept."""
    organisation = current_organisation(request)
    if organisation is None:
        raise Http404
    require(request.user, "organisation.view", organisation)
    form = ToRead(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = picked(form.given(), form.cleaned_data["pick"])
            if len(choices := postings_in(given)) > 1:
                return render(request, "plans/choose.html", {"choices": choices, "url": given.url})
            reading = reading_of(given)
            return render(request, "postings/read.html", _read(request, drafted(reading), reading))
        except UserError as error:
            for problem in problems_of(error)[:5]:
                form.add_error(form.given_by, str(problem))
    return render(request, "postings/reader.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def plan_reader(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A plan's posting as it is read: every place marked, what should be mended, and the law of its places."""
    seen = sight(request, pk)
    plan = load_plan(seen.text(seen.plan.latest())).plan
    context: dict[str, Any] = {"seen": seen, "plan": seen.plan, **_around(seen)}
    if plan.posting and plan.posting.strip():
        context |= _read(request, plan, reading_of_text(plan.posting))
    return render(request, "postings/plan_reader.html", context)


@at_most(120, per_minutes=1)
@require_http_methods(["GET", "POST"])
def plan_writer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The posting that a plan amounts to, in four forms; a POST takes it into the plan as a new version."""
    seen = sight(request, pk, "plan.view" if request.method == "GET" else "plan.edit")
    if seen.sees_pay:
        record_sight_of_pay(by=seen.user, of=seen.plan, now=timezone.now())
    version = seen.plan.latest()
    text = seen.text(version)
    made = written_posting(load_plan(text).plan, day=_today())
    if request.method == "POST":
        return _taken_into(request, seen, text, made.form("markdown").text)
    chosen = made.form(request.GET.get("form", ""))
    if request.GET.get("download"):
        name = f"{slugify(made.title)[:60] or 'posting'}.{chosen.suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(chosen.text, content_type=f"{chosen.media_type}; charset=utf-8", headers=headers)
    context = {
        "seen": seen,
        "plan": seen.plan,
        "made": made,
        "chosen": chosen,
        "preview": as_page(made.form("markdown").text, made.title),
        "base": version.number,
        **_around(seen),
    }
    return render(request, "postings/plan_writer.html", context)


def _taken_into(request: HttpRequest, seen: Sight, text: str, posting: str) -> HttpResponse:
    document = document_of(text)
    document["posting"] = as_long_text(posting)
    after, base = dump(document), whole_number(request.POST.get("base"))
    try:
        service.save_version(
            plan=seen.plan,
            text=after,
            base_number=base,
            summary=whole_summary(seen, after, base),
            why="The posting as written from the plan",
            by=seen.user,
            now=timezone.now(),
        )
        messages.success(request, "The plan now holds this posting.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
        return redirect("plan-writer", pk=seen.plan.pk)
    return redirect("plan-reader", pk=seen.plan.pk)


def _read(request: HttpRequest, plan: HiringPlan, reading: PostingReading) -> dict[str, Any]:
    places = (request.POST.get("places") or request.GET.get("places") or "")[:LONGEST_PLACES]
    return {
        "reading": reading,
        "marked": marked(reading),
        "remarks": judged(reading),
        "summary": summary(reading),
        "law": law_of(plan, reading, as_of=_today(), places=places),
        "places": places,
    }


def _around(seen: Sight) -> dict[str, Any]:
    return {
        "view": "posting",
        "open_comments": seen.plan.comments.filter(settled_at=None).count(),
        "open_posting": seen.plan.postings.filter(closed_at=None).first(),
    }


def _today() -> date:
    return timezone.localdate()
