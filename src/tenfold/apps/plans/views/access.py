"""The plan that a request names, for whoever asks."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from tenfold.apps.plans.models import PlanVersion, StoredPlan
from tenfold.apps.plans.queries import PlanAccess, plan_for_user
from tenfold.core.http.sign_in import signed_in
from tenfold.core.permissions import may


def plan_access(request: HttpRequest, pk: uuid.UUID, permission: str = "plan.view") -> PlanAccess:
    """The plan, where the signed-in user may see it.

    Raises:
        Http404: there is none, or none that this person may know of.
        NotAllowed: they may know of it, but not do this.
    """
    try:
        return plan_for_user(signed_in(request), pk, permission)
    except StoredPlan.DoesNotExist:
        raise Http404 from None


def text_for(access: PlanAccess, version: PlanVersion) -> str:
    """What the signed-in user may read of a version, now."""
    return access.text(version, now=timezone.now())


def plan_head(access: PlanAccess) -> dict[str, Any]:
    """What the head and the tabs of every page of a plan show."""
    return {
        "access": access,
        "plan": access.plan,
        "open_comments": access.plan.comments.filter(settled_at=None).count(),
        "may_delete": may(access.user, "plan.delete", access.plan),
        "open_posting": access.plan.postings.filter(closed_at=None).first(),
    }
