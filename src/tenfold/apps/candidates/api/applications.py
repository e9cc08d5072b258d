"""Roles, applications and their moves; erasing a person."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Router

from tenfold.apps.candidates.api.asking import (
    CURSOR,
    KEY,
    LIMIT,
    TAG,
    application_for,
    applications_for,
    mail_text_for,
    role_for,
    write_once,
)
from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    Candidate,
    OpenRole,
    RejectionReason,
    RoleStage,
    Source,
    TemplateKind,
)
from tenfold.apps.candidates.queries.applicant import Applicant
from tenfold.apps.candidates.schemas import (
    ApplicationPage,
    BatchDone,
    BatchTakenBack,
    Created,
    ErasureDone,
    FullApplication,
    MoveDone,
    NewApplication,
    NewMove,
    NewRejections,
    RolePage,
)
from tenfold.apps.candidates.services import moves, privacy
from tenfold.apps.candidates.services.actors import colleague, importing
from tenfold.apps.candidates.services.applying import apply
from tenfold.core.http.api_access import caller
from tenfold.core.http.cursors import page
from tenfold.core.http.operations import operation
from tenfold.core.http.schemas import Words, exactly_one
from tenfold.core.scopes import Scope
from tenfold.core.services.api import IdempotentResponse, note_write, run_idempotent
from tenfold.kit.errors import Place, UserError

router = Router()
MAIL_TEXT = Place(field="mail_text_id")


@operation(router, "GET", "/roles", RolePage, tag=TAG, scope=Scope.CANDIDATES_READ)
def list_roles(request: HttpRequest, limit: int = LIMIT, cursor: Words | None = CURSOR) -> dict[str, Any]:
    """Roles whose pipeline this token's person sees, newest first, with their stages."""
    asking = caller(request)
    rows = OpenRole.objects.run_by(asking.user).filter(organisation=asking.organisation).prefetch_related("stages")
    found = page(rows, by="opened_at", cursor=cursor, limit=limit)
    return {"items": [_role(row) for row in found.rows], "next_cursor": found.next_cursor}


def _role(role: OpenRole) -> dict[str, Any]:
    stages = [{"id": one.pk, "name": one.name, "kind": one.kind} for one in role.stages.all() if one.removed_at is None]
    return {
        "id": role.pk,
        "title": role.title,
        "is_open": role.is_open,
        "opened_at": role.opened_at,
        "stages": stages,
    }


@operation(router, "GET", "/roles/{role_id}/applications", ApplicationPage, tag=TAG, scope=Scope.CANDIDATES_READ)
def list_applications(
    request: HttpRequest, role_id: uuid.UUID, limit: int = LIMIT, cursor: Words | None = CURSOR
) -> dict[str, Any]:
    """A role's applications, newest first. Erased people and those who wait to be erased are not among them."""
    role = role_for(request, role_id, "role.run")
    rows = Application.objects.filter(role=role, candidate__erased_at=None).not_shut_away()
    found = page(rows.select_related("candidate"), by="applied_at", cursor=cursor, limit=limit)
    return {"items": [_application(row) for row in found.rows], "next_cursor": found.next_cursor}


def _application(row: Application) -> dict[str, Any]:
    return {
        "id": row.pk,
        "candidate_id": row.candidate_id,
        "name": row.candidate.name,
        "stage_id": row.stage_id,
        "state": row.state,
        "source": row.source,
        "applied_at": row.applied_at,
        "stage_since": row.stage_since,
    }


@operation(
    router, "POST", "/roles/{role_id}/applications", Created, tag=TAG, scope=Scope.CANDIDATES_WRITE, status=201,
    conflicts=True,
)  # fmt: skip
def create_application(request: HttpRequest, role_id: uuid.UUID, new: NewApplication, key: Words | None = KEY) -> Any:
    """Adds somebody to a role; they are not written to."""
    role, asking, now = role_for(request, role_id, "candidate.import"), caller(request), timezone.now()
    given = new.model_dump()
    applicant = Applicant(**{**given, "source": Source(new.source)})

    def write() -> IdempotentResponse:
        made = apply(role=role, applicant=applicant, now=now, actor=importing(asking.user))
        note_write(token=asking.token, did="application.received", of_id=str(made.pk), now=now)
        body = {"id": str(made.pk), "candidate_id": str(made.candidate_id)}
        return IdempotentResponse(201, body, reverse("api:read_application", args=[made.pk]))

    sent = hashlib.sha256(f"{role_id}{request.body!r}".encode()).hexdigest()
    done = run_idempotent(token=asking.token, key=key or "", request_hash=sent, write=write, now=now)
    answer = JsonResponse(done.body, status=done.status)
    answer["Location"] = done.location
    return answer


@operation(router, "GET", "/applications/{application_id}", FullApplication, tag=TAG, scope=Scope.CANDIDATES_READ)
def read_application(request: HttpRequest, application_id: uuid.UUID) -> dict[str, Any]:
    """One application with its person's addresses and every move."""
    row, person = (found := application_for(request, application_id)), found.candidate
    return {
        **_application(row),
        "role_id": row.role_id,
        "emails": [one.address for one in person.emails.all()],
        "phones": [one.number for one in person.phones.all()],
        "links": [one.url for one in person.links.all()],
        "location": person.location,
        "letter": row.letter,
        "moves": [_move(one) for one in row.moves.all()],
    }


def _move(move: ApplicationMove) -> dict[str, Any]:
    return {
        "id": move.pk,
        "number": move.number,
        "kind": move.kind,
        "to_stage_id": move.to_stage_id,
        "to_state": move.to_state,
        "reason": move.reason,
        "at": move.at,
        "undoes": move.undoes_id,
    }


