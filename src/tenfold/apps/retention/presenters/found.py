"""Retention in the search, and what waits for somebody: a pulse to answer, a 1:1 that is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from tenfold.apps.retention.models import OneOnOne, Pulse, PulseTicket
from tenfold.apps.retention.queries import is_asked
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit
from tenfold.core.todo import ToDo


def retention_actions(user: User, organisation: Organisation, _path: str) -> Iterator[Hit]:
    yield Hit("Page", "1:1s", "Rhythm, agenda and notes between two people", reverse("one-on-ones"))
    yield Hit("Page", "Pulse", "Six questions to a team, shown from five answers on", reverse("pulses"))
    if may(user, "teams.see", organisation):
        yield Hit("Page", "On-call", "Pages replayed on rotations of two to eight", reverse("on-call"))
        yield Hit("Page", "Impact", "What the team delivers, with intervals and sources", reverse("impact"))
        yield Hit("Page", "Does hiring predict?", "Assessments at hiring and evidence later", reverse("loop"))
    if may(user, "pay-round.run", organisation):
        yield Hit("Page", "Pay round", "Merit guideline within a budget", reverse("pay-rounds"))
        yield Hit("Page", "Pay equity", "Gaps by category of equal work", reverse("pay-equity"))


def due_for(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    answered = PulseTicket.objects.filter(user=user).values("pulse_id")
    open_pulses = Pulse.objects.visible_to(user).filter(team__organisation=organisation, closed_at=None)
    for pulse in open_pulses.exclude(pk__in=answered).select_related("team"):
        if is_asked(user, pulse):
            yield ToDo("Pulse", str(pulse.team), reverse("pulse", args=[pulse.pk]))
    for meeting in _rhythms_held(user, organisation, now.date()):
        if meeting.next_date <= now.date():
            yield ToDo("1:1", str(meeting), reverse("one-on-one", args=[meeting.pk]), meeting.next_date)


def _rhythms_held(user: User, organisation: Organisation, today: date) -> QuerySet[OneOnOne]:
    """Those of people who are still here, with who manages them now; an earlier manager's rhythm has ended."""
    here = Q(employee__left_date=None) | Q(employee__left_date__gt=today)
    theirs = Q(employee__manager=None) | Q(employee__manager=F("manager"))
    mine = OneOnOne.objects.visible_to(user).filter(here, theirs, employee__organisation=organisation)
    return mine.select_related("employee", "manager")
