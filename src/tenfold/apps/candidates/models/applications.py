"""Applications, every move they made, and what people wrote about them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.apps.candidates.models.people import Candidate
from tenfold.apps.candidates.models.roles import OpenRole, RoleStage
from tenfold.core.encryption import EncryptedTextField
from tenfold.core.models import HiringTeam, User
from tenfold.core.models.only_added import OnlyAdded, OnlyAddedQuerySet
from tenfold.core.models.tenancy import Viewer


class ApplicationState(models.TextChoices):
    OPEN = "open", "Open"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    HIRED = "hired", "Hired"


class Source(models.TextChoices):
    JOB_PAGE = "job-page", "Job page"
    REFERRAL = "referral", "Referral"
    SOURCED = "sourced", "Approached by us"
    AGENCY = "agency", "Agency"
    JOB_BOARD = "job-board", "Job board"
    IMPORTED = "imported", "Imported, source not stated"
    OTHER = "other", "Other"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: Viewer) -> Self:
        """Of roles whose pipeline one sees, and of people whom one meets."""
        if not user.pk:
            return self.none()
        met = Q(pk__in=self.model.objects.filter(meetings__attendees__user_id=user.pk).values("pk"))
        return self.filter(Q(role__in=OpenRole.objects.run_by(user)) | met)

    def run_by(self, user: Viewer) -> Self:
        return self.filter(role__in=OpenRole.objects.run_by(user))

    def not_shut_away(self) -> Self:
        """Without people who asked to be erased and whose records the law keeps for now."""
        return self.filter(candidate__erasure_request=None)


class Application(models.Model):
    """One person's application to one role. `stage`, `state` and the two times say what its moves add up to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.ForeignKey(OpenRole, models.CASCADE, related_name="applications")
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="applications")
    former = models.ForeignKey("self", models.SET_NULL, null=True, related_name="later")
    stage = models.ForeignKey(RoleStage, models.CASCADE, related_name="applications")
    state = models.CharField(max_length=10, choices=ApplicationState.choices, default=ApplicationState.OPEN)
    source = models.CharField(max_length=12, choices=Source.choices)
    source_detail = EncryptedTextField(default="")
    letter = EncryptedTextField(default="")
    applied_at = models.DateTimeField()
    stage_since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    link_version = models.PositiveSmallIntegerField(default=1)
    external_index = models.CharField(max_length=64, blank=True)

    objects: ClassVar = ApplicationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role", "candidate"], condition=Q(state="open"), name="one_open_application_per_role"
            ),
            models.UniqueConstraint(
                fields=["role", "external_index"],
                condition=~Q(external_index=""),
                name="one_application_per_external_id",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ApplicationState.values), name="application_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="closed_applications_have_a_day",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["role", "state", "stage"]), models.Index(fields=["applied_at"])]
        ordering: ClassVar = ["stage_since"]

    def __str__(self) -> str:
        return f"application {self.pk}"

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.role.organisation_id

    @property
    def team(self) -> HiringTeam:
        return self.role.team

    @property
    def is_open(self) -> bool:
        return self.state == ApplicationState.OPEN


class OfApplication(models.Model):
    """What belongs to one application, and so to its organisation and its role's hiring team."""

    application: models.ForeignKey[Any, Application]

    class Meta:
        abstract = True

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.application.organisation_id

    @property
    def team(self) -> HiringTeam:
        return self.application.team


class MoveKind(models.TextChoices):
    APPLIED = "applied", "Applied"
    MOVED = "moved", "Moved"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    HIRED = "hired", "Hired"
    UNDONE = "undone", "Taken back"


class RejectionReason(models.TextChoices):
    MUST_HAVES = "must-haves", "Lacks a must-have"
    LAB = "lab", "Work sample below the bar"
    INTERVIEW = "interview", "Interviews below the bar"
    OTHER_CHOSEN = "other-chosen", "Another candidate was chosen"
    PAY = "pay", "Pay expectations differ"
    PLACE = "place", "Cannot work where the role is"
    ROLE_CLOSED = "role-closed", "The role was closed"
    SPAM = "spam", "Not a real application"


class ApplicationMoveQuerySet(OnlyAddedQuerySet):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(application__in=Application.objects.run_by(user))


