"""Pay estimates, as the API takes and gives them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, model_validator

from tenfold.core.http.schemas import Day, Evidence, Input, Level, Money, Role, Words, Workplace, Year, exactly_one


class Offer(Input):
    """A range of base pay, USD a year."""

    min: Money
    max: Money

    @model_validator(mode="after")
    def _check_order(self) -> Offer:
        if self.min > self.max:
            raise ValueError("the lowest pay is above the highest")
        return self


class EstimateRequest(Input):
    """Which job; either `level` or `years`. `place`: a US metro by name or CBSA code, or a country's code."""

    role: Role
    level: Level | None = None
    years: Year | None = None
    place: Annotated[Words, Field(max_length=100)] | None = None
    workplace: Workplace | None = None
    infra_share: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = Field(
        None, description="Infrastructure's part of the work in percent"
    )
    offer: Offer | None = None
    as_of: Day | None = None

    @model_validator(mode="after")
    def _level_or_years(self) -> EstimateRequest:
        return exactly_one(self, "level", "years")


class PlacedOffer(Schema):
    """Where an offer's midpoint stands among such ads, 0 to 1, with its 95 % interval."""

    min: float
    max: float
    midpoint: float
    percentile: float
    percentile_interval_95: tuple[float, float]


class EstimateSource(Schema):
    key: str
    source: str
    as_of: date
    evidence: Evidence
    url: str


class Supported(Schema):
    """Yearly base pay of such ads in USD, midpoints of ranges, with n, dates and sources."""

    supported: Literal[True]
    role: str
    level: str
    workplace: str
    unit: str
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    median_interval_95: tuple[float, float]
    n: int
    n_effective: float
    first_date: date
    last_date: date
    pooled_from: str
    notes: list[str]
    sources: list[EstimateSource]
    snapshot: str
    metro: dict[str, Any] | None = None
    scope: dict[str, Any] | None = None
    offer: PlacedOffer | None = None


class NotSupported(Schema):
    """Not enough data: why, and what would help. `nearest` is another job, not an answer.

    `borrowed` is of the job itself, by what other levels and roles are paid; `pooled_from` says how far off that is.
    """

    supported: Literal[False]
    reason: str
    what_would_help: str
    nearest: Supported | None
    borrowed: Supported | None = None


class Band(Schema):
    """Base pay a year in `currency`, from `valid_from` until the day before `valid_until`. `place` "" is anywhere."""

    role: str
    level: str
    currency: str
    place: str
    place_name: str
    low_year: float
    high_year: float
    valid_from: date
    valid_until: date | None


class BandRateResult(Schema):
    """Units of `currency` for one USD, as the company stated them."""

    currency: str
    per_usd: float
    day: date


class BandList(Schema):
    """All bands of all days, by role, level, currency, place and first day."""

    bands: list[Band]
    rates: list[BandRateResult]
