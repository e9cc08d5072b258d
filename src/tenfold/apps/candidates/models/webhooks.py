"""Where other systems are told of what happens. What is sent holds ids and words of ours, nothing of a person."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models

from tenfold.apps.candidates.models.roles import NOBODY
from tenfold.core.encryption import EncryptedTextField
from tenfold.core.models import Membership, Organisation, Role, User
from tenfold.core.models.tenancy import Viewer


def _in_order(user: Viewer) -> Any:
    return Membership.objects.filter(user_id=user.pk or NOBODY, role=Role.ADMINISTRATOR).values("organisation_id")


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(organisation_id__in=_in_order(user)) if user.pk else self.none()


class WebhookEndpoint(models.Model):
    """An address with the secret that what goes there is signed with. No kinds: every kind."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    secret = EncryptedTextField()
    kinds: models.JSONField[list[str]] = models.JSONField(default=list)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar = WebhookEndpointQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["made_at"]

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waits"
    DONE = "done", "Taken"
    FAILED = "failed", "Given up"


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(endpoint__organisation_id__in=_in_order(user)) if user.pk else self.none()


class WebhookDelivery(models.Model):
    """One message to one address. A replay is sent with the same id, so that a receiver knows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=60)
    payload: models.JSONField[dict[str, Any]] = models.JSONField()
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.kind} to {self.endpoint_id}"
