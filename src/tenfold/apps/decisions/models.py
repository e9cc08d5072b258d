"""Decisions on applications: signed, and taken back with a trace."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tenfold.apps.candidates.models import Application, OfApplication
from tenfold.apps.interviews.models import Scorecard
from tenfold.core.encryption import EncryptedJSONField, EncryptedTextField
from tenfold.core.models import User
from tenfold.core.models.tenancy import Viewer


class DecisionEvent(StrEnum):
    SIGNED = "decision.signed"
    TAKEN_BACK = "decision.taken-back"


class Verdict(models.TextChoices):
    OFFER = "offer", "Make an offer"
    MORE = "more", "Look once more before deciding"
    STOP = "stop", "Do not go on"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: Viewer) -> Self:
        """For who runs the hiring, and as blind as scorecards are: reasons speak of what others wrote."""
        if not user.pk:
            return self.none()
        owed = Scorecard.objects.filter(interviewer_id=user.pk, application=OuterRef("application"), submitted_at=None)
        return self.filter(
            ~Exists(owed),
            application__in=Application.objects.run_by(user),
            application__candidate__erasure_request=None,
        )


class Decision(OfApplication):
    """What one person decided and why. It moves nothing by itself. `owed`: scorecards that were not in by then.

    `packet`: what lay before them, as `queries.packet` puts it, never changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reasons = EncryptedTextField()
    packet: Any = EncryptedJSONField(default=dict)
    scorecards = models.PositiveSmallIntegerField()
    owed = models.PositiveSmallIntegerField()
    signed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    signed_name = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    taken_back_why = EncryptedTextField(default="")

    objects: ClassVar = DecisionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(taken_back_at=None), name="one_standing_decision_per_application"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="decision_has_a_known_verdict"),
        ]
        ordering: ClassVar = ["-signed_at"]

    def __str__(self) -> str:
        return f"decision {self.pk}"

    @property
    def stands(self) -> bool:
        return self.taken_back_at is None
