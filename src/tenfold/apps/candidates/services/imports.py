"""Lists of people looked over, corrected and imported; exports of what is here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tenfold.apps.candidates.models import CandidateEvent, CandidateImport, OpenRole
from tenfold.apps.candidates.queries.importing import ImportRow, applicant_of, check_rows
from tenfold.apps.candidates.services.actors import Actor, importing
from tenfold.apps.candidates.services.applying import AlreadyApplied, apply
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

KEPT = timedelta(days=7)


@transaction.atomic
def create_import(
    *, role: OpenRole, rows: Sequence[Mapping[str, Any]], shape: str, by: User, now: datetime
) -> CandidateImport:
    """Keeps a list to be looked over; nobody is imported yet.

    Raises:
        NotAllowed: the user may not add people to this role.
        UserError: there are no rows.
    """
    require(by, "candidate.import", role)
    if not rows:
        raise UserError("There are no people in this file.", remedy="Check that it is the right one.")
    text = json.dumps(list(rows), ensure_ascii=False)
    return CandidateImport.objects.create(role=role, shape=shape, rows=text, created_by=by, created_at=now)


@transaction.atomic
def repair(*, waiting: CandidateImport, changes: Mapping[int, Mapping[str, str]], by: User) -> None:
    """Puts corrected values into rows, by the line of the file."""
    require(by, "candidate.import", waiting)
    held = CandidateImport.objects.select_for_update().get(pk=waiting.pk)
    rows = json.loads(held.rows) if held.rows else []
    for row in rows:
        row.update({key: value for key, value in changes.get(row["line"], {}).items() if key in ImportRow.FIELDS})
    held.rows = json.dumps(rows, ensure_ascii=False)
    held.save(update_fields=["rows"])


@transaction.atomic
def commit(*, waiting: CandidateImport, by: User, now: datetime) -> CandidateImport:
    """Imports every row that can be used, or none where something fails; the list itself is forgotten.

    Raises:
        NotAllowed: the user may not add people to this role.
        UserError: it was imported already.
    """
    require(by, "candidate.import", waiting)
    held = CandidateImport.objects.select_for_update(of=("self",)).select_related("role__team").get(pk=waiting.pk)
    if held.committed_at is not None:
        raise UserError("This list was imported already.", remedy="Nothing was imported twice.")
    rows = json.loads(held.rows) if held.rows else []
    held.imported = import_rows(role=held.role, rows=rows, actor=importing(by), shape=held.shape, now=now)
    held.skipped, held.rows, held.committed_at = len(rows) - held.imported, "", now
    held.save()
    return held


@transaction.atomic
def import_rows(
    *, role: OpenRole, rows: Sequence[Mapping[str, Any]], actor: Actor, shape: str, now: datetime, said_by: str = ""
) -> int:
    """Imports every row that can be used, and says how many these were. `said_by`: who does it, where nobody signed in.

    Raises:
        NotAllowed: a colleague who may not add people to this role.
        UserError: the role is closed.
    """
    n = sum(not row.problems and _import(row, role, actor=actor, now=now) for row in check_rows(rows, role))
    data = {"imported": n, "skipped": len(rows) - n, "shape": shape}
    record(kind=CandidateEvent.IMPORTED, by=actor.user or said_by or actor.label, of=role, now=now, data=data)
    return n


def _import(row: ImportRow, role: OpenRole, *, actor: Actor, now: datetime) -> bool:
    try:
        apply(role=role, applicant=applicant_of(row, role, now=now), now=now, actor=actor)
    except AlreadyApplied:
        return False
    return True


@transaction.atomic
def discard(*, waiting: CandidateImport, by: User) -> None:
    require(by, "candidate.import", waiting)
    CandidateImport.objects.filter(pk=waiting.pk, committed_at=None).delete()


def forget_old_imports(now: datetime) -> int:
    """Lists that nobody imported within a week go."""
    return int(CandidateImport.objects.filter(committed_at=None, created_at__lt=now - KEPT).delete()[0])


@transaction.atomic
def note_export(*, role: OpenRole, people: int, by: User, now: datetime) -> None:
    """Who took a list of people away, and how many were on it."""
    require(by, "candidate.export", role)
    record(kind=CandidateEvent.LIST_EXPORTED, by=by, of=role, now=now, data={"people": people})
