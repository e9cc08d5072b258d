"""Readings of postings, as the API takes and gives them."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from tenfold.core.http.schemas import Input, LongText


class ReadingRequest(Input):
    posting: LongText
    media_type: Literal["text/markdown", "text/html", "text/plain"] | None = Field(
        None, description="Told from the text if absent"
    )


class Mention(Schema):
    text: str
    start: int
    end: int
    demand: Literal["must", "nice", "context"]


class Tool(Schema):
    id: str
    name: str
    demand: Literal["must", "nice", "context"]
    mentions: list[Mention]


class Place(Schema):
    text: str
    country: str
    subdivision: str
    start: int
    end: int


class StatedPay(Schema):
    min: float
    max: float
    currency: str
    period: Literal["YEAR", "MONTH", "WEEK", "DAY", "HOUR"]


class Degree(Schema):
    value: str
    demand: Literal["must", "nice", "context"]
    or_equivalent: bool
    start: int
    end: int


class PostingSection(Schema):
    kind: str
    heading: str
    start: int
    end: int


class PostingFinding(Schema):
    """What stands in the text itself and should be mended, worst first."""

    rule: str
    severity: Literal["fix", "review", "note"]
    what: str
    why: str
    fix: str
    quote: str
    start: int | None
    end: int | None


class Reading(Schema):
    """All that a posting states; null is “not stated”. `spans` count code points of `text`."""

    title: str | None
    employer: str | None
    tools: list[Tool]
    explicit_split: bool
    years_min: int | float | None
    level: str | None
    family: str | None
    family_chance: float
    family_runner_up: str
    infra_share: int | None
    infra_share_interval: tuple[int, int] | None
    ml_ops_areas: list[str]
    deep_areas: list[str]
    day_to_day: bool
    pay: StatedPay | None
    pay_open_ended: bool | None
    pay_from_badge: bool | None
    equity_or_bonus: bool
    workplace: str | None
    places: list[Place]
    employment_type: str | None
    degree: Degree | None
    certifications: list[str]
    on_call: bool | None
    travel: str | None
    visa: str | None
    leadership: bool | None
    benefits: list[str]
    sections: list[PostingSection]
    spans: dict[str, Any]
    text_hash: str
    text: str
    remarks: list[PostingFinding]
