"""The company's own pay data: any CSV or XLSX with a mapping (`mapping.py`). Nothing that names a person is stored.

Pay is brought to a full-time year before anything is compared: hours and shares of full time count, part-time work
without them is refused, and so is what no full-time work is paid.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from tenfold.catalogue.store import catalogue
from tenfold.catalogue.titles import read_title
from tenfold.kit.errors import UserError
from tenfold.kit.facts import load
from tenfold.law.places import country_of, is_place, place_ids, read_places
from tenfold.market.fx import Rates
from tenfold.market.importers import cells
from tenfold.market.importers.mapping import (
    DAY_FIRST,
    FIELDS,
    FULL_TIME,
    ColumnMap,
    Proposal,
    check_mapping,
    level_of_word,
    proposal,
    proposal_of,
    propose,
    read_mapping,
)
from tenfold.market.importers.source import BadRowError, Dropped, Made, NotWantedError, Record, one_by_one
from tenfold.market.observation import OBSERVATIONS, Observation

__all__ = [
    "FIELDS",
    "ColumnMap",
    "Own",
    "Proposal",
    "check_mapping",
    "proposal",
    "proposal_of",
    "propose",
    "read_mapping",
]

Said = Callable[[str], str]
# Pay for which two periods are possible is taken for the one nearer to this; nearer by less than the margin is refused.
_USUAL_USD_YEAR, _CLEARLY_NEARER = 90_000.0, 0.5
_NEARLY_FULL = 0.97
OPEN_DAY = (
    "date can be read two ways and no other date of the list tells which: write it as YYYY-MM-DD, or choose the order"
)


class Own:
    """Own pay data by a mapping. One currency is assumed only where the mapping says so."""

    kind = "own"
    table = OBSERVATIONS
    stateless = False
    """How a date is meant is told by the other dates of the list: it is read whole."""
    provenance = "own pay data, de-identified on import"

    def __init__(self, mapping: ColumnMap, rates: Rates, *, today: date) -> None:
        self._mapping, self._rates, self._today = mapping, rates, today
        self._day_first: bool | None = None
        book = load()
        self._least, self._most = book.number("market.own_pay_least"), book.number("market.own_pay_most")
        self._least_abroad = book.number("market.own_pay_least_abroad")

    def columns(self) -> Sequence[str]:
        return tuple(dict.fromkeys(self._mapping.columns.values()))

    def read(self, rows: Iterator[tuple[int, Record]]) -> Iterator[Made | Dropped]:
        held = list(rows)
        column = self._mapping.columns.get("date")
        if column:
            self._day_first = self._order_of(record.get(column, "").strip() for _, record in held)
        yield from one_by_one(iter(held), self._person)

    def _order_of(self, written: Iterable[str]) -> bool | None:
        """Whether the day comes first: by the dates that can be read only one way, else as the mapping says."""
        told = cells.has_day_first(written)
        chosen = self._mapping.same.get("date_order", "")
        return told if told is not None or not chosen else chosen == DAY_FIRST

    def _day(self, written: str) -> date:
        if self._day_first is None and cells.is_open_day(written):
            raise BadRowError(OPEN_DAY)
        found = cells.read_day(written, day_first=self._day_first)
        if found is None:
            raise BadRowError("date is not a date")
        return found

    def pass_over(self, record: Record) -> None:
        """Each row stands alone: nothing to remember."""

    def _person(self, record: Record) -> Observation:
        def cell(name: str) -> str:
            column = self._mapping.columns.get(name)
            return (record[column].strip() if column else "") or self._mapping.same.get(name, "")

        title = cell("title") or cell("role")
        if not title:
            raise BadRowError("the title is empty")
        _refuse_who_is_not_compared(cell)
        read = read_title(title)
        country, currency = self._country_and_currency(cell, record)
        at = self._day(cell("date")) if cell("date") else self._today
        low, high, repaired = self._pay(cell, currency)
        usd_low, usd_high = (self._usd(end, currency, at) for end in (low, high))
        return Observation(
            basis="own",
            title=title,
            role=cell("role") if cell("role") in catalogue().roles else read.role,
            level=self.level_of(cell("level")) or read.level or "",
            level_code="",
            country=country,
            place=cell("place"),
            remote_ratio=cells.read_workplace(cell("workplace")) or "0",
            employment="FT",
            size="",
            currency=currency,
            min_year=low,
            max_year=high,
            min_usd_year=usd_low,
            max_usd_year=usd_high,
            seen=at,
            work_year=at.year,
            repaired=repaired,
        )

    def _country_and_currency(self, cell: Said, record: Record) -> tuple[str, str]:
        """Where the work is done ("" where nothing says it) and what it is paid in."""
        country, place = (record.get(self._mapping.columns.get(name, ""), "").strip() for name in ("country", "place"))
        countries = countries_named(country, is_country=True) or countries_named(place)
        currency = _one_currency(cells.read_currency(cell("currency")), _sign_in_cell(cell), countries)
        home = cells.country_of_currency(currency)
        if len(countries) == 1:
            return next(iter(countries)), currency
        if countries:
            return (home if home in countries else ""), currency
        same = next(iter(countries_named(self._mapping.same.get("country", ""), is_country=True)), "")
        is_its_own = same and (cells.currency_of_country(same) or "EUR") == currency
        return (same if is_its_own else home), currency

    def _pay(self, cell: Said, currency: str) -> tuple[float, float, str]:
        """Both ends of full-time pay a year, and what was done to get there."""
        ends = [self._year(name, cell, currency) for name in _pay_fields(self._mapping, cell)]
        low, high = ends[0][0], ends[-1][0]
        if low > high:
            raise BadRowError("the range runs backwards")
        return low, high, ends[0][1]

    def _year(self, name: str, cell: Said, currency: str) -> tuple[float, str]:
        """One figure as full-time pay a year: of all that it may mean, what full-time work is paid."""
        amount = cells.read_amount(cell(name))
        if amount is None or not amount.readings:
            raise BadRowError(f"{name} is not an amount")
        if min(amount.readings) < 0:
            raise BadRowError(f"{name} is negative")
        if not any(amount.readings):
            raise BadRowError("pay is nothing")
        share, hours = _share_of_full_time(cell)
        meant: list[tuple[float, str]] = []
        periods = (amount.period,) if amount.period else _periods(cell)
        for times in periods:
            for reading in amount.readings:
                is_hourly = times == cells.HOURS_A_YEAR
                factor = hours * cells.WEEKS if is_hourly else times
                grossed = 1.0 if is_hourly or cell("pay_for") == FULL_TIME else share
                note = "" if grossed == 1.0 else f"made full-time from {100 * share:.0f} %"
                meant.append((reading * factor / grossed, note))
        return self._likeliest(meant, currency, tells_period=len(periods) == 1)

    def _likeliest(self, meant: Sequence[tuple[float, str]], currency: str, *, tells_period: bool) -> tuple[float, str]:
        least = self._least if currency == "USD" else self._least_abroad
        possible = [each for each in meant if least <= cells.roughly_usd(each[0], currency) <= self._most]
        if not possible:
            raise BadRowError(f"pay comes to {meant[0][0]:,.0f} {currency} a year, which no full-time pay is")
        if tells_period or len(possible) == 1:
            return possible[0]
        distances = sorted((_from_usual(pay, currency), pay, note) for pay, note in possible)
        if distances[1][0] - distances[0][0] < _CLEARLY_NEARER:
            raise BadRowError("nothing says whether pay is a year's or a payday's: map the period")
        return distances[0][1:]

    def level_of(self, word: str) -> str | None:
        """Our level for the company's word: as the mapping says, else as it is commonly meant."""
        return level_of_word(word, self._mapping.levels)

    def _usd(self, amount_local: float, currency: str, at: date) -> float:
        try:
            return round(self._rates.to_usd(amount_local, currency, at), 2)
        except UserError:
            raise BadRowError(f"no exchange rate for {currency}") from None


