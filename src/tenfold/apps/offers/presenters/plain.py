"""Offers as plain values: what the API gives and files hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tenfold.apps.offers.models import Offer, OfferVersion
from tenfold.apps.offers.queries.standing import standing_of


def offer_in_list(offer: Offer, *, now: datetime) -> dict[str, Any]:
    """Without pay."""
    standing = standing_of(offer, now=now)
    return {
        "id": offer.pk,
        "application_id": offer.application_id,
        "state": offer.state,
        "words": standing.words,
        "version": offer.latest_number,
        "made_at": offer.made_at,
        "to_be_answered_by": standing.latest.expires_date,
    }


def whole_offer(offer: Offer, *, now: datetime) -> dict[str, Any]:
    """With pay: every version, oldest first."""
    versions = offer.versions.order_by("number").prefetch_related("approvals")
    return {**offer_in_list(offer, now=now), "versions": [_version(one) for one in versions]}


def _version(version: OfferVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "written_at": version.written_at,
        "to_be_answered_by": version.expires_date,
        "is_outside": version.is_outside,
        "terms": version.terms,
        "comparisons": version.comparisons,
        "approvals": [{"name": one.name, "approved": one.is_yes, "at": one.at} for one in version.approvals.all()],
    }
