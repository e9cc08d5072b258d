"""The decision-rights charter and the incentives sheet that a plan amounts to: a page, Markdown, PDF."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from tenfold.apps.plans.presenters import pdf
from tenfold.apps.plans.views.access import plan_access, plan_head, text_for
from tenfold.core.http.limits import rate_limit
from tenfold.plan.yaml_io import load_plan
from tenfold.practices.alignment.sheets import as_markdown, draft_sheets


@rate_limit(60, per_minutes=1)
@require_GET
def charter(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Drafted from the plan each time, so that it is edited there; `?as=md` and `?as=pdf` are files."""
    access = plan_access(request, pk)
    sheets = draft_sheets(load_plan(text_for(access, access.plan.latest())).plan)
    name = f"{slugify(sheets.title)[:60] or 'plan'}-charter"
    form = request.GET.get("as", "")
    if form == "md":
        return _file(as_markdown(sheets).encode(), f"{name}.md", "text/markdown; charset=utf-8")
    if form == "pdf":
        try:
            page = render_to_string("plans/charter_print.html", {"sheets": sheets, "plan": access.plan})
            return _file(pdf.page_as_pdf(page), f"{name}.pdf", "application/pdf")
        except pdf.NoPdf as error:
            messages.error(request, f"{error.what} {error.remedy}")
            return redirect("plan-charter", pk=pk)
    return render(request, "plans/charter.html", {**plan_head(access), "sheets": sheets})


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
