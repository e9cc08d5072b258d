"""What a posting answers of its plan, confirmed in one pass; then what it does not say, most useful first."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tenfold.apps.plans import services as service
from tenfold.apps.plans.forms.editing import (
    Form,
    Input,
    apply_form,
    document_of,
    form_of,
    problems_of,
    set_answer,
    whole_number,
)
from tenfold.apps.plans.queries import PlanAccess
from tenfold.apps.plans.views.access import plan_access, plan_head, text_for
from tenfold.apps.postings.presenters.answers import ReadAnswers, answers_read
from tenfold.audit.asking import RankedQuestion, questions_by_effect
from tenfold.audit.check_text import Checked, check_text, check_without_pay, reading_of
from tenfold.audit.drafting import as_yaml
from tenfold.core.http.limits import rate_limit
from tenfold.kit.errors import UserError
from tenfold.plan.yaml_io import CommentedMap, dump
from tenfold.posting.draft import read_answers

MAX_ASKED = 8


@rate_limit(120, per_minutes=1)
@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answers read in the posting with their quotes, to keep or leave; then the questions that it leaves open."""
    access = plan_access(request, pk, "plan.view" if request.method == "GET" else "plan.edit")
    problems: tuple[UserError, ...] = ()
    if request.method == "POST":
        try:
            return _save(request, access)
        except UserError as error:
            problems = problems_of(error)
    version = access.plan.latest()
    text = text_for(access, version)
    document = document_of(text)
    checked = check_text(text, as_of=timezone.localdate()) if access.can_see_pay else _without_pay(access)
    read = _read(document, access)
    context = {
        **plan_head(access),
        "read": read,
        "base": version.number,
        "problems": problems,
        "report": checked.report,
        "states": checked.states,
        "asked": _questions(checked, form_of(document, problems=problems, sees_pay=access.can_see_pay)),
    }
    return render(request, "postings/answers.html", context, status=422 if problems else 200)


def _without_pay(access: PlanAccess) -> Checked:
    return check_without_pay(access.plan.latest().text, as_of=timezone.localdate())


def _read(document: CommentedMap, access: PlanAccess) -> ReadAnswers:
    posting = str(document.get("posting") or "")
    if not posting.strip():
        return ReadAnswers((), ())
    return answers_read(document, reading_of(posting), sees_pay=access.can_see_pay)


def _questions(checked: Checked, form: Form) -> list[tuple[RankedQuestion, Input]]:
    """The questions with the most effect that one input answers."""
    inputs = {part.spec.path: part for group in form.groups for part in group.parts if isinstance(part, Input)}
    ranked = questions_by_effect(checked.report.sections)
    return [(one, inputs[one.field]) for one in ranked if one.field in inputs][:MAX_ASKED]


def _save(request: HttpRequest, access: PlanAccess) -> HttpResponse:
    base = access.plan.versions.filter(number=whole_number(request.POST.get("base"))).first() or access.plan.latest()
    document = document_of(text_for(access, base))
    confirmed = _confirm(request.POST, document, access)
    apply_form(request.POST, document, sees_pay=access.can_see_pay)
    saved = service.save_edit(
        plan=access.plan,
        text=dump(document),
        base_number=base.number,
        why=f"Confirmed what the posting states{f': {confirmed} changed' if confirmed else ''}",
        by=access.user,
        now=timezone.now(),
    )
    if saved.version.number != base.number:
        messages.success(request, f"Saved as version {saved.version.number}.")
    return redirect("plan", pk=access.plan.pk)


def _confirm(posted: QueryDict, document: CommentedMap, access: PlanAccess) -> int:
    """Sets what is ticked and takes out what was unticked; how many answers that changed."""
    shown, ticked = set(posted.getlist("shown")), set(posted.getlist("answer"))
    values: dict[str, Any] = {
        one.field: one.value for one in read_answers(reading_of(str(document.get("posting") or "")))
    }
    read = _read(document, access)
    kept = {one.field for one in read.kept}
    wrong, added = (kept & shown) - ticked, (ticked & shown & values.keys()) - kept
    for field in sorted(wrong):
        set_answer(document, field, None)
    for field in sorted(added):
        set_answer(document, field, as_yaml(values[field]))
    return len(wrong) + len(added)
