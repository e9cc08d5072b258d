"""Offers of one person: handed over as far as they were told of them, and removed whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from tenfold.apps.offers.models import Offer, OfferVersion


def export_person(person_id: str) -> list[dict[str, Any]]:
    """Versions that the person was sent and could open, with what they answered and asked.

    What is only being prepared is not told: the link to one's data stands in mails, and no offer is made by it.
    """
    rows = Offer.objects.filter(application__candidate__pk=person_id).order_by("made_at")
    return [_export(one) for one in rows.prefetch_related("versions__sendings", "questions")]


def _export(offer: Offer) -> dict[str, Any]:
    now = timezone.now()
    opened = [one for one in offer.versions.all() if any(_is_open(sent, now) for sent in one.sendings.all())]
    questions = [
        {"asked": one.text, "at": one.asked_at.isoformat(), "answer": one.answer} for one in offer.questions.all()
    ]
    return {"versions": [_version(one) for one in opened], "questions": questions}


def _is_open(sending: Any, now: datetime) -> bool:
    return sending.taken_back_at is None and sending.opens_at <= now


def _version(version: OfferVersion) -> dict[str, Any]:
    answer = getattr(version, "answer", None)
    told = (
        {"kind": answer.kind, "reason": answer.reason, "words": answer.words, "name": answer.name} if answer else None
    )
    return {"number": version.number, "terms": version.terms, "until": version.expires_date.isoformat(), "answer": told}


def erase_person(person_id: str, now: datetime) -> int:
    """Removes every offer to a person; that there was one stays in the trail, by id."""
    del now
    return int(Offer.objects.filter(application__candidate__pk=person_id).delete()[0])
