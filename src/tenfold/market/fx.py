"""Exchange rates: local units for one USD, by month; a whole year's mean where only years are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

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
