"""People and groups that a directory elsewhere keeps here over SCIM, and the token by which it does."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from tenfold.apps.accounts.models.sign_in import seen_by_administrators
from tenfold.core.models import Organisation, Role, User, Viewer


class DirectoryTokenQuerySet(models.QuerySet["DirectoryToken"]):
    def visible_to(self, user: Viewer) -> Self:
        return seen_by_administrators(self, user)

    def open_at(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=now)


class DirectoryToken(models.Model):
    """What one organisation's directory signs in with. Only its hash is kept; `hint` tells tokens apart.

    `default_role`: of people in no group that means anything; empty gives them an account and no access.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="directory_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=20)
    default_role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar = DirectoryTokenQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(default_role__in=["", *Role.values]), name="directory_token_knows_its_role"
            )
        ]
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return self.hint


class DirectoryPersonQuerySet(models.QuerySet["DirectoryPerson"]):
    def visible_to(self, user: Viewer) -> Self:
        return seen_by_administrators(self, user)


class DirectoryPerson(models.Model):
    """A person as the directory describes them (`document`, SCIM attributes that we keep), and the account here.

    Inactive people keep their row, and lose their membership.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="directory_people")
    user = models.ForeignKey(User, models.CASCADE, related_name="directory_entries")
    user_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=254, blank=True)
    is_active = models.BooleanField(default=True)
    document: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar = DirectoryPersonQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organisation", Lower("user_name"), name="one_entry_per_user_name"),
            models.UniqueConstraint(fields=["organisation", "user"], name="one_entry_per_person"),
        ]
        ordering: ClassVar = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.user_name


class DirectoryGroupQuerySet(models.QuerySet["DirectoryGroup"]):
    def visible_to(self, user: Viewer) -> Self:
        return seen_by_administrators(self, user)


class DirectoryGroup(models.Model):
    """A group of the directory; what it means here is told by a `GroupRole` of the same name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="directory_groups")
    name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=254, blank=True)
    people: models.ManyToManyField[DirectoryPerson, models.Model] = models.ManyToManyField(
        DirectoryPerson, related_name="groups"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar = DirectoryGroupQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_directory_group_per_name")
        ]
        ordering: ClassVar = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name
