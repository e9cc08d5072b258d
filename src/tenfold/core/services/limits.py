"""Counting requests in fixed windows of time, in the database that all server processes share."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from tenfold.core.models import RequestCount

SWEEP_EVERY = 200
"""Each time a count is new and its window's number is divisible by this, windows that are over are removed."""


def is_over_limit(key: str, most: int, *, per: timedelta, now: datetime) -> bool:
    """Counts one more under a key; whether that was more than `most` in the current window."""
    window = int(now.timestamp() // per.total_seconds())
    row = _row(key, window)
    if not RequestCount.objects.filter(pk=row).update(count=F("count") + 1):
        _begin(row, now + per, key_number=window)
    return RequestCount.objects.values_list("count", flat=True).get(pk=row) > most


def is_at_limit(key: str, most: int, *, per: timedelta, now: datetime) -> bool:
    """Whether as many as allowed were counted under a key in the current window; counts nothing itself."""
    window = int(now.timestamp() // per.total_seconds())
    counted = RequestCount.objects.filter(pk=_row(key, window)).values_list("count", flat=True).first()
    return (counted or 0) >= most


def _row(key: str, window: int) -> str:
    return f"{hashlib.sha256(key.encode()).hexdigest()[:40]}:{window}"


def _begin(row: str, ends_at: datetime, *, key_number: int) -> None:
    if key_number % SWEEP_EVERY == 0:
        RequestCount.objects.filter(ends_at__lt=datetime.now(UTC)).delete()
    try:
        with transaction.atomic():
            RequestCount.objects.create(pk=row, ends_at=ends_at)
    except IntegrityError:  # another process was quicker
        RequestCount.objects.filter(pk=row).update(count=F("count") + 1)
