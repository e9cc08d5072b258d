"""Postings that candidates can read."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum
from typing import ClassVar, Self
from urllib.parse import quote

from django.db import models
from django.db.models import Q

from tenfold.apps.plans.models import StoredPlan
from tenfold.core.models.tenancy import Organisation, User, Viewer


class PostingEvent(StrEnum):
    """What happens to published postings."""

    POSTING_PUBLISHED = "posting.published"
    POSTING_CLOSED = "posting.closed"
    RULES_SET = "posting.rules-set"


class PostingQuerySet(models.QuerySet["PublishedPosting"]):
    def visible_to(self, user: Viewer) -> Self:
        own = self.filter(plan__deleted_at=None)
        return own.filter(plan__organisation__memberships__user_id=user.pk) if user.pk else self.none()

    def open_on(self, day: date) -> Self:
        """What the public may read: not closed, and not past its last day."""
        return self.filter(closed_at=None).filter(Q(last_date=None) | Q(last_date__gte=day))


class PublishedPosting(models.Model):
    """The posting of one approved version, as the public reads it until it closes.

    `apply_to`: the e-mail or https address where candidates apply while Tenfold itself takes no applications.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(StoredPlan, models.CASCADE, related_name="postings")
    version_number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    employer = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    linked_data = models.JSONField(default=dict)
    last_date = models.DateField(null=True)
    why = models.CharField(max_length=500, blank=True)
    accommodations = models.TextField(blank=True)
    apply_to = models.CharField(max_length=300, blank=True)
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar = PostingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan"], condition=Q(closed_at=None), name="one_open_posting_per_plan")
        ]
        ordering: ClassVar = ["-published_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def apply_link(self) -> str:
        """What the button of the job page opens."""
        if "@" not in self.apply_to or self.apply_to.startswith("https://"):
            return self.apply_to
        return f"mailto:{quote(self.apply_to, safe='@')}?subject={quote(f'Application: {self.title}')}"


RULES = {
    "pay_range": "A pay range in the posting",
    "deadline": "A day when applications close",
    "accommodations": "Whom to ask for accommodations",
    "no_fixes": "No check that says “Fix”",
}
"""What an organisation may demand of what it publishes, in words."""


class PublishingRulesQuerySet(models.QuerySet["PublishingRules"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(organisation__memberships__user_id=user.pk) if user.pk else self.none()


class PublishingRules(models.Model):
    """What an organisation does not publish without. `no_fixes`: a reason is not enough where a check says fix."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="publishing_rules")
    pay_range = models.BooleanField(RULES["pay_range"], default=False)
    deadline = models.BooleanField(RULES["deadline"], default=False)
    accommodations = models.BooleanField(RULES["accommodations"], default=False)
    no_fixes = models.BooleanField(RULES["no_fixes"], default=False)

    objects: ClassVar = PublishingRulesQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Rules of {self.organisation}"
