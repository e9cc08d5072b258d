"""Records of teams, 1:1s, pulses and pay rounds. Figures are of teams; notes belong to the two of a 1:1."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.apps.employees.models import READERS, Employee, Team, organisations_of
from tenfold.apps.pay.models import PayUpload, SeenWithPay
from tenfold.core.encryption import EncryptedTextField
from tenfold.core.models import Membership, Organisation, User
from tenfold.core.models.tenancy import Viewer


class RetentionEvent(StrEnum):
    """What happens to team records, 1:1s, pulses and pay rounds. What was said in a 1:1 or a pulse is never in it."""

    RECORD_IMPORTED = "team-record.imported"
    RECORD_REMOVED = "team-record.removed"
    ONE_ON_ONE_STARTED = "one-on-one.started"
    ONE_ON_ONE_NOTED = "one-on-one.noted"
    PULSE_OPENED = "pulse.opened"
    PULSE_CLOSED = "pulse.closed"
    ROUND_STARTED = "pay-round.started"
    ROUND_APPROVED = "pay-round.approved"


class RecordKind(models.TextChoices):
    PAGES = "pages", "Pages of on-call"
    DEPLOYMENTS = "deployments", "Deployments"
    INCIDENTS = "incidents", "Incidents"
    LOOKS = "looks", "Polls of a model registry"
    REQUESTS = "requests", "Requests answered in time"
    TICKETS = "tickets", "Tickets"
    KNOWLEDGE = "knowledge", "What one person alone has changed"
    LOOP = "loop", "Assessments and later evidence"


class TeamRecordQuerySet(models.QuerySet["TeamRecord"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(organisation_id__in=organisations_of(user, READERS)) if user.pk else self.none()


class TeamRecord(models.Model):
    """What an outside system said about a team, read once and kept as values; nobody's name is in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="team_records")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="records")
    kind = models.CharField(max_length=12, choices=RecordKind.choices)
    name = models.CharField(max_length=200)
    values: models.JSONField[list[Any]] = models.JSONField(default=list)
    notes: models.JSONField[list[str]] = models.JSONField(default=list)
    imported_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    imported_at = models.DateTimeField()

    objects: ClassVar = TeamRecordQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=RecordKind.values), name="team_record_has_a_known_kind")
        ]
        ordering: ClassVar = ["-imported_at"]

    def __str__(self) -> str:
        return self.name


class OfTheTwo(models.QuerySet[Any]):
    """For the manager and the employee of a 1:1, and for nobody else, whatever their role."""

    def visible_to(self, user: Viewer) -> Self:
        if not user.pk:
            return self.none()
        way = "" if self.model is OneOnOne else "meeting__"
        two = Q(**{f"{way}manager_id": user.pk}) | Q(**{f"{way}employee__user_id": user.pk})
        member = Membership.objects.filter(user_id=user.pk).values("organisation_id")
        return self.filter(two, **{f"{way}employee__organisation_id__in": member})


class OneOnOne(models.Model):
    """The rhythm of two people; `manager` stays who it was when it began, so that notes do not pass to a successor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employee = models.ForeignKey(Employee, models.CASCADE, related_name="one_on_ones")
    manager = models.ForeignKey(User, models.CASCADE, related_name="one_on_ones")
    every_days = models.PositiveSmallIntegerField(default=14)
    next_date = models.DateField()

    objects: ClassVar = OfTheTwo.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["employee", "manager"], name="one_rhythm_per_pair"),
            models.CheckConstraint(condition=Q(every_days__gte=1), name="one_on_one_repeats"),
        ]
        ordering: ClassVar = ["next_date"]

    def __str__(self) -> str:
        return f"{self.manager} and {self.employee}"

    def is_overdue(self, today: date) -> bool:
        return self.next_date < today


class Topic(models.TextChoices):
    GROWTH = "growth", "Growth"
    BLOCKERS = "blockers", "Blockers"
    GOALS = "goals", "Career goals"
    OTHER = "other", "Anything else"


class OneOnOneNote(models.Model):
    """A note of one of the two, encrypted at rest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(OneOnOne, models.CASCADE, related_name="notes")
    topic = models.CharField(max_length=10, choices=Topic.choices)
    text = EncryptedTextField()
    action_by_date = models.DateField(null=True)
    done_date = models.DateField(null=True)
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()

    objects: ClassVar = OfTheTwo.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="note_has_a_known_topic")
        ]
        ordering: ClassVar = ["-written_at"]

    def __str__(self) -> str:
        return f"{self.get_topic_display()}, {self.written_at:%Y-%m-%d}"


class PulseQuerySet(models.QuerySet["Pulse"]):
    def visible_to(self, user: Viewer) -> Self:
        """Those who are asked, and those who see figures of teams."""
        if not user.pk:
            return self.none()
        asked = Q(team__employees__user_id=user.pk, team__employees__left_date=None)
        return self.filter(asked | Q(team__organisation_id__in=organisations_of(user, READERS))).distinct()


class Pulse(models.Model):
    """Six questions to a team. `result` is written once, when it closes, and the answers are deleted then.

    So no answer can be worked out from two states of one result, and nobody's leaving changes what was published.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="pulses")
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    result: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)

    objects: ClassVar = PulseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(closed_at__isnull=True), name="one_open_pulse_per_team"
            )
        ]
        ordering: ClassVar = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.team}, {self.opened_at:%B %Y}"


class NeverShown(models.QuerySet[Any]):
    """Rows that no page, API or export shows to anybody."""

    def visible_to(self, _user: Viewer) -> Self:
        return self.none()


class PulseTicket(models.Model):
    """That somebody has answered, and neither what nor when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pulse = models.ForeignKey(Pulse, models.CASCADE, related_name="tickets")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")

    objects: ClassVar = NeverShown.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["pulse", "user"], name="one_answer_per_person")]

    def __str__(self) -> str:
        return "answered"


class PulseAnswer(models.Model):
    """One set of answers, sealed, with nobody's name and no time; gone once the pulse is closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pulse = models.ForeignKey(Pulse, models.CASCADE, related_name="answers")
    choices = EncryptedTextField()

    objects: ClassVar = NeverShown.as_manager()

    def __str__(self) -> str:
        return "an answer"


class RoundState(models.TextChoices):
    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"


class PayRound(models.Model):
    """A yearly pay round over an imported pay list: a budget and ratings by line; a second person approves it.

    `ratings` are line → rating (0 to 3); lines without one count as 1.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="pay_rounds")
    upload = models.ForeignKey(PayUpload, models.CASCADE, related_name="rounds")
    name = models.CharField(max_length=120)
    budget_percent = models.FloatField()
    effective_date = models.DateField()
    ratings: models.JSONField[dict[str, int]] = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.DRAFT)
    started_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects: ClassVar = SeenWithPay.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(budget_percent__gte=0) & Q(budget_percent__lte=50), name="round_has_a_budget"
            ),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_has_a_known_state"),
        ]
        ordering: ClassVar = ["-started_at"]

    def __str__(self) -> str:
        return self.name
