"""The offer that a request names, for whoever asks, by the rights of now; that it was seen is in the trail."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from tenfold.apps.offers.models import Offer
from tenfold.core.http.sign_in import signed_in
from tenfold.core.services.trail import record_sight_of_pay


def offer_for(request: HttpRequest, pk: uuid.UUID) -> Offer:
    """Raises Http404 where this person may not know of it."""
    user = signed_in(request)
    rows = Offer.objects.visible_to(user).select_related(
        "application__role__team", "application__role__organisation", "application__candidate", "application__stage"
    )
    found: Offer = get_object_or_404(rows, pk=pk)
    record_sight_of_pay(by=user, of=found, now=timezone.now())
    return found
