"""Tokens, and the answers that were given to requests with an idempotency key."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.core.models.tenancy import Membership, Organisation, Role, User, Viewer


class TokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own, and for administrators everyone's in their organisations."""
        if not user.pk:
            return self.none()
        led = Membership.objects.filter(user_id=user.pk, role=Role.ADMINISTRATOR).values("organisation_id")
        return self.filter(Q(user_id=user.pk) | Q(organisation_id__in=led))

    def open_at(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=now)


class ApiToken(models.Model):
    """A program's key to one organisation, with the rights of the person who made it. Only its hash is kept.

    `hint`: its first characters, to tell one's tokens apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    scopes: models.JSONField[list[str]] = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar = TokenQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "user", "-made_at"])]
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return self.name

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class IdempotencyRecordQuerySet(models.QuerySet["IdempotencyRecord"]):
    def visible_to(self, user: Viewer) -> Self:
        """Nobody but the token's own person."""
        return self.filter(token__user_id=user.pk) if user.pk else self.none()


class IdempotencyRecord(models.Model):
    """What was answered to a write with an idempotency key, so that a repeat gets the same and writes nothing."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="idempotency_records")
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=300, blank=True)
    body = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    objects: ClassVar = IdempotencyRecordQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_key")]
        indexes: ClassVar = [models.Index(fields=["kept_at"])]

    def __str__(self) -> str:
        return self.key
