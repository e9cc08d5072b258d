"""People over all roles: proposed as duplicates, merged and un-merged, imported from lists, exported."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router

from tenfold.apps.candidates.api.asking import KEY, TAG, candidate_for, role_for, write_once
from tenfold.apps.candidates.models import Application, Candidate, CandidateImport, CandidateMerge
from tenfold.apps.candidates.queries.duplicates import proposals
from tenfold.apps.candidates.queries.importing import check_rows, read_list
from tenfold.apps.candidates.schemas import (
    CandidatesExported,
    Corrections,
    ImportPreview,
    MadeRow,
    NewImport,
    NewMerge,
    Pairs,
    TwoPeople,
)
from tenfold.apps.candidates.services import duplicates, imports
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.http.schemas import Words
from tenfold.core.permissions import require
from tenfold.core.scopes import Scope
from tenfold.core.services.api import note_write
from tenfold.kit.errors import Place, UserError

router = Router()
READ, WRITE = Scope.CANDIDATES_READ, Scope.CANDIDATES_WRITE
LINES_SHOWN = 500
FILE = Place(field="content_base64")


@operation(router, "GET", "/duplicates", Pairs, tag=TAG, scope=READ)
def list_duplicates(request: HttpRequest) -> dict[str, Any]:
    """Pairs of rows that may be one person, of roles that the token's person runs. Nothing is merged by itself."""
    found = proposals(caller(request).user, caller(request).organisation)
    return {"items": [{"one": _person(p.one), "other": _person(p.other), "reasons": list(p.reasons)} for p in found]}


def _person(row: Candidate) -> dict[str, Any]:
    return {"candidate_id": row.pk, "name": row.name}


@operation(router, "POST", "/duplicates/distinct", Pairs, tag=TAG, scope=WRITE)
def say_distinct(request: HttpRequest, new: TwoPeople) -> dict[str, Any]:
    """Notes that two rows are two people, so that they are not proposed again; answers with what is left."""
    one, other, now = candidate_for(request, new.one_id), candidate_for(request, new.other_id), timezone.now()
    with transaction.atomic():
        duplicates.say_distinct(one=one, other=other, by=caller(request).user, now=now)
        note_write(token=caller(request).token, did="candidates.distinct", of_id=str(one.pk), now=now)
    return list_duplicates(request)


@operation(router, "POST", "/merges", MadeRow, tag=TAG, scope=WRITE, status=201, conflicts=True)
def merge_candidates(request: HttpRequest, new: NewMerge, key: Words | None = KEY) -> Any:
    """Links two rows as one person; taking it back leaves both exactly as they were."""
    kept, merged, by = candidate_for(request, new.kept_id), candidate_for(request, new.merged_id), caller(request).user

    def write(now: datetime) -> tuple[uuid.UUID, dict[str, Any]]:
        link = duplicates.merge(kept=kept, merged=merged, by=by, now=now)
        return link.pk, {"id": str(link.pk)}

    return write_once(request, key, "candidates.merged", write)


@operation(router, "POST", "/merges/{merge_id}/take-back", MadeRow, tag=TAG, scope=WRITE)
def take_back_merge(request: HttpRequest, merge_id: uuid.UUID) -> dict[str, Any]:
    """Undoes a merge."""
    asking, now = caller(request), timezone.now()
    links = CandidateMerge.objects.visible_to(asking.user).filter(organisation=asking.organisation)
    links = links.filter(kept__erased_at=None, merged__erased_at=None)
    link: CandidateMerge = get_object_or_404(links.select_related("kept", "merged"), pk=merge_id)
    with transaction.atomic():
        duplicates.unmerge(link=link, by=asking.user, now=now)
        note_write(token=asking.token, did="candidates.unmerged", of_id=str(merge_id), now=now)
    return {"id": merge_id}


# Imports ----------------------------------------------------------------------------------------


@operation(router, "POST", "/roles/{role_id}/imports", MadeRow, tag=TAG, scope=WRITE, status=201, conflicts=True)
def create_import(request: HttpRequest, role_id: uuid.UUID, new: NewImport, key: Words | None = KEY) -> Any:
    """Keeps a list to be looked over for a week; nobody is imported before it is committed."""
    role, by = role_for(request, role_id, "candidate.import"), caller(request).user
    read = read_list(new.file_name, _content(new))

    def write(now: datetime) -> tuple[uuid.UUID, dict[str, Any]]:
        made = imports.create_import(role=role, rows=read.rows, shape=read.shape, by=by, now=now)
        return made.pk, {"id": str(made.pk)}

    return write_once(request, key, "import.created", write)


def _content(new: NewImport) -> bytes:
    """Raises UserError where it is not exactly one of text and base64, or the latter is neither."""
    if (new.text is None) == (new.content_base64 is None):
        raise UserError(
            "A list is sent as text, or as base64.", remedy="Send exactly one of text and content_base64.", place=FILE
        )
    if new.text is not None:
        return new.text.encode()
    try:
        return base64.b64decode(new.content_base64 or "", validate=True)
    except binascii.Error:
        raise UserError("This is not base64.", remedy="Encode the bytes of the file.", place=FILE) from None


