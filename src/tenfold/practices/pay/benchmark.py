"""The plan's offer on the market's distribution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tenfold.checking.case import Case
from tenfold.checking.job_places import job_places
from tenfold.kit.facts import Fact
from tenfold.kit.words import money_range, thousands
from tenfold.law.places import country_of, running_name
from tenfold.market.benchmark import NotSupported, PayEstimate, PayQuestion, estimate
from tenfold.market.places import locate
from tenfold.plan.document import Pay

PRICED_IN = "USD"
"""The currency of the market's data; other offers are not placed."""
LEVELS_APART = 2
HOURS_A_YEAR, DAYS_A_YEAR, MONTHS_A_YEAR = 2_080, 260, 12
_PERIODS_A_YEAR = {"YEAR": 1, "MONTH": MONTHS_A_YEAR, "DAY": DAYS_A_YEAR, "HOUR": HOURS_A_YEAR}


@dataclass(frozen=True, slots=True)
class Benchmark:
    """An offer against the market: amounts in USD a year, the percentile from 0 to 100 with its 95 % interval."""

    midpoint: float
    percentile: float
    percentile_interval: tuple[float, float]
    market: PayEstimate
    who: str

    @property
    def median(self) -> str:
        """`median 180k (165–193k)`, the interval at 95 %."""
        low, high = self.market.median_interval
        return f"median {thousands(self.market.p50)} ({money_range(low, high)})"

    @property
    def basis(self) -> str:
        return basis_of(self.market)

    @property
    def sources(self) -> tuple[Fact, ...]:
        return self.market.sources

    def amount_at(self, percentile: float) -> float:
        """The amount at a percentile, rounded up to a thousand."""
        return -(-self.market.quantile(percentile / 100) // 1_000) * 1_000


def benchmark(case: Case, *, at_scope: bool = False) -> Benchmark | None:
    """The offer placed; `at_scope` moves the market by the declared share of infrastructure.

    None where there is no offer, or the market's data cannot speak to it (`market_says` tells why).
    """
    market = market_says(case, at_scope=at_scope)
    offered = yearly_range(case.plan.pay, market.currency) if isinstance(market, PayEstimate) else None
    if offered is None or not isinstance(market, PayEstimate):
        return None
    midpoint = sum(offered) / 2
    low, high = market.percentile_interval(midpoint)
    return Benchmark(
        midpoint=midpoint,
        percentile=100 * market.percentile_of(midpoint),
        percentile_interval=(100 * low, 100 * high),
        market=market,
        who=market_name(case, market),
    )


def two_levels_up(case: Case) -> PayEstimate | None:
    """The market two levels above the plan's; None where there is no such level or the data cannot speak to it."""
    levels = list(case.spine.levels)
    if case.plan.role.level is None or case.spine.levels[case.plan.role.level].rank + LEVELS_APART >= len(levels):
        return None
    above = levels[case.spine.levels[case.plan.role.level].rank + LEVELS_APART]
    market = market_says(case, level=above)
    return market if isinstance(market, PayEstimate) else None


def market_says(case: Case, *, level: str | None = None, at_scope: bool = False) -> PayEstimate | NotSupported | None:
    """The market for the plan's role, level (or another) and place; None where the plan does not say role and level."""
    question = market_question(case, level=level, at_scope=at_scope)
    return _estimate(question) if question else None


def market_question(case: Case, *, level: str | None = None, at_scope: bool = False) -> PayQuestion | None:
    """What every place that shows a plan's market asks, so that all of them show the same one.

    None where the plan does not say role and level.
    """
    role, years = case.plan.role.family, case.plan.requirements.years_min
    level = level or case.plan.role.level
    if role is None or (level is None and years is None):
        return None
    workplace, country = case.plan.role.workplace, _country(case)
    return PayQuestion(
        role=role,
        level=level,
        years=None if level else years,
        country=country,
        metro_cbsa=_metro(case) if country == "US" else None,
        workplace=workplace.value if workplace else None,
        as_of=case.as_of,
        infra_share=case.plan.role.scope if at_scope else None,
    )


def yearly_range(offer: Pay, currency: str = PRICED_IN) -> tuple[float, float] | None:
    """The offer a year; None where it is in another currency than asked for or has no two ends."""
    if offer.min is None or offer.max is None or offer.currency != currency:
        return None
    times = _PERIODS_A_YEAR[offer.period]
    return offer.min * times, offer.max * times


def basis_of(market: PayEstimate) -> str:
    """Where the figures come from, with n and dates."""
    pooled = f"effective sample {market.n_effective:.0f} after pooling with similar roles"
    return f"n = {market.count_in_words}, {pooled}, {market.first_date:%B %Y} to {market.last_date:%B %Y}"


def market_name(case: Case, market: PayEstimate) -> str:
    metro = f" in {market.metro.metro.name}" if market.metro else f" in {_country_name(market)}"
    return f"{market.level} {case.spine.roles[market.role].name}s{metro}"


def market_currency(case: Case) -> str:
    """What the market's data of the plan's place are in; USD where they cannot speak to it."""
    market = market_says(case)
    return market.currency if isinstance(market, PayEstimate) else PRICED_IN


def _country_name(market: PayEstimate) -> str:
    return "the US" if market.country == "US" else running_name(market.country)


@lru_cache(maxsize=256)
def _estimate(question: PayQuestion) -> PayEstimate | NotSupported:
    return estimate(question)


def _country(case: Case) -> str:
    countries = {country_of(place) for place in job_places(case)} - {None}
    return "US" if not countries or "US" in countries else str(next(iter(sorted(map(str, countries)))))


def _metro(case: Case) -> str | None:
    """The metro of the main office, unless the work is done from anywhere."""
    place, workplace = case.plan.company.place, case.plan.role.workplace
    if not place or (workplace and workplace.value == "remote"):
        return None
    found = locate(place).metro
    return found.cbsa if found else None
