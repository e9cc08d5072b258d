"""One observation of pay as it is stored, and the versioned schemas of the tables of a store."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

SCHEMA_VERSION = 1
OBSERVATIONS, OFFICIAL, RATES, REGIONAL = "observations", "official", "rates", "regional"
TABLES = (OBSERVATIONS, OFFICIAL, RATES, REGIONAL)


@dataclass(frozen=True, slots=True)
class Observation:
    """A posted range, a visa filing or a person's pay (then without anything that names the person).

    `basis`: posted-range, filing or own. Amounts a year; `min` and `max` are equal for a point. `copies` is how often
    the same row stood in the source. `repaired` says what was mended, empty where nothing was.
    """

    basis: str
    title: str
    role: str
    level: str
    level_code: str
    country: str
    place: str
    remote_ratio: str
    employment: str
    size: str
    currency: str
    min_year: float
    max_year: float
    min_usd_year: float
    max_usd_year: float
    seen: date | None
    work_year: int
    copies: int = 1
    repaired: str = ""


@dataclass(frozen=True, slots=True)
class OfficialWage:
    """Percentiles of an occupation in an area, USD a year; None where withheld or above the cap of publication."""

    year: int
    area: str
    area_name: str
    occupation: str
    occupation_name: str
    employment: int | None
    p10: float | None
    p25: float | None
    p50: float | None
    p75: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of local currency for one USD."""

    month: date
    currency: str
    per_usd: float


@dataclass(frozen=True, slots=True)
class RegionalPrice:
    """Price level of a metro, the nation being 100."""

    cbsa: str
    metro: str
    index: float


RECORD_OF_TABLE: dict[str, type[Any]] = {
    OBSERVATIONS: Observation,
    OFFICIAL: OfficialWage,
    RATES: Rate,
    REGIONAL: RegionalPrice,
}


def columns(table: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(RECORD_OF_TABLE[table]))


def arrow_schema(table: str) -> Any:
    """The Parquet schema of a table, with the schema's version in its metadata."""
    import pyarrow as pa  # noqa: PLC0415  heavy, and only stores need it

    kinds = {"str": pa.string(), "float": pa.float64(), "int": pa.int32(), "date": pa.date32()}
    made = [
        pa.field(field.name, kinds[str(field.type).removesuffix(" | None")], nullable=str(field.type).endswith("None"))
        for field in fields(RECORD_OF_TABLE[table])
    ]
    return pa.schema(made, metadata={"tenfold_schema": f"{table}/{SCHEMA_VERSION}"})