def _from_usual(pay_year: float, currency: str) -> float:
    return abs(math.log(cells.roughly_usd(pay_year, currency) / _USUAL_USD_YEAR))


def _refuse_who_is_not_compared(cell: Said) -> None:
    if {"CT", "IN"} & {cells.read_employment(cell(name)) for name in ("employment", "working_time")}:
        raise NotWantedError("not employed: a contractor, or in training")
    if cells.has_left(cell("status")):
        raise NotWantedError("has left")


def _pay_fields(mapping: ColumnMap, cell: Said) -> tuple[str, ...]:
    if cell("pay"):
        return ("pay",)
    if "pay" in mapping.columns:
        raise BadRowError("pay is empty")
    return ("pay_min", "pay_max")


def _sign_in_cell(cell: Said) -> str:
    amount = cells.read_amount(cell("pay") or cell("pay_min"))
    return amount.currency if amount else ""


def _one_currency(column: str, in_cell: str, countries: frozenset[str]) -> str:
    """The currency of the column and of the cell, which must agree; an open sign is the country's own."""
    if column and not cells.is_open(column):
        if in_cell and not cells.may_be(in_cell, column):
            raise BadRowError("the currency in the cell is not the one in its column")
        return column
    sign = in_cell or column
    if not cells.is_open(sign):
        if not sign:
            raise BadRowError("no currency is given")
        return sign
    own = {code for country in countries if cells.may_be(sign, code := cells.currency_of_country(country))}
    if len(own) == 1:
        return own.pop()
    if sign == "$" and not countries:
        return "USD"
    raise BadRowError(f"“{sign}” may be several currencies: map the currency")


