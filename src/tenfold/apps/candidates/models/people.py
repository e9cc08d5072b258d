"""Candidates: one row a person as they came to us, with several addresses; two rows that are one person are linked."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from tenfold.apps.candidates.models.roles import OpenRole, roles_run_by
from tenfold.core.encryption import EncryptedBinaryField, EncryptedTextField
from tenfold.core.models import Organisation, User
from tenfold.core.models.tenancy import Viewer


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def visible_to(self, user: Viewer) -> Self:
        """Who applied to a role whose pipeline one sees, or whom one meets."""
        if not user.pk:
            return self.none()
        run = OpenRole.objects.filter(roles_run_by(user))
        return self.filter(
            Q(applications__role__in=run) | Q(applications__meetings__attendees__user_id=user.pk)
        ).distinct()

    def run_by(self, user: Viewer) -> Self:
        """Who applied to a role whose pipeline one sees."""
        if not user.pk:
            return self.none()
        return self.filter(applications__role__in=OpenRole.objects.filter(roles_run_by(user))).distinct()

    def kept(self) -> Self:
        return self.filter(erased_at=None)


class Candidate(models.Model):
    """A person as they came to us. After erasure the id is left, and nothing that says who it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="candidates")
    name = EncryptedTextField()
    location = EncryptedTextField(default="")
    external_id = EncryptedTextField(default="")
    external_index = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    hold_reason = EncryptedTextField(default="")
    is_held = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar = CandidateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "external_index"],
                condition=~Q(external_index=""),
                name="one_candidate_per_external_id",
            )
        ]
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.name if self.erased_at is None else "Erased"

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else ""


class OfCandidateQuerySet(models.QuerySet[Any]):
    """What hangs on a candidate and is seen with the pipeline."""

    def visible_to(self, user: Viewer) -> Self:
        return self.filter(candidate__in=Candidate.objects.run_by(user))


class CandidateEmail(models.Model):
    """One address of a person. `index` finds it without reading it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="emails")
    address = EncryptedTextField()
    index = models.CharField(max_length=64, db_index=True)
    is_primary = models.BooleanField(default=False)
    bounced_at = models.DateTimeField(null=True)

    objects: ClassVar = OfCandidateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidate", "index"], name="one_row_per_address"),
            models.UniqueConstraint(fields=["candidate"], condition=Q(is_primary=True), name="one_primary_address"),
        ]
        ordering: ClassVar = ["-is_primary", "pk"]

    def __str__(self) -> str:
        return self.address


class CandidatePhone(models.Model):
    """One telephone number, as written; `index` is of its E.164 form, where it has one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="phones")
    number = EncryptedTextField()
    index = models.CharField(max_length=64, db_index=True, blank=True)

    objects: ClassVar = OfCandidateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.number


class ProfileLink(models.Model):
    """The address of a public profile."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="links")
    url = EncryptedTextField()
    index = models.CharField(max_length=64, db_index=True)

    objects: ClassVar = OfCandidateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.url


class CandidateFile(models.Model):
    """A file that a person sent. Its kind was told from its content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="files")
    application = models.ForeignKey("candidates.Application", models.CASCADE, null=True, related_name="files")
    name = EncryptedTextField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = EncryptedBinaryField()
    added_at = models.DateTimeField()

    objects: ClassVar = OfCandidateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-added_at"]

    def __str__(self) -> str:
        return self.name


class PairQuerySet(models.QuerySet[Any]):
    """Rows that speak of two candidates, seen by whoever sees both of them."""

    sides: ClassVar[tuple[str, str]]

    def visible_to(self, user: Viewer) -> Self:
        one, other = self.sides
        seen = Candidate.objects.run_by(user).values("pk")
        return self.filter(**{f"{one}__in": seen, f"{other}__in": seen})


class MergeQuerySet(PairQuerySet):
    sides = ("kept", "merged")


class DistinctPairQuerySet(PairQuerySet):
    sides = ("one", "other")


class CandidateMerge(models.Model):
    """Says that two rows are one person. Nothing else is changed, so that removing it leaves everything as it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    kept = models.ForeignKey(Candidate, models.CASCADE, related_name="merged_here")
    merged = models.OneToOneField(Candidate, models.CASCADE, related_name="merged_into")
    merged_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    merged_at = models.DateTimeField()

    objects: ClassVar = MergeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_is_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} is {self.kept_id}"


class DistinctPair(models.Model):
    """Two candidates of whom somebody said that they are not one person; they are not proposed again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    one = models.ForeignKey(Candidate, models.CASCADE, related_name="+")
    other = models.ForeignKey(Candidate, models.CASCADE, related_name="+")
    said_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField()

    objects: ClassVar = DistinctPairQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["one", "other"], name="one_row_per_distinct_pair")]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


class Purpose(models.TextChoices):
    THIS_ROLE = "this-role", "Considering this application"
    FUTURE_ROLES = "future-roles", "Considering them for other roles later"


class Basis(models.TextChoices):
    APPLICATION = "application", "They applied: steps before a contract"
    CONSENT = "consent", "They agreed"
    IMPORTED = "imported", "Taken over from another system"


class Consent(models.Model):
    """What a person's data may be used for, on what basis, until when. Withdrawing is a day, not a removal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    basis = models.CharField(max_length=12, choices=Basis.choices)
    text_version = models.CharField(max_length=16, blank=True)
    given_at = models.DateTimeField()
    until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar = OfCandidateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-given_at"]

    def __str__(self) -> str:
        return self.get_purpose_display()


class ErasureRequest(models.Model):
    """A person's wish to be erased that the law lets us carry out only on `due_date`; until then they are shut away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.OneToOneField(Candidate, models.CASCADE, related_name="erasure_request")
    asked_at = models.DateTimeField()
    due_date = models.DateField()
    law = models.CharField(max_length=300)

    objects: ClassVar = OfCandidateQuerySet.as_manager()

    def __str__(self) -> str:
        return f"to be erased on {self.due_date}"