@operation(router, "GET", "/imports/{import_id}", ImportPreview, tag=TAG, scope=READ)
def read_import(request: HttpRequest, import_id: uuid.UUID) -> dict[str, Any]:
    """What would be imported of one's own list, and what is wrong in the first 500 lines that cannot be."""
    return _preview(_import_for(request, import_id))


def _preview(waiting: CandidateImport) -> dict[str, Any]:
    checked = check_rows(json.loads(waiting.rows) if waiting.rows else [], waiting.role)
    bad = [row for row in checked if row.problems]
    return {
        "id": waiting.pk,
        "shape": waiting.shape,
        "usable": len(checked) - len(bad),
        "unusable": len(bad),
        "lines": [{"line": row.line, "problems": [_problem(*one) for one in row.to_correct]} for row in bad][
            :LINES_SHOWN
        ],
        "imported": waiting.imported,
        "skipped": waiting.skipped,
        "committed_at": waiting.committed_at,
    }


def _problem(field: str, what: str, value: str) -> dict[str, str]:
    return {"field": field, "what": what, "value": value}


@operation(router, "PATCH", "/imports/{import_id}", ImportPreview, tag=TAG, scope=WRITE)
def correct_import(request: HttpRequest, import_id: uuid.UUID, new: Corrections) -> dict[str, Any]:
    """Puts corrected values into lines of a list that waits, and looks it over again."""
    waiting, now = _import_for(request, import_id), timezone.now()
    changes: dict[int, dict[str, str]] = {}
    for one in new.changes:
        changes.setdefault(one.line, {})[one.field] = one.value
    with transaction.atomic():
        imports.repair(waiting=waiting, changes=changes, by=caller(request).user)
        note_write(token=caller(request).token, did="import.corrected", of_id=str(waiting.pk), now=now)
    waiting.refresh_from_db()
    return _preview(waiting)


@operation(router, "POST", "/imports/{import_id}/commit", ImportPreview, tag=TAG, scope=WRITE)
def commit_import(request: HttpRequest, import_id: uuid.UUID) -> dict[str, Any]:
    """Imports every line that can be used, and says how many were left out. They are not written to."""
    waiting, now = _import_for(request, import_id), timezone.now()
    with transaction.atomic():
        done = imports.commit(waiting=waiting, by=caller(request).user, now=now)
        note_write(token=caller(request).token, did="import.committed", of_id=str(waiting.pk), now=now)
    return _preview(done)


@operation(router, "DELETE", "/imports/{import_id}", MadeRow, tag=TAG, scope=WRITE)
def discard_import(request: HttpRequest, import_id: uuid.UUID) -> dict[str, Any]:
    """Forgets a list that was not imported."""
    waiting, now = _import_for(request, import_id), timezone.now()
    with transaction.atomic():
        imports.discard(waiting=waiting, by=caller(request).user)
        note_write(token=caller(request).token, did="import.discarded", of_id=str(import_id), now=now)
    return {"id": import_id}


def _import_for(request: HttpRequest, pk: uuid.UUID) -> CandidateImport:
    asking = caller(request)
    rows = CandidateImport.objects.visible_to(asking.user).filter(role__organisation=asking.organisation)
    found: CandidateImport = get_object_or_404(rows.select_related("role__team", "role__organisation"), pk=pk)
    require(asking.user, "candidate.import", found)
    return found


@operation(router, "GET", "/roles/{role_id}/export", CandidatesExported, tag=TAG, scope=READ)
def export_candidates(request: HttpRequest, role_id: uuid.UUID) -> dict[str, Any]:
    """All applications of a role with how their people are reached; the trail says who took the list away."""
    role, asking, now = role_for(request, role_id, "candidate.export"), caller(request), timezone.now()
    rows = Application.objects.filter(role=role, candidate__erased_at=None).not_shut_away().order_by("applied_at")
    rows = rows.select_related("candidate", "stage").prefetch_related("candidate__emails", "candidate__phones")
    people = [_export_line(row) for row in rows]
    with transaction.atomic():
        imports.note_export(role=role, people=len(people), by=asking.user, now=now)
        note_write(token=asking.token, did="candidates.exported", of_id=str(role.pk), now=now)
    return {"people": people}


def _export_line(row: Application) -> dict[str, Any]:
    return {
        "application_id": row.pk,
        "name": row.candidate.name,
        "emails": [one.address for one in row.candidate.emails.all()],
        "phones": [one.number for one in row.candidate.phones.all()],
        "location": row.candidate.location,
        "stage": row.stage.name,
        "state": row.state,
        "source": row.source,
        "applied_at": row.applied_at,
    }
