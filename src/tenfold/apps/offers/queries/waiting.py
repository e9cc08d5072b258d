"""What waits: offers to approve, to send, about to expire, answered, asked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localdate

from tenfold.apps.candidates.models import ApplicationState
from tenfold.apps.offers.models import Offer, OfferQuestion, OfferState
from tenfold.apps.offers.queries.standing import standing_of
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.todo import ToDo

SOON = timedelta(days=3)
NEWS_LASTS = timedelta(days=7)


def todo(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    rows = Offer.objects.visible_to(user).filter(application__role__organisation=organisation)
    rows = rows.select_related("application__candidate", "application__role__team", "application__role__organisation")
    for offer in rows.exclude(state=OfferState.WITHDRAWN)[:40]:
        yield from _of_offer(offer, user, now)


def _of_offer(offer: Offer, user: User, now: datetime) -> Iterator[ToDo]:
    standing, title = standing_of(offer, now=now), f"{offer.application.candidate}, {offer.application.role.title}"
    if not offer.is_open or offer.application.state != ApplicationState.OPEN:
        yield from _news(offer, title, user, now)
        return
    last_day = standing.latest.expires_date
    if user in standing.missing:
        yield _line("Offer to approve", title, offer, last_day)
    if not may(user, "offer.write", offer):
        return
    if standing.words == "Approved, not sent":
        yield _line("Offer to send", title, offer, last_day)
    if standing.words == "Objected to":
        yield _line("Offer objected to", title, offer)
    if standing.words == "Expired":
        yield _line("Offer expired", title, offer)
    elif offer.state == OfferState.SENT and standing.shown and standing.shown.expires_date <= localdate(now) + SOON:
        yield _line("Offer expires", title, offer, standing.shown.expires_date)
    if offer.state == OfferState.DECLINED:
        yield _line("Offer declined", title, offer)
    if OfferQuestion.objects.filter(offer=offer, answered_at=None).exists():
        yield _line("Question on an offer", title, offer)


def _news(offer: Offer, title: str, user: User, now: datetime) -> Iterator[ToDo]:
    """An acceptance is told for a week."""
    answered = [one.answer.at for one in offer.versions.all() if hasattr(one, "answer")]
    is_new = bool(answered) and max(answered) > now - NEWS_LASTS
    if offer.state == OfferState.ACCEPTED and is_new and may(user, "offer.write", offer):
        yield _line("Offer accepted", title, offer)


def _line(kind: str, title: str, offer: Offer, due: date | None = None) -> ToDo:
    return ToDo(kind, title, reverse("offer", args=[offer.pk]), due)
