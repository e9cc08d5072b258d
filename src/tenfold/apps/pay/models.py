"""The company's own pay. Page not found names a person: rows are known by the line of the file that they came from.

Whoever may not see pay finds none of it: `visible_to` asks for that right, not for a role.
"""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from tenfold.core.models.tenancy import Organisation, User, Viewer


class PayEvent(StrEnum):
    """What happens to the company’s own pay lists and bands."""

    RECEIVED = "pay.received"
    LOOKED_OVER = "pay.looked-over"
    IMPORT_STARTED = "pay.import-started"
    IMPORTED = "pay.imported"
    IMPORT_FAILED = "pay.import-failed"
    REMOVED = "pay.removed"
    EXPIRED = "pay.expired"
    BANDS_SET = "pay.bands-set"
    RATE_STATED = "pay.rate-stated"


class SeenWithPay(models.QuerySet[Any]):
    """What belongs to an organisation and is shown to those of its people who see pay."""

    def visible_to(self, user: Viewer) -> Self:
        if not user.pk:
            return self.none()
        return self.filter(organisation__memberships__user_id=user.pk, organisation__memberships__sees_pay=True)


class UploadState(models.TextChoices):
    MAPPING = "mapping", "Columns to review"
    CHECKED = "checked", "Rows to review"
    IMPORTING = "importing", "Being imported"
    IMPORTED = "imported", "Imported"
    FAILED = "failed", "Failed"


class PayUpload(models.Model):
    """A list of own pay on its way in, and what became of it.

    `rows` are (line, cells) of `columns`, the mapped ones; all others (`personal`) were left out when the file was
    read. Rows go once the list is imported; a list that nobody imports goes whole, after a week. `mapping` is
    `columns`, `same`, `levels` as the importer knows them and `rates`, units of a currency for one USD; `skipped` are
    lines that somebody chose to leave out; `dropped` says how many rows were not kept for which reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="pay_uploads")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.MAPPING)
    columns: models.JSONField[list[str]] = models.JSONField(default=list)
    personal: models.JSONField[list[str]] = models.JSONField(default=list)
    rows: models.JSONField[list[Any]] = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    mapping: models.JSONField[dict[str, dict[str, str]]] = models.JSONField(default=dict)
    skipped: models.JSONField[list[int]] = models.JSONField(default=list)
    kept = models.PositiveIntegerField(default=0)
    dropped: models.JSONField[dict[str, int]] = models.JSONField(default=dict)
    trouble = models.CharField(max_length=500, blank=True)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True)

    objects: ClassVar = SeenWithPay.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="pay_upload_has_a_known_state")
        ]
        ordering: ClassVar = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Still to be looked over and changed."""
        return self.state in (UploadState.MAPPING, UploadState.CHECKED, UploadState.FAILED)


class OwnPay(models.Model):
    """One person's base pay in a list, by the line it stood in; no name, no title.

    `pay_local_year` is in `currency`; it is compared with the market of `country`, "" where nothing says it.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="own_pay")
    upload = models.ForeignKey(PayUpload, models.CASCADE, related_name="people")
    line = models.PositiveIntegerField()
    role = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    metro_cbsa = models.CharField(max_length=8, blank=True)
    workplace = models.CharField(max_length=10, blank=True)
    country = models.CharField(max_length=2, blank=True, default="US")
    currency = models.CharField(max_length=3, default="USD")
    pay_local_year = models.FloatField()
    pay_usd_year = models.FloatField()

    objects: ClassVar = SeenWithPay.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["upload", "line"], name="one_pay_per_line"),
            models.CheckConstraint(condition=Q(pay_usd_year__gt=0), name="pay_is_above_nothing"),
        ]
        ordering: ClassVar = ["line"]

    def __str__(self) -> str:
        return f"line {self.line}"


class PayBand(models.Model):
    """The company's band for a role and level: base pay a year in `currency`, at a place, from a day on.

    `place` is a code of `market.company_bands.Spot`, "" for all places without a narrower band. A band set later ends
    this one: then `valid_until` is the other's first day. Old bands stay, so that what was compared can be explained.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="pay_bands")
    role = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    place = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    low_year = models.FloatField()
    high_year = models.FloatField()
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField()

    objects: ClassVar = SeenWithPay.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "role", "level", "currency", "place", "valid_from"], name="one_band_per_day"
            ),
            models.CheckConstraint(
                condition=Q(low_year__gt=0) & Q(high_year__gte=models.F("low_year")), name="band_runs_upwards"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="band_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="band_currency_is_a_code"),
        ]
        ordering: ClassVar = ["role", "currency", "place", "valid_from", "low_year"]

    def __str__(self) -> str:
        return f"{self.role}, {self.level}, {self.currency}"


class BandRate(models.Model):
    """An exchange rate that the company states for comparing with its bands: units of `currency` for one USD.

    Nothing is converted where none is stated. The latest one stands; it is shown wherever it was used.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="band_rates")
    currency = models.CharField(max_length=3)
    per_usd = models.FloatField()
    day = models.DateField()
    stated_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar = SeenWithPay.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "currency"], name="one_band_rate_per_currency"),
            models.CheckConstraint(condition=Q(per_usd__gt=0), name="band_rate_is_above_nothing"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$") & ~Q(currency="USD"), name="band_rate_currency_is_a_code"
            ),
        ]
        ordering: ClassVar = ["currency"]

    def __str__(self) -> str:
        return f"{self.currency} on {self.day}"
