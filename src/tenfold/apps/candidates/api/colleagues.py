"""What colleagues mean to do, and what they arrange for a candidate."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router

from tenfold.apps.candidates.api.asking import KEY, TAG, application_for, colleague_by, role_for, write_once
from tenfold.apps.candidates.models import AccommodationRequest, FollowUp
from tenfold.apps.candidates.schemas import MadeRow
from tenfold.apps.candidates.schemas.roles import (
    AccommodationAnswer,
    AccommodationInList,
    Accommodations,
    FollowUpInList,
    FollowUps,
    NewFollowUp,
)
from tenfold.apps.candidates.services import notes, privacy
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.http.schemas import Words
from tenfold.core.scopes import Scope
from tenfold.core.services.api import note_write

router = Router()
READ, WRITE = Scope.CANDIDATES_READ, Scope.CANDIDATES_WRITE


@operation(router, "GET", "/applications/{application_id}/follow-ups", FollowUps, tag=TAG, scope=READ)
def list_follow_ups(request: HttpRequest, application_id: uuid.UUID) -> dict[str, Any]:
    """What is to be done about an application, by whom and by when; what is done is listed with its time."""
    rows = application_for(request, application_id).follow_ups.select_related("of")
    return {"items": [_follow_up(one) for one in rows]}


def _follow_up(row: FollowUp) -> dict[str, Any]:
    names = ("application_id", "text", "due_date", "done_at")
    return {"id": row.pk, "of": row.of.email, **{name: getattr(row, name) for name in names}}


@operation(
    router, "POST", "/applications/{application_id}/follow-ups", MadeRow, tag=TAG, scope=WRITE, status=201,
    conflicts=True,
)  # fmt: skip
def set_follow_up(request: HttpRequest, application_id: uuid.UUID, new: NewFollowUp, key: Words | None = KEY) -> Any:
    """Notes something to do by a day, for oneself or for a colleague who sees this application."""
    row, by = application_for(request, application_id), caller(request).user
    of = colleague_by(new.of, caller(request)) if new.of else by

    def write(now: datetime) -> tuple[uuid.UUID, dict[str, Any]]:
        made = notes.set_follow_up(application=row, text=new.text, of=of, due_date=new.due_date, by=by, now=now)
        return row.pk, {"id": str(made.pk)}

    return write_once(request, key, "follow-up.set", write)


@operation(router, "POST", "/follow-ups/{follow_up_id}/done", FollowUpInList, tag=TAG, scope=WRITE)
def finish_follow_up(request: HttpRequest, follow_up_id: uuid.UUID) -> dict[str, Any]:
    """Notes that it is done."""
    asking, now = caller(request), timezone.now()
    rows = FollowUp.objects.visible_to(asking.user).filter(
        application__role__organisation=asking.organisation,
        application__candidate__erased_at=None,
        application__candidate__erasure_request=None,
        done_at=None,
    )
    found: FollowUp = get_object_or_404(rows.select_related("application__role__team", "of"), pk=follow_up_id)
    with transaction.atomic():
        notes.finish_follow_up(follow_up=found, by=asking.user, now=now)
        note_write(token=asking.token, did="follow-up.done", of_id=str(found.application_id), now=now)
    found.refresh_from_db(fields=["done_at"])
    return _follow_up(found)


@operation(
    router, "GET", "/roles/{role_id}/accommodations", Accommodations, tag=TAG, scope=Scope.ACCOMMODATIONS_ARRANGE
)
def list_accommodations(request: HttpRequest, role_id: uuid.UUID) -> dict[str, Any]:
    """What candidates of a role need; for recruiters and coordinators of its team, and nobody who decides."""
    role = role_for(request, role_id, "accommodation.see")
    return {"items": [_accommodation(one) for one in _requests_seen(request).filter(application__role=role)]}


def _requests_seen(request: HttpRequest) -> Any:
    asking = caller(request)
    return AccommodationRequest.objects.visible_to(asking.user).filter(
        application__role__organisation=asking.organisation,
        application__candidate__erased_at=None,
        application__candidate__erasure_request=None,
    )


def _accommodation(row: AccommodationRequest) -> dict[str, Any]:
    names = ("application_id", "text", "asked_at", "answer", "answered_at")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


@operation(
    router, "POST", "/accommodations/{accommodation_id}/answer", AccommodationInList, tag=TAG,
    scope=Scope.ACCOMMODATIONS_ARRANGE,
)  # fmt: skip
def answer_accommodation(request: HttpRequest, accommodation_id: uuid.UUID, new: AccommodationAnswer) -> dict[str, Any]:
    """Says what is arranged; the candidate reads it on their page."""
    asking, now = caller(request), timezone.now()
    rows = _requests_seen(request).select_related("application__role__team", "application__role__organisation")
    asked: AccommodationRequest = get_object_or_404(rows, pk=accommodation_id)
    with transaction.atomic():
        privacy.answer_accommodation(asked=asked, answer=new.answer, by=asking.user, now=now)
        note_write(token=asking.token, did="accommodation.answered", of_id=str(asked.pk), now=now)
    return _accommodation(asked)
