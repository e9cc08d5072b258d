"""Plans as kept: every save is a version; nothing is ever overwritten."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.core.models.tenancy import Organisation, User, Viewer


class PlanEvent(StrEnum):
    """What happens to plans, their comments and share links."""

    CREATED = "plan.created"
    SAVED = "plan.saved"
    APPROVED = "plan.approved"
    ARCHIVED = "plan.archived"
    RESTORED = "plan.restored"
    DELETED = "plan.deleted"
    DELETION_UNDONE = "plan.deletion-undone"
    ERASED = "plan.erased"
    DUPLICATED = "plan.duplicated"
    SHARED = "plan.shared"
    COMMENT_ADDED = "comment.added"
    COMMENT_SETTLED = "comment.settled"
    SHARE_WITHDRAWN = "share.withdrawn"


class PlanState(models.TextChoices):
    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    ARCHIVED = "archived", "Archived"


class PlanQuerySet(models.QuerySet["StoredPlan"]):
    def visible_to(self, user: Viewer) -> Self:
        """Plans of one's organisations; what was deleted is seen by nobody."""
        own = self.filter(deleted_at=None)
        return own.filter(organisation__memberships__user_id=user.pk) if user.pk else self.none()

    def deleted_for(self, user: Viewer) -> Self:
        """What can still be brought back."""
        own = self.exclude(deleted_at=None)
        return own.filter(organisation__memberships__user_id=user.pk) if user.pk else self.none()

    def kept(self) -> Self:
        return self.exclude(state=PlanState.ARCHIVED)


class StoredPlan(models.Model):
    """A hiring plan with its history. `strip` is the ten practices' states when last checked, for lists."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="plans")
    title = models.CharField(max_length=200)
    facts_line = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    latest_number = models.PositiveIntegerField(default=0)
    approved_number = models.PositiveIntegerField(null=True)
    strip = models.JSONField(default=dict)
    opening = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    objects: ClassVar = PlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(approved_number=None) | Q(approved_number__lte=models.F("latest_number")),
                name="approved_version_exists",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-changed_at"])]
        ordering: ClassVar = ["-changed_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_approved_as_is(self) -> bool:
        """Approved, and unchanged since."""
        return self.state == PlanState.APPROVED and self.approved_number == self.latest_number

    @property
    def is_archived(self) -> bool:
        return self.state == PlanState.ARCHIVED

    def latest(self) -> PlanVersion:
        return self.versions.get(number=self.latest_number)


class VersionQuerySet(models.QuerySet["PlanVersion"]):
    def visible_to(self, user: Viewer) -> Self:
        own = self.filter(plan__deleted_at=None)
        return own.filter(plan__organisation__memberships__user_id=user.pk) if user.pk else self.none()


class PlanVersion(models.Model):
    """One saved text of a plan: the YAML as written, who saved it and why. `changes`: fields, before and after."""

    plan = models.ForeignKey(StoredPlan, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    why = models.CharField(max_length=500, blank=True)
    changes: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list)
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects: ClassVar = VersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="one_version_per_number")]
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"{self.plan}, version {self.number}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: Viewer) -> Self:
        own = self.filter(plan__deleted_at=None)
        return own.filter(plan__organisation__memberships__user_id=user.pk) if user.pk else self.none()


class Comment(models.Model):
    """What someone said about a plan, at one of its fields or at the whole (`field` empty)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(StoredPlan, models.CASCADE, related_name="comments")
    version_number = models.PositiveIntegerField()
    field = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=4_000)
    said_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar = CommentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["said_at"]

    def __str__(self) -> str:
        return self.text[:60]


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def visible_to(self, user: Viewer) -> Self:
        own = self.filter(plan__deleted_at=None)
        return own.filter(plan__organisation__memberships__user_id=user.pk) if user.pk else self.none()

    def open_at(self, now: datetime) -> Self:
        return self.filter(withdrawn_at=None, expires_at__gt=now)


class ShareLink(models.Model):
    """A link by which anyone who has it reads one version's report until it expires. Only the token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(StoredPlan, models.CASCADE, related_name="share_links")
    version_number = models.PositiveIntegerField()
    token_hash = models.CharField(max_length=64, unique=True)
    with_pay = models.BooleanField(default=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.plan}, shared until {self.expires_at:%Y-%m-%d}"

    def is_open(self, now: datetime) -> bool:
        return self.withdrawn_at is None and now < self.expires_at
