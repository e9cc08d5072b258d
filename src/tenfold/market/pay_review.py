"""Pay of people already hired against the market: bands, compa-ratios, who has fallen behind and what a fix costs.

Groups of fewer than five people are never shown (see `suppression`); single people only to whom the list belongs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tenfold.market.benchmark import UNKNOWN_COUNTRY, NotSupported, PayEstimate, PayQuestion, estimate
from tenfold.market.model import PayModel
from tenfold.market.suppression import is_shown, least_for_median
from tenfold.stats.disclosure import block_means

DEFAULT_SPREAD_PERCENT = 40.0
TARGETS = (25, 50, 75)
"""Percentiles to bring people to. Few, so that no single pay can be worked out from many answers."""
ROUND_COST_TO_USD = 1_000


@dataclass(frozen=True, slots=True)
class Band:
    """A pay band a year in the market's currency: `max` over `min` is one plus the spread.

    `overlap` with the band below, 0 to 1.
    """

    role: str
    level: str
    minimum: float
    midpoint: float
    maximum: float
    overlap_below: float | None
    market: PayEstimate


@dataclass(frozen=True, slots=True)
class Person:
    """One person's full-time base pay a year. `reference` is the caller's own (a row number), never a name.

    `pay_usd_year` is for sums; what is compared is `pay_year` in `currency`, against the market of `country` ("" where
    nothing says it).
    """

    reference: str
    role: str
    level: str
    pay_usd_year: float
    metro_cbsa: str | None = None
    workplace: str | None = None
    country: str = "US"
    currency: str = "USD"
    pay_local_year: float | None = None

    @property
    def pay_year(self) -> float:
        """In `currency`."""
        return self.pay_usd_year if self.pay_local_year is None else self.pay_local_year

    @property
    def usd_per_unit(self) -> float:
        return self.pay_usd_year / self.pay_year


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands. `compa_ratio` is pay over the market's median, its interval from the median's.

    Both are in the person's currency; only `short_usd_year` is not.
    """

    person: Person
    compa_ratio: float
    compa_interval: tuple[float, float]
    percentile: float
    market: PayEstimate
    short_usd_year: float

    @property
    def is_behind(self) -> bool:
        return self.short_usd_year > 0

    @property
    def is_surely_behind(self) -> bool:
        """Behind even if the market's median lies at the low end of its interval."""
        return self.is_behind and self.compa_interval[1] < 1


@dataclass(frozen=True, slots=True)
class Group:
    """One role and level of the company: shown from five people on."""

    role: str
    level: str
    n: int
    median_compa_ratio: float
    behind: int
    cost_usd_year: float


@dataclass(frozen=True, slots=True)
class Review:
    """A company against the market. `groups` and costs are safe to show; `standings` belong to who owns the list.

    What is safe comes from `as_told`: the same people, each with the pay of a block of five (`stats.disclosure`).
    `cost_interval` is what the fix costs if the market's medians lie at the low or the high end of their intervals.
    `withheld` counts the people in groups too small to show; `unanswered` those whose job the data cannot price.
    """

    standings: tuple[Standing, ...]
    as_told: tuple[Standing, ...]
    groups: tuple[Group, ...]
    withheld: int
    unanswered: tuple[tuple[Person, str], ...]
    cost_usd_year: float
    cost_interval: tuple[float, float]
    target_percentile: float

    @property
    def is_shown(self) -> bool:
        """Whether the figures of all people together may be shown: from five people on."""
        return len(self.standings) >= least_for_median()

    @property
    def reasons_shown(self) -> list[tuple[str, int]]:
        """Why people were not priced, commonest first; reasons that fewer than five share are counted as others."""
        counted = Counter(reason for _, reason in self.unanswered)
        kept = [(reason, n) for reason, n in counted.most_common() if n >= least_for_median()]
        few = sum(counted.values()) - sum(n for _, n in kept)
        return [*kept, *([("Other reasons, each of fewer than five people.", few)] if few else [])]


def bands(
    role: str,
    *,
    spread_percent: float = DEFAULT_SPREAD_PERCENT,
    question: PayQuestion | None = None,
    model: PayModel | None = None,
) -> tuple[Band, ...]:
    """A band for each level that the data can price, its midpoint at the market's median."""
    made: list[Band] = []
    for level in ("junior", "mid", "senior", "staff", "principal"):
        asked = replace(question or PayQuestion(role), role=role, level=level, years=None)
        market = estimate(asked, model=model)
        if isinstance(market, PayEstimate):
            low = round(market.p50 / (1 + spread_percent / 200), -2)
            high = round(low * (1 + spread_percent / 100), -2)
            made.append(Band(role, level, low, market.p50, high, _overlap(made, low), market))
    return tuple(made)


def _overlap(below: Sequence[Band], minimum: float) -> float | None:
    if not below:
        return None
    last = below[-1]
    return max(0.0, min(1.0, (last.maximum - minimum) / (last.maximum - last.minimum)))


