"""Pay estimates for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from tenfold.apps.pay.models import BandRate, PayBand
from tenfold.apps.pay.queries import BAND_ORDER, band_to_dict
from tenfold.apps.pay.schemas import BandList, EstimateRequest, NotSupported, Supported
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.permissions import require
from tenfold.core.scopes import Scope
from tenfold.core.services.api import note_write
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.market.benchmark import PayQuestion, estimate
from tenfold.practices.pay.presenters import estimate_to_dict
from tenfold.practices.pay.questions import where

router = Router()


@operation(router, "POST", "/pay/estimates", Supported | NotSupported, tag="Pay", scope=Scope.PAY_ESTIMATE)
def estimate_pay(request: HttpRequest, asked: EstimateRequest) -> dict[str, Any]:  # noqa: ARG001 - an operation takes the request
    """What the market posts for such a job, or why the data cannot say."""
    country, metro_cbsa = where(asked.place)
    answer = estimate(
        PayQuestion(
            role=asked.role,
            level=asked.level,
            years=asked.years,
            country=country,
            metro_cbsa=metro_cbsa,
            workplace=asked.workplace,
            as_of=asked.as_of or timezone.localdate(),
            infra_share=asked.infra_share,
        )
    )
    return estimate_to_dict(answer, (asked.offer.min, asked.offer.max) if asked.offer else None)


@operation(router, "GET", "/pay/bands", BandList, tag="Pay", scope=Scope.PAY_SEE)
def list_pay_bands(request: HttpRequest) -> dict[str, Any]:
    """The company's own bands, of all days, and the exchange rates that it states; for who sees pay."""
    asked = caller(request)
    require(asked.user, "pay.see", asked.organisation)
    now = timezone.now()
    if record_sight_of_pay(by=asked.user, of=asked.organisation, now=now):
        note_write(token=asked.token, did="pay.seen", of_id=str(asked.organisation.pk), now=now)
    rows = PayBand.objects.visible_to(asked.user).filter(organisation=asked.organisation)
    rates = BandRate.objects.visible_to(asked.user).filter(organisation=asked.organisation)
    return {
        "bands": [band_to_dict(one) for one in rows.order_by(*BAND_ORDER)],
        "rates": [{"currency": one.currency, "per_usd": one.per_usd, "day": one.day} for one in rates],
    }
