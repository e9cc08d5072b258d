"""Data sources for programs: list them, add one, have it read now, say whose a name is."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from ninja.params.functions import Header

from tenfold.apps.employees.models import Employee, Team
from tenfold.apps.sources.models import DataSource, OutsideName, SourceKind
from tenfold.apps.sources.presenters.states import source_standing
from tenfold.apps.sources.queries import entry_count
from tenfold.apps.sources.schemas import Done, NameOut, NewReview, NewSource, SourceOut
from tenfold.apps.sources.services import keeping, names, reading
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.http.schemas import Words
from tenfold.core.permissions import require
from tenfold.core.scopes import Scope
from tenfold.core.services.api import IdempotentResponse, note_write, run_idempotent
from tenfold.kit.errors import Place, UserError

router = Router()
TAG = "Data sources"
MOST_NAMES = 500
KEY: Any = Header(None, alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]+$")


@operation(router, "GET", "/sources", list[SourceOut], tag=TAG, scope=Scope.SOURCES_READ)
def list_sources(request: HttpRequest) -> list[dict[str, Any]]:
    """Every data source of the organisation with its state."""
    asking = caller(request)
    require(asking.user, "teams.see", asking.organisation)
    found = DataSource.objects.visible_to(asking.user).filter(organisation=asking.organisation)
    return [_source(each, timezone.now()) for each in found.select_related("team", "hr_list")]


@operation(router, "POST", "/sources", SourceOut, tag=TAG, scope=Scope.SOURCES_WRITE, status=201, conflicts=True)
def create_source(request: HttpRequest, new: NewSource, key: Words | None = KEY) -> Any:
    """Adds a source, which is read within a minute. Its token is kept encrypted and is in no answer."""
    asking = caller(request)
    require(asking.user, "sources.manage", asking.organisation)
    given = {**new.model_dump(), "kind": SourceKind(new.kind), "team": _team(asking.organisation, new.team)}
    source = DataSource(organisation=asking.organisation, **given)

    def write(now: datetime) -> IdempotentResponse:
        kept = keeping.save_source(source=source, by=asking.user, now=now)
        return IdempotentResponse(201, _plain(SourceOut(**_source(kept, now))))

    return _write_once(request, key, "source.added", write)


@operation(
    router, "POST", "/sources/{source_id}/readings", Done, tag=TAG, scope=Scope.SOURCES_WRITE, conflicts=True
)  # fmt: skip
def read_source_now(request: HttpRequest, source_id: uuid.UUID, key: Words | None = KEY) -> Any:
    """Has a source read now; the list says how it went."""
    asking = caller(request)
    rows = DataSource.objects.visible_to(asking.user).filter(organisation=asking.organisation)
    found = get_object_or_404(rows, pk=source_id)

    def write(now: datetime) -> IdempotentResponse:
        reading.read_soon(source=found, by=asking.user, now=now)
        return IdempotentResponse(200, {"id": str(found.pk)})

    return _write_once(request, key, "source.read", write)


@operation(router, "GET", "/outside-names", list[NameOut], tag=TAG, scope=Scope.SOURCES_READ)
def list_outside_names(request: HttpRequest) -> list[dict[str, Any]]:
    """Names in other systems, those that wait for a review first; for those who review names."""
    asking = caller(request)
    require(asking.user, "sources.manage", asking.organisation)
    found = OutsideName.objects.visible_to(asking.user).filter(organisation=asking.organisation)
    rows = [each for each in found.select_related("employee")[: 2 * MOST_NAMES] if each.name]
    return [_name(each) for each in sorted(rows, key=lambda each: each.state != "open")[:MOST_NAMES]]


@operation(
    router, "POST", "/outside-names/{name_id}/review", Done, tag=TAG, scope=Scope.SOURCES_WRITE, conflicts=True
)  # fmt: skip
def review_outside_name(request: HttpRequest, name_id: uuid.UUID, said: NewReview, key: Words | None = KEY) -> Any:
    """Says which employee a name belongs to, or that it is to be ignored."""
    asking = caller(request)
    found = get_object_or_404(
        OutsideName.objects.visible_to(asking.user).filter(organisation=asking.organisation), pk=name_id
    )
    require(asking.user, "sources.manage", asking.organisation)
    employee = None
    if said.employee is not None:
        employee = Employee.objects.filter(organisation=asking.organisation, reference=said.employee).first()
        if employee is None:
            raise UserError(
                "No employee has this number.", remedy="Add it to their record first.", place=Place(field="employee")
            )

    def write(now: datetime) -> IdempotentResponse:
        names.review_name(name=found, employee=employee, by=asking.user, now=now)
        return IdempotentResponse(200, {"id": str(found.pk)})

    return _write_once(request, key, "outside-name.reviewed", write)


def _team(organisation: Any, name: str | None) -> Team | None:
    if name is None:
        return None
    found = Team.objects.filter(organisation=organisation, name=name).first()
    if found is None:
        raise UserError("There is no such team.", remedy="Write a team’s name as it is.", place=Place(field="team"))
    return found


def _source(found: DataSource, now: datetime) -> dict[str, Any]:
    standing = source_standing(found, now)
    return {
        "id": found.pk,
        "kind": found.kind,
        "name": found.name,
        "url": found.url,
        "team": str(found.team) if found.team else None,
        "every_hours": found.every_hours,
        "is_paused": found.is_paused,
        "has_token": bool(found.token),
        "state": standing.state,
        "words": standing.words,
        "trouble": found.trouble,
        "remedy": found.remedy,
        "problems": found.problems,
        "entries": entry_count(found),
        "last_whole_at": found.whole_at,
        "next_at": found.next_at,
    }


def _name(found: OutsideName) -> dict[str, Any]:
    employee = found.employee.reference if found.employee else None
    return {
        "id": found.pk,
        "system": found.host,
        "name": found.name,
        "state": found.state,
        "employee": employee,
    }


def _plain(body: SourceOut) -> dict[str, Any]:
    return body.model_dump(mode="json")


def _write_once(
    request: HttpRequest, key: str | None, did: str, write: Callable[[datetime], IdempotentResponse]
) -> JsonResponse:
    asking, now = caller(request), timezone.now()

    def write_and_note() -> IdempotentResponse:
        done = write(now)
        note_write(token=asking.token, did=did, of_id=str(done.body["id"]), now=now)
        return done

    sent = hashlib.sha256(f"{request.path}{request.body!r}".encode()).hexdigest()
    done = run_idempotent(token=asking.token, key=key or "", request_hash=sent, write=write_and_note, now=now)
    answer = JsonResponse(done.body, status=done.status)
    if done.again:
        answer["Idempotent-Replayed"] = "true"
    return answer
