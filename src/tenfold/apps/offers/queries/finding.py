"""Offers found by the person that they are for. What they say is not searched."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from tenfold.apps.offers.models import Offer
from tenfold.apps.offers.queries.standing import standing_of
from tenfold.core.models import Organisation, User
from tenfold.core.search import Hit


def find_offers(user: User, organisation: Organisation, text: str, limit: int) -> Iterator[Hit]:
    words, found = text.casefold().split(), 0
    rows = Offer.objects.visible_to(user).filter(application__role__organisation=organisation)
    for one in rows.select_related("application__candidate", "application__role"):
        name = str(one.application.candidate).casefold()
        if found < limit and all(word in name for word in words):
            found += 1
            about = f"{one.application.role.title}, {standing_of(one, now=timezone.now()).words.lower()}"
            yield Hit("Offer", str(one.application.candidate), about, reverse("offer", args=[one.pk]))
