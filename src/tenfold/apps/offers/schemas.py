"""Offers and what they came to, as the API gives them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema

Kind = Literal["draft", "sent", "accepted", "declined", "withdrawn"]


class OfferInList(Schema):
    """One offer without its pay. `words`: where it is, as pages say it."""

    id: UUID
    application_id: UUID
    state: Kind
    words: str
    version: int
    made_at: datetime
    to_be_answered_by: date


class OfferPage(Schema):
    items: list[OfferInList]
    next_cursor: str | None


class YardstickResult(Schema):
    """How the base pay lies to one range; `is_outside` is null where it could not be compared, and `says` tells why."""

    of: Literal["plan", "level", "band", "market"]
    says: str
    is_outside: bool | None
    source: str
    day: str
    n: int | None
    low: float | None
    high: float | None
    interval: list[float] | None


class ApprovalResult(Schema):
    name: str
    approved: bool
    at: datetime


class OfferVersionResult(Schema):
    number: int
    written_at: datetime
    to_be_answered_by: date
    is_outside: bool
    terms: dict[str, Any]
    comparisons: list[YardstickResult]
    approvals: list[ApprovalResult]


class OfferResult(OfferInList):
    """One offer with every version; only by a token that may see pay, for a person who may."""

    versions: list[OfferVersionResult]


class MeasureResult(Schema):
    """A figure with its 95 % interval; null: not enough data. A bound that the data leave open is null, too."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    n_events: int


class ReasonResult(Schema):
    """Why offers were declined; reasons of fewer than five people are told as one."""

    name: str
    n: int


class OfferMeasures(Schema):
    days_to_fill: MeasureResult
    acceptance: MeasureResult
    n_declined: int | None
    reasons: list[ReasonResult]
