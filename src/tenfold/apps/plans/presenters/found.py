"""Plans as search finds them, and as what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from tenfold.apps.plans.models import PlanState, StoredPlan
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit
from tenfold.core.todo import ToDo
from tenfold.kit.findings import State
from tenfold.kit.words import counted


def find_plans(user: User, organisation: Organisation, text: str, limit: int) -> Iterator[Hit]:
    """Plans whose title holds the text, the latest first; archived ones last."""
    plans = StoredPlan.objects.visible_to(user).filter(organisation=organisation, title__icontains=text)
    for plan in plans.order_by("state", "-changed_at")[:limit]:
        yield Hit("Plan", plan.title, plan.facts_line, reverse("plan", args=[plan.pk]))


def plans_waiting(user: User, organisation: Organisation, _now: datetime) -> Iterator[ToDo]:
    """Plans with something to fix, for editors; plans without problems that wait for approval, for who approves."""
    plans = StoredPlan.objects.visible_to(user).filter(organisation=organisation, state=PlanState.DRAFT)
    can_edit, can_approve = may(user, "plan.edit", organisation), may(user, "plan.approve", organisation)
    for plan in plans.order_by("-changed_at"):
        to_fix = sum(state == State.FIX for state in plan.strip.values())
        page = reverse("plan", args=[plan.pk])
        if to_fix and can_edit:
            yield ToDo("To fix", f"{plan.title}: {counted(to_fix, 'check')} to fix", page)
        elif not to_fix and can_approve:
            yield ToDo("To approve", plan.title, page)
