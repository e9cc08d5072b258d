"""What can be done about postings, for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from tenfold.apps.plans.presenters.found import plan_at
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit


def posting_actions(user: User, organisation: Organisation, path: str) -> Iterator[Hit]:
    plan = plan_at(path, user)
    if plan is not None:
        yield Hit("Action", "What the posting answers", plan.title, reverse("plan-answers", args=[plan.pk]))
        yield Hit("Action", "Read the posting", plan.title, reverse("plan-reader", args=[plan.pk]))
        yield Hit("Action", "Write the posting from the plan", plan.title, reverse("plan-writer", args=[plan.pk]))
    if plan is not None and may(user, "posting.publish", plan):
        yield Hit("Action", "Publish the posting", plan.title, reverse("publish-posting", args=[plan.pk]))
    yield Hit(
        "Page", "Rules for publishing", "What every posting needs before it is published", reverse("publishing-rules")
    )
    yield Hit("Page", "Postings", "What candidates can read", reverse("postings"))
    yield Hit("Action", "Check a posting", "Any posting; nothing is stored", reverse("reader"))
    if may(user, "plan.create", organisation):
        yield Hit("Action", "New plan from a posting", "Paste it, or its address", reverse("new-plan"))
