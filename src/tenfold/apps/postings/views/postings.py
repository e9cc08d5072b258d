"""Postings: those that were published, the reader, the writer."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from tenfold.apps.plans import services as service
from tenfold.apps.plans.forms.editing import document_of, problems_of, whole_number
from tenfold.apps.plans.queries import PlanAccess
from tenfold.apps.plans.views.access import plan_access, text_for
from tenfold.apps.postings.forms.incoming import postings_in, reading_of, select_posting
from tenfold.apps.postings.forms.source import PastedPosting, PostingSource, PostingToRead
from tenfold.apps.postings.models import PublishedPosting
from tenfold.apps.postings.presenters.highlights import highlight
from tenfold.apps.postings.presenters.law import law_of
from tenfold.apps.postings.presenters.writing import as_page, render_formats
from tenfold.audit.check_text import reading_of as reading_of_text
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import current_organisation, signed_in
from tenfold.core.permissions import require
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.kit.errors import UserError
from tenfold.plan.document import HiringPlan
from tenfold.plan.yaml_io import dump, load_plan, long_text
from tenfold.posting.draft import draft_plan
from tenfold.posting.lint import lint_posting
from tenfold.posting.model import PostingReading
from tenfold.posting.summary import summary

POSTINGS_ON_A_PAGE = 30
MAX_PLACES = 300


@require_GET
def postings(request: HttpRequest) -> HttpResponse:
    """What candidates can read, and what they could; the newest first."""
    organisation, user = current_organisation(request), signed_in(request)
    if organisation is None:
        return render(request, "no_organisation.html")
    own = PublishedPosting.objects.visible_to(user).filter(plan__organisation=organisation)
    shown = own.select_related("plan", "published_by").order_by("-published_at", "pk")
    page = Paginator(shown, POSTINGS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "postings/list.html", {"page": page, "today": _today()})


@login_not_required
@rate_limit(30, per_minutes=1)
@require_http_methods(["GET", "POST"])
def reader(request: HttpRequest) -> HttpResponse:
    """Any posting, read and judged; nothing is kept. Whoever is not signed in pastes a text, and nothing else."""
    form = _reader_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            given = select_posting(form.given(), form.cleaned_data["pick"])
            if len(choices := postings_in(given)) > 1:
                return render(request, "postings/choose.html", {"choices": choices, "url": given.url})
            reading = reading_of(given)
            return render(request, "postings/read.html", _reading_context(request, draft_plan(reading), reading))
        except UserError as error:
            for problem in problems_of(error)[:5]:
                form.add_error(form.given_by, str(problem))
    return render(request, "postings/reader.html", {"form": form}, status=422 if form.errors else 200)


def _reader_form(request: HttpRequest) -> PostingSource:
    """Addresses are fetched, and files opened, only for members."""
    if not request.user.is_authenticated:
        return PastedPosting(request.POST or None)
    organisation = current_organisation(request)
    if organisation is None:
        raise Http404
    require(request.user, "organisation.view", organisation)
    return PostingToRead(request.POST or None, request.FILES or None)


@require_GET
def plan_reader(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A plan's posting as it is read: every place marked, what should be mended, and the law of its places."""
    access = plan_access(request, pk)
    plan = load_plan(text_for(access, access.plan.latest())).plan
    context: dict[str, Any] = {"access": access, "plan": access.plan, **_around(access)}
    if plan.posting and plan.posting.strip():
        context |= _reading_context(request, plan, reading_of_text(plan.posting))
    return render(request, "postings/plan_reader.html", context)


@rate_limit(120, per_minutes=1)
@require_http_methods(["GET", "POST"])
def plan_writer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The posting that a plan amounts to, in four forms; a POST takes it into the plan as a new version."""
    access = plan_access(request, pk, "plan.view" if request.method == "GET" else "plan.edit")
    if access.can_see_pay:
        record_sight_of_pay(by=access.user, of=access.plan, now=timezone.now())
    version = access.plan.latest()
    text = text_for(access, version)
    made = render_formats(load_plan(text).plan, day=_today())
    if request.method == "POST":
        return _taken_into(request, access, text, made.form("markdown").text)
    chosen = made.form(request.GET.get("form", ""))
    if request.GET.get("download"):
        name = f"{slugify(made.title)[:60] or 'posting'}.{chosen.suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(chosen.text, content_type=f"{chosen.media_type}; charset=utf-8", headers=headers)
    context = {
        "access": access,
        "plan": access.plan,
        "made": made,
        "chosen": chosen,
        "preview": as_page(made.form("markdown").text, made.title),
        "base": version.number,
        **_around(access),
    }
    return render(request, "postings/plan_writer.html", context)


def _taken_into(request: HttpRequest, access: PlanAccess, text: str, posting: str) -> HttpResponse:
    document = document_of(text)
    document["posting"] = long_text(posting)
    after, base = dump(document), whole_number(request.POST.get("base"))
    try:
        service.save_version(
            plan=access.plan,
            text=after,
            base_number=base,
            why="The posting as written from the plan",
            by=access.user,
            now=timezone.now(),
        )
        messages.success(request, "The plan now holds this posting.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
        return redirect("plan-writer", pk=access.plan.pk)
    return redirect("plan-reader", pk=access.plan.pk)


def _reading_context(request: HttpRequest, plan: HiringPlan, reading: PostingReading) -> dict[str, Any]:
    places = (request.POST.get("places") or request.GET.get("places") or "")[:MAX_PLACES]
    return {
        "reading": reading,
        "marked": highlight(reading),
        "remarks": lint_posting(reading),
        "summary": summary(reading),
        "law": law_of(plan, reading, as_of=_today(), places=places),
        "places": places,
    }


def _around(access: PlanAccess) -> dict[str, Any]:
    return {
        "view": "posting",
        "open_comments": access.plan.comments.filter(settled_at=None).count(),
        "open_posting": access.plan.postings.filter(closed_at=None).first(),
    }


def _today() -> date:
    return timezone.localdate()
