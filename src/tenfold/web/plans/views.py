"""Plans: the list, a new one, and the editor with its ten checks."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.hiring.models import Organisation, PlanState, StoredPlan
from tenfold.hiring.pay_visibility import with_pay_of
from tenfold.hiring.permissions import require
from tenfold.hiring.services import plans as service
from tenfold.kit.errors import UserError
from tenfold.plan.document import VERSION
from tenfold.plan.yaml_io import TOP_KEY, CommentedMap, dump
from tenfold.web.limits import at_most
from tenfold.web.middleware import current_organisation
from tenfold.web.plans import what_if
from tenfold.web.plans.access import Sight, sight, signed_in
from tenfold.web.plans.checks import Checked, check_document, check_text
from tenfold.web.plans.editing import (
    Form,
    apply,
    document_of,
    document_to_read,
    form_of,
    problems_of,
    rearranged,
    row_ids,
    target_of,
    whole_number,
)
from tenfold.web.plans.forms import NewPlan
from tenfold.web.plans.panel import panel
from tenfold.web.plans.starting import ASKED, first_questions, text_given
from tenfold.web.postings.incoming import picked, postings_in

PLANS_ON_A_PAGE = 24
VIEWS = ("form", "posting", "what-if", "yaml")


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """The organisation's plans as cards, newest first; `?archived=1` shows the archive, `?q=` searches titles."""
    organisation, user = current_organisation(request), signed_in(request)
    if organisation is None:
        return render(request, "plans/nowhere.html")
    archived, asked = request.GET.get("archived") == "1", request.GET.get("q", "").strip()[:100]
    own = StoredPlan.objects.visible_to(user).filter(organisation=organisation)
    shown = own.filter(state=PlanState.ARCHIVED) if archived else own.kept()
    if asked:
        shown = shown.filter(title__icontains=asked)
    open_comments = Count("comments", filter=Q(comments__settled_at=None), distinct=True)
    open_postings = Count("postings", filter=Q(postings__closed_at=None), distinct=True)
    shown = shown.annotate(open_comments=open_comments, open_postings=open_postings).select_related("created_by")
    context = {
        "page": Paginator(shown.order_by("-changed_at", "pk"), PLANS_ON_A_PAGE).get_page(request.GET.get("page")),
        "archived": archived,
        "asked": asked,
        "archive_holds": not archived and own.filter(state=PlanState.ARCHIVED).exists(),
    }
    return render(request, "plans/list.html", context)


@at_most(60, per_minutes=1)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A plan from a posting or a plan: pasted, uploaded, or fetched from its address."""
    organisation = _may_create(request)
    form = NewPlan(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = picked(form.given(), form.cleaned_data["pick"])
            if len(choices := postings_in(given)) > 1:
                return render(request, "plans/choose.html", {"choices": choices, "url": given.url})
            text = text_given(given)
            return redirect("plan", pk=_created(request, organisation, text, why=f"Started from {given.name}").pk)
        except UserError as error:
            for problem in problems_of(error)[:5]:
                form.add_error(form.given_by, str(problem))
    return render(request, "plans/new.html", {"form": form}, status=422 if form.errors else 200)


@at_most(60, per_minutes=1)
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """A plan from a short conversation: what the checks ask most and a person can answer at once."""
    organisation = _may_create(request)
    document = CommentedMap({TOP_KEY: VERSION})
    problems: tuple[UserError, ...] = ()
    if request.method == "POST":
        apply(request.POST, document)
        try:
            check_document(document, as_of=_today())
            return redirect(
                "plan", pk=_created(request, organisation, dump(document), why="Started from a few questions").pk
            )
        except UserError as error:
            problems = problems_of(error)
    context = {
        "steps": first_questions(form_of(document, problems=problems)),
        "asked": len(ASKED),
        "problems": problems,
    }
    return render(request, "plans/questions.html", context, status=422 if problems else 200)


@at_most(240, per_minutes=1)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID, view: str = "form") -> HttpResponse:
    """The plan as a form, as its posting, as what might be otherwise, or as YAML, with the ten checks beside it.

    A POST carries the unsaved edits of one view into another (`do=form|posting|what-if|yaml`), changes rows where
    scripts are off (`do=add:…`), checks (`do=check`) or saves (`do=save`).
    """
    seen = sight(request, pk)
    if request.method == "GET":
        base = seen.plan.latest()
        return _editor(request, seen, view, seen.text(base), base.number)
    require(seen.user, "plan.edit", seen.plan)
    return _posted(request, seen, view)


@at_most(240, per_minutes=1)
@require_POST
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The ten checks on what is in the editor now, as the panel beside it; nothing is saved."""
    seen = sight(request, pk, "plan.edit")
    view = request.POST.get("view", "form")
    if view == "yaml":
        return _checked_beside(request, seen)
    ids = row_ids(request.POST) if view == "form" else {}
    try:
        document = _edited(request.POST, seen, view)
        if view == "what-if":
            return render(request, "plans/what_if_panel.html", _what_if(seen, document, request.POST.get("base", "")))
        checked = check_document(document, as_of=_today())
    except UserError as error:
        problems = [_targeted(problem, ids) for problem in problems_of(error)]
        return render(request, "plans/panel_problems.html", {"problems": problems})
    context = {"panel": panel(checked, seen, ids), "view": view, "report": checked.report, "live": True, "seen": seen}
    return render(request, "plans/panel.html", context)


