"""What the API says about tenure: of lists, never of people."""

from __future__ import annotations

from datetime import date

from ninja import Schema


class Interval(Schema):
    """A figure with its 95 % interval; a bound is null where the data set none."""

    value: float
    low: float | None
    high: float | None


class DataWarning(Schema):
    """A trap in the data, in a sentence, and where it lies."""

    kind: str
    text: str
    where: str


class TenureResult(Schema):
    """How long people stay: shares that stay longer than so many years, null beyond what was seen."""

    list_name: str
    as_of: date
    n: int
    exits: int
    median_years: Interval | None
    survival: dict[str, Interval | None]
    curve_starts_at_years: float | None
    refused: str | None
    warnings: list[DataWarning]
