"""Plans as search finds them, and as what waits for somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from tenfold.apps.plans.models import PlanState, StoredPlan
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit
from tenfold.core.todo import ToDo
from tenfold.kit.findings import State
from tenfold.kit.words import plural

_PLAN_PATH = re.compile(r"^/plans/([0-9a-f]{8}-[0-9a-f-]{27})/")


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
            yield ToDo("To fix", f"{plan.title}: {plural(to_fix, 'check')} to fix", page)
        elif not to_fix and can_approve:
            yield ToDo("To approve", plan.title, page)


def plan_at(path: str, user: User) -> StoredPlan | None:
    """The plan that the page at a path is about, where this person may see it."""
    match = _PLAN_PATH.match(path)
    return StoredPlan.objects.visible_to(user).filter(pk=match[1]).first() if match else None


def plan_actions(user: User, organisation: Organisation, path: str) -> Iterator[Hit]:
    """What can be done with the plan of the page, then with plans in general."""
    plan = plan_at(path, user)
    if plan is not None:
        yield from _own_actions(user, plan)
    yield Hit("Page", "Plans", "All plans", reverse("plans"))
    if may(user, "plan.create", organisation):
        yield Hit("Action", "New plan from a few questions", "", reverse("new-plan-questions"))
    yield Hit("Page", "Archive", "Archived plans", f"{reverse('plans')}?archived=1")


def _own_actions(user: User, plan: StoredPlan) -> Iterator[Hit]:
    pages = (
        ("Report", "plan-report"),
        ("Report as PDF", "plan-report-pdf"),
        ("What if", "plan-what-if"),
        ("Charter: decision rights and goals", "plan-charter"),
        ("Plan as YAML file", "plan-download"),
        ("Versions: who approved, who changed what", "plan-versions"),
        ("Comments", "plan-comments"),
    )
    for title, name in pages:
        yield Hit("Action", title, plan.title, reverse(name, args=[plan.pk]))
    if may(user, "plan.edit", plan):
        if may(user, "plan.delete", plan):
            yield Hit("Action", "Delete the plan", plan.title, reverse("delete-plan", args=[plan.pk]))
        yield Hit("Action", "Share a link", plan.title, reverse("plan-share", args=[plan.pk]))