class ApplicationMove(OnlyAdded):
    """One step of an application, never changed: from where to where, who did it, in which batch, what it takes back.

    `by_id` is the user's id, or empty where the candidate, an import or Tenfold did it (`actor` says who).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="moves")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=MoveKind.choices)
    batch = models.UUIDField(null=True, db_index=True)
    from_stage = models.ForeignKey(RoleStage, models.CASCADE, null=True, related_name="+")
    from_state = models.CharField(max_length=10, blank=True)
    to_stage = models.ForeignKey(RoleStage, models.CASCADE, related_name="+")
    to_state = models.CharField(max_length=10)
    reason = models.CharField(max_length=16, choices=RejectionReason.choices, blank=True)
    actor = models.CharField(max_length=12, default="user")
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    undoes = models.OneToOneField("self", models.CASCADE, null=True, related_name="undone_by")

    objects: ClassVar = ApplicationMoveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "number"], name="one_move_per_number"),
            models.CheckConstraint(
                condition=(Q(kind="undone") & Q(undoes__isnull=False)) | (~Q(kind="undone") & Q(undoes=None)),
                name="only_undone_moves_take_back",
            ),
            models.CheckConstraint(condition=~Q(kind="rejected") | ~Q(reason=""), name="rejections_have_a_reason"),
        ]
        ordering: ClassVar = ["application", "number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind}"


class OfApplicationQuerySet(models.QuerySet[Any]):
    """What hangs on an application and is seen with the pipeline."""

    def visible_to(self, user: Viewer) -> Self:
        return self.filter(application__in=Application.objects.run_by(user))


class MoveComment(models.Model):
    """Why a move was made, in free words: apart from the move, since words may name a person and are erased."""

    move = models.OneToOneField(ApplicationMove, models.CASCADE, related_name="comment", primary_key=True)
    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    text = EncryptedTextField()

    objects: ClassVar = OfApplicationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text[:60]


class ApplicationNote(models.Model):
    """What a colleague wrote; whoever is mentioned finds it among what waits for them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="notes")
    text = EncryptedTextField()
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    mentioned: models.ManyToManyField[User, models.Model] = models.ManyToManyField(User, related_name="+")

    objects: ClassVar = OfApplicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-written_at"]

    def __str__(self) -> str:
        return self.text[:60]


class FollowUp(models.Model):
    """Something to do about an application by a day, for one person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="follow_ups")
    note = models.ForeignKey(ApplicationNote, models.CASCADE, null=True, related_name="follow_ups")
    text = EncryptedTextField()
    of = models.ForeignKey(User, models.CASCADE, related_name="+")
    due_date = models.DateField()
    done_at = models.DateTimeField(null=True)

    objects: ClassVar = OfApplicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_date"]

    def __str__(self) -> str:
        return self.text[:60]


class AccommodationQuerySet(models.QuerySet["AccommodationRequest"]):
    def visible_to(self, user: Viewer) -> Self:
        """Those who arrange it, recruiters and coordinators of the role's team, and nobody who decides."""
        if not user.pk:
            return self.none()
        return self.filter(
            application__role__team__members__member__user_id=user.pk,
            application__role__team__members__role__in=("recruiter", "coordinator"),
        )


class AccommodationRequest(OfApplication):
    """What a candidate needs for a fair chance: kept apart, and never shown where people are assessed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="accommodations")
    text = EncryptedTextField()
    asked_at = models.DateTimeField()
    answer = EncryptedTextField(default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar = AccommodationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at"]

    def __str__(self) -> str:
        return f"asked on {self.asked_at:%Y-%m-%d}"


class SelfIdentificationQuerySet(models.QuerySet["SelfIdentification"]):
    def visible_to(self, user: Viewer) -> Self:  # noqa: ARG002 - the same question for every model
        """Single answers are nobody's business; people analysts see counts of five and more."""
        return self.none()


class SelfIdentification(models.Model):
    """What somebody said of themselves voluntarily. `subject` is a keyed hash: the database alone cannot join it."""

    subject = models.CharField(max_length=64, primary_key=True)
    role = models.ForeignKey(OpenRole, models.CASCADE, related_name="+")
    answers = models.BinaryField()
    given_date = models.DateField()

    objects: ClassVar = SelfIdentificationQuerySet.as_manager()

    def __str__(self) -> str:
        return "self-identification"


class CandidateImportQuerySet(models.QuerySet["CandidateImport"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own: a list holds people who are not in any pipeline yet."""
        return self.filter(created_by_id=user.pk, role__in=OpenRole.objects.run_by(user)) if user.pk else self.none()


class CandidateImport(models.Model):
    """A list being looked over before it is imported. Its rows go when it is imported or discarded, or after a week."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.ForeignKey(OpenRole, models.CASCADE, related_name="imports")
    shape = models.CharField(max_length=20)
    rows = EncryptedTextField()
    created_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)
    imported = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)

    objects: ClassVar = CandidateImportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"import of {self.created_at:%Y-%m-%d}"

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.role.organisation_id

    @property
    def team(self) -> HiringTeam:
        return self.role.team
