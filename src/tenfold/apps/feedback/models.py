"""Feedback to one candidate after a decision, as it is drafted, edited, approved and sent."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tenfold.apps.candidates.models import Application, OfApplication
from tenfold.apps.candidates.models.roles import NOBODY
from tenfold.apps.interviews.models import Scorecard
from tenfold.core.encryption import EncryptedJSONField, EncryptedTextField
from tenfold.core.models import Membership, Role, TeamMember, TeamRole, User
from tenfold.core.models.tenancy import Viewer


class FeedbackEvent(StrEnum):
    DRAFTED = "feedback.drafted"
    EDITED = "feedback.edited"
    APPROVED = "feedback.approved"
    TAKEN_BACK = "feedback.taken-back"


class LetterQuerySet(models.QuerySet["FeedbackLetter"]):
    def visible_to(self, user: Viewer) -> Self:
        """For who decides in the role, and as blind as scorecards are: it quotes what others wrote."""
        if not user.pk:
            return self.none()
        parts = (TeamRole.LEAD, TeamRole.RECRUITER)
        teams = TeamMember.objects.filter(member__user_id=user.pk or NOBODY, role__in=parts).values("team_id")
        led = Membership.objects.filter(user_id=user.pk or NOBODY, role=Role.ADMINISTRATOR).values("organisation_id")
        owed = Scorecard.objects.filter(interviewer_id=user.pk, application=OuterRef("application"), submitted_at=None)
        return self.filter(
            ~Exists(owed),
            Q(application__role__team_id__in=teams) | Q(application__role__organisation_id__in=led),
            application__candidate__erasure_request=None,
        )


class FeedbackLetter(OfApplication):
    """One letter a person and application.

    `points`: per competency `name`, `text`, `included`. `notices`: by the id of a text of the law `included` and the
    `values` that fill it. `sent`: the finished letter as the candidate reads it, once it was approved.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(Application, models.CASCADE, related_name="feedback")
    points: Any = EncryptedJSONField()
    closing = EncryptedTextField(default="")
    notices: Any = EncryptedJSONField(default=dict)
    sent: Any = EncryptedJSONField(default=dict)
    edits = models.PositiveIntegerField(default=0)
    drafted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    approved_name = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    mail_id = models.UUIDField(null=True)

    objects: ClassVar = LetterQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-drafted_at"]

    def __str__(self) -> str:
        return f"feedback {self.pk}"
