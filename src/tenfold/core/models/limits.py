"""How often somebody asked for something in the current window of time, counted once for all server processes."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from tenfold.core.models.tenancy import Viewer


class RequestCountQuerySet(models.QuerySet["RequestCount"]):
    def visible_to(self, user: Viewer) -> Self:  # noqa: ARG002 - the same question for every model
        """Nobody's business."""
        return self.none()


class RequestCount(models.Model):
    """Requests under one key (what, and who) in one window; rows of windows that are over are removed."""

    key = models.CharField(max_length=200, primary_key=True)
    count = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)

    objects: ClassVar = RequestCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
