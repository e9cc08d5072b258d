"""Roles that are open, the stages that applications go through, and what the law of their places asks by when."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.apps.plans.models import StoredPlan
from tenfold.core.models import HiringTeam, Membership, Organisation, Role, TeamMember, TeamRole, User
from tenfold.core.models.tenancy import Viewer

NOBODY = uuid.UUID(int=0)
"""No user has this id."""
RUNS_HIRING = (TeamRole.LEAD, TeamRole.RECRUITER, TeamRole.COORDINATOR)
"""Parts in a team that see its whole pipeline."""


def roles_run_by(user: Viewer) -> Q:
    """Roles whose pipeline somebody sees: by their part in the team, or as administrator."""
    teams = TeamMember.objects.filter(member__user_id=user.pk or NOBODY, role__in=RUNS_HIRING).values("team_id")
    led = Membership.objects.filter(user_id=user.pk or NOBODY, role=Role.ADMINISTRATOR).values("organisation_id")
    return Q(team_id__in=teams) | Q(organisation_id__in=led)


def _counted_by(user: Viewer) -> Q:
    analysed = Membership.objects.filter(user_id=user.pk or NOBODY, role=Role.PEOPLE_ANALYST).values("organisation_id")
    return Q(organisation_id__in=analysed)


class OpenRoleQuerySet(models.QuerySet["OpenRole"]):
    def visible_to(self, user: Viewer) -> Self:
        """Roles of one's teams, and for administrators and people analysts all of the organisation's."""
        if not user.pk:
            return self.none()
        own = TeamMember.objects.filter(member__user_id=user.pk).values("team_id")
        return self.filter(roles_run_by(user) | _counted_by(user) | Q(team_id__in=own))

    def with_page_for(self, user: Viewer) -> Self:
        """Roles whose page somebody may open: the pipeline, or as people analyst the figures."""
        return self.filter(roles_run_by(user) | _counted_by(user)) if user.pk else self.none()

    def run_by(self, user: Viewer) -> Self:
        return self.filter(roles_run_by(user)) if user.pk else self.none()

    def latest_of_plan(self, plan: uuid.UUID) -> OpenRole | None:
        """The role that was opened from a plan last, whoever asks: what of it they may see is told elsewhere."""
        return self.filter(plan=plan).select_related("plan", "team", "organisation").order_by("-opened_at").first()


class OpenRole(models.Model):
    """One hire that people apply for, opened from an approved plan. `places`: ids of those whose law applies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="open_roles")
    plan = models.ForeignKey(StoredPlan, models.SET_NULL, null=True, related_name="open_roles")
    team = models.ForeignKey(HiringTeam, models.CASCADE, related_name="open_roles")
    title = models.CharField(max_length=200)
    employer = models.CharField(max_length=200, blank=True)
    places: models.JSONField[list[str]] = models.JSONField(default=list)
    employees = models.PositiveIntegerField(null=True)
    uses_automated_tool = models.BooleanField(null=True)
    decide_by = models.DateField(null=True)
    zone = models.CharField(max_length=60, default="UTC")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar = OpenRoleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan"], condition=Q(closed_at=None), name="one_open_role_per_plan")
        ]
        ordering: ClassVar = ["-opened_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class StageKind(models.TextChoices):
    APPLIED = "applied", "Applied"
    SCREEN = "screen", "Screen"
    LAB = "lab", "Lab"
    INTERVIEW = "interview", "Interview"
    DEBRIEF = "debrief", "Debrief"
    OFFER = "offer", "Offer"


class RoleStageQuerySet(models.QuerySet["RoleStage"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(role__in=OpenRole.objects.visible_to(user))

    def kept(self) -> Self:
        return self.filter(removed_at=None)


class RoleStage(models.Model):
    """One step of a role's process. `duty`: what `duty_of` does there, within `duty_days` of an arrival."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.ForeignKey(OpenRole, models.CASCADE, related_name="stages")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=StageKind.choices)
    position = models.PositiveSmallIntegerField()
    duty = models.CharField(max_length=200, blank=True)
    duty_of = models.CharField(max_length=12, choices=TeamRole.choices, default=TeamRole.RECRUITER)
    duty_days = models.PositiveSmallIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar = RoleStageQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role", "name"], condition=Q(removed_at=None), name="one_stage_per_name_and_role"
            )
        ]
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def duty_lasts(self) -> timedelta | None:
        return None if self.duty_days is None else timedelta(days=self.duty_days)


class RoleTaskQuerySet(models.QuerySet["RoleTask"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(role__in=OpenRole.objects.run_by(user))

    def waiting(self) -> Self:
        return self.filter(done_at=None)


class RoleTask(models.Model):
    """A duty that the law of a role's places sets: for the whole role, or one application. `is_sure`: surely owed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.ForeignKey(OpenRole, models.CASCADE, related_name="tasks")
    application = models.ForeignKey("candidates.Application", models.CASCADE, null=True, related_name="tasks")
    duty_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    law = models.CharField(max_length=300)
    says = models.TextField()
    timing = models.CharField(max_length=200)
    event = models.CharField(max_length=20)
    due_date = models.DateField(null=True)
    begins = models.DateField()
    is_sure = models.BooleanField()
    conditions: models.JSONField[list[str]] = models.JSONField(default=list)
    evidence = models.CharField(max_length=12)
    sources: models.JSONField[list[str]] = models.JSONField(default=list)
    checked = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar = RoleTaskQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role", "duty_id"], condition=Q(application=None), name="one_task_per_duty_and_role"
            ),
            models.UniqueConstraint(
                fields=["application", "duty_id"],
                condition=Q(application__isnull=False),
                name="one_task_per_duty_and_application",
            ),
        ]
        ordering: ClassVar = [models.F("due_date").asc(nulls_last=True), "duty_id"]

    def __str__(self) -> str:
        return self.says[:80]

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.role.organisation_id

    @property
    def team(self) -> HiringTeam:
        return self.role.team
