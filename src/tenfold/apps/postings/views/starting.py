"""A plan from a posting or a plan that came in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tenfold.apps.plans.forms.editing import problems_of
from tenfold.apps.plans.services import create_plan
from tenfold.apps.postings.forms.incoming import postings_in, select_posting
from tenfold.apps.postings.forms.source import PostingSource
from tenfold.apps.postings.forms.starting import is_from_posting, plan_text_from_incoming
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.permissions import require
from tenfold.kit.errors import UserError


@rate_limit(60, per_minutes=1)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A plan from a posting or a plan: pasted, uploaded, or fetched from its address."""
    organisation = require_organisation(request)
    require(request.user, "plan.create", organisation)
    form = PostingSource(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = select_posting(form.given(), form.cleaned_data["pick"])
            if len(choices := postings_in(given)) > 1:
                return render(request, "postings/choose.html", {"choices": choices, "url": given.url})
            text = plan_text_from_incoming(given)
            made = create_plan(
                organisation=organisation,
                text=text,
                why=f"Started from {given.name}",
                by=signed_in(request),
                now=timezone.now(),
            )
            return redirect("plan-answers" if is_from_posting(given) else "plan", pk=made.pk)
        except UserError as error:
            for problem in problems_of(error)[:5]:
                form.add_error(form.given_by, str(problem))
    return render(request, "postings/new.html", {"form": form}, status=422 if form.errors else 200)
