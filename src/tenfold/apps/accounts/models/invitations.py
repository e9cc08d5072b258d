"""Invitations: places kept for people who are not members yet."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.core.models import Membership, Organisation, Role, User
from tenfold.core.models.tenancy import Viewer


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Viewer) -> Self:
        """Invitations are the administrators' business."""
        if not user.pk:
            return self.none()
        own = Membership.objects.filter(user_id=user.pk, role=Role.ADMINISTRATOR).values("organisation_id")
        return self.filter(organisation_id__in=own)

    def open_at(self, now: datetime) -> Self:
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A place kept for someone. Only the hash of the link's token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=Role.choices)
    sees_pay = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_has_a_known_role")
        ]
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.email

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class UsedLinkQuerySet(models.QuerySet["UsedLink"]):
    def visible_to(self, user: Viewer) -> Self:  # noqa: ARG002 - the same question for every model
        """Nobody's business."""
        return self.none()


class UsedLink(models.Model):
    """A link of the server's output that was followed; kept as long as its signature holds, so that it works once."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    used_at = models.DateTimeField(db_index=True)

    objects: ClassVar = UsedLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"used {self.used_at:%Y-%m-%d %H:%M}"
