"""A company's own pay bands, each of one role, level, currency, place and first day.

    find_band(bands, BandQuestion("mlops", "senior", "EUR", spot("Berlin"), date(2026, 11, 1)), rates)

gives the band of the narrowest place that holds the one asked about, or why there is none. Amounts of two currencies
never meet: a band in another currency is answered only at an exchange rate that somebody stated, with its day.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenfold.catalogue.store import catalogue
from tenfold.kit.errors import Place, UserError
from tenfold.kit.words import join
from tenfold.law.places import full_name, is_place, read_places, subdivision_of
from tenfold.market.places import Metro, locate, places

ANYWHERE = ""
BASE = "USD"
NAMES_ABROAD = {
    "antwerpen": "antwerp",
    "bruxelles": "brussels",
    "brussel": "brussels",
    "bucuresti": "bucharest",
    "den haag": "the hague",
    "firenze": "florence",
    "geneve": "geneva",
    "genf": "geneva",
    "goteborg": "gothenburg",
    "goeteborg": "gothenburg",
    "hannover": "hanover",
    "kobenhavn": "copenhagen",
    "koln": "cologne",
    "koeln": "cologne",
    "krakow": "cracow",
    "lisboa": "lisbon",
    "milano": "milan",
    "moskva": "moscow",
    "munchen": "munich",
    "muenchen": "munich",
    "napoli": "naples",
    "nurnberg": "nuremberg",
    "nuernberg": "nuremberg",
    "praha": "prague",
    "roma": "rome",
    "sevilla": "seville",
    "torino": "turin",
    "warszawa": "warsaw",
    "wien": "vienna",
}
"""Towns that English names otherwise: one town, one code, whichever is typed."""
"""What stated rates are quoted against: units of a currency for one of these."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is, as codes from the country to the town: `("US", "US-CO", "19740")`, `("DE", "DE:berlin")`.

    `codes` is empty where no place is stated. `open_codes` are states of which one holds the place, and nobody said
    which: those of a metro that lies in several.
    """

    codes: tuple[str, ...] = ()
    open_codes: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """The narrowest."""
        return self.codes[-1] if self.codes else ANYWHERE


def spot(words: str | None) -> Spot:
    """The place in words; nothing is nowhere in particular.

    Raises:
        UserError: the place is not known, or may be several.
    """
    said = (words or "").strip()
    if not said:
        return Spot()
    found = locate(said)
    if found.candidates:
        raise UserError(f"“{said}” may mean {join(found.candidates, 'or')}.", place=Place(field="place"))
    if found.country is None:
        raise UserError(f"No place that we know is called “{said}”.", place=Place(field="place"))
    ids = [id_ for match in read_places(said) if not match.excluded for id_ in match.ids]
    state = subdivision_of(said.upper() if is_place(said.upper()) else ids[0]) if len(ids) == 1 else None
    town = f"{found.country}:{town_code(found.region)}" if found.region and not is_state_name(found.region) else None
    if found.metro is not None:
        return spot_of_metro(found.metro, state)
    return Spot(tuple(code for code in (found.country, state, town) if code))


def spot_of_metro(metro: Metro, state: str | None = None) -> Spot:
    """A US metro; its state where it lies in one, or where the words named it."""
    states = [f"US-{code}" for code in metro.name.rpartition(", ")[2].split("-")]
    known = state or (states[0] if len(states) == 1 else None)
    codes = ("US", known, metro.cbsa) if known else ("US", metro.cbsa)
    return Spot(codes, frozenset() if known else frozenset(states))


def spot_of_person(country: str, metro_cbsa: str | None) -> Spot:
    """Where somebody on a list of own pay works, by the codes of the list."""
    metro = places().metros.get(metro_cbsa or "")
    if country == "US" and metro is not None:
        return spot_of_metro(metro)
    return Spot((country,)) if country else Spot()


def town_code(name: str) -> str:
    """A town without accents, by its English name where it has another: “München” and “Munich” are one."""
    plain = " ".join(unicodedata.normalize("NFKD", name.replace("ø", "o")).encode("ascii", "ignore").decode().split())
    return NAMES_ABROAD.get(plain.casefold(), plain.casefold())


def is_state_name(region: str) -> bool:
    """Whether a region is a whole state, as `locate` writes it: “Colorado, United States”."""
    return ", " in region


def name_of_code(code: str) -> str:
    """A code of `Spot` in words."""
    if code == ANYWHERE:
        return "anywhere"
    if (metro := places().metros.get(code)) is not None:
        return metro.name
    country, _, town = code.partition(":")
    return f"{town.title()}, {full_name(country)}" if town else full_name(code)


@dataclass(frozen=True, slots=True)
class CompanyBand:
    """Base pay a year in `currency`, from `valid_from` until the day before `valid_until`; None is open.

    `place` is a code of `Spot`, `ANYWHERE` for all places that no narrower band covers.
    """

    role: str
    level: str
    low: float
    high: float
    currency: str
    place: str
    valid_from: date
    valid_until: date | None = None

    def is_valid(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class StatedRate:
    """What somebody stated: so many units of `currency` for one USD, on `day`."""

    currency: str
    per_usd: float
    day: date

    def __str__(self) -> str:
        return f"1 {BASE} = {self.per_usd:g} {self.currency}, {self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class BandQuestion:
    """What is compared with a band. An empty `currency` or `spot` is not stated."""

    role: str
    level: str
    currency: str
    spot: Spot
    day: date


class NoBandKind(StrEnum):
    """Why there is no band: three answers, never one."""

    NOT_COVERED = "not-covered"
    NOT_STATED = "not-stated"
    NOT_CONVERTED = "not-converted"


@dataclass(frozen=True, slots=True)
class NoBand:
    """Why nothing is compared, in words."""

    kind: NoBandKind
    says: str


@dataclass(frozen=True, slots=True)
class BandAnswer:
    """The band that applies. `low` and `high` are in the currency asked for, converted at `rates` if any."""

    band: CompanyBand
    low: float
    high: float
    currency: str
    rates: tuple[StatedRate, ...] = ()

    @property
    def where(self) -> str:
        return name_of_code(self.band.place)

    @property
    def how_converted(self) -> str:
        """The rates that were used, with their days; empty for a band in the currency asked for."""
        if not self.rates:
            return ""
        stated = "; ".join(str(rate) for rate in self.rates)
        return f"converted from {self.band.currency} at the stated rate {stated}"


def find_band(
    bands: Iterable[CompanyBand], asked: BandQuestion, rates: Mapping[str, StatedRate] | None = None
) -> BandAnswer | NoBand:
    """The band of the narrowest place around the one asked about, on that day, in that currency.

    Of several that are valid there, the one that began last. A narrower place in another currency goes before a wider
    one in the same: Berlin's band is Berlin's. Where only a country is stated, its own band answers; bands of its towns
    alone leave the place open.
    """
    of_job = [band for band in bands if (band.role, band.level) == (asked.role, asked.level)]
    latest_first = sorted(of_job, key=lambda band: (band.valid_from, band.low), reverse=True)
    valid = [band for band in latest_first if band.is_valid(asked.day)]
    if not valid:
        return NoBand(NoBandKind.NOT_COVERED, _none_on_day(asked, of_job))
    if not asked.currency:
        return NoBand(NoBandKind.NOT_STATED, "The currency is not stated, so no band is compared.")
    around = [band for band in valid if band.place in (ANYWHERE, *asked.spot.codes)]
    unsure = [band for band in valid if _may_hold(band, asked.spot)]
    if unsure and all(band.place != asked.spot.code for band in around):
        return NoBand(NoBandKind.NOT_STATED, _place_not_stated(asked, unsure))
    if not around:
        return NoBand(NoBandKind.NOT_COVERED, f"{_no_band(asked)}. There are bands for {_places_of(valid)}.")
    nearest = max(_depth(band.place) for band in around)
    return _in_currency([band for band in around if _depth(band.place) == nearest], asked, rates or {})


@dataclass(frozen=True, slots=True)
class OwnBands:
    """All bands of a company, of all days, and the exchange rates that it states."""

    bands: tuple[CompanyBand, ...]
    rates: tuple[StatedRate, ...] = ()

    def find(self, asked: BandQuestion) -> BandAnswer | NoBand:
        return find_band(self.bands, asked, {rate.currency: rate for rate in self.rates})


def _in_currency(
    held: Sequence[CompanyBand], asked: BandQuestion, rates: Mapping[str, StatedRate]
) -> BandAnswer | NoBand:
    for band in held:
        if band.currency == asked.currency:
            return BandAnswer(band, band.low, band.high, band.currency)
    for band in held:
        if (used := _rates_between(band.currency, asked.currency, rates)) is not None:
            times = _per_usd(asked.currency, rates) / _per_usd(band.currency, rates)
            return BandAnswer(band, band.low * times, band.high * times, asked.currency, used)
    others = join(sorted({band.currency for band in held}), "and")
    says = f"{_no_band(asked)}. The band there is in {others}, and no exchange rate to {asked.currency} is stated."
    return NoBand(NoBandKind.NOT_CONVERTED, says)


def _rates_between(one: str, other: str, rates: Mapping[str, StatedRate]) -> tuple[StatedRate, ...] | None:
    """The stated rates that lead from one currency to the other; None where one is missing."""
    needed = [currency for currency in (one, other) if currency != BASE]
    return tuple(rates[currency] for currency in needed) if all(each in rates for each in needed) else None


def _per_usd(currency: str, rates: Mapping[str, StatedRate]) -> float:
    return 1.0 if currency == BASE else rates[currency].per_usd


def _depth(code: str) -> int:
    """How narrow: anywhere, a country, a state, a metro or town."""
    if code == ANYWHERE:
        return 0
    return 3 if ":" in code or code.isdigit() else 2 if "-" in code else 1


def _may_hold(band: CompanyBand, here: Spot) -> bool:
    """Whether the band is of a place inside of the one stated, or of one of several states that may be meant."""
    if band.place in (ANYWHERE, *here.codes):
        return False
    return band.place in here.open_codes or here.code == ANYWHERE or here.code in _outer(band.place)


def _outer(code: str) -> set[str]:
    """The codes that a code lies in, where each is sure."""
    if (metro := places().metros.get(code)) is not None:
        held = spot_of_metro(metro)
        return {*held.codes, *held.open_codes} - {code}
    return {code.partition(":")[0].partition("-")[0]} - {code}


def _no_band(asked: BandQuestion) -> str:
    where = f" for {name_of_code(asked.spot.code)}" if asked.spot.code != ANYWHERE else ""
    return f"No band in {asked.currency}{where} for {job_name(asked.role, asked.level)}"


def _none_on_day(asked: BandQuestion, of_job: Sequence[CompanyBand]) -> str:
    name = job_name(asked.role, asked.level)
    later = [band.valid_from for band in of_job if band.valid_from > asked.day]
    if later:
        return f"No band for {name} is valid on {asked.day}; the first begins on {min(later)}."
    return f"The company has no band for {name}{f' on {asked.day}' if of_job else ''}."


def _place_not_stated(asked: BandQuestion, unsure: Sequence[CompanyBand]) -> str:
    stated = f"only “{name_of_code(asked.spot.code)}” is stated" if asked.spot.codes else "no place is stated"
    return (
        f"The bands for {job_name(asked.role, asked.level)} are for {_places_of(unsure)}, and {stated}: not compared."
    )


def _places_of(bands: Iterable[CompanyBand]) -> str:
    return join(sorted({f"{name_of_code(band.place)} ({band.currency})" for band in bands}), "and")


def job_name(role: str, level: str) -> str:
    """Senior MLOps engineer, in small letters where the catalogue has them so."""
    names = catalogue()
    told = names.roles[role].name if role in names.roles else role
    return f"{names.levels[level].name.lower() if level in names.levels else level} {told}"