def countries_named(words: str, *, is_country: bool = False) -> frozenset[str]:
    """All countries that a place in words may lie in; empty where it is not known. `CO` is a state or a country."""
    code = words.upper()
    if len(code) == 2:
        states = {country for country in ("US", "CA") if not is_country and is_place(f"{country}-{code}")}
        return frozenset(states | ({code} if is_place(code) else set()))
    sure = {country_of(place) for place in place_ids(words)}
    if not sure:
        sure = {country_of(place) for match in read_places(words) for place in match.candidates}
    return frozenset(country for country in sure if country)


def _periods(cell: Said) -> tuple[float, ...]:
    """How many of the figure's periods a year has; several where only the payday is known.

    Raises:
        BadRowError: a word that is no period.
    """
    word = cell("period") or ("" if cell("frequency") else "year")
    times = cells.read_period(word) if word else cells.SALARIED
    if isinstance(times, float):
        return (times,)
    if times is None:
        raise BadRowError("period is not a pay period")
    payday = cells.read_period(cell("frequency"))
    if not isinstance(payday, float):
        return (1.0,)
    return (payday,) if "pay" in word.casefold() else tuple(dict.fromkeys((payday, 1.0)))


def _share_of_full_time(cell: Said) -> tuple[float, float]:
    """The share of full time, and the weekly hours of full time.

    Raises:
        BadRowError: part-time work whose share nothing says.
    """
    full = cells.number(cell("full_time_hours")) or cells.FULL_TIME_HOURS
    share = cells.read_share(cell("fte"))
    if cell("fte") and share is None and cells.read_employment(cell("fte")) != "PT":
        raise BadRowError("fte is not a share of full time")
    hours = cells.number(cell("weekly_hours"))
    if share is None and hours:
        share = hours / full
    words = {cells.read_employment(cell(name)) for name in ("fte", "employment")}
    words.add(cells.read_working_time(cell("working_time")))
    if share is None and "PT" in words and cell("pay_for") != FULL_TIME:
        raise BadRowError("part-time, and nothing says how much of full time")
    return (1.0 if share is None or share >= _NEARLY_FULL else share), full
