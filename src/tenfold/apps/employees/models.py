"""Employees and teams, and lists of an HR system. A list holds no names: people stand in it under a keyed hash."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.core.models import Membership, Organisation, Role, User
from tenfold.core.models.tenancy import Viewer

KEEPERS = (Role.ADMINISTRATOR, Role.PEOPLE_ANALYST)
"""Who keeps the records of employees."""
READERS = (*KEEPERS, Role.HIRING_MANAGER)
"""Who sees figures of teams."""


class EmployeesEvent(StrEnum):
    """What happens to records of employees and to HR lists."""

    TEAM_CREATED = "employees.team-created"
    ADDED = "employees.added"
    CHANGED = "employees.changed"
    ERASED = "employees.erased"
    LIST_IMPORTED = "employees.list-imported"
    LIST_REMOVED = "employees.list-removed"


def organisations_of(user: Viewer, roles: tuple[Role, ...]) -> models.QuerySet[Membership, uuid.UUID]:
    """Ids of the organisations in which the user has one of these roles, as a subquery."""
    found: models.QuerySet[Membership] = Membership.objects.filter(role__in=roles)
    return found.filter(user=user.pk).values_list("organisation_id", flat=True)


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(organisation__memberships__user_id=user.pk) if user.pk else self.none()


class Team(models.Model):
    """People who work together. Figures are shown by team, never by person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="teams")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    objects: ClassVar = TeamQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="one_team_per_name")]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class EmployeeQuerySet(models.QuerySet["Employee"]):
    def visible_to(self, user: Viewer) -> Self:
        """Oneself, whom one manages, and everyone to those who keep the records."""
        if not user.pk:
            return self.none()
        own = Q(user_id=user.pk) | Q(manager_id=user.pk)
        member = Membership.objects.filter(user_id=user.pk).values("organisation_id")
        kept = Q(organisation_id__in=organisations_of(user, KEEPERS))
        return self.filter((own & Q(organisation_id__in=member)) | kept)

    def present(self) -> Self:
        return self.filter(left_date=None)


class Employee(models.Model):
    """Somebody who was hired. `reference` is the number in the HR system, by which lists are matched for erasure."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="employees")
    name = models.CharField(max_length=120)
    reference = models.CharField(max_length=60, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="employments")
    manager = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="reports")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="employees")
    role = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    started_date = models.DateField(null=True, blank=True)
    left_date = models.DateField(null=True, blank=True)

    objects: ClassVar = EmployeeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(user__isnull=False), name="one_employment_per_user"
            ),
            models.CheckConstraint(
                condition=Q(left_date=None) | Q(started_date=None) | Q(left_date__gte=models.F("started_date")),
                name="nobody_leaves_before_starting",
            ),
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class HrListQuerySet(models.QuerySet["HrList"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(organisation_id__in=organisations_of(user, READERS)) if user.pk else self.none()


class HrListKind(models.TextChoices):
    STAYS = "stays", "One row per contract, with start and end"
    SNAPSHOTS = "snapshots", "Lists taken at intervals, one row per person and list"


class HrList(models.Model):
    """A list of an HR system, only in the columns that the curve needs; `rows` are (line, cells) of `columns`.

    People stand under a keyed hash of their number; `erased` are hashes whose rows do not come back. `columns` are
    start, end, person, cause, or snapshot, person. `figures` are what was published of the list; they change only once
    five people or more have changed (`changed`: who did since), so that no two of them tell of one person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="hr_lists")
    kind = models.CharField(max_length=10, choices=HrListKind.choices)
    name = models.CharField(max_length=200)
    columns: models.JSONField[list[str]] = models.JSONField(default=list)
    rows: models.JSONField[list[Any]] = models.JSONField(default=list)
    erased: models.JSONField[list[str]] = models.JSONField(default=list)
    figures: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    changed: models.JSONField[list[str]] = models.JSONField(default=list)
    date_order = models.CharField(max_length=3, blank=True)
    as_of_date = models.DateField(null=True)
    observed_from_date = models.DateField(null=True)
    imported_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    imported_at = models.DateTimeField()

    objects: ClassVar = HrListQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=HrListKind.values), name="hr_list_has_a_known_kind")
        ]
        ordering: ClassVar = ["-imported_at"]

    def __str__(self) -> str:
        return self.name
