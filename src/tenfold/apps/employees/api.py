"""Tenure for programs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from tenfold.apps.employees.models import HrList
from tenfold.apps.employees.queries import published_tenure
from tenfold.apps.employees.schemas import TenureResult
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.permissions import require
from tenfold.core.scopes import Scope
from tenfold.practices.retention.presenters import tenure_to_dict

router = Router()


@operation(router, "GET", "/tenure", TenureResult, tag="Teams", scope=Scope.TEAMS_READ)
def get_tenure(request: HttpRequest) -> dict[str, Any]:
    """How long people stay, by the latest HR list."""
    asked = caller(request)
    require(asked.user, "employees.see-tenure", asked.organisation)
    listed = HrList.objects.visible_to(asked.user).filter(organisation=asked.organisation).first()
    if listed is None:
        raise Http404
    found = tenure_to_dict(published_tenure(listed))
    return {**found, "list_name": listed.name}
