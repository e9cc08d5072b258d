"""Hiring teams: who works on one hire, and what each of them does there."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.core.models.tenancy import Membership, Organisation, Role, User, Viewer


class TeamRole(models.TextChoices):
    LEAD = "lead", "Hiring manager"
    RECRUITER = "recruiter", "Recruiter"
    COORDINATOR = "coordinator", "Coordinator"
    INTERVIEWER = "interviewer", "Interviewer"
    REVIEWER = "reviewer", "Reviewer of labs"


class HiringTeamQuerySet(models.QuerySet["HiringTeam"]):
    def visible_to(self, user: Viewer) -> Self:
        """Teams that one is in, and for administrators every team of their organisations."""
        if not user.pk:
            return self.none()
        led = Membership.objects.filter(user_id=user.pk, role=Role.ADMINISTRATOR).values("organisation_id")
        own = TeamMember.objects.filter(member__user_id=user.pk).values("team_id")
        return self.filter(Q(organisation_id__in=led) | Q(pk__in=own))


class HiringTeam(models.Model):
    """The people who work on one hire. What they may see of it follows from their part here, and from nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="hiring_teams")
    name = models.CharField(max_length=120)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar = HiringTeamQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(team__in=HiringTeam.objects.visible_to(user))


class TeamMember(models.Model):
    """One member of the organisation in one team. Leaving the organisation ends it."""

    team = models.ForeignKey(HiringTeam, models.CASCADE, related_name="members")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="teams")
    role = models.CharField(max_length=12, choices=TeamRole.choices)
    added_at = models.DateTimeField()

    objects: ClassVar = TeamMemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "member"], name="one_part_per_team_member"),
            models.CheckConstraint(condition=Q(role__in=TeamRole.values), name="team_member_has_a_known_role"),
        ]
        ordering: ClassVar = ["role", "pk"]

    def __str__(self) -> str:
        return f"{self.member.user}, {self.get_role_display().lower()}"
