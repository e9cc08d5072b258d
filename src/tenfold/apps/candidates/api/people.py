"""Persons over all roles: found, their files, their hold; and several applications moved, or one hired."""

from __future__ import annotations

import base64
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from ninja.params.functions import Query

from tenfold.apps.candidates.api.asking import (
    KEY,
    TAG,
    application_for,
    applications_for,
    candidate_for,
    role_for,
    write_once,
)
from tenfold.apps.candidates.models import Application, CandidateFile, RoleStage
from tenfold.apps.candidates.queries.finding import matching
from tenfold.apps.candidates.schemas import BatchDone, MoveDone
from tenfold.apps.candidates.schemas.roles import FileContent, Files, HoldState, NewHold, NewMoves, PeopleFound
from tenfold.apps.candidates.services import moves, privacy
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.http.schemas import Words
from tenfold.core.scopes import Scope
from tenfold.core.services.api import note_write

router = Router()
READ, WRITE = Scope.CANDIDATES_READ, Scope.CANDIDATES_WRITE
FOUND = 50
ASKED: Any = Query(..., min_length=2, max_length=100, description="A part of a name, or a whole e-mail address")


@operation(router, "GET", "/candidates", PeopleFound, tag=TAG, scope=READ)
def find_candidates(request: HttpRequest, q: Words = ASKED) -> dict[str, Any]:
    """Up to 50 people by a part of their name or a whole e-mail address, with the applications that one may see."""
    asking = caller(request)
    found = matching(asking.user, asking.organisation, q, limit=FOUND)
    seen = Application.objects.run_by(asking.user).filter(candidate__in=found, role__organisation=asking.organisation)
    ids: dict[uuid.UUID, list[uuid.UUID]] = {}
    for pk, person in seen.order_by("-applied_at").values_list("pk", "candidate"):
        ids.setdefault(person, []).append(pk)
    items = [{"candidate_id": one.pk, "name": one.name, "applications": ids.get(one.pk, [])} for one in found]
    return {"items": items}


@operation(router, "PUT", "/candidates/{candidate_id}/hold", HoldState, tag=TAG, scope=WRITE)
def set_hold(request: HttpRequest, candidate_id: uuid.UUID, new: NewHold) -> dict[str, Any]:
    """Holds a person's records against erasure while there is a dispute, or lifts the hold."""
    person, by, now = candidate_for(request, candidate_id), caller(request).user, timezone.now()
    with transaction.atomic():
        privacy.set_hold(candidate=person, reason=new.reason, by=by, now=now)
        note_write(token=caller(request).token, did="candidate.held", of_id=str(person.pk), now=now)
    return {"candidate_id": person.pk, "is_held": person.is_held}


@operation(router, "GET", "/applications/{application_id}/files", Files, tag=TAG, scope=READ)
def list_files(request: HttpRequest, application_id: uuid.UUID) -> dict[str, Any]:
    """Files that came with an application."""
    rows = application_for(request, application_id).files.order_by("added_at", "pk")
    return {"items": list(rows.values("id", "name", "media_type", "size"))}


@operation(router, "GET", "/files/{file_id}", FileContent, tag=TAG, scope=READ)
def read_file(request: HttpRequest, file_id: uuid.UUID) -> dict[str, Any]:
    """One file as it was sent."""
    asking = caller(request)
    seen = Application.objects.run_by(asking.user).not_shut_away().filter(role__organisation=asking.organisation)
    found = get_object_or_404(CandidateFile.objects.filter(application__in=seen), pk=file_id)
    names = ("name", "media_type", "size")
    content = base64.b64encode(bytes(found.content)).decode()
    return {"id": found.pk, "content_base64": content, **{name: getattr(found, name) for name in names}}


@operation(router, "POST", "/roles/{role_id}/moves", BatchDone, tag=TAG, scope=WRITE, status=201, conflicts=True)
def move_applications(request: HttpRequest, role_id: uuid.UUID, new: NewMoves, key: Words | None = KEY) -> Any:
    """Moves several open applications of a role to one of its stages. One call takes all of it back."""
    role = role_for(request, role_id, "role.run")
    stage = get_object_or_404(RoleStage, role=role, pk=new.stage_id)

    def write(now: datetime) -> tuple[uuid.UUID, dict[str, Any]]:
        found, by = applications_for(role, new.application_ids), caller(request).user
        done = moves.move_applications(applications=found, stage=stage, by=by, now=now, comment=new.comment)
        return role.pk, {"batch_id": str(done.id), "moves": [str(one.pk) for one in done.moves], "mails": []}

    return write_once(request, key, "applications.moved", write)


@operation(router, "POST", "/applications/{application_id}/hire", MoveDone, tag=TAG, scope=WRITE)
def hire_candidate(request: HttpRequest, application_id: uuid.UUID) -> dict[str, Any]:
    """Hires; the other applications still need an answer. It can be taken back like any move."""
    row, by, now = application_for(request, application_id), caller(request).user, timezone.now()
    with transaction.atomic():
        move = moves.hire(application=row, by=by, now=now)
        note_write(token=caller(request).token, did="application.hired", of_id=str(row.pk), now=now)
    row.refresh_from_db()
    return {"application_id": row.pk, "stage_id": row.stage_id, "state": row.state, "moves": [move.pk], "mails": []}
