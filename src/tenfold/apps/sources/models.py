"""Outside systems that are read on a schedule; names of people in them, reviewed by somebody; their merged changes.

A source keeps what it read as values without names. Names stand apart, encrypted, and belong to nobody until reviewed.
"""

from __future__ import annotations

import re
import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.apps.employees.models import KEEPERS, READERS, Employee, HrList, Team, organisations_of
from tenfold.apps.retention.models import TeamRecord
from tenfold.core.encryption import EncryptedTextField
from tenfold.core.models import Membership, Organisation, User
from tenfold.core.models.tenancy import Viewer

INVENTED = r"^https?://[^/?#]+\.example(:[0-9]+)?([/?#]|$)"
"""Addresses that nobody can own (RFC 2606): the example company's. Nothing is asked there."""


class SourcesEvent(StrEnum):
    """What happens to data sources and to the table of names."""

    ADDED = "source.added"
    CHANGED = "source.changed"
    REMOVED = "source.removed"
    READ = "source.read"
    FAILED = "source.failed"
    NAME_REVIEWED = "outside-name.reviewed"


class SourceKind(models.TextChoices):
    DEPLOYMENTS = "deployments", "Deployments of GitHub or GitLab"
    CHANGES = "changes", "Merged changes of GitHub or GitLab"
    PAGERDUTY = "pagerduty", "Incidents of PagerDuty"
    PAGES = "pages", "Pages of PagerDuty (log entries)"
    ALERTS = "alerts", "Alerts of Alertmanager"
    INCIDENT_IO = "incident-io", "Incidents of incident.io"
    ROOTLY = "rootly", "Incidents of Rootly"
    MLFLOW = "mlflow", "Model registry of MLflow"
    REQUESTS = "requests", "Requests by status code of Prometheus"
    TICKETS = "tickets", "Tickets as a table (CSV or XLSX)"
    PEOPLE = "people", "List of employees as a table (CSV or XLSX)"
    GIT = "git", "A git repository that the operator put on this server"


READ_WHOLE = (SourceKind.TICKETS, SourceKind.PEOPLE, SourceKind.GIT)
"""Kinds that are read in one go: each reading takes the place of the one before."""


class DataSourceQuerySet(models.QuerySet["DataSource"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(organisation_id__in=organisations_of(user, READERS)) if user.pk else self.none()


class DataSource(models.Model):
    """An address that is read now and then, and how far the reading has come.

    `cursor` is the page to go on from where a reading was interrupted; blank: begin anew. `items` are values by the
    other system's own id, so that what is read twice counts once. For a git repository `url` is its folder's name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="sources")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="sources")
    kind = models.CharField(max_length=12, choices=SourceKind.choices)
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=1000)
    token = EncryptedTextField(blank=True, default="")
    zone = models.CharField(max_length=60, default="UTC")
    every_hours = models.PositiveSmallIntegerField(default=24)
    first_date = models.DateField()
    is_paused = models.BooleanField(default=False)

    next_at = models.DateTimeField()
    cursor = models.CharField(max_length=2000, blank=True)
    begun_at = models.DateTimeField(null=True)
    pages_read = models.PositiveIntegerField(default=0)
    whole_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=500, blank=True)
    remedy = models.CharField(max_length=500, blank=True)
    items: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    problems: models.JSONField[list[str]] = models.JSONField(default=list)
    record = models.OneToOneField(TeamRecord, models.SET_NULL, null=True, related_name="source")
    hr_list = models.OneToOneField(HrList, models.SET_NULL, null=True, related_name="source")
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects: ClassVar = DataSourceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=SourceKind.values), name="source_has_a_known_kind"),
            models.CheckConstraint(condition=Q(every_hours__gte=1), name="source_is_read_at_most_hourly"),
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_invented(self) -> bool:
        return re.match(INVENTED, self.url, re.IGNORECASE) is not None


class NameState(models.TextChoices):
    OPEN = "open", "Not reviewed"
    ACCEPTED = "accepted", "An employee"
    IGNORED = "ignored", "Ignored"


class OutsideNameQuerySet(models.QuerySet["OutsideName"]):
    def visible_to(self, user: Viewer) -> Self:
        """Those who keep the records of employees; nobody else sees who is called what elsewhere."""
        return self.filter(organisation_id__in=organisations_of(user, KEEPERS)) if user.pk else self.none()


class OutsideName(models.Model):
    """A name in another system and the employee that somebody said it is.

    `name_index` is a keyed hash, by which the name is found again; it stays when the person is erased, so that the next
    reading does not bring them back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="outside_names")
    host = models.CharField(max_length=253)
    name = EncryptedTextField()
    name_index = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=NameState.choices, default=NameState.OPEN)
    employee = models.ForeignKey(Employee, models.SET_NULL, null=True, related_name="outside_names")
    seen_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    objects: ClassVar = OutsideNameQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "host", "name_index"], name="one_row_per_outside_name"),
            models.CheckConstraint(condition=Q(state__in=NameState.values), name="outside_name_has_a_known_state"),
        ]
        ordering: ClassVar = ["host", "seen_at"]

    def __str__(self) -> str:
        return f"a name at {self.host}"


class OutsideChangeQuerySet(models.QuerySet["OutsideChange"]):
    def visible_to(self, user: Viewer) -> Self:
        """The person whose change it is and their manager, once somebody has said who that is."""
        if not user.pk:
            return self.none()
        member = Membership.objects.filter(user_id=user.pk).values("organisation_id")
        own = Q(author__employee__user_id=user.pk) | Q(author__employee__manager_id=user.pk)
        accepted = self.filter(author__state=NameState.ACCEPTED, author__employee__organisation_id__in=member)
        return accepted.filter(own)


class OutsideChange(models.Model):
    """A merged change: where to look and when; offered as evidence to its author and their manager, never counted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(DataSource, models.CASCADE, related_name="changes")
    author = models.ForeignKey(OutsideName, models.CASCADE, related_name="changes")
    key = models.CharField(max_length=60)
    link = models.URLField(max_length=500, blank=True)
    merged_at = models.DateTimeField()
    is_used = models.BooleanField(default=False)

    objects: ClassVar = OutsideChangeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "key"], name="one_row_per_outside_change")]
        ordering: ClassVar = ["-merged_at"]

    def __str__(self) -> str:
        return f"change {self.key}"
