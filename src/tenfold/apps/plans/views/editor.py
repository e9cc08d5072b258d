"""Plans: the list, a new one, and the editor with its ten checks."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.plans import services as service
from tenfold.apps.plans.forms.editing import (
    apply_form,
    document_of,
    form_of,
    form_of_text,
    problems_of,
    read_only_document,
    rearrange_rows,
    row_ids,
    target_of,
    whole_number,
)
from tenfold.apps.plans.forms.fields import field_name
from tenfold.apps.plans.forms.first_questions import ASKED, first_questions
from tenfold.apps.plans.models import PlanState, StoredPlan
from tenfold.apps.plans.presenters import what_if
from tenfold.apps.plans.presenters.conflicts import conflict_views
from tenfold.apps.plans.presenters.page_words import finding_for_page
from tenfold.apps.plans.presenters.panel import panel
from tenfold.apps.plans.presenters.posting_tried import posting_tried, tried_lines, try_posting
from tenfold.apps.plans.queries import PlanAccess
from tenfold.apps.plans.views.access import plan_access, plan_head, text_for
from tenfold.audit.check_text import Checked, check_document, check_text, check_without_pay
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import current_organisation, require_organisation, signed_in
from tenfold.core.permissions import may, require
from tenfold.kit.errors import UserError
from tenfold.kit.words import join
from tenfold.plan.document import VERSION
from tenfold.plan.merging import take_field
from tenfold.plan.redaction import redact_pay, restore_pay
from tenfold.plan.yaml_io import TOP_KEY, CommentedMap, dump

PLANS_ON_A_PAGE = 24
VIEWS = ("form", "posting", "what-if", "yaml")
TAKE = "take:"
MAX_NAMED = 5


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """The organisation's plans as cards, newest first; `?archived=1` shows the archive, `?q=` searches titles."""
    organisation, user = current_organisation(request), signed_in(request)
    if organisation is None:
        return render(request, "no_organisation.html")
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
        "hides_pay": not may(user, "pay.see", organisation),
        "asked": asked,
        "archive_holds": not archived and own.filter(state=PlanState.ARCHIVED).exists(),
    }
    return render(request, "plans/list.html", context)


@rate_limit(60, per_minutes=1)
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """A plan from a short conversation: what the checks ask most and a person can answer at once."""
    organisation = require_organisation(request)
    require(request.user, "plan.create", organisation)
    document = CommentedMap({TOP_KEY: VERSION})
    problems: tuple[UserError, ...] = ()
    if request.method == "POST":
        apply_form(request.POST, document)
        try:
            check_document(document, as_of=_today())
            made = service.create_plan(
                organisation=organisation,
                text=dump(document),
                why="Started from a few questions",
                by=signed_in(request),
                now=timezone.now(),
            )
            return redirect("plan", pk=made.pk)
        except UserError as error:
            problems = problems_of(error)
    context = {
        "steps": first_questions(form_of(document, problems=problems)),
        "asked": len(ASKED),
        "problems": problems,
    }
    return render(request, "plans/questions.html", context, status=422 if problems else 200)


@rate_limit(240, per_minutes=1)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID, view: str = "form") -> HttpResponse:
    """The plan as a form, as its posting, as what might be otherwise, or as YAML, with the ten checks beside it.

    A POST carries the unsaved edits of one view into another (`do=form|posting|what-if|yaml`), changes rows where
    scripts are off (`do=add:…`), checks (`do=check`) or saves (`do=save`).
    """
    access = plan_access(request, pk)
    if request.method == "GET":
        base = access.plan.latest()
        return _editor(request, access, view, text_for(access, base), base.number)
    require(access.user, "plan.edit", access.plan)
    return _handle_post(request, access, view)


