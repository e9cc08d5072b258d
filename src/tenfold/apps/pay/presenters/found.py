"""What can be done about pay, for the search, and lists that wait for whoever uploaded them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from tenfold.apps.pay.models import PayUpload, UploadState
from tenfold.apps.pay.services import UPLOAD_LASTS
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit
from tenfold.core.todo import ToDo

OPEN = (UploadState.MAPPING, UploadState.CHECKED, UploadState.FAILED)
MAX_OPEN = 5


def pay_actions(user: User, organisation: Organisation, _path: str) -> Iterator[Hit]:
    yield Hit("Page", "Pay calculator", "What the market pays, by role, level and place", reverse("pay"))
    yield Hit("Page", "Compare offers", "Base, bonus and equity over four years", reverse("pay-offers"))
    if may(user, "pay.see", organisation):
        yield Hit("Page", "Pay bands", "Your own bands against the market", reverse("pay-bands"))
        yield Hit("Page", "Your pay data", "Lists that were imported", reverse("pay-own"))
        about = "A list from an HR system: columns, header row, exchange rate"
        yield Hit("Action", "Import a pay list", about, reverse("new-pay-upload"))
        for upload in _open_lists(user, organisation):
            about = "Columns, exchange rates and rows to correct"
            yield Hit("Action", f"Finish importing {upload.name}", about, reverse("pay-upload", args=[upload.pk]))


def lists_waiting(user: User, organisation: Organisation, _now: datetime) -> Iterator[ToDo]:
    """Lists that this user uploaded and has not imported; they are erased after a week."""
    for upload in _open_lists(user, organisation):
        last_day = localdate(upload.uploaded_at + UPLOAD_LASTS) - timedelta(days=1)
        yield ToDo("Pay list to import", upload.name, reverse("pay-upload", args=[upload.pk]), last_day)


def _open_lists(user: User, organisation: Organisation) -> QuerySet[PayUpload]:
    held: QuerySet[PayUpload] = PayUpload.objects.visible_to(user).filter(
        organisation=organisation, uploaded_by=user, state__in=OPEN
    )
    return held.only("name", "uploaded_at")[:MAX_OPEN]
