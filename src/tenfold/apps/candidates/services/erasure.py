"""The store of candidates: what is exported of a person, and what is removed so that ids are left and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from tenfold.apps.candidates.models import (
    AccommodationRequest,
    Application,
    ApplicationNote,
    Candidate,
    CandidateEmail,
    CandidateFile,
    CandidateImport,
    CandidateMerge,
    CandidatePhone,
    Consent,
    DistinctPair,
    ErasureRequest,
    FollowUp,
    IncomingMail,
    Meeting,
    MoveComment,
    OutgoingMail,
    ProfileLink,
    SelfIdentification,
)
from tenfold.apps.candidates.models.encryption import subject_of
from tenfold.apps.candidates.queries.contact import plain_email
from tenfold.apps.candidates.queries.mailtext import hide_own_link

OF_A_CANDIDATE: tuple[type[models.Model], ...] = (
    CandidateEmail,
    CandidatePhone,
    ProfileLink,
    CandidateFile,
    Consent,
    ErasureRequest,
)
OF_AN_APPLICATION: tuple[type[models.Model], ...] = (
    MoveComment,
    ApplicationNote,
    FollowUp,
    AccommodationRequest,
    OutgoingMail,
    IncomingMail,
)
"""Rows that go whole. What stays (candidate, application, moves, meetings) keeps ids, days and words of ours."""


def erase_person(person_id: str, now: datetime) -> int:
    """Removes a candidate's data; says how many rows were touched. Nothing happens for an id that is no candidate's."""
    candidate = Candidate.objects.filter(pk=person_id).first()
    if candidate is None:
        return 0
    _forget_in_imports(candidate)
    applications = list(Application.objects.filter(candidate=candidate))
    touched = _delete_all(OF_A_CANDIDATE, candidate=candidate)
    touched += _delete_all(OF_AN_APPLICATION, application__in=applications)
    touched += _delete(SelfIdentification.objects.filter(pk__in=[subject_of(one.pk) for one in applications]))
    touched += _delete(CandidateMerge.objects.filter(models.Q(kept=candidate) | models.Q(merged=candidate)))
    touched += _delete(DistinctPair.objects.filter(models.Q(one=candidate) | models.Q(other=candidate)))
    for application in applications:
        application.letter = application.source_detail = application.external_index = ""
        application.link_version += 1
        application.save(update_fields=["letter", "source_detail", "external_index", "link_version"])
    for meeting in Meeting.objects.filter(application__in=applications):
        meeting.place = meeting.title = ""
        meeting.save(update_fields=["place", "title"])
    candidate.name = candidate.location = candidate.external_id = candidate.external_index = candidate.hold_reason = ""
    candidate.is_held, candidate.erased_at = False, candidate.erased_at or now
    candidate.save()
    return touched + len(applications) + 1


def _delete_all(kinds: Iterable[type[models.Model]], **of: Any) -> int:
    return sum(_delete(kind._default_manager.filter(**of)) for kind in kinds)  # noqa: SLF001 - Django's documented name


def _delete(rows: Any) -> int:
    return int(rows.delete()[0])


def _forget_in_imports(candidate: Candidate) -> None:
    """Lists that wait to be imported lose the person's rows, found by address or name."""
    addresses = {plain_email(one.address) for one in candidate.emails.all()}
    name = " ".join(candidate.name.casefold().split())
    for waiting in CandidateImport.objects.filter(role__organisation=candidate.organisation_id, committed_at=None):
        rows = json.loads(waiting.rows) if waiting.rows else []
        kept = [row for row in rows if not _names(row, addresses, name)]
        if len(kept) != len(rows):
            waiting.rows = json.dumps(kept, ensure_ascii=False)
            waiting.save(update_fields=["rows"])


def _names(row: dict[str, Any], addresses: set[str], name: str) -> bool:
    held = " ".join(str(value) for value in row.values()).casefold()
    return any(address in held for address in addresses) or (bool(name) and name in " ".join(held.split()))


def export_person(person_id: str) -> dict[str, Any]:
    """What candidates keeps about a person; files by name and size, their content on request."""
    candidate = Candidate.objects.filter(pk=person_id).first()
    if candidate is None:
        return {}
    return {
        "name": candidate.name,
        "location": candidate.location,
        "emails": [one.address for one in candidate.emails.all()],
        "phones": [one.number for one in candidate.phones.all()],
        "profiles": [one.url for one in candidate.links.all()],
        "files": [{"name": one.name, "media_type": one.media_type, "bytes": one.size} for one in candidate.files.all()],
        "consents": [
            {
                "purpose": one.purpose,
                "basis": one.basis,
                "given_at": one.given_at.isoformat(),
                "until": one.until.isoformat() if one.until else None,
                "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
            }
            for one in candidate.consents.all()
        ],
        "applications": [_application(one) for one in candidate.applications.select_related("role", "stage")],
    }


def _application(application: Application) -> dict[str, Any]:
    return {
        "id": str(application.pk),
        "role": application.role.title,
        "state": application.state,
        "stage": application.stage.name,
        "source": application.source,
        "source_detail": application.source_detail,
        "letter": application.letter,
        "applied_at": application.applied_at.isoformat(),
        "closed_at": application.closed_at.isoformat() if application.closed_at else None,
        "moves": [
            {"kind": one.kind, "at": one.at.isoformat(), "to": one.to_stage.name, "reason": one.reason}
            for one in application.moves.select_related("to_stage")
        ],
        "notes": [{"text": one.text, "at": one.written_at.isoformat()} for one in application.notes.all()],
        "mails": [_mail(one) for one in application.mails.filter(to_user=None)],
        "answers": [
            {"subject": one.subject, "text": hide_own_link(one.text), "at": one.received_at.isoformat()}
            for one in application.replies.all()
        ],
        "accommodations": [{"asked": one.text, "answer": one.answer} for one in application.accommodations.all()],
        "meetings": [
            {"title": one.title, "at": one.starts_at.isoformat() if one.starts_at else None, "state": one.state}
            for one in application.meetings.all()
        ],
    }


def _mail(one: OutgoingMail) -> dict[str, Any]:
    text = hide_own_link(one.body)
    return {"subject": one.subject, "text": text, "state": one.state, "at": one.written_at.isoformat()}
