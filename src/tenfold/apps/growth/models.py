"""Ladders with their versions; evidence, check-ins and plans of one employee; calibration sessions.

What is kept about a person is seen by that person and their manager. Nobody is given a sum, a score or a level by us.
"""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.apps.employees.models import Employee
from tenfold.core.models import Membership, Organisation, User
from tenfold.core.models.tenancy import Viewer


class GrowthEvent(StrEnum):
    """What happens to ladders, evidence, check-ins, plans and calibration sessions."""

    LADDER_IMPORTED = "ladder.imported"
    LADDER_SAVED = "ladder.saved"
    PLACED = "growth.placed"
    EVIDENCE_ADDED = "evidence.added"
    EVIDENCE_REMOVED = "evidence.removed"
    CHECK_IN_STEP = "check-in.step"
    PLAN_SAVED = "growth-plan.saved"
    ITEM_ADDED = "growth-plan.item-added"
    ITEM_DONE = "growth-plan.item-done"
    CALIBRATION_STARTED = "calibration.started"
    CALIBRATION_VOTED = "calibration.voted"


class OfMembers(models.QuerySet[Any]):
    """What belongs to an organisation and is shown to all its members."""

    def visible_to(self, user: Viewer) -> Self:
        return self.filter(organisation__memberships__user_id=user.pk) if user.pk else self.none()


class StoredLadder(models.Model):
    """A ladder of the company, with its history; the latest version is the one in force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="ladders")
    name = models.CharField(max_length=120)
    latest_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    objects: ClassVar = OfMembers.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def text(self, number: int | None = None) -> str:
        """The YAML of a version, or of the latest."""
        return self.versions.get(number=number or self.latest_number).text


class LadderVersionQuerySet(models.QuerySet["LadderVersion"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(ladder__organisation__memberships__user_id=user.pk) if user.pk else self.none()


class LadderVersion(models.Model):
    """One saved text of a ladder, and why it was changed."""

    ladder = models.ForeignKey(StoredLadder, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    why = models.CharField(max_length=500, blank=True)
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects: ClassVar = LadderVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ladder", "number"], name="one_ladder_version_number")]
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"{self.ladder}, version {self.number}"


class OfPerson(models.QuerySet[Any]):
    """What is about one employee: for them and their manager, and for nobody else."""

    def visible_to(self, user: Viewer) -> Self:
        if not user.pk:
            return self.none()
        member = Membership.objects.filter(user_id=user.pk).values("organisation_id")
        own = Q(employee__user_id=user.pk) | Q(employee__manager_id=user.pk)
        return self.filter(own, employee__organisation_id__in=member)


class Placement(models.Model):
    """Which ladder somebody is on, from which version on, and the level that people agreed; blank: not agreed yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employee = models.OneToOneField(Employee, models.CASCADE, related_name="placement")
    ladder = models.ForeignKey(StoredLadder, models.RESTRICT, related_name="placements")
    ladder_number = models.PositiveIntegerField()
    level = models.CharField(max_length=60, blank=True)
    placed_at = models.DateTimeField()

    objects: ClassVar = OfPerson.as_manager()

    def __str__(self) -> str:
        return f"{self.employee} on {self.ladder}"


class EvidencePiece(models.Model):
    """One piece of evidence at one entry of the ladder: what, where to look, when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employee = models.ForeignKey(Employee, models.CASCADE, related_name="evidence")
    cell = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    link = models.URLField(max_length=500, blank=True)
    date = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects: ClassVar = OfPerson.as_manager()

    class Meta:
        ordering: ClassVar = ["-date", "-added_at"]

    def __str__(self) -> str:
        return f"{self.cell}: {self.note or self.link}"


class Step(models.TextChoices):
    SELF = "self", "Own view"
    MANAGER = "manager", "Manager's view"
    TOGETHER = "together", "Together"


class CheckInRecord(models.Model):
    """A look at entries in three steps. Neither sees the other's view before both have given theirs.

    `views` is step → entry → judgement; `finished` names the steps that are done.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employee = models.ForeignKey(Employee, models.CASCADE, related_name="check_ins")
    views: models.JSONField[dict[str, dict[str, str]]] = models.JSONField(default=dict)
    finished: models.JSONField[list[str]] = models.JSONField(default=list)
    started_at = models.DateTimeField()

    objects: ClassVar = OfPerson.as_manager()

    class Meta:
        ordering: ClassVar = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.employee}, {self.started_at:%Y-%m-%d}"

    @property
    def is_open_together(self) -> bool:
        """Both views are there, so both may be seen."""
        return {Step.SELF, Step.MANAGER} <= set(self.finished)

    @property
    def is_finished(self) -> bool:
        return Step.TOGETHER in self.finished


class StoredGrowthPlan(models.Model):
    """What is set aside for somebody's growth until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employee = models.OneToOneField(Employee, models.CASCADE, related_name="growth_plan")
    budget = models.FloatField(null=True)
    time_percent = models.FloatField(null=True)
    until_date = models.DateField()

    objects: ClassVar = OfPerson.as_manager()

    def __str__(self) -> str:
        return f"{self.employee} until {self.until_date}"


class GrowthItem(models.Model):
    """One thing to do by a day, for entries of the ladder."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employee = models.ForeignKey(Employee, models.CASCADE, related_name="growth_items")
    kind = models.CharField(max_length=20)
    what = models.CharField(max_length=300)
    by_date = models.DateField()
    cells: models.JSONField[list[str]] = models.JSONField(default=list)
    cost = models.FloatField(default=0)
    certificate_checked_date = models.DateField(null=True)
    done_date = models.DateField(null=True)

    objects: ClassVar = OfPerson.as_manager()

    class Meta:
        ordering: ClassVar = ["by_date"]

    def __str__(self) -> str:
        return self.what


class CalibrationQuerySet(models.QuerySet["CalibrationSession"]):
    def visible_to(self, user: Viewer) -> Self:
        """Those who judge in it, and who called it."""
        return self.filter(Q(called_by_id=user.pk) | Q(judges=user.pk)).distinct() if user.pk else self.none()


class CalibrationSession(models.Model):
    """Managers judge the same cases apart, then see where they differ. Cases are described without names.

    `cases` are texts of evidence; `cells` the entries that are judged.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="calibrations")
    ladder = models.ForeignKey(StoredLadder, models.RESTRICT, related_name="calibrations")
    name = models.CharField(max_length=120)
    cases: models.JSONField[list[str]] = models.JSONField(default=list)
    cells: models.JSONField[list[str]] = models.JSONField(default=list)
    judges = models.ManyToManyField(User, related_name="calibrations")
    called_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    called_at = models.DateTimeField()

    objects: ClassVar = CalibrationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-called_at"]

    def __str__(self) -> str:
        return self.name


class CalibrationVoteQuerySet(models.QuerySet["CalibrationVote"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(judge_id=user.pk) if user.pk else self.none()


class CalibrationVote(models.Model):
    """One judge's view of one case at one entry."""

    session = models.ForeignKey(CalibrationSession, models.CASCADE, related_name="votes")
    judge = models.ForeignKey(User, models.CASCADE, related_name="+")
    case = models.PositiveIntegerField()
    cell = models.CharField(max_length=120)
    view = models.CharField(max_length=10)

    objects: ClassVar = CalibrationVoteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "judge", "case", "cell"], name="one_vote_per_case_and_entry")
        ]

    def __str__(self) -> str:
        return f"{self.cell}: {self.view}"
