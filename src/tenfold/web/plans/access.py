"""Finding a plan that the asker may see, and what of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from tenfold.hiring.models import PlanVersion, StoredPlan, User
from tenfold.hiring.pay_visibility import without_pay
from tenfold.hiring.permissions import may, require
from tenfold.hiring.services.trail import record_sight_of_pay


@dataclass(frozen=True)
class Sight:
    """A plan as one person sees it."""

    plan: StoredPlan
    user: User
    sees_pay: bool
    may_edit: bool
    may_approve: bool
    may_publish: bool

    def text(self, version: PlanVersion) -> str:
        """What this person may read of a version. Whoever is shown pay is noted in the trail, once a day."""
        if not self.sees_pay:
            return without_pay(version.text)
        record_sight_of_pay(by=self.user, of=self.plan, now=timezone.now())
        return version.text

    def head(self) -> dict[str, Any]:
        """What the head and the tabs of every page of a plan show."""
        return {
            "seen": self,
            "plan": self.plan,
            "open_comments": self.plan.comments.filter(settled_at=None).count(),
            "open_posting": self.plan.postings.filter(closed_at=None).first(),
        }


def sight(request: HttpRequest, pk: uuid.UUID, permission: str = "plan.view") -> Sight:
    """The plan, where the user may see it.

    Raises:
        Http404: there is none, or none that this person may know of.
        NotAllowed: they may know of it, but not do this.
    """
    user = signed_in(request)
    plan = get_object_or_404(StoredPlan.objects.visible_to(user).select_related("organisation"), pk=pk)
    require(user, permission, plan)
    return Sight(
        plan=plan,
        user=user,
        sees_pay=may(user, "pay.see", plan),
        may_edit=may(user, "plan.edit", plan) and not plan.is_archived,
        may_approve=may(user, "plan.approve", plan),
        may_publish=may(user, "posting.publish", plan),
    )


def signed_in(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
