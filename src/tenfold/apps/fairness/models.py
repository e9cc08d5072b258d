"""Periods whose audit tables are published: worked out once, kept as they were, without anybody in them."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from tenfold.core.models import Membership, Organisation, Role, User
from tenfold.core.models.only_added import OnlyAdded, OnlyAddedQuerySet
from tenfold.core.models.tenancy import Viewer


class FairnessEvent(StrEnum):
    PUBLISHED = "fairness.published"


class AuditPeriodQuerySet(OnlyAddedQuerySet):
    def visible_to(self, user: Viewer) -> Self:
        """For people analysts alone: whoever decides on people reads no group of theirs here."""
        if not user.pk:
            return self.none()
        own = Membership.objects.filter(user_id=user.pk, role=Role.PEOPLE_ANALYST).values("organisation_id")
        return self.filter(organisation_id__in=own)


class AuditPeriod(OnlyAdded):
    """Decisions from `from_date` to `until_date`, both included. No two periods of an organisation share a day.

    `content`: what `practices.interviews.fairness_report.to_dict` says, with `counts` of people in the period. It is
    never worked out anew, so that no second version of a table can be held beside the first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="audit_periods")
    from_date = models.DateField()
    until_date = models.DateField()
    content: models.JSONField[dict[str, Any]] = models.JSONField()
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField()

    objects: ClassVar = AuditPeriodQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_date__lte=F("until_date")), name="audit_periods_end_after_beginning"
            )
        ]
        ordering: ClassVar = ["-until_date"]

    def __str__(self) -> str:
        return f"{self.from_date:%Y-%m-%d} to {self.until_date:%Y-%m-%d}"
