"""Decisions for programs, as blind as for people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from tenfold.apps.candidates.models import Application
from tenfold.apps.decisions.models import Decision
from tenfold.apps.decisions.queries import owes_scorecard
from tenfold.apps.decisions.queries.packet import to_dict
from tenfold.apps.decisions.schemas import DecisionList
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.permissions import require
from tenfold.core.scopes import Scope

router = Router()


@operation(
    router, "GET", "/applications/{application_id}/decisions", DecisionList, tag="Hiring", scope=Scope.HIRING_READ
)
def list_decisions(request: HttpRequest, application_id: UUID) -> dict[str, Any]:
    """Decisions on one application with their packets; nothing while you owe a scorecard of it yourself."""
    asked = caller(request)
    rows = Application.objects.visible_to(asked.user).filter(role__organisation=asked.organisation).not_shut_away()
    application = get_object_or_404(
        rows.select_related("role__team", "role__organisation").distinct(), pk=application_id
    )
    require(asked.user, "debrief.read", application)
    found = Decision.objects.visible_to(asked.user).filter(application=application)
    return {
        "waiting_for_your_own": owes_scorecard(application, asked.user),
        "decisions": [to_dict(one) for one in found.select_related("taken_back_by")],
    }
