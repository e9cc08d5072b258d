"""Exchange rates: local units for one USD, by month; a whole year's mean where only years are known."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from statistics import median

from tenfold.kit.errors import UserError
from tenfold.market.observation import Rate

# FRED's series name countries; these are the currencies that they mean.
CURRENCY_OF_COUNTRY = {
    "Australia": "AUD",
    "Brazil": "BRL",
    "Canada": "CAD",
    "China": "CNY",
    "Denmark": "DKK",
    "Euro": "EUR",
    "Hong Kong": "HKD",
    "India": "INR",
    "Japan": "JPY",
    "Malaysia": "MYR",
    "Mexico": "MXN",
    "New Zealand": "NZD",
    "Norway": "NOK",
    "Singapore": "SGD",
    "South Africa": "ZAR",
    "South Korea": "KRW",
    "Sweden": "SEK",
    "Switzerland": "CHF",
    "Taiwan": "TWD",
    "Thailand": "THB",
    "United Kingdom": "GBP",
}
# Where a country's ads are tagged USD although their figures are plainly local (see `importers/aijobs.py`).
LOCAL_CURRENCY = {"CA": "CAD", "AU": "AUD"}


@dataclass(frozen=True)
class Rates:
    """Rates by currency and month. USD needs none."""

    by_month: dict[tuple[str, int, int], float]

    @classmethod
    def of(cls, rates: Iterable[Rate]) -> Rates:
        return cls({(rate.currency, rate.month.year, rate.month.month): rate.per_usd for rate in rates})

    def over(self, other: Rates) -> Rates:
        """These rates, and the other's for currencies that are not here."""
        here = {currency for currency, _, _ in self.by_month}
        kept = {key: rate for key, rate in other.by_month.items() if key[0] not in here}
        return Rates(kept | self.by_month)

    def per_usd(self, currency: str, day: date) -> float:
        """Units for one USD in that month, else the mean of that year's months, else of the nearest year known.

        Raises:
            UserError: nothing is known about the currency.
        """
        if currency == "USD":
            return 1.0
        exact = self.by_month.get((currency, day.year, day.month))
        if exact is not None:
            return exact
        years: dict[int, list[float]] = {}
        for (code, year, _), rate in self.by_month.items():
            if code == currency:
                years.setdefault(year, []).append(rate)
        if not years:
            raise UserError(
                f"No exchange rate for {currency} is in the store.",
                remedy="Import rates first: tenfold market import fx_monthly.csv --kind fx",
            )
        nearest = min(years, key=lambda year: (abs(year - day.year), -year))
        return sum(years[nearest]) / len(years[nearest])

    def to_usd(self, amount: float, currency: str, day: date) -> float:
        return amount / self.per_usd(currency, day)

    def from_usd(self, usd: float, currency: str, day: date) -> float:
        return usd * self.per_usd(currency, day)


SHIPPED_FROM_YEAR = 2019
_MID_YEAR = 7


@cache
def shipped_rates() -> Rates:
    """Yearly means that come with the package (FRED, PDDL; ai-jobs.net, CC0), for own pay without imported rates."""
    table = json.loads((files("tenfold.market") / "data" / "fx-yearly.json").read_text("utf-8"))
    return Rates.of(
        Rate(date(int(year), _MID_YEAR, 1), currency, rate)
        for currency, years in table.items()
        for year, rate in years.items()
    )


def yearly_rates(fx_yearly: Path, salaries: Path) -> str:
    """The JSON of `shipped_rates()`.

    From FRED's yearly table (Date, Country, Value); currencies that it lacks, such as the pound, by the one rate
    a year with which ai-jobs.net converts (columns work_year, salary_currency, salary, salary_in_usd).
    """
    table: dict[str, dict[str, float]] = {}
    for row in _rows(fx_yearly):
        currency = CURRENCY_OF_COUNTRY.get(row["Country"])
        if currency and int(row["Date"][:4]) >= SHIPPED_FROM_YEAR and row["Value"]:
            table.setdefault(currency, {})[row["Date"][:4]] = float(row["Value"])
    implied: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in _rows(salaries):
        if row["salary_currency"] not in {"USD", *table} and int(row["work_year"]) >= SHIPPED_FROM_YEAR:
            implied[row["salary_currency"], row["work_year"]].append(float(row["salary"]) / float(row["salary_in_usd"]))
    for (currency, year), rates in implied.items():
        table.setdefault(currency, {})[year] = round(median(rates), 4)
    return json.dumps(table, sort_keys=True, separators=(",", ":")) + "\n"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))
