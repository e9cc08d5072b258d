"""What labs keep of a person: handed over, erased everywhere, and erased by itself when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from tenfold.apps.labroom.models import (
    LabAppeal,
    LabInvitation,
    LabPartner,
    LabReview,
    RoomEntry,
    RoomTicket,
    SignedLabVerdict,
)
from tenfold.apps.labroom.queries.consent import KEPT_DAYS
from tenfold.apps.labroom.queries.reviews import criteria_feedback, is_unblinded, scales_feedback
from tenfold.apps.labroom.queries.rubric import rubric_of
from tenfold.apps.labroom.queries.sessions import lab_folder, session_of, verdict_of
from tenfold.labs import engines, home


def export_person(person_id: str) -> list[dict[str, Any]]:
    """Of each lab of a candidate (or of an invitation by address alone): times, consent, messages, results, feedback.

    Ratings and the grade are handed over once reviewers are not blind any more: the link stands in mails that
    colleagues can read. Recordings and work are packed beside it by the page that hands them over.
    """
    return [export_invitation(one) for one in _of_person(person_id)]


def _of_person(person_id: str) -> list[LabInvitation]:
    rows = LabInvitation.objects.filter(Q(application__candidate__pk=person_id) | Q(pk=person_id, application=None))
    return list(rows.select_related("application").order_by("invited_at"))


def export_invitation(one: LabInvitation) -> dict[str, Any]:
    """One invitation as plain values."""
    entries = RoomEntry.objects.filter(invitation=one).shown_in_room()
    told: dict[str, Any] = {
        "lab": one.lab,
        "name": one.name,
        "email": one.email,
        "invited_at": one.invited_at.isoformat(),
        "consent": one.consent,
        "accommodation": one.accommodation,
        "begun_at": one.begun_at.isoformat() if one.begun_at else None,
        "submitted_at": one.submitted_at.isoformat() if one.submitted_at else None,
        "messages": [{"at": each.at.isoformat(), "kind": each.kind, "text": each.text} for each in entries],
        "objections": [{"text": each.text, "answer": each.answer} for each in one.appeals.all()],
    }
    return told | (_results(one) if is_unblinded(one) else {"results": "Reviewers are still rating."})


def _results(one: LabInvitation) -> dict[str, Any]:
    session, folder = session_of(one), lab_folder(one)
    reviews = list(LabReview.objects.filter(invitation=one).handed_in())
    verdicts = SignedLabVerdict.objects.filter(invitation=one)
    criteria = criteria_feedback(session.lab, verdict_of(one)) if session is not None and folder else []
    return {
        "criteria": [{"what": each.what, "state": each.state} for each in criteria],
        "reviews": [{"ratings": each.ratings} for each in reviews],
        "seen": [{"ask": each.ask, "seen": each.seen} for each in scales_feedback(rubric_of(one.lab, folder), reviews)],
        "verdicts": [{"verdict": each.verdict, "reasons": each.reasons, "stands": each.stands} for each in verdicts],
    }


def erase_person(person_id: str, now: datetime) -> int:
    """Removes sessions, recordings, messages, reviews and verdicts; that there was an invitation stays, by id."""
    return sum(_erase(one, now) for one in _of_person(person_id))


def _erase(one: LabInvitation, now: datetime) -> int:
    for name in (one.session, one.practice):
        engines.erase(home.home(), name)
    removed = 0
    for kind in (LabReview, SignedLabVerdict, LabAppeal, LabPartner, RoomTicket, RoomEntry):
        removed += int(kind.objects.filter(invitation=one).delete()[0])
    one.name = one.email = one.accommodation = one.session = one.practice = ""
    one.consent, one.erased_at, one.withdrawn_at = {}, one.erased_at or now, one.withdrawn_at or now
    one.link_version += 1
    one.save()
    return removed + 1


def erase_due(now: datetime) -> int:
    """Erases sessions without an application, and own tries, whose time is over. A chore of every worker."""
    old = now - timedelta(days=KEPT_DAYS)
    due = LabInvitation.objects.filter(erased_at=None, application=None).filter(
        Q(tried_by=None, expires_at__lt=old) | Q(tried_by__isnull=False, expires_at__lt=now)
    )
    return sum(_erase(one, now) for one in due[:20])
