"""Invitations to labs, who sits in, one-time tickets of sockets, and what was said in a room."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.apps.candidates.models import Application
from tenfold.apps.candidates.models.roles import NOBODY, RUNS_HIRING
from tenfold.core.encryption import EncryptedTextField
from tenfold.core.models import HiringTeam, Membership, Organisation, Role, TeamMember, User
from tenfold.core.models.tenancy import Viewer


class LabInvitationQuerySet(models.QuerySet["LabInvitation"]):
    def visible_to(self, user: Viewer) -> Self:
        """Of hires that one runs, those one is asked to review or to sit in on, and one's own tries."""
        if not user.pk:
            return self.none()
        teams = TeamMember.objects.filter(member__user_id=user.pk).values("team_id")
        asked = Q(reviews__reviewer_id=user.pk) | Q(partners__user_id=user.pk)
        member_of = Membership.objects.filter(user_id=user.pk).values("organisation_id")
        own_try = Q(tried_by_id=user.pk, organisation_id__in=member_of)
        seen = self.filter(_run_by(user) | (asked & Q(team_id__in=teams)) | own_try)
        return self.filter(pk__in=seen.values("pk")).filter(
            Q(application=None) | Q(application__candidate__erasure_request=None)
        )

    def run_by(self, user: Viewer) -> Self:
        """Of hires that one runs."""
        return self.filter(_run_by(user)) if user.pk else self.none()

    def of_people(self) -> Self:
        """Without what colleagues tried themselves."""
        return self.filter(tried_by=None)


def _run_by(user: Viewer) -> Q:
    teams = TeamMember.objects.filter(member__user_id=user.pk or NOBODY, role__in=RUNS_HIRING).values("team_id")
    led = Membership.objects.filter(user_id=user.pk or NOBODY, role=Role.ADMINISTRATOR).values("organisation_id")
    return Q(team_id__in=teams) | Q(organisation_id__in=led, team__isnull=False)


class LabInvitation(models.Model):
    """One person asked to do one lab once, for an application or by name and address alone; or a colleague's own try.

    `session` and `practice` are the engine's sessions. `consent` is what the person agreed to, as it was worded.
    `local_since`: when the work was first fetched by git, from which on the clock runs until it is in.
    `time_factor` is an accommodation: shown to those who arrange it, never to those who review.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="lab_invitations")
    team = models.ForeignKey(HiringTeam, models.CASCADE, null=True, related_name="lab_invitations")
    application = models.ForeignKey(Application, models.CASCADE, null=True, related_name="lab_invitations")
    tried_by = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    name = EncryptedTextField(default="")
    email = EncryptedTextField(default="")
    lab = models.CharField(max_length=80)
    attempt = models.PositiveSmallIntegerField(default=1)
    time_factor = models.FloatField(default=1.0)
    accommodation = EncryptedTextField(default="")
    accommodation_asked_at = models.DateTimeField(null=True)
    link_version = models.PositiveSmallIntegerField(default=1)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    consent: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    consented_at = models.DateTimeField(null=True)
    practice = models.CharField(max_length=120, blank=True)
    session = models.CharField(max_length=120, blank=True)
    plain_visit = models.PositiveIntegerField(null=True)
    plain_seen_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    local_since = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    graded_at = models.DateTimeField(null=True)
    feedback_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar = LabInvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(tried_by=None, team__isnull=False) | Q(tried_by__isnull=False, application=None),
                name="lab_invitations_are_of_a_team_or_a_try",
            ),
            models.CheckConstraint(
                condition=Q(time_factor__gte=1, time_factor__lte=5), name="lab_time_is_never_taken_away"
            ),
        ]
        ordering: ClassVar = ["-invited_at"]

    def __str__(self) -> str:
        return f"{self.lab}, {self.person}"

    @property
    def person(self) -> str:
        if self.tried_by is not None:
            return f"{self.tried_by} (own try)"
        if self.application is not None:
            return str(self.application.candidate)
        return self.name or "erased"

    @property
    def alias(self) -> str:
        """What the engine knows of the person: nothing."""
        return f"i-{self.pk.hex[:16]}"

    @property
    def title(self) -> str:
        return self.lab.replace("-", " ").capitalize()

    def is_open(self, now: datetime) -> bool:
        """Whether the link still leads to work: what is begun is finished, even when the link's day has passed."""
        return (
            self.withdrawn_at is None
            and self.erased_at is None
            and (self.begun_at is not None or now < self.expires_at)
        )


class OfInvitationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(invitation__in=LabInvitation.objects.run_by(user))


class OfInvitation(models.Model):
    """What belongs to an invitation, and so to its organisation and hiring team."""

    invitation: models.ForeignKey[Any, LabInvitation]

    class Meta:
        abstract = True

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.invitation.organisation_id

    @property
    def team(self) -> HiringTeam | None:
        return self.invitation.team


class Part(models.TextChoices):
    """What somebody may do in a room beside the candidate."""

    OBSERVER = "observer", "Observer: watches"
    NAVIGATOR = "navigator", "Navigator: watches, chats, points"
    DRIVER = "driver", "Driver: may take over the keyboard"


class LabPartner(OfInvitation):
    """A colleague who sits in. What they may do is told by this row at every moment, not when they came in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(LabInvitation, models.CASCADE, related_name="partners")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices, default=Part.OBSERVER)
    set_at = models.DateTimeField()

    objects: ClassVar = OfInvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invitation", "user"], name="one_part_per_lab_partner"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="lab_partner_has_a_known_part"),
        ]
        ordering: ClassVar = ["set_at", "pk"]

    def __str__(self) -> str:
        return f"{self.user}, {self.part}"


class RoomTicketQuerySet(models.QuerySet["RoomTicket"]):
    def visible_to(self, user: Viewer) -> Self:  # noqa: ARG002 - the same question for every model
        """Nobody's: who holds a ticket hands it to the socket, and it is gone."""
        return self.none()


class RoomTicket(models.Model):
    """Lets one socket into one room once, within seconds. Only its hash is kept. `user` None: the candidate.

    `is_practice`: into the practice room.
    """

    token_hash = models.CharField(max_length=64, primary_key=True)
    invitation = models.ForeignKey(LabInvitation, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    is_practice = models.BooleanField(default=False)
    link_version = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()

    objects: ClassVar = RoomTicketQuerySet.as_manager()

    def __str__(self) -> str:
        return f"ticket until {self.expires_at:%H:%M:%S}"


class EntryKind(models.TextChoices):
    CHAT = "chat", "Message"
    NOTE = "note", "Note"
    MARK = "mark", "Marker"
    HINT = "hint", "Hint"
    CHANGE = "change", "Change of the task"


class RoomEntryQuerySet(models.QuerySet["RoomEntry"]):
    def visible_to(self, user: Viewer) -> Self:
        """Messages, markers, hints and changes for whoever sees the invitation; notes for who wrote them."""
        of_seen = self.filter(invitation__in=LabInvitation.objects.visible_to(user))
        return of_seen.filter(~Q(kind=EntryKind.NOTE) | Q(by_id=user.pk))

    def shown_in_room(self) -> Self:
        """What both sides of a room read: not colleagues' notes and markers."""
        return self.filter(kind__in=(EntryKind.CHAT, EntryKind.HINT, EntryKind.CHANGE))


class RoomEntry(OfInvitation):
    """Something said or set during a session, in the record and never edited. `by` None: the candidate."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(LabInvitation, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = EncryptedTextField()
    at = models.DateTimeField()

    objects: ClassVar = RoomEntryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%H:%M:%S}"
