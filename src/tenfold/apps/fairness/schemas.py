"""What the API says of published periods."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class AuditPeriodSummary(Schema):
    """A published period: decisions from `from_date` to `until_date`, both included."""

    id: UUID
    from_date: date
    until_date: date
    published_at: datetime


class AuditPeriodList(Schema):
    """Published periods of the organisation, the latest first."""

    periods: list[AuditPeriodSummary]


class AuditPeriodResult(AuditPeriodSummary):
    """Its tables, as they were published; `sha256` stands in the audit trail."""

    sha256: str
    content: dict[str, Any]