@rate_limit(240, per_minutes=1)
@require_POST
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The ten checks on what is in the editor now, as the panel beside it; nothing is saved."""
    access = plan_access(request, pk, "plan.edit")
    view = request.POST.get("view", "form")
    if view == "yaml":
        return _checked_beside(request, access)
    ids = row_ids(request.POST) if view == "form" else {}
    try:
        document = _edited_document(request.POST, access, view)
        if view == "what-if":
            return render(request, "plans/what_if_panel.html", _what_if(access, document, request.POST.get("base", "")))
        checked = _check(access, document)
    except UserError as error:
        problems = [_problem_view(problem, ids) for problem in problems_of(error)]
        return render(request, "plans/panel_problems.html", {"problems": problems})
    context = {
        "panel": panel(checked, access, ids),
        "view": view,
        "report": checked.report,
        "live": True,
        "access": access,
    }
    return render(request, "plans/panel.html", context)


def _check(access: PlanAccess, document: CommentedMap) -> Checked:
    """The ten checks as this person may see them.

    Raises:
        UserError: the document holds values that a plan cannot hold.
    """
    setup = access.setup()
    checked = check_document(document, as_of=_today(), setup=setup, bands=access.bands())
    if access.can_see_pay:
        return checked
    return check_without_pay(restore_pay(dump(document), access.plan.latest().text), as_of=_today(), setup=setup)


def _check_text(access: PlanAccess, text: str) -> Checked:
    """As `_check`, of a text as it stands: one that was checked today is not checked again.

    Raises:
        UserError: the text holds values that a plan cannot hold.
    """
    setup = access.setup()
    if access.can_see_pay:
        return check_text(text, as_of=_today(), setup=setup, bands=access.bands())
    return check_without_pay(restore_pay(text, access.plan.latest().text), as_of=_today(), setup=setup)


def _checked_beside(request: HttpRequest, access: PlanAccess) -> HttpResponse:
    """The checks beside YAML and form, and the one of the two that was not typed in, as the other makes it."""
    by_form = request.POST.get("changed") == "form"
    ids = row_ids(request.POST) if by_form else {}
    context: dict[str, Any] = {"view": "yaml", "live": True, "access": access, "by_form": by_form}
    problems: tuple[UserError, ...] = ()
    document: CommentedMap | None = None
    try:
        if by_form:
            made = _edited_document(request.POST, access, "yaml")
            text = dump(made)
        else:
            text = _text_now(request.POST, access)
            made = read_only_document(text)
        document = made
        checked = _check(access, made)
        context |= {"panel": panel(checked, access, ids), "report": checked.report}
    except UserError as error:
        problems = problems_of(error)
        context["problems"] = [_problem_view(problem, ids) for problem in problems]
    if document is not None:
        context |= {"text": text, "form": None if by_form else form_of(document, problems=problems)}
    return render(request, "plans/beside_checked.html", context)


@require_POST
def approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk, "plan.approve")
    number = whole_number(request.POST.get("number"))
    try:
        service.approve(plan=access.plan, number=number, by=access.user, now=timezone.now())
        messages.success(request, f"Version {number} is approved.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("plan", pk=pk)


@require_POST
def archive(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk, "plan.edit")
    service.archive(plan=access.plan, by=access.user, now=timezone.now())
    undo = f"undo:{reverse('restore-plan', args=[pk])}"
    messages.success(request, f"“{access.plan}” is in the archive; its links and posting are closed.", extra_tags=undo)
    return redirect("plans")


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first, then takes the plan out of sight; for a while that can be undone."""
    access = plan_access(request, pk, "plan.delete")
    if request.method == "GET":
        kept = {"days": service.UNDO_LASTS.days, "versions": access.plan.versions.count()}
        return render(request, "plans/delete.html", {**plan_head(access), **kept})
    service.delete_plan(plan=access.plan, by=access.user, now=timezone.now())
    messages.success(
        request, f"“{access.plan}” is deleted.", extra_tags=f"undo:{reverse('undo-plan-deletion', args=[pk])}"
    )
    return redirect("plans")


@require_POST
def undo_deletion(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    plan = get_object_or_404(StoredPlan.objects.deleted_for(user).select_related("organisation"), pk=pk)
    service.undo_deletion(plan=plan, by=user, now=timezone.now())
    messages.success(request, f"“{plan}” is restored. Its links and posting stay closed.")
    return redirect("plan", pk=pk)


@require_POST
def restore(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk, "plan.edit")
    service.restore(plan=access.plan, by=access.user, now=timezone.now())
    return redirect("plan", pk=pk)


@require_POST
def duplicate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk, "plan.create")
    copy = service.duplicate(plan=access.plan, title=f"{access.plan.title} (copy)", by=access.user, now=timezone.now())
    messages.success(request, "This is the copy. Change its title and whatever is different.")
    return redirect("plan", pk=copy.pk)


