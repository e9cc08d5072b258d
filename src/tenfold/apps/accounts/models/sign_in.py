"""Identity providers of organisations, the people they vouch for, what their groups mean, and sessions in browsers."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from tenfold.core.encryption import EncryptedTextField
from tenfold.core.models import Membership, Organisation, Role, User
from tenfold.core.models.tenancy import Viewer


def led_by(user: Viewer) -> models.QuerySet[Membership]:
    """Where somebody is administrator."""
    led: models.QuerySet[Membership] = Membership.objects.filter(role=Role.ADMINISTRATOR)
    return led.filter(user_id=user.pk) if user.pk else led.none()


Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def seen_by_administrators(rows: Rows, user: Viewer) -> Rows:
    """Rows with an `organisation` that its administrators alone see."""
    return rows.filter(organisation_id__in=led_by(user).values("organisation_id")) if user.pk else rows.none()


class IdentityProviderQuerySet(models.QuerySet["IdentityProvider"]):
    def visible_to(self, user: Viewer) -> Self:
        return seen_by_administrators(self, user)


class IdentityProvider(models.Model):
    """Where an organisation's people sign in by OpenID Connect.

    The issuer never changes: who `subject` is depends on it. `default_role` is for people in no group that means
    anything; empty lets them in only as what they are here already.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="identity_providers")
    name = models.CharField(max_length=80)
    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=200)
    client_secret = EncryptedTextField(blank=True)
    groups_claim = models.CharField(max_length=60, default="groups")
    default_role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar = IdentityProviderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "issuer"], name="one_provider_per_issuer"),
            models.CheckConstraint(condition=Q(default_role__in=["", *Role.values]), name="provider_knows_its_role"),
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class ExternalIdentityQuerySet(models.QuerySet["ExternalIdentity"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own, and for administrators those of their providers."""
        if not user.pk:
            return self.none()
        led = led_by(user).values("organisation_id")
        return self.filter(Q(user_id=user.pk) | Q(provider__organisation_id__in=led))


class ExternalIdentity(models.Model):
    """Who a provider says somebody is: known by issuer and subject, never by an address that may change hands."""

    provider = models.ForeignKey(IdentityProvider, models.CASCADE, related_name="identities")
    issuer = models.URLField(max_length=300)
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar = ExternalIdentityQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "issuer", "subject"], name="one_person_per_subject"),
            models.UniqueConstraint(fields=["provider", "user"], name="one_subject_per_person"),
        ]
        ordering: ClassVar = ["linked_at"]

    def __str__(self) -> str:
        return f"{self.user} at {self.issuer}"


class GroupRoleQuerySet(models.QuerySet["GroupRole"]):
    def visible_to(self, user: Viewer) -> Self:
        return seen_by_administrators(self, user)


class GroupRole(models.Model):
    """What a group of an outside directory means here: a role, the sight of pay, or both."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="group_roles")
    group = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    sees_pay = models.BooleanField(default=False)

    objects: ClassVar = GroupRoleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "group"], name="one_meaning_per_group"),
            models.CheckConstraint(condition=Q(role__in=["", *Role.values]), name="group_role_is_known"),
            models.CheckConstraint(condition=~Q(role="", sees_pay=False), name="group_role_means_something"),
        ]
        ordering: ClassVar = ["group"]

    def __str__(self) -> str:
        return self.group


class OpenSessionQuerySet(models.QuerySet["OpenSession"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own."""
        return self.filter(user_id=user.pk) if user.pk else self.none()


class OpenSession(models.Model):
    """A browser that somebody is signed in with, as its list shows it; ending it deletes the session itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=120, blank=True)
    address = models.GenericIPAddressField(null=True)
    method = models.CharField(max_length=80, blank=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects: ClassVar = OpenSessionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.user}, {self.browser or 'a browser'}"
