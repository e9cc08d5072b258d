"""Late scorecards: one mail, and only where the interview really took place."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from tenfold.apps.candidates.models import ApplicationState, Meeting, MeetingState
from tenfold.apps.candidates.services.actors import TENFOLD
from tenfold.apps.interviews.models import InterviewEvent, Scorecard
from tenfold.core.services.trail import record
from tenfold.kit.words import on_day

A_DAY = timedelta(days=1)


def remind_of_late(now: datetime) -> int:
    """Writes once to each interviewer whose scorecard is late; how many were written to. Registered as a chore."""
    return sum(_remind(one.pk, now) for one in late_scorecards(now))


def late_scorecards(now: datetime) -> list[Scorecard]:
    """Owed past their day (or a day after the interview), of open applications, where their interviewer met the person.

    A meeting that was cancelled, was moved to a later day or has only offered times reminds nobody.
    """
    rows = Scorecard.objects.filter(
        submitted_at=None,
        reminded_at=None,
        application__state=ApplicationState.OPEN,
        application__candidate__erasure_request=None,
    )
    return [one for one in rows.select_related("application", "interviewer") if _is_late(one, now)]


def _is_late(card: Scorecard, now: datetime) -> bool:
    held = Meeting.objects.filter(
        application=card.application_id,
        attendees__user=card.interviewer_id,
        state=MeetingState.SET,
        starts_at__gte=card.asked_at - A_DAY,
        starts_at__lte=now - A_DAY,
    ).exists()
    return held and (card.due_date is None or card.due_date < localdate(now))


@transaction.atomic
def _remind(pk: uuid.UUID, now: datetime) -> bool:
    """Whether it was still to be done: several workers may come by."""
    held = Scorecard.objects.select_for_update(of=("self",)).filter(pk=pk, submitted_at=None, reminded_at=None).first()
    if held is None or not held.interviewer.email or not held.interviewer.is_active:
        return False
    held.reminded_at = now
    held.save(update_fields=["reminded_at"])
    data = {"application": str(held.application_id), "round": str(held.round_id)}
    record(kind=InterviewEvent.REMINDED, by=TENFOLD.in_trail, of=held, now=now, data=data)
    address, to = f"{settings.SITE_URL}{reverse('scorecard', args=[held.pk])}", held.interviewer.email
    transaction.on_commit(lambda: _write(to, held, address))
    return True


def _write(to: str, card: Scorecard, address: str) -> None:
    """No name of a candidate stands in the mail: it leaves the house."""
    due = f" It was due on {on_day(card.due_date)}." if card.due_date else ""
    body = (
        f"The interview took place and your scorecard is not in yet.{due} What you typed so far is kept.\n\n"
        f"{address}\n\n"
        "If the interview did not take place, ask the recruiter to excuse you. You get this once."
    )
    send_mail("Your scorecard is waiting", body, None, [to], fail_silently=True)
