from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models

from tenfold.core.models.tenancy import Organisation, User, Viewer


class WorkState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class WorkQuerySet(models.QuerySet["Work"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own, in organisations that one belongs to still: a result holds what its asker may see."""
        if not user.pk:
            return self.none()
        return self.filter(asked_by_id=user.pk, organisation__memberships__user_id=user.pk)


class Work(models.Model):
    """One piece of work. `key` finds the same work again; `said` is what is being done now, or what went wrong.

    A result is a file kept here (it goes after a day), or a page of the application that `leads_to` names. `job` and
    `details` (what was asked for, and what the work adds) are what the job's guard decides by when it is opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    job = models.CharField(max_length=60)
    details: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    key = models.CharField(max_length=200, blank=True)
    back_to = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=WorkState.choices, default=WorkState.WAITING)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    said = models.CharField(max_length=500, blank=True)
    file = models.BinaryField(null=True)
    file_name = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=80, blank=True)
    leads_to = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar = WorkQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["asked_by", "key"]), models.Index(fields=["asked_at"])]
        ordering: ClassVar = ["-asked_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in (WorkState.DONE, WorkState.FAILED)

    @property
    def has_failed(self) -> bool:
        return self.state == WorkState.FAILED


class WorkerBeat(models.Model):
    """When a worker last said that it lives."""

    worker_id = models.CharField(max_length=80, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id
