"""Official tables: OEWS workbooks, exchange rates (FRED), regional price parities (BEA)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from tenfold.market.fx import CURRENCY_OF_COUNTRY
from tenfold.market.importers.source import (
    BadRowError,
    Dropped,
    Made,
    NotWantedError,
    Record,
    amount,
    day,
    one_by_one,
)
from tenfold.market.observation import OFFICIAL, RATES, REGIONAL, OfficialWage, Rate, RegionalPrice

_PERCENTILES = {"p10": "A_PCT10", "p25": "A_PCT25", "p50": "A_MEDIAN", "p75": "A_PCT75", "p90": "A_PCT90"}


class Oews:
    """A BLS OEWS workbook or CSV (national, state or metro); detailed occupations only.

    `*` is withheld by BLS, `#` lies above its cap: both are unknown here. The year stands in the file's name
    (`national_M2024_dl.xlsx`).
    """

    kind = "oews"
    table = OFFICIAL
    stateless = True
    provenance = "BLS, Occupational Employment and Wage Statistics, US public domain"

    def __init__(self, year: int) -> None:
        self._year = year

    def columns(self) -> Sequence[str]:
        return ("+AREA", "+AREA_TITLE", "OCC_CODE", "OCC_TITLE", "+O_GROUP", "TOT_EMP", *_PERCENTILES.values())

    def read(self, rows: Iterator[tuple[int, Record]]) -> Iterator[Made | Dropped]:
        return one_by_one(rows, self._wage)

    def pass_over(self, record: Record) -> None:
        """Each row stands alone: nothing to remember."""

    def _wage(self, record: Record) -> OfficialWage:
        if record["O_GROUP"] not in ("", "detailed"):
            raise NotWantedError("a group of occupations, not one")
        if not re.fullmatch(r"\d\d-\d{4}", record["OCC_CODE"]):
            raise BadRowError("OCC_CODE is not an occupation code")
        employed = _publish(record["TOT_EMP"], "TOT_EMP")
        five = {name: _publish(record[column], column) for name, column in _PERCENTILES.items()}
        return OfficialWage(
            year=self._year,
            area=record["AREA"] or "99",
            area_name=record["AREA_TITLE"] or "U.S.",
            occupation=record["OCC_CODE"],
            occupation_name=record["OCC_TITLE"],
            employment=round(employed) if employed is not None else None,
            **five,
        )


def year_in_name(name: str) -> int | None:
    found = re.search(r"M?(20\d\d)", name)
    return int(found.group(1)) if found else None


def _publish(cell: str, column: str) -> float | None:
    return None if cell.strip() in ("", "*", "**", "#") else amount(cell, column)


class ExchangeRates:
    """FRED rates by country, local units for one USD; columns Date, Country and Value or Exchange rate."""

    kind = "fx"
    table = RATES
    stateless = True
    provenance = "FRED exchange rates, PDDL"

    def columns(self) -> Sequence[str]:
        return ("Date", "Country", "+Value", "+Exchange rate")

    def read(self, rows: Iterator[tuple[int, Record]]) -> Iterator[Made | Dropped]:
        return one_by_one(rows, self._rate)

    def pass_over(self, record: Record) -> None:
        """Each row stands alone: nothing to remember."""

    def _rate(self, record: Record) -> Rate:
        currency = CURRENCY_OF_COUNTRY.get(record["Country"].strip())
        if currency is None:
            raise NotWantedError("a country whose currency is not used here")
        cell = record["Value"] or record["Exchange rate"]
        if not cell.strip():
            raise NotWantedError("no rate on that day")
        value = amount(cell, "rate")
        if not value:
            raise BadRowError("rate is nothing")
        month: date = day(record["Date"], "Date").replace(day=1)
        return Rate(month, currency, value)


class RegionalPrices:
    """BEA regional price parities by metro; columns cbsa, metro, rpp_all_items."""

    kind = "regional"
    table = REGIONAL
    stateless = True
    provenance = "BEA, regional price parities"

    def columns(self) -> Sequence[str]:
        return ("cbsa", "metro", "rpp_all_items")

    def read(self, rows: Iterator[tuple[int, Record]]) -> Iterator[Made | Dropped]:
        return one_by_one(rows, self._price)

    def pass_over(self, record: Record) -> None:
        """Each row stands alone: nothing to remember."""

    def _price(self, record: Record) -> RegionalPrice:
        if not record["rpp_all_items"].strip():
            raise NotWantedError("no index for that metro")
        if not re.fullmatch(r"\d{5}", record["cbsa"]):
            raise BadRowError("cbsa is not a metro code")
        return RegionalPrice(record["cbsa"], record["metro"], amount(record["rpp_all_items"], "rpp_all_items"))
