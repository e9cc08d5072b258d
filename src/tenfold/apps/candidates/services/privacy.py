"""What a person may ask of us: everything handed over, everything erased, something arranged; and holds against it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from tenfold.apps.candidates.models import (
    AccommodationRequest,
    Application,
    Candidate,
    CandidateEvent,
    ErasureRequest,
    SelfIdentification,
)
from tenfold.apps.candidates.models.encryption import seal_answers, subject_of
from tenfold.apps.candidates.queries.groups import group_ids
from tenfold.apps.candidates.queries.retention import kept_until
from tenfold.apps.candidates.services.actors import CANDIDATE, TENFOLD, Actor
from tenfold.apps.candidates.services.moves import withdraw
from tenfold.apps.candidates.services.webhooks import announce_in
from tenfold.core import personal_data
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "gender": ("female", "male", "another", "rather not say"),
    "ethnicity": (
        "hispanic or latino",
        "white",
        "black or african american",
        "native hawaiian or pacific islander",
        "asian",
        "native american or alaska native",
        "two or more",
        "rather not say",
    ),
    "disability": ("yes", "no", "rather not say"),
}
"""What people may say of themselves, and how; nothing is asked where the answers are nobody's use."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """`due_date` None: it is done. Else the law keeps the records until that day, and the person is shut away."""

    due_date: date | None
    law: str = ""
    rows: int = 0


@transaction.atomic
def erase(*, candidate: Candidate, actor: Actor, now: datetime, despite_the_law: bool = False) -> Erasure:
    """Erases a person, every row that is them, everywhere; or notes when, where the law wants records kept.

    Raises:
        NotAllowed: a colleague who runs none of this person's roles.
        UserError: the person's records are held for a dispute.
    """
    actor.require("candidate.work", candidate)
    ids = group_ids(candidate)
    people = list(Candidate.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if any(one.is_held for one in people):
        raise UserError("These records are held for a dispute.", remedy="Lift the hold on the card first.")
    applications = list(Application.objects.filter(candidate__in=people).select_related("role", "candidate"))
    for application in applications:
        withdraw(application=application, now=now, actor=actor)
        application.refresh_from_db()
    until, law = kept_until(applications, today=localdate(now))
    if until is not None and not despite_the_law:
        _note_wish(people, until, law, actor=actor, now=now)
        return Erasure(until, law)
    return Erasure(None, rows=sum(_erase_one(one, actor=actor, now=now) for one in people))


def _erase_one(candidate: Candidate, *, actor: Actor, now: datetime) -> int:
    touched = sum(personal_data.erase_person(str(candidate.pk), now=now).values())
    record(kind=CandidateEvent.ERASED, by=actor.in_trail, of=candidate, now=now)
    data = {"candidate_id": str(candidate.pk)}
    announce_in(candidate.organisation_id, CandidateEvent.ERASED, data=data, now=now)
    transaction.on_commit(scrub_storage)
    return touched


def _note_wish(people: list[Candidate], until: date, law: str, *, actor: Actor, now: datetime) -> None:
    for one in people:
        ErasureRequest.objects.get_or_create(
            candidate=one, defaults={"asked_at": now, "due_date": until, "law": law[:300]}
        )
        data = {"until": until.isoformat(), "law": law}
        record(kind=CandidateEvent.ERASURE_ASKED, by=actor.in_trail, of=one, now=now, data=data)


def erase_due(now: datetime) -> int:
    """Carries out wishes whose day has come."""
    due = ErasureRequest.objects.filter(due_date__lte=localdate(now), candidate__is_held=False)
    people = [one.candidate for one in due.select_related("candidate")]
    for candidate in people:
        erase(candidate=candidate, actor=TENFOLD, now=now, despite_the_law=True)
    return len(people)


def scrub_storage() -> None:
    """Makes the database let go of what was erased: SQLite's journal is emptied into pages that were overwritten."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@transaction.atomic
def export(*, candidate: Candidate, actor: Actor, now: datetime) -> dict[str, Any]:
    """Everything that any app keeps about a person, as values that can be handed over."""
    actor.require("candidate.work", candidate)
    data = {str(one): personal_data.export_person(str(one)) for one in group_ids(candidate)}
    record(kind=CandidateEvent.EXPORTED, by=actor.in_trail, of=candidate, now=now)
    return data


@transaction.atomic
def set_hold(*, candidate: Candidate, reason: str, by: User, now: datetime) -> None:
    """Holds a person's records against erasure while there is a dispute, or lifts the hold (no reason)."""
    require(by, "candidate.work", candidate)
    candidate.is_held, candidate.hold_reason = bool(reason.strip()), reason.strip()[:500]
    candidate.save(update_fields=["is_held", "hold_reason"])
    record(kind=CandidateEvent.HOLD_CHANGED, by=by, of=candidate, now=now, data={"held": candidate.is_held})


# Accommodations and self-identification ------------------------------------------------------------------------


@transaction.atomic
def ask_accommodation(*, application: Application, text: str, now: datetime) -> AccommodationRequest:
    """Raises UserError where nothing is asked for."""
    if not text.strip():
        raise UserError("Say what would help.", remedy="More time, another format, a quiet room, an interpreter …")
    asked = AccommodationRequest.objects.create(application=application, text=text.strip()[:2_000], asked_at=now)
    data = {"role": str(application.role_id)}
    record(kind=CandidateEvent.ACCOMMODATION_ASKED, by=CANDIDATE.label, of=asked, now=now, data=data)
    return asked


@transaction.atomic
def answer_accommodation(*, asked: AccommodationRequest, answer: str, by: User, now: datetime) -> None:
    """Says what is arranged; the candidate reads it on their page.

    Raises:
        NotAllowed: only who arranges it: recruiters and coordinators of the team.
        UserError: there is no answer.
    """
    require(by, "accommodation.see", asked)
    if not answer.strip():
        raise UserError("Say what will be arranged.", remedy="The candidate reads it on their page.")
    asked.answer, asked.answered_at, asked.answered_by = answer.strip()[:2_000], now, by
    asked.save(update_fields=["answer", "answered_at", "answered_by"])
    data = {"role": str(asked.application.role_id)}
    record(kind=CandidateEvent.ACCOMMODATION_ANSWERED, by=by, of=asked, now=now, data=data)


@transaction.atomic
def identify(*, application: Application, answers: Mapping[str, str], now: datetime) -> None:
    """Keeps what somebody says of themselves, or removes it where they say nothing. It is in no trail."""
    given = {name: value for name, value in answers.items() if value in CATEGORIES.get(name, ())}
    subject = subject_of(application.pk)
    SelfIdentification.objects.filter(pk=subject).delete()
    if given:
        SelfIdentification.objects.create(
            subject=subject,
            role=application.role,
            answers=seal_answers(json.dumps(given, sort_keys=True).encode(), subject=subject),
            given_date=localdate(now),
        )
