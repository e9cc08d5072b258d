"""H-1B labor condition applications: the official disclosure files, base pay offered, by title and worksite.

Only certified full-time applications are kept; the employer's name and the case number are not stored. A case that
stands in the file twice is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache

from tenfold.catalogue.titles import read_title
from tenfold.market.importers.source import (
    BadRowError,
    Dropped,
    Made,
    NotWantedError,
    Record,
    amount,
    day,
    one_by_one,
    times_a_year,
)
from tenfold.market.observation import OBSERVATIONS, Observation

LOWEST_USD_YEAR, HIGHEST_USD_YEAR = 15_000.0, 1_500_000.0


class Lca:
    """The column layout of the disclosure files since fiscal year 2020."""

    kind = "lca"
    table = OBSERVATIONS
    stateless = True
    provenance = "US Department of Labor, OFLC LCA disclosure data, US public domain"

    def __init__(self) -> None:
        self._cases: set[int] = set()

    def columns(self) -> Sequence[str]:
        return (
            "CASE_NUMBER",
            "CASE_STATUS",
            "DECISION_DATE",
            "JOB_TITLE",
            "+SOC_CODE",
            "FULL_TIME_POSITION",
            "WAGE_RATE_OF_PAY_FROM",
            "+WAGE_RATE_OF_PAY_TO",
            "WAGE_UNIT_OF_PAY",
            "WORKSITE_CITY",
            "WORKSITE_STATE",
        )

    def read(self, rows: Iterator[tuple[int, Record]]) -> Iterator[Made | Dropped]:
        return one_by_one(rows, self._filing)

    def pass_over(self, record: Record) -> None:
        """A row that an earlier, broken-off import has taken: its case counts as seen."""
        with suppress(BadRowError, NotWantedError):
            self._filing(record)

    def _filing(self, record: Record) -> Observation:
        if record["CASE_STATUS"].strip().casefold() != "certified":
            raise NotWantedError("not certified")
        if record["FULL_TIME_POSITION"].strip().upper()[:1] != "Y":
            raise NotWantedError("not full-time")
        case = hash(record["CASE_NUMBER"].strip())
        if case in self._cases:
            raise NotWantedError("copy of an earlier case")
        low, high = self._pay(record)
        title = " ".join(record["JOB_TITLE"].split())
        if not title:
            raise BadRowError("JOB_TITLE is empty")
        decided = _day(record["DECISION_DATE"])
        self._cases.add(case)
        read = read_title(title)
        return Observation(
            basis="filing",
            title=title,
            role=read.role,
            level=read.level or "",
            level_code="",
            country="US",
            place=f"{record['WORKSITE_CITY'].strip().title()}, {record['WORKSITE_STATE'].strip().upper()}",
            remote_ratio="",
            employment="FT",
            size="",
            currency="USD",
            min_year=low,
            max_year=high,
            min_usd_year=low,
            max_usd_year=high,
            seen=decided,
            work_year=decided.year,
        )

    def _pay(self, record: Record) -> tuple[float, float]:
        times = times_a_year(record["WAGE_UNIT_OF_PAY"], "WAGE_UNIT_OF_PAY")
        low = amount(record["WAGE_RATE_OF_PAY_FROM"], "WAGE_RATE_OF_PAY_FROM") * times
        upper = record["WAGE_RATE_OF_PAY_TO"].strip()
        high = amount(upper, "WAGE_RATE_OF_PAY_TO") * times if upper else low
        if not LOWEST_USD_YEAR <= low <= HIGHEST_USD_YEAR:
            raise BadRowError("pay a year outside what is possible: a wrong unit, most likely")
        return low, (high if low <= high <= 4 * low else low)


@lru_cache(maxsize=4096)
def _day(cell: str) -> date:
    return day(cell, "DECISION_DATE")
