"""Organisations and the people in them. A person may belong to several; what they may do is told by the membership."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

Viewer = AbstractBaseUser | AnonymousUser
"""Whoever looks: signed in or not."""


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "Administrator"
    HIRING_MANAGER = "hiring-manager", "Hiring manager"
    RECRUITER = "recruiter", "Recruiter"
    INTERVIEWER = "interviewer", "Interviewer"
    PEOPLE_ANALYST = "people-analyst", "People analyst"


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Viewer) -> Self:
        """Oneself, and everyone who shares an organisation."""
        if not user.pk:
            return self.none()
        shared = Membership.objects.filter(user_id=user.pk).values("organisation_id")
        return self.filter(Q(pk=user.pk) | Q(memberships__organisation_id__in=shared)).distinct()


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Viewer) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in, by e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    is_example = models.BooleanField(default=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]
        ordering: ClassVar = ["name", "email"]

    def __str__(self) -> str:
        return self.name or self.email


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(memberships__user_id=user.pk) if user.pk else self.none()


class SecondFactor(models.TextChoices):
    """Of whom an organisation demands a second factor."""

    NOBODY = "", "Nobody"
    SENSITIVE = "sensitive", "People who can see pay or candidates"
    EVERYONE = "everyone", "Everyone"


class Organisation(models.Model):
    """Who hires. `is_example` marks the invented company that one button removes.

    `single_sign_on_only` and `second_factor` are its demands on every session of its members.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    is_example = models.BooleanField(default=False)
    single_sign_on_only = models.BooleanField(default=False)
    second_factor = models.CharField(max_length=9, choices=SecondFactor.choices, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Viewer) -> Self:
        if not user.pk:
            return self.none()
        return self.filter(organisation__memberships__user_id=user.pk)


class Membership(models.Model):
    """What one person is in one organisation. Seeing pay is a right of its own, whatever the role.

    `role_from_groups`: the role was given by groups of an outside directory, and ends with them.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    sees_pay = models.BooleanField(default=False)
    role_from_groups = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_per_person"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_has_a_known_role"),
        ]
        ordering: ClassVar = ["user__name", "user__email"]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()}"
