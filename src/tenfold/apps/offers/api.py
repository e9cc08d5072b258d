"""Offers for programs, to be read: they are written, approved and answered by people, on pages."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from ninja.params.functions import Query

from tenfold.apps.candidates.models import OpenRole
from tenfold.apps.offers.models import Offer
from tenfold.apps.offers.presenters.plain import offer_in_list, whole_offer
from tenfold.apps.offers.queries.measures import measure
from tenfold.apps.offers.schemas import OfferMeasures, OfferPage, OfferResult
from tenfold.core.http.api_access import caller
from tenfold.core.http.cursors import page
from tenfold.core.http.operations import operation
from tenfold.core.http.problems import ScopeMissing
from tenfold.core.http.schemas import Words
from tenfold.core.permissions import require
from tenfold.core.scopes import Scope
from tenfold.core.services.trail import record_sight_of_pay

router = Router()
TAG = "Hiring"
LIMIT: Any = Query(25, ge=1, le=100)
CURSOR: Any = Query(None, max_length=200, description="As it came in next_cursor")


@operation(router, "GET", "/roles/{role_id}/offers", OfferPage, tag=TAG, scope=Scope.OFFERS_READ)
def list_offers(
    request: HttpRequest, role_id: uuid.UUID, limit: int = LIMIT, cursor: Words | None = CURSOR
) -> dict[str, Any]:
    """Offers of a role that the token's person may see, newest first, without their pay."""
    asking, now = caller(request), timezone.now()
    role = _role_for(request, role_id)
    rows = Offer.objects.visible_to(asking.user).filter(application__role=role).select_related("application__role")
    found = page(rows, by="made_at", cursor=cursor, limit=limit)
    return {"items": [offer_in_list(one, now=now) for one in found.rows], "next_cursor": found.next_cursor}


@operation(router, "GET", "/offers/{offer_id}", OfferResult, tag=TAG, scope=Scope.OFFERS_READ)
def read_offer(request: HttpRequest, offer_id: uuid.UUID) -> dict[str, Any]:
    """One offer with every version and its pay; the token needs the scope to see pay as well."""
    asking, now = caller(request), timezone.now()
    rows = Offer.objects.visible_to(asking.user).filter(application__role__organisation=asking.organisation)
    found: Offer = get_object_or_404(rows.select_related("application__role"), pk=offer_id)
    if not asking.sees_pay:
        raise ScopeMissing(Scope.PAY_SEE)
    record_sight_of_pay(by=asking.user, of=found, now=now)
    return whole_offer(found, now=now)


@operation(router, "GET", "/roles/{role_id}/offer-measures", OfferMeasures, tag=TAG, scope=Scope.OFFERS_READ)
def get_offer_measures(request: HttpRequest, role_id: uuid.UUID) -> dict[str, Any]:
    """Days to fill, acceptance and reasons for declines of a role: with n and interval, or null for not enough data."""
    role = _role_for(request, role_id)
    require(caller(request).user, "role.count", role)
    return measure([role], now=timezone.now()).to_dict()


def _role_for(request: HttpRequest, pk: uuid.UUID) -> OpenRole:
    asking = caller(request)
    rows = OpenRole.objects.visible_to(asking.user).filter(organisation=asking.organisation)
    found: OpenRole = get_object_or_404(rows.select_related("team", "organisation"), pk=pk)
    return found