def _checked_beside(request: HttpRequest, seen: Sight) -> HttpResponse:
    """The checks beside YAML and form, and the one of the two that was not typed in, as the other makes it."""
    by_form = request.POST.get("changed") == "form"
    ids = row_ids(request.POST) if by_form else {}
    context: dict[str, Any] = {"view": "yaml", "live": True, "seen": seen, "by_form": by_form}
    problems: tuple[UserError, ...] = ()
    document: CommentedMap | None = None
    try:
        if by_form:
            made = _edited(request.POST, seen, "yaml")
            text = dump(made)
        else:
            text = _text_now(request.POST, seen)
            made = document_to_read(text)
        document = made
        checked = check_document(made, as_of=_today())
        context |= {"panel": panel(checked, seen, ids), "report": checked.report}
    except UserError as error:
        problems = problems_of(error)
        context["problems"] = [_targeted(problem, ids) for problem in problems]
    if document is not None:
        context |= {"text": text, "form": None if by_form else form_of(document, problems=problems)}
    return render(request, "plans/beside_checked.html", context)


@require_POST
def approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    seen = sight(request, pk, "plan.approve")
    number = whole_number(request.POST.get("number"))
    try:
        service.approve(plan=seen.plan, number=number, by=seen.user, now=timezone.now())
        messages.success(request, f"Version {number} is approved.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("plan", pk=pk)


@require_POST
def archive(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    seen = sight(request, pk, "plan.edit")
    service.archive(plan=seen.plan, by=seen.user, now=timezone.now())
    messages.success(request, f"“{seen.plan}” is in the archive.")
    return redirect("plans")


@require_POST
def restore(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    seen = sight(request, pk, "plan.edit")
    service.restore(plan=seen.plan, by=seen.user, now=timezone.now())
    return redirect("plan", pk=pk)


@require_POST
def duplicate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    seen = sight(request, pk, "plan.create")
    copy = service.duplicate(plan=seen.plan, title=f"{seen.plan.title} (copy)", by=seen.user, now=timezone.now())
    messages.success(request, "This is the copy. Change its title and whatever is different.")
    return redirect("plan", pk=copy.pk)


def _posted(request: HttpRequest, seen: Sight, view: str) -> HttpResponse:
    action, posted = request.POST.get("do", "check"), request.POST
    base_number = whole_number(posted.get("base"))
    view = posted["view"] if posted.get("view") in VIEWS else view
    try:
        document = _edited(posted, seen, view)
        if ":" in action:
            document = rearranged(posted, document, action)
        as_typed = view == "yaml" and action not in VIEWS and posted.get("changed") != "form"
        text = posted.get("yaml", "") if as_typed else dump(document)
    except UserError as error:
        return _unreadable(request, seen, view, error)
    if action != "save":
        return _editor(request, seen, action if action in VIEWS else view, text, base_number, unsaved=True)
    return _save(request, seen, view, text, base_number)


def _save(request: HttpRequest, seen: Sight, view: str, text: str, base_number: int) -> HttpResponse:
    try:
        version = service.save_version(
            plan=seen.plan,
            text=text,
            base_number=base_number,
            summary=whole_summary(seen, text, base_number),
            why=request.POST.get("why", "").strip() or _own_reason(seen, view, text, base_number),
            by=seen.user,
            now=timezone.now(),
        )
    except service.PlanMovedOn as error:
        return _editor(request, seen, view, text, error.latest.number, unsaved=True, status=409, moved=error)
    except UserError as error:
        return _editor(request, seen, view, text, base_number, unsaved=True, error=error, status=422)
    if version.number == base_number:
        messages.info(request, "Nothing was changed, so there is nothing to save.")
    else:
        messages.success(request, f"Saved as version {version.number}.")
    names = {"yaml": "plan-yaml", "posting": "plan-posting", "what-if": "plan-what-if"}
    return redirect(names.get(view, "plan"), pk=seen.plan.pk)


def whole_summary(seen: Sight, text: str, base_number: int) -> service.Summary:
    """What lists show: told from the whole plan, also where the editor may not see its pay."""
    if not seen.sees_pay:
        base = seen.plan.versions.filter(number=base_number).first()
        text = with_pay_of(text, base.text) if base else text
    return check_text(text, as_of=_today()).summary


def _edited(posted: QueryDict, seen: Sight, view: str) -> CommentedMap:
    """The document that the editor amounts to: the text it began with, and what was typed on top."""
    if view == "yaml":
        by_form = _by_form(posted, seen)
        return by_form if by_form is not None else document_of(_text_now(posted, seen))
    if working := posted.get("working", ""):
        start = working.replace("\r\n", "\n")
    else:
        base = seen.plan.versions.filter(number=whole_number(posted.get("base"))).first()
        if base is None:
            raise Http404
        start = seen.text(base)
    if view == "what-if":
        return what_if.moved(posted, document_of(start))
    return apply(posted, document_of(start), sees_pay=seen.sees_pay)


def _text_now(posted: QueryDict, seen: Sight) -> str:
    """The YAML as typed; or as the form beside it makes it, where that was typed in last.

    The form lies on top of the text that it was drawn from (`working`), not of what it has made of that meanwhile: its
    rows know their places in the former.
    """
    by_form = _by_form(posted, seen)
    return dump(by_form) if by_form is not None else posted.get("yaml", "").replace("\r\n", "\n")


def _by_form(posted: QueryDict, seen: Sight) -> CommentedMap | None:
    """The document as the form beside the YAML makes it; None where the YAML was typed in last."""
    drawn_from = posted.get("working", "").replace("\r\n", "\n")
    if posted.get("changed") != "form" or not drawn_from or not seen.sees_pay:
        return None
    return apply(posted, document_of(drawn_from))


def _editor(
    request: HttpRequest,
    seen: Sight,
    view: str,
    text: str,
    base_number: int,
    *,
    unsaved: bool = False,
    error: UserError | None = None,
    status: int = 200,
    moved: service.PlanMovedOn | None = None,
) -> HttpResponse:
    checked: Checked | None = None
    problems = problems_of(error) if error else ()
    document = document_of(text)
    try:
        checked = check_document(document, as_of=_today())
    except UserError as unreadable:
        problems = problems_of(unreadable)
    form: Form = form_of(document, problems=problems, sees_pay=seen.sees_pay)
    ids: dict[str, str] = {}
    context = {
        **seen.head(),
        "view": view,
        "form": form,
        "text": text,
        "working": text if unsaved else "",
        "base": base_number,
        "unsaved": unsaved,
        "panel": panel(checked, seen, ids) if checked else None,
        "report": checked.report if checked else None,
        "states": checked.states if checked else seen.plan.strip,
        "problems": [_targeted(problem, ids) for problem in problems],
        "posting": document.get("posting") or "",
        "moved": moved,
        "latest_text": seen.text(moved.latest) if moved else "",
    }
    if view == "what-if" and checked:
        context |= {"choices": what_if.choices(document), **_what_if(seen, document, base_number)}
    return render(request, "plans/edit.html", context, status=422 if problems and status == 200 else status)


def _what_if(seen: Sight, document: CommentedMap, base: str | int) -> dict[str, Any]:
    """What the editor's text changes against the version that it began with."""
    version = seen.plan.versions.filter(number=whole_number(str(base))).first()
    if version is None:
        raise Http404
    found = what_if.what_if(seen.text(version), document, as_of=_today())
    return {
        "found": found,
        "answer": what_if.answer(found),
        "rows": what_if.rows(found, sees_pay=seen.sees_pay),
        "turns": tuple(what_if.turns(found)),
        "seen": seen,
    }


def _own_reason(seen: Sight, view: str, text: str, base_number: int) -> str:
    """Versions that come of trying something out say so by themselves."""
    base = seen.plan.versions.filter(number=base_number).first()
    return what_if.reason(seen.text(base), document_of(text)) if base and view == "what-if" else ""


def _unreadable(request: HttpRequest, seen: Sight, view: str, error: UserError) -> HttpResponse:
    """YAML that is no YAML goes back as it was typed, with its problems."""
    context = {
        **seen.head(),
        "view": "yaml",
        "text": request.POST.get("yaml") or request.POST.get("working", ""),
        "base": request.POST.get("base"),
        "unsaved": True,
        "problems": [_targeted(problem, {}) for problem in problems_of(error)],
        "states": seen.plan.strip,
        "was": view,
    }
    return render(request, "plans/edit.html", context, status=422)


def _targeted(problem: UserError, ids: dict[str, str]) -> dict[str, Any]:
    return {
        "what": problem.what,
        "remedy": problem.remedy,
        "line": problem.place.line,
        "field": problem.place.field or "",
        "target": target_of(problem.place.field or "", ids),
    }


def _created(request: HttpRequest, organisation: Organisation, text: str, *, why: str) -> StoredPlan:
    checked = check_text(text, as_of=_today())
    return service.create_plan(
        organisation=organisation,
        text=text,
        summary=checked.summary,
        why=why,
        by=signed_in(request),
        now=timezone.now(),
    )


def _may_create(request: HttpRequest) -> Organisation:
    organisation = current_organisation(request)
    if organisation is None:
        raise Http404
    require(request.user, "plan.create", organisation)
    return organisation


def _today() -> Any:
    return timezone.localdate()
