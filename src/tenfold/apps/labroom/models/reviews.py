"""What people say of the work: reviews scored blind, the verdict a person signs, appeals."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tenfold.apps.labroom.models.invitations import LabInvitation, OfInvitation, OfInvitationQuerySet
from tenfold.core.encryption import EncryptedJSONField, EncryptedTextField
from tenfold.core.models import TeamMember, User
from tenfold.core.models.tenancy import Viewer

LEAST_REVIEWS = 2
"""Independent reviews before anybody sees the automatic grade or another's review."""


class LabReviewQuerySet(models.QuerySet["LabReview"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own; others' once every review that was asked for is in, and there are at least two."""
        if not user.pk:
            return self.none()
        teams = TeamMember.objects.filter(member__user_id=user.pk).values("team_id")
        own = Q(reviewer_id=user.pk, invitation__team_id__in=teams)
        seen = Q(submitted_at__isnull=False, invitation__in=LabInvitation.objects.visible_to(user))
        return self.with_all_in().filter(own | (seen & Q(all_in=True, n_in__gte=LEAST_REVIEWS)))

    def with_all_in(self) -> Self:
        same = LabReview.objects.filter(invitation=OuterRef("invitation"))
        counted = same.filter(submitted_at__isnull=False).order_by().values("invitation")
        n = models.Subquery(counted.annotate(n=models.Count("pk")).values("n"), output_field=models.IntegerField())
        return self.annotate(all_in=~Exists(same.filter(submitted_at=None)), n_in=n)

    def handed_in(self) -> Self:
        return self.filter(submitted_at__isnull=False)


class LabReview(OfInvitation):
    """One reviewer's scores on the lab's rubric, by scale: `rating` 1 to 3 or None, `evidence`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(LabInvitation, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ratings: Any = EncryptedJSONField(default=dict)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)

    objects: ClassVar = LabReviewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invitation", "reviewer"], name="one_lab_review_per_reviewer")
        ]
        ordering: ClassVar = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def is_in(self) -> bool:
        return self.submitted_at is not None


class LabVerdictKind(models.TextChoices):
    MEETS = "meets", "Meets what the role asks of this lab"
    PARTLY = "partly", "Meets part of it"
    DOES_NOT = "does-not", "Does not meet it"
    NO_VERDICT = "no-verdict", "No verdict: the session does not show enough"


class SignedLabVerdictQuerySet(models.QuerySet["SignedLabVerdict"]):
    def visible_to(self, user: Viewer) -> Self:
        """Who sees the invitation and owes no review of it."""
        owed = LabReview.objects.filter(invitation=OuterRef("invitation"), reviewer_id=user.pk, submitted_at=None)
        return self.filter(~Exists(owed), invitation__in=LabInvitation.objects.visible_to(user))


class SignedLabVerdict(OfInvitation):
    """What a named person concludes, with reasons. It moves and rejects nobody. It can be taken back, and stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(LabInvitation, models.CASCADE, related_name="verdicts")
    verdict = models.CharField(max_length=10, choices=LabVerdictKind.choices)
    reasons = EncryptedTextField()
    discussion = EncryptedTextField(default="")
    signed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    signed_name = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    taken_back_why = EncryptedTextField(default="")

    objects: ClassVar = SignedLabVerdictQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invitation"], condition=Q(taken_back_at=None), name="one_standing_verdict_per_lab"
            ),
            models.CheckConstraint(condition=Q(verdict__in=LabVerdictKind.values), name="lab_verdict_is_known"),
        ]
        ordering: ClassVar = ["-signed_at"]

    def __str__(self) -> str:
        return f"verdict {self.pk}"

    @property
    def stands(self) -> bool:
        return self.taken_back_at is None


class LabAppeal(OfInvitation):
    """A candidate's objection, and the answer of a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(LabInvitation, models.CASCADE, related_name="appeals")
    text = EncryptedTextField()
    asked_at = models.DateTimeField()
    graded_again_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(default="")
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar = OfInvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invitation"], condition=Q(answered_at=None), name="one_waiting_appeal_per_lab"
            )
        ]
        ordering: ClassVar = ["-asked_at"]

    def __str__(self) -> str:
        return f"appeal of {self.asked_at:%Y-%m-%d}"