def compa_ratio(pay_year: float, market: PayEstimate) -> tuple[float, tuple[float, float]]:
    """Pay over the market's median, and the 95 % interval that the median's own leaves."""
    low, high = market.median_interval
    return pay_year / market.p50, (pay_year / high, pay_year / low)


def standing(person: Person, market: PayEstimate, *, target_percentile: float = 50.0) -> Standing:
    """One person against one estimate; short of the target percentile by `short_usd_year`."""
    ratio, interval = compa_ratio(person.pay_year, market)
    return Standing(
        person=person,
        compa_ratio=ratio,
        compa_interval=interval,
        percentile=market.percentile_of(person.pay_year),
        market=market,
        short_usd_year=max(0.0, market.quantile(target_percentile / 100) - person.pay_year) * person.usd_per_unit,
    )


def review(
    people: Sequence[Person],
    *,
    target_percentile: float = 50.0,
    model: PayModel | None = None,
    as_of: date | None = None,
) -> Review:
    """Everybody against their own country's market, in its currency. What lies below the target is what a fix costs.

    The market is aged to `as_of`, as everywhere else; None takes it as the last ads left it.
    """
    found: list[Standing] = []
    unanswered: list[tuple[Person, str]] = []
    answers: dict[PayQuestion, PayEstimate | NotSupported] = {}
    for person in people:
        question = _question(person, as_of)
        market = answers.get(question) or answers.setdefault(question, estimate(question, model=model))
        reason = market.reason if isinstance(market, NotSupported) else _why_not_compared(person, market)
        if isinstance(market, NotSupported) or reason:
            unanswered.append((person, reason))
        else:
            found.append(standing(person, market, target_percentile=target_percentile))
    told = _as_told(found, target_percentile)
    groups = _groups(told)
    return Review(
        standings=tuple(found),
        as_told=tuple(told),
        groups=groups,
        withheld=len(found) - sum(group.n for group in groups),
        unanswered=tuple(unanswered),
        cost_usd_year=sum(each.short_usd_year for each in told),
        cost_interval=(_cost_if(told, 0, target_percentile), _cost_if(told, 1, target_percentile)),
        target_percentile=target_percentile,
    )


def _question(person: Person, as_of: date | None) -> PayQuestion:
    return PayQuestion(
        person.role,
        person.level,
        country=person.country or UNKNOWN_COUNTRY,
        metro_cbsa=person.metro_cbsa if person.country == "US" else None,
        workplace=person.workplace,
        as_of=as_of,
    )


def _why_not_compared(person: Person, market: PayEstimate) -> str:
    """No exchange rate turns one market into another: pay is compared in its market's currency, or not at all."""
    if person.currency == market.currency:
        return ""
    return f"Paid in {person.currency}, and the market's data there are in {market.currency}."


def _as_told(found: Sequence[Standing], target_percentile: float) -> list[Standing]:
    """Everybody with the pay of their block (`stats.disclosure`), within their group; small groups' people together."""
    cells = _cells(found)
    may_be_shown = _may_be_shown(cells)
    pools: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for cell, members in sorted(cells.items()):
        pools[cell if cell in may_be_shown else ("", "")] += members
    told: list[Standing] = []
    for members in pools.values():
        pays = block_means([each.person.pay_usd_year for each in members])
        told += [_paid(each, pay, target_percentile) for each, pay in zip(members, pays, strict=True)]
    return told


def _paid(one: Standing, pay_usd_year: float, target_percentile: float) -> Standing:
    local = pay_usd_year / one.person.usd_per_unit
    person = replace(one.person, pay_usd_year=pay_usd_year, pay_local_year=local)
    return standing(person, one.market, target_percentile=target_percentile)


def _cells(found: Sequence[Standing]) -> dict[tuple[str, str], list[Standing]]:
    by_cell: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for each in found:
        by_cell[each.person.role, each.person.level].append(each)
    return by_cell


def _may_be_shown(cells: dict[tuple[str, str], list[Standing]]) -> set[tuple[str, str]]:
    return is_shown({cell: len(members) for cell, members in cells.items()})


def _groups(told: Sequence[Standing]) -> tuple[Group, ...]:
    by_cell = _cells(told)
    may_be_shown = _may_be_shown(by_cell)
    return tuple(
        Group(
            role=role,
            level=level,
            n=len(members),
            median_compa_ratio=_median([each.compa_ratio for each in members]),
            behind=sum(each.is_behind for each in members),
            cost_usd_year=sum(each.short_usd_year for each in members),
        )
        for (role, level), members in sorted(by_cell.items())
        if (role, level) in may_be_shown
    )


def _cost_if(found: Sequence[Standing], end: int, target_percentile: float) -> float:
    total = 0.0
    for each in found:
        shift = each.market.median_interval[end] / each.market.p50
        short = each.market.quantile(target_percentile / 100) * shift - each.person.pay_year
        total += max(0.0, short) * each.person.usd_per_unit
    return total


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
