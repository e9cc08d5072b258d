"""Pay estimates for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from tenfold.apps.pay.schemas import EstimateRequest, NotSupported, Supported
from tenfold.core.http.operations import operation
from tenfold.core.scopes import Scope
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
