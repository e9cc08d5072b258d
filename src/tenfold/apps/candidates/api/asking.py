"""What every operation on candidates asks first: which row, for whom; and writes that happen once."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja.params.functions import Header, Query

from tenfold.apps.candidates.models import Application, Candidate, MailTemplate, OpenRole
from tenfold.core.http.api_access import Caller, caller
from tenfold.core.models import Membership, User
from tenfold.core.permissions import require
from tenfold.core.services.api import IdempotentResponse, note_write, run_idempotent
from tenfold.kit.errors import Place, UserError

LIMIT: Any = Query(25, ge=1, le=100)
CURSOR: Any = Query(None, max_length=200, description="As it came in next_cursor")
KEY: Any = Header(
    None,
    alias="Idempotency-Key",
    min_length=1,
    max_length=200,
    pattern=r"^[!-~]+$",
    description="The same key again within seven days gets the same answer and writes nothing",
)
TAG = "Hiring"
IDS = Place(field="application_ids")


def role_for(request: HttpRequest, pk: uuid.UUID, permission: str) -> OpenRole:
    """Raises Http404 where the token's person may not know of it, NotAllowed where they may not do this."""
    asking = caller(request)
    rows = OpenRole.objects.visible_to(asking.user).filter(organisation=asking.organisation)
    role: OpenRole = get_object_or_404(rows.select_related("team", "organisation"), pk=pk)
    require(asking.user, permission, role)
    return role


def application_for(request: HttpRequest, pk: uuid.UUID) -> Application:
    """As `role_for`; people who are erased, or wait for it, are not there for anybody."""
    asking = caller(request)
    rows = Application.objects.visible_to(asking.user).not_shut_away().filter(role__organisation=asking.organisation)
    rows = rows.filter(candidate__erased_at=None).select_related(
        "role__team", "role__organisation", "candidate", "stage"
    )
    found: Application = get_object_or_404(rows.distinct(), pk=pk)
    require(asking.user, "application.work", found)
    return found


def applications_for(role: OpenRole, ids: Sequence[uuid.UUID]) -> list[Application]:
    """Several of one role, with their people. Raises UserError where not every id is one of them."""
    rows = Application.objects.filter(role=role, pk__in=ids, candidate__erased_at=None).not_shut_away()
    rows = rows.select_related("role__organisation", "role__team", "candidate", "stage")
    found = list(rows.prefetch_related("candidate__emails"))
    if len(found) != len(set(ids)):
        raise UserError("Not all of these are applications of this role.", remedy="Check the ids.", place=IDS)
    return found


def candidate_for(request: HttpRequest, pk: uuid.UUID) -> Candidate:
    asking = caller(request)
    people = Candidate.objects.visible_to(asking.user).filter(organisation=asking.organisation).kept()
    found: Candidate = get_object_or_404(people.filter(erasure_request=None), pk=pk)
    require(asking.user, "candidate.work", found)
    return found


def mail_text_for(request: HttpRequest, pk: uuid.UUID) -> MailTemplate:
    texts = MailTemplate.objects.visible_to(caller(request).user).filter(organisation=caller(request).organisation)
    found: MailTemplate = get_object_or_404(texts.distinct(), pk=pk)
    return found


def colleague_by(address: str, asking: Caller, *, field: str = "of") -> User:
    """Raises UserError where it is nobody's of the organisation."""
    members = Membership.objects.filter(organisation=asking.organisation, user__is_active=True).select_related("user")
    member = members.filter(user__email__iexact=address.strip()).first()
    if member is None:
        where = Place(field=field)
        raise UserError("This is none of your colleagues.", remedy="Send their e-mail address.", place=where)
    return member.user


def write_once(
    request: HttpRequest, key: str | None, did: str, write: Callable[[datetime], tuple[uuid.UUID, dict[str, Any]]]
) -> JsonResponse:
    """Does a write and notes the token. It is answered with 201; `write` gives what was made, and an answer of ids."""
    asking, now = caller(request), timezone.now()

    def write_and_note() -> IdempotentResponse:
        made, body = write(now)
        note_write(token=asking.token, did=did, of_id=str(made), now=now)
        return IdempotentResponse(201, body)

    sent = hashlib.sha256(f"{request.path}{request.body!r}".encode()).hexdigest()
    done = run_idempotent(token=asking.token, key=key or "", request_hash=sent, write=write_and_note, now=now)
    answer = JsonResponse(done.body, status=done.status)
    if done.again:
        answer["Idempotent-Replayed"] = "true"
    return answer
