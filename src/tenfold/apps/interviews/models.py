"""Kits, their rounds, and scorecards. Who may read which scorecard is told here, and nowhere else."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from tenfold.apps.candidates.models import Application, OfApplication, OpenRole
from tenfold.core.encryption import EncryptedJSONField, EncryptedTextField
from tenfold.core.models import HiringTeam, Membership, Organisation, Role, TeamMember, User
from tenfold.core.models.only_added import OnlyAdded, OnlyAddedQuerySet
from tenfold.core.models.tenancy import Viewer


class InterviewEvent(StrEnum):
    KIT_MADE = "interviews.kit-made"
    PANEL_CHANGED = "interviews.panel-changed"
    ASKED = "scorecard.asked"
    EXCUSED = "scorecard.excused"
    SUBMITTED = "scorecard.submitted"
    EDITED = "scorecard.edited"
    REMINDED = "scorecard.reminded"
    QUESTIONS_SAVED = "interviews.questions-saved"


class OfRoleQuerySet(models.QuerySet[Any]):
    """Kits and rounds: for everyone in the role's team, since questions say nothing of a person."""

    path = "role"

    def visible_to(self, user: Viewer) -> Self:
        if not user.pk:
            return self.none()
        teams = TeamMember.objects.filter(member__user_id=user.pk).values("team_id")
        own = Q(**{f"{self.path}__team_id__in": teams})
        return self.filter(own | Q(**{f"{self.path}__in": OpenRole.objects.run_by(user)}))


class InterviewKit(models.Model):
    """A role's kit as it was made from a version of the plan. The latest counts; scorecards keep the one they rated by.

    `content`: what `practices.interviews.kit_report.to_dict` says, questions and anchors word for word.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.ForeignKey(OpenRole, models.CASCADE, related_name="kits")
    number = models.PositiveSmallIntegerField()
    plan_version = models.PositiveIntegerField()
    content: models.JSONField[dict[str, Any]] = models.JSONField()
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects: ClassVar = OfRoleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["role", "number"], name="one_kit_per_number")]
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"kit {self.number}"

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.role.organisation_id

    @property
    def team(self) -> HiringTeam:
        return self.role.team


class OfKitQuerySet(OfRoleQuerySet):
    path = "kit__role"


class InterviewRound(models.Model):
    """One conversation of a kit. `panel`: who usually holds it; the application's page may choose others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kit = models.ForeignKey(InterviewKit, models.CASCADE, related_name="rounds")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    panel: models.ManyToManyField[User, models.Model] = models.ManyToManyField(User, related_name="+")

    objects: ClassVar = OfKitQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kit", "position"], name="one_round_per_position")]
        ordering: ClassVar = ["kit", "position"]

    def __str__(self) -> str:
        return self.name

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = self.kit.content["rounds"][self.position]
        return found

    @property
    def is_optional(self) -> bool:
        """Held only where the candidate offers what it looks at."""
        return bool(self.content.get("optional"))

    @property
    def questions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.content["questions"]
        return found


class Part(models.TextChoices):
    """How somebody takes part. Who leads while a colleague watches counts; who watches to learn does not."""

    RATES = "rates", "Interviews"
    REVERSE = "reverse", "Leads, watched by a colleague"
    SHADOW = "shadow", "Watches to learn"


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own; others' once they are in, for who runs the hiring or has handed in one of the same person.

        Whoever still owes a scorecard of a person reads nobody else's of that person, whatever their part is.
        Leaving the team or the organisation ends all of it.
        """
        if not user.pk:
            return self.none()
        teams = TeamMember.objects.filter(member__user_id=user.pk).values("team_id")
        mine = Scorecard.objects.filter(interviewer_id=user.pk, application=OuterRef("application"))
        is_own = Q(interviewer_id=user.pk, application__role__team_id__in=teams)
        takes_part = Q(Exists(mine.filter(submitted_at__isnull=False)), application__role__team_id__in=teams)
        is_told = Q(application__role__in=OpenRole.objects.run_by(user)) | takes_part
        is_in = Q(submitted_at__isnull=False) & ~Exists(mine.filter(submitted_at=None))
        return self.filter(is_own | (is_in & is_told), application__candidate__erasure_request=None)

    def handed_in(self) -> Self:
        return self.filter(submitted_at__isnull=False)

    def that_count(self) -> Self:
        """Without those of people who watch to learn: they decide nothing."""
        return self.exclude(part=Part.SHADOW)


class Scorecard(OfApplication):
    """What one interviewer is asked to say of one person in one round, from the asking on.

    `draft`: what is typed and not handed in, by question: `rating`, `evidence`, `link`, `asked`. Only versions count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="scorecards")
    round = models.ForeignKey(InterviewRound, models.CASCADE, related_name="scorecards")
    interviewer = models.ForeignKey(User, models.CASCADE, related_name="+")
    part = models.CharField(max_length=8, choices=Part.choices, default=Part.RATES)
    due_date = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    draft: Any = EncryptedJSONField(default=dict)
    draft_number = models.PositiveIntegerField(default=0)
    draft_page = models.CharField(max_length=40, blank=True)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)

    objects: ClassVar = ScorecardQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "round", "interviewer"], name="one_scorecard_per_person_round_and_interviewer"
            )
        ]
        ordering: ClassVar = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"scorecard {self.pk}"

    @property
    def is_in(self) -> bool:
        return self.submitted_at is not None


class ScorecardVersionQuerySet(OnlyAddedQuerySet):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(scorecard__in=Scorecard.objects.visible_to(user))


class ScorecardVersion(OnlyAdded):
    """A scorecard as handed in. `after_reading`: another one of the same person was in already, so it could be read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    ratings: Any = EncryptedJSONField()
    why = EncryptedTextField(default="")
    after_reading = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects: ClassVar = ScorecardVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scorecard", "number"], name="one_scorecard_version_per_number"),
            models.CheckConstraint(condition=Q(number__gt=0), name="scorecard_versions_count_from_one"),
        ]
        ordering: ClassVar = ["scorecard", F("number").asc()]

    def __str__(self) -> str:
        return f"version {self.number}"


class OwnQuestionsQuerySet(OnlyAddedQuerySet):
    def visible_to(self, user: Viewer) -> Self:
        """Whoever may be part of hiring in the organisation; questions say nothing of a person."""
        if not user.pk:
            return self.none()
        own = Membership.objects.filter(user_id=user.pk).exclude(role=Role.PEOPLE_ANALYST).values("organisation_id")
        return self.filter(organisation_id__in=own)


class OwnQuestions(OnlyAdded):
    """An organisation's own questions as they were saved, version after version. The latest goes into new kits."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    text = models.TextField()
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects: ClassVar = OwnQuestionsQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="one_set_of_questions_per_number")
        ]
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"questions, version {self.number}"


class PracticeScorecardQuerySet(models.QuerySet["PracticeScorecard"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own: practice is for the one who practises."""
        return self.filter(user_id=user.pk) if user.pk else self.none()


class PracticeScorecard(models.Model):
    """What somebody made of the invented interview, the last time. Nobody else reads it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    ratings: Any = EncryptedJSONField()
    at = models.DateTimeField()

    objects: ClassVar = PracticeScorecardQuerySet.as_manager()

    def __str__(self) -> str:
        return "practice"
