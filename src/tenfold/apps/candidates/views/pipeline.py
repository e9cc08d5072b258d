"""A role's pipeline: board and table, moves of several at once, rejections with a preview, everything taken back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.candidates.forms.roles import RejectionForm
from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    MailTemplate,
    OpenRole,
    RejectionReason,
    RoleStage,
    TemplateKind,
)
from tenfold.apps.candidates.queries.board import batch_done, board, closed_applications
from tenfold.apps.candidates.queries.mailtext import MailText, fill_template
from tenfold.apps.candidates.queries.waiting import waiting_on_whom
from tenfold.apps.candidates.services import moves
from tenfold.apps.candidates.services.moves import MAX_BATCH, TakenBack
from tenfold.apps.candidates.views.access import application_for, role_for
from tenfold.core.http.sign_in import signed_in
from tenfold.core.permissions import may
from tenfold.kit.errors import UserError
from tenfold.kit.words import plural

MAX_CLOSED = 200


@require_GET
def pipeline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The board; as a table with `?view=table`; those that are closed with `?view=closed`. Analysts see the figures."""
    role, user, now = role_for(request, pk, "role.count"), signed_in(request), timezone.now()
    if not may(user, "role.run", role):
        return redirect("role-figures", pk=pk)
    view = request.GET.get("view", "board")
    done = batch_done(role, batch) if (batch := as_uuid(request.GET.get("done", ""))) else None
    shown = board(role, now=now)
    context: dict[str, Any] = {
        "role": role,
        "tab": "pipeline",
        "view": view if view in ("board", "table", "closed") else "board",
        "board": shown,
        "stages": [column.stage for column in shown.columns if column.stage.removed_at is None],
        "closed_n": sum(shown.closed.values()),
        "closed": closed_applications(role, limit=MAX_CLOSED) if view == "closed" else (),
        "waiting": waiting_on_whom(role, now=now),
        "done": done,
        "may_decide": may(user, "application.decide", role),
        "posting": role.plan.postings.filter(closed_at=None).first() if role.plan else None,
    }
    return render(request, "candidates/pipeline.html", context)


@require_POST
def move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Moves the chosen applications to a stage."""
    role = role_for(request, pk, "role.run")
    chosen = _chosen(request, role)
    back = reverse("role", args=[pk])
    view = request.POST.get("view", "")
    if not chosen:
        messages.error(request, "Nobody is chosen.")
        return redirect(back)
    stage = get_object_or_404(RoleStage, role=role, removed_at=None, pk=as_uuid(request.POST.get("stage", "")))
    try:
        done = moves.move_applications(applications=chosen, stage=stage, by=signed_in(request), now=timezone.now())
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
        return redirect(back)
    table = "&view=table" if view == "table" else ""
    return redirect(f"{back}?done={done.id}{table}" + (f"#card-{chosen[0].pk}" if len(chosen) == 1 else ""))


@require_http_methods(["GET", "POST"])
def reject(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Rejects the chosen applications, after showing exactly what each of them will get.

    They come by POST from the board: hundreds of ids are too long for an address.
    """
    role = role_for(request, pk, "application.decide")
    chosen = [one for one in _chosen(request, role) if one.is_open]
    if not chosen:
        messages.error(request, "Select at least one open application.")
        return redirect("role", pk=pk)
    templates = MailTemplate.objects.filter(organisation=role.organisation, kind=TemplateKind.REJECTION)
    sent = request.method == "POST" and request.POST.get("do") == "reject"
    template = _template(request, templates)
    initial = {"template": template, **{name: request.POST.get(name, "") for name in ("reason", "comment")}}
    form = RejectionForm(request.POST if sent else None, templates=templates, initial=initial)
    problem = ""
    if form.is_valid() and sent:
        try:
            done = moves.reject_applications(
                applications=chosen,
                reason=RejectionReason(form.cleaned_data["reason"]),
                comment=form.cleaned_data["comment"],
                template=form.cleaned_data["template"],
                by=signed_in(request),
                now=timezone.now(),
            )
            return redirect(f"{reverse('role', args=[pk])}?done={done.id}")
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    context = {
        "role": role,
        "chosen": chosen,
        "form": form,
        "problem": problem,
        "template": template,
        "previews": _previews(chosen, template, sender=str(signed_in(request))),
    }
    return render(request, "candidates/reject.html", context, status=422 if problem or (sent and form.errors) else 200)


def _template(request: HttpRequest, templates: QuerySet[MailTemplate]) -> MailTemplate | None:
    """The text that was chosen, the first one before anybody chose, or none where no mail is to be sent."""
    if "template" not in request.POST:
        return templates.first()
    chosen = as_uuid(request.POST["template"])
    return templates.filter(pk=chosen).first() if chosen else None


def _previews(
    chosen: list[Application], template: MailTemplate | None, *, sender: str
) -> list[tuple[Application, MailText | None, str]]:
    """For each what will be sent, or why nothing can be."""
    if template is None:
        return []
    found: list[tuple[Application, MailText | None, str]] = []
    for one in chosen:
        try:
            found.append((one, fill_template(one, template, sender=sender), ""))
        except UserError as error:
            found.append((one, None, f"{error.what} {error.remedy}"))
    return sorted(found, key=lambda each: each[1] is not None)


@require_POST
def undo_batch(request: HttpRequest, pk: uuid.UUID, batch: uuid.UUID) -> HttpResponse:
    role = role_for(request, pk, "role.run")
    try:
        taken = moves.undo_batch(role=role, batch=batch, by=signed_in(request), now=timezone.now())
        messages.success(request, _taken_words(taken))
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("role", pk=pk)


@require_POST
def undo_move(request: HttpRequest, pk: uuid.UUID, move: uuid.UUID) -> HttpResponse:
    application = application_for(request, pk, "application.work")
    found = get_object_or_404(ApplicationMove.objects.select_related("application__role__team"), pk=move)
    if found.application_id != application.pk:
        raise Http404
    try:
        taken = moves.undo_move(move=found, by=signed_in(request), now=timezone.now())
        messages.success(request, _taken_words(taken))
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("application", pk=pk)


@require_POST
def hire(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    application = application_for(request, pk, "application.decide")
    try:
        moves.hire(application=application, by=signed_in(request), now=timezone.now())
        messages.success(request, "Hired. The other applications still need an answer.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("application", pk=pk)


def _taken_words(taken: TakenBack) -> str:
    """No names: messages are kept in the session until they are shown."""
    words = [f"{plural(taken.undone, 'step')} taken back."]
    if taken.kept:
        words.append(f"{plural(taken.kept, 'application')} stayed, since something happened there meanwhile.")
    if taken.mails_gone:
        words.append(f"{plural(taken.mails_gone, 'mail')} had been sent already: write to these people.")
    elif taken.mails_taken_back:
        words.append(f"{plural(taken.mails_taken_back, 'mail')} will not be sent.")
    return " ".join(words)


def _chosen(request: HttpRequest, role: OpenRole) -> list[Application]:
    data = request.POST if request.method == "POST" else request.GET
    ids = [one for text in data.getlist("ids")[: MAX_BATCH + 1] if (one := as_uuid(text))]
    rows = Application.objects.filter(role=role, pk__in=ids).not_shut_away()
    rows = rows.select_related("role__organisation", "role__team", "candidate", "stage")
    return list(rows.prefetch_related("candidate__emails"))


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