def _handle_post(request: HttpRequest, access: PlanAccess, view: str) -> HttpResponse:
    action, posted = request.POST.get("do", "check"), request.POST
    base_number = whole_number(posted.get("base"))
    view = posted["view"] if posted.get("view") in VIEWS else view
    try:
        document = _edited_document(posted, access, view)
        if ":" in action:
            document = rearrange_rows(posted, document, action)
        takes = any(name.startswith(TAKE) for name in posted)
        as_typed = view == "yaml" and action not in VIEWS and posted.get("changed") != "form" and not takes
        text = posted.get("yaml", "") if as_typed else dump(document)
    except UserError as error:
        return _unreadable(request, access, view, error)
    if action != "save":
        return _editor(request, access, action if action in VIEWS else view, text, base_number, unsaved=True)
    return _save(request, access, view, text, base_number)


def _save(request: HttpRequest, access: PlanAccess, view: str, text: str, base_number: int) -> HttpResponse:
    try:
        saved = service.save_edit(
            plan=access.plan,
            text=text,
            base_number=base_number,
            why=request.POST.get("why", "").strip() or _own_reason(access, view, text, base_number),
            by=access.user,
            now=timezone.now(),
        )
    except service.ConflictingEdit as error:
        both = error.text if access.can_see_pay else redact_pay(error.text)
        return _editor(request, access, view, both, error.latest_number, unsaved=True, status=409, moved=error)
    except UserError as error:
        return _editor(request, access, view, text, base_number, unsaved=True, error=error, status=422)
    if saved.version.number == base_number:
        messages.info(request, "Nothing was changed, so there is nothing to save.")
    else:
        messages.success(request, f"Saved as version {saved.version.number}.{_merged_words(saved)}")
    return redirect(_address(access, view))


def _merged_words(saved: service.SavedEdit) -> str:
    """What somebody else had changed meanwhile, which is kept."""
    if not saved.merged:
        return ""
    names = [field_name(field) for field in saved.merged if not field.startswith("pay")] or ["pay"]
    return f" Someone else saved in the meantime; their changes are kept: {join(names[:MAX_NAMED])}."


def _address(access: PlanAccess, view: str) -> str:
    """Where a view of the plan lives, and where its form is sent."""
    name = "plan" if view == "form" else f"plan-{view}"
    return reverse(name, kwargs={"pk": access.plan.pk})


def _edited_document(posted: QueryDict, access: PlanAccess, view: str) -> CommentedMap:
    """The document that the editor amounts to: the text it began with, and what was typed on top."""
    return _take_theirs(posted, _typed_document(posted, access, view), access)


def _take_theirs(posted: QueryDict, document: CommentedMap, access: PlanAccess) -> CommentedMap:
    """Of fields that two people changed, those where the other's answer was chosen."""
    chosen = [name.removeprefix(TAKE) for name in posted if name.startswith(TAKE) and posted[name] == "theirs"]
    base = access.plan.versions.filter(number=whole_number(posted.get("base"))).first() if chosen else None
    if base is not None:
        source = read_only_document(text_for(access, base))
        for field in chosen:
            take_field(document, source, field)
    return document


def _typed_document(posted: QueryDict, access: PlanAccess, view: str) -> CommentedMap:
    if view == "yaml":
        by_form = _by_form(posted, access)
        return by_form if by_form is not None else document_of(_text_now(posted, access))
    if working := posted.get("working", ""):
        start = working.replace("\r\n", "\n")
    else:
        base = access.plan.versions.filter(number=whole_number(posted.get("base"))).first()
        if base is None:
            raise Http404
        start = text_for(access, base)
    if view == "what-if":
        moved = what_if.move_requirements(posted, document_of(start))
        return try_posting(posted, moved, sees_pay=access.can_see_pay)
    return apply_form(posted, document_of(start), sees_pay=access.can_see_pay)


def _text_now(posted: QueryDict, access: PlanAccess) -> str:
    """The YAML as typed; or as the form beside it makes it, where that was typed in last.

    The form lies on top of the text that it was drawn from (`working`), not of what it has made of that meanwhile: its
    rows know their places in the former.
    """
    by_form = _by_form(posted, access)
    return dump(by_form) if by_form is not None else posted.get("yaml", "").replace("\r\n", "\n")


