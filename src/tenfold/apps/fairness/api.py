"""Audit tables for programs of people analysts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from tenfold.apps.fairness.models import AuditPeriod
from tenfold.apps.fairness.queries import hash_of_period
from tenfold.apps.fairness.schemas import AuditPeriodList, AuditPeriodResult
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.permissions import require
from tenfold.core.scopes import Scope

router = Router()


@operation(router, "GET", "/fairness", AuditPeriodList, tag="Hiring", scope=Scope.FAIRNESS_READ)
def list_audit_periods(request: HttpRequest) -> dict[str, Any]:
    """Published periods of selection rates and impact ratios."""
    asked = caller(request)
    require(asked.user, "fairness.see", asked.organisation)
    return {"periods": list(AuditPeriod.objects.visible_to(asked.user).filter(organisation=asked.organisation))}


@operation(router, "GET", "/fairness/{period_id}", AuditPeriodResult, tag="Hiring", scope=Scope.FAIRNESS_READ)
def get_audit_period(request: HttpRequest, period_id: UUID) -> dict[str, Any]:
    """One period's tables: by step, by sex, by race or ethnicity and by both, with strata."""
    asked = caller(request)
    require(asked.user, "fairness.see", asked.organisation)
    rows = AuditPeriod.objects.visible_to(asked.user).filter(organisation=asked.organisation)
    found = get_object_or_404(rows, pk=period_id)
    return {
        "id": found.pk,
        "from_date": found.from_date,
        "until_date": found.until_date,
        "published_at": found.published_at,
        "sha256": hash_of_period(found),
        "content": found.content,
    }
