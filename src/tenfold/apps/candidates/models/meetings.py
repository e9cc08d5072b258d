"""Meetings with candidates: when, with whom, who has answered; and times that a candidate may choose from."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from tenfold.apps.candidates.models.applications import Application, OfApplication, OfApplicationQuerySet
from tenfold.apps.candidates.models.roles import RoleStage
from tenfold.core.encryption import EncryptedTextField
from tenfold.core.models import User
from tenfold.core.models.tenancy import Viewer


class MeetingState(models.TextChoices):
    OFFERED = "offered", "Times are offered"
    SET = "set", "Set"
    CANCELLED = "cancelled", "Cancelled"


class CalendarAnswer(models.TextChoices):
    NONE = "needs-action", "No answer yet"
    ACCEPTED = "accepted", "Accepted"
    TENTATIVE = "tentative", "Tentative"
    DECLINED = "declined", "Declined"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Viewer) -> Self:
        """Of pipelines that one sees, and those that one attends."""
        if not user.pk:
            return self.none()
        return self.filter(
            Q(application__in=Application.objects.run_by(user)) | Q(attendees__user_id=user.pk)
        ).distinct()


class Meeting(OfApplication):
    """One meeting. Candidate and panel get an event each (`uid`s), so that neither sees who else is asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="meetings")
    stage = models.ForeignKey(RoleStage, models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField()
    place = EncryptedTextField(default="")
    zone = models.CharField(max_length=60)
    starts_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.OFFERED)
    sequence = models.PositiveIntegerField(default=0)
    candidate_answer = models.CharField(max_length=12, choices=CalendarAnswer.choices, default=CalendarAnswer.NONE)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar = MeetingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="set") | Q(starts_at__isnull=False), name="set_meetings_have_a_time"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="meetings_last"),
        ]
        ordering: ClassVar = [F("starts_at").asc(nulls_last=True)]

    def __str__(self) -> str:
        return self.title

    def has_taken_place(self, now: datetime) -> bool:
        """Set, not cancelled, and begun: the only meetings that anybody is reminded of."""
        return self.state == MeetingState.SET and self.starts_at is not None and self.starts_at <= now


class MeetingAttendeeQuerySet(models.QuerySet["MeetingAttendee"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class MeetingAttendee(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendees")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    answer = models.CharField(max_length=12, choices=CalendarAnswer.choices, default=CalendarAnswer.NONE)

    objects: ClassVar = MeetingAttendeeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "user"], name="one_seat_per_attendee")]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return str(self.user)


class OfferedSlotQuerySet(models.QuerySet["OfferedSlot"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class OfferedSlot(models.Model):
    """A time that a candidate may choose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    chosen_at = models.DateTimeField(null=True)

    objects: ClassVar = OfferedSlotQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "starts_at"], name="one_slot_per_time"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(chosen_at__isnull=False), name="one_chosen_slot"),
        ]
        ordering: ClassVar = ["starts_at"]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


__all__ = [
    "CalendarAnswer",
    "Meeting",
    "MeetingAttendee",
    "MeetingState",
    "OfApplicationQuerySet",
    "OfferedSlot",
]