@operation(router, "POST", "/applications/{application_id}/moves", MoveDone, tag=TAG, scope=Scope.CANDIDATES_WRITE)
def move_application(request: HttpRequest, application_id: uuid.UUID, new: NewMove) -> dict[str, Any]:
    """Moves an application to a stage, or rejects it for a reason. Every move can be taken back."""
    row, by, now = application_for(request, application_id), caller(request).user, timezone.now()
    try:
        exactly_one(new, "stage_id", "reject_for")
    except ValueError as error:
        raise UserError(f"{error}.", remedy="Send one of them.", place=Place(field="stage_id")) from None
    if new.stage_id and new.mail_text_id:
        raise UserError("A mail goes with a rejection only.", remedy="Write it by itself.", place=MAIL_TEXT)
    with transaction.atomic():
        if new.stage_id:
            stage = get_object_or_404(RoleStage, role=row.role, pk=new.stage_id)
            done = moves.move_applications(applications=[row], stage=stage, by=by, now=now, comment=new.comment)
        else:
            done = _reject([row], request, new, RejectionReason(new.reject_for or ""), now)
        note_write(token=caller(request).token, did="application.moved", of_id=str(row.pk), now=now)
    return _move_answer(row, [move.pk for move in done.moves], [mail.pk for mail in done.mails])


def _reject(
    rows: list[Application], request: HttpRequest, new: NewMove | NewRejections, reason: RejectionReason, now: datetime
) -> moves.Batch:
    template = mail_text_for(request, new.mail_text_id) if new.mail_text_id else None
    if template and template.kind != TemplateKind.REJECTION:
        raise UserError("This mail text is no rejection.", remedy="Choose one of that kind.", place=MAIL_TEXT)
    by = caller(request).user
    return moves.reject_applications(
        applications=rows, reason=reason, by=by, now=now, comment=new.comment, template=template
    )


@operation(
    router, "POST", "/roles/{role_id}/rejections", BatchDone, tag=TAG, scope=Scope.CANDIDATES_WRITE, status=201,
    conflicts=True,
)  # fmt: skip
def reject_applications(request: HttpRequest, role_id: uuid.UUID, new: NewRejections, key: Words | None = KEY) -> Any:
    """Rejects several applications of a role at once. Mails wait half an hour; one call takes all of it back."""
    role = role_for(request, role_id, "role.run")

    def write(now: datetime) -> tuple[uuid.UUID, dict[str, Any]]:
        found = applications_for(role, new.application_ids)
        done = _reject(found, request, new, RejectionReason(new.reason), now)
        ids = {"moves": [str(one.pk) for one in done.moves], "mails": [str(one.pk) for one in done.mails]}
        return role.pk, {"batch_id": str(done.id), **ids}

    return write_once(request, key, "applications.rejected", write)


@operation(
    router, "POST", "/roles/{role_id}/batches/{batch_id}/take-back", BatchTakenBack, tag=TAG,
    scope=Scope.CANDIDATES_WRITE,
)  # fmt: skip
def take_back_batch(request: HttpRequest, role_id: uuid.UUID, batch_id: uuid.UUID) -> dict[str, Any]:
    """Takes back all that one call did to several applications; mails that still wait are never sent."""
    role, now = role_for(request, role_id, "role.run"), timezone.now()
    with transaction.atomic():
        done = moves.undo_batch(role=role, batch=batch_id, by=caller(request).user, now=now)
        note_write(token=caller(request).token, did="applications.taken-back", of_id=str(role.pk), now=now)
    return asdict(done)


@operation(
    router, "POST", "/applications/{application_id}/moves/{move_id}/take-back", MoveDone, tag=TAG,
    scope=Scope.CANDIDATES_WRITE,
)  # fmt: skip
def take_back_move(request: HttpRequest, application_id: uuid.UUID, move_id: uuid.UUID) -> dict[str, Any]:
    """Takes back the last move; a mail that waits because of it is never sent."""
    row, now = application_for(request, application_id), timezone.now()
    move = get_object_or_404(
        ApplicationMove.objects.select_related("application__role__team"), pk=move_id, application=row
    )
    with transaction.atomic():
        moves.undo_move(move=move, by=caller(request).user, now=now)
        note_write(token=caller(request).token, did="application.taken-back", of_id=str(row.pk), now=now)
    return _move_answer(row, [move_id])


def _move_answer(row: Application, ids: list[uuid.UUID], mails: Sequence[uuid.UUID] = ()) -> dict[str, Any]:
    row.refresh_from_db()
    return {
        "application_id": row.pk,
        "stage_id": row.stage_id,
        "state": row.state,
        "moves": ids,
        "mails": list(mails),
    }


@operation(router, "DELETE", "/candidates/{candidate_id}", ErasureDone, tag=TAG, scope=Scope.CANDIDATES_WRITE)
def erase_candidate(request: HttpRequest, candidate_id: uuid.UUID) -> dict[str, Any]:
    """Erases a person everywhere, or says when, where a law wants the records kept until then."""
    asking, now = caller(request), timezone.now()
    people = Candidate.objects.visible_to(asking.user).filter(organisation=asking.organisation).kept()
    candidate = get_object_or_404(people, pk=candidate_id)
    with transaction.atomic():
        done = privacy.erase(candidate=candidate, actor=colleague(asking.user), now=now)
        note_write(token=asking.token, did="candidate.erased", of_id=str(candidate_id), now=now)
    due = done.due_date.isoformat() if done.due_date else None
    return {"erased": due is None, "due": due, "law": done.law}
