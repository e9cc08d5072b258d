"""Hiring systems of others that order labs and read results: their keys, and what they ordered."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.apps.candidates.models.roles import NOBODY
from tenfold.apps.labroom.models.invitations import LabInvitation, OfInvitation, OfInvitationQuerySet
from tenfold.core.encryption import EncryptedTextField
from tenfold.core.models import HiringTeam, Membership, Organisation, Role, User
from tenfold.core.models.tenancy import Viewer


class System(models.TextChoices):
    """Whose documents the addresses follow."""

    GREENHOUSE = "greenhouse", "Greenhouse"
    ASHBY = "ashby", "Ashby"


class PartnerKeyQuerySet(models.QuerySet["PartnerKey"]):
    def visible_to(self, user: Viewer) -> Self:
        led = Membership.objects.filter(user_id=user.pk or NOBODY, role=Role.ADMINISTRATOR).values("organisation_id")
        return self.filter(organisation_id__in=led)


class PartnerKey(models.Model):
    """One system's way in, for one hiring team. Only the key's hash is kept; `their_key` is what we send them.

    Orders are invitations by `made_by`, with the rights that this person has at that moment.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    team = models.ForeignKey(HiringTeam, models.CASCADE, related_name="+")
    system = models.CharField(max_length=10, choices=System.choices)
    key_hash = models.CharField(max_length=64, unique=True)
    their_key = EncryptedTextField()
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar = PartnerKeyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(system__in=System.values), name="lab_partner_system_is_known")
        ]
        ordering: ClassVar = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_system_display()}, {self.made_at:%Y-%m-%d}"


class PartnerOrder(OfInvitation):
    """An invitation that a system asked for. `asked`: what the same request has in common when it is sent again.

    `reply_to`: where Greenhouse is told; empty for Ashby, which has one address. `told`: the step told last.
    """

    invitation = models.OneToOneField(LabInvitation, models.CASCADE, related_name="partner_order")
    key = models.ForeignKey(PartnerKey, models.CASCADE, related_name="orders")
    asked = models.CharField(max_length=64)
    reply_to = EncryptedTextField(default="")
    told = models.CharField(max_length=12, default="invited")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    objects: ClassVar = OfInvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "asked"], name="a_lab_is_ordered_once_however_often_it_is_sent")
        ]

    def __str__(self) -> str:
        return f"order {self.pk}"
