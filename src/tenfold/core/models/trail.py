"""The audit trail: who did what and when, each entry sealing the one before. Rows are added, never changed or removed.

Entries hold plain values rather than foreign keys, so that nothing that is removed later can take its history along.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Self

from django.db import models

from tenfold.core.models.only_added import OnlyAdded, OnlyAddedQuerySet
from tenfold.core.models.tenancy import Membership, Role, Viewer
from tenfold.kit.hashchain import GENESIS


class CoreEvent(StrEnum):
    """What happens to API tokens, hiring teams and the sight of pay."""

    TOKEN_MADE = "token.made"  # noqa: S105 - a kind of event
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - a kind of event
    TOKEN_USED = "token.used"  # noqa: S105 - a kind of event
    PAY_SEEN = "pay.seen"
    TEAM_CREATED = "team.created"
    TEAM_MEMBER_SET = "team.member-set"
    TEAM_MEMBER_REMOVED = "team.member-removed"


class AuditEntryQuerySet(OnlyAddedQuerySet):
    def visible_to(self, user: Viewer) -> Self:
        """Administrators see their organisations' trail."""
        if not user.pk:
            return self.none()
        own = Membership.objects.filter(user_id=user.pk, role=Role.ADMINISTRATOR).values("organisation_id")
        return self.filter(organisation_id__in=own)


class AuditEntry(OnlyAdded):
    """One sealed line: what (`kind`) was done `by` whom to which thing (`of`, such as `plan`, and its id)."""

    n = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    by = models.CharField(max_length=254, help_text="E-mail address, or the process that did it")
    by_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    of = models.CharField(max_length=40)
    of_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    prev = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    objects: ClassVar = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation_id", "-n"]),
            models.Index(fields=["of", "of_id"]),
        ]
        ordering: ClassVar = ["-n"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by}: {self.kind}"


class ChainHead(models.Model):
    """One row: where the trail ends. Writers lock it, so that two never seal the same line."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    n = models.BigIntegerField(default=-1)
    seal = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_chain_head")]

    def __str__(self) -> str:
        return f"{self.n}: {self.seal[:12]}"