def _by_form(posted: QueryDict, access: PlanAccess) -> CommentedMap | None:
    """The document as the form beside the YAML makes it; None where the YAML was typed in last."""
    drawn_from = posted.get("working", "").replace("\r\n", "\n")
    if posted.get("changed") != "form" or not drawn_from or not access.can_see_pay:
        return None
    return apply_form(posted, document_of(drawn_from))


def _editor(
    request: HttpRequest,
    access: PlanAccess,
    view: str,
    text: str,
    base_number: int,
    *,
    unsaved: bool = False,
    error: UserError | None = None,
    status: int = 200,
    moved: service.ConflictingEdit | None = None,
) -> HttpResponse:
    checked: Checked | None = None
    problems = problems_of(error) if error else ()
    document = document_of(text) if view == "what-if" else read_only_document(text)
    try:
        checked = _check_text(access, text)
    except UserError as unreadable:
        problems = problems_of(unreadable)
    form = (
        form_of(document, problems=problems, sees_pay=access.can_see_pay)
        if problems
        else form_of_text(text, sees_pay=access.can_see_pay)
    )
    ids: dict[str, str] = {}
    context = {
        **plan_head(access),
        "view": view,
        "address": _address(access, view),
        "form": form,
        "text": text,
        "working": text if unsaved else "",
        "base": base_number,
        "unsaved": unsaved,
        "panel": panel(checked, access, ids) if checked else None,
        "report": checked.report if checked else None,
        "states": checked.states if checked else access.plan.strip,
        "problems": [_problem_view(problem, ids) for problem in problems],
        "posting": document.get("posting") or "",
        "moved": moved,
        "conflicts": conflict_views(moved.fields) if moved else (),
        "saved_meanwhile": _saved_meanwhile(access) if moved else "",
    }
    if view == "what-if" and checked:
        tried = posting_tried(document, sees_pay=access.can_see_pay)
        context |= {"choices": what_if.choices(document), "tried": tried, **_what_if(access, document, base_number)}
    return render(request, "plans/edit.html", context, status=422 if problems and status == 200 else status)


def _saved_meanwhile(access: PlanAccess) -> str:
    latest = access.plan.latest()
    why = f": “{latest.why}”" if latest.why else ""
    return f"{latest.saved_by or 'Somebody'} saved version {latest.number} while you were editing{why}."


def _what_if(access: PlanAccess, document: CommentedMap, base: str | int) -> dict[str, Any]:
    """What the editor's text changes against the version that it began with."""
    version = access.plan.versions.filter(number=whole_number(str(base))).first()
    if version is None:
        raise Http404
    before = text_for(access, version)
    found = what_if.what_if(before, document, as_of=_today())
    lines = tried_lines(read_only_document(before), document)
    return {
        "tried_lines": lines,
        "found": found,
        "gone": tuple(map(finding_for_page, found.gone)),
        "new": tuple(map(finding_for_page, found.new)),
        "answer": what_if.answer(found, posting_changes=bool(lines)),
        "rows": what_if.rows(found, sees_pay=access.can_see_pay),
        "turns": tuple(what_if.changed_practices(found)),
        "access": access,
    }


def _own_reason(access: PlanAccess, view: str, text: str, base_number: int) -> str:
    """Versions that come of trying something out say so by themselves."""
    base = access.plan.versions.filter(number=base_number).first()
    return what_if.reason(text_for(access, base), document_of(text)) if base and view == "what-if" else ""


def _unreadable(request: HttpRequest, access: PlanAccess, view: str, error: UserError) -> HttpResponse:
    """YAML that is no YAML goes back as it was typed, with its problems."""
    context = {
        **plan_head(access),
        "view": "yaml",
        "address": _address(access, "yaml"),
        "text": request.POST.get("yaml") or request.POST.get("working", ""),
        "base": request.POST.get("base"),
        "unsaved": True,
        "problems": [_problem_view(problem, {}) for problem in problems_of(error)],
        "states": access.plan.strip,
        "was": view,
    }
    return render(request, "plans/edit.html", context, status=422)


def _problem_view(problem: UserError, ids: dict[str, str]) -> dict[str, Any]:
    return {
        "what": problem.what,
        "remedy": problem.remedy,
        "line": problem.place.line,
        "field": problem.place.field or "",
        "target": target_of(problem.place.field or "", ids),
    }


def _today() -> Any:
    return timezone.localdate()
