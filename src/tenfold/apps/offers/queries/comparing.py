"""How an offer lies to the plan's range, the company's band and the market: with source, day, n and interval each time.

What cannot be compared says why, and is never counted as inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from tenfold.apps.candidates.models import OpenRole
from tenfold.apps.offers.queries.terms import Terms
from tenfold.apps.pay.queries import company_bands
from tenfold.catalogue.store import catalogue
from tenfold.checking.case import Case
from tenfold.kit.errors import UserError
from tenfold.kit.words import money_range, thousands
from tenfold.market.benchmark import PayEstimate, estimate
from tenfold.market.company_bands import BandQuestion, NoBand, job_name, spot
from tenfold.plan.document import HiringPlan
from tenfold.plan.yaml_io import load_plan
from tenfold.practices.pay.benchmark import basis_of, yearly_range
from tenfold.practices.pay.questions import build_question
from tenfold.practices.timing.check import weigh_timing

LOWEST, HIGHEST = 0.10, 0.90
"""Beyond these percentiles of comparable postings an offer is outside the market, where the data can tell: our rule."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One yardstick. `is_outside` is None where nothing could be compared; `says` tells why, or how it lies."""

    of: str
    says: str
    is_outside: bool | None
    source: str = ""
    day: str = ""
    n: int | None = None
    low: float | None = None
    high: float | None = None
    interval: tuple[float, float] | None = None

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "interval": list(self.interval) if self.interval else None}


@dataclass(frozen=True, slots=True)
class RolePlan:
    """The approved version of a role's plan; `number` and `saved` name it as a source."""

    plan: HiringPlan
    number: int
    saved: date


def role_plan(role: OpenRole) -> RolePlan | None:
    """None where the plan is gone, or none of its versions is approved."""
    stored = role.plan
    if stored is None or stored.approved_number is None:
        return None
    version = stored.versions.get(number=stored.approved_number)
    return RolePlan(load_plan(version.text).plan, version.number, localdate(version.saved_at))


def is_rescue(plan: HiringPlan, today: date) -> bool:
    """Whether the timing practice calls this a rescue mission: then candidates are told what they inherit."""
    return weigh_timing(Case(plan, None, today)).crisis


def compare_terms(terms: Terms, role: OpenRole, *, now: datetime) -> tuple[Comparison, ...]:
    """Plan, level, band, market, in this order."""
    found, today = role_plan(role), localdate(now)
    family = found.plan.role.family if found else None
    return (
        *_with_plan(terms, found),
        _with_band(terms, role, family, today),
        _with_market(terms, found, today),
    )


def compare_typed(typed: Mapping[str, Any], role: OpenRole, *, now: datetime) -> tuple[Comparison, ...]:
    """How what is typed so far compares: `base`, `currency`, `level`, `place`, `workplace`; empty without base pay."""
    base, level = typed.get("base"), typed.get("level")
    if not base or not level or not typed.get("currency"):
        return ()
    terms = Terms(
        title="",
        level=level,
        base_year=base,
        currency=typed["currency"],
        place=typed.get("place", ""),
        workplace=typed.get("workplace", ""),
        start_date=localdate(now),
        manager="",
    )
    return compare_terms(terms, role, now=now)


def is_outside(comparisons: tuple[Comparison, ...]) -> bool:
    return any(one.is_outside for one in comparisons)


def read_comparisons(kept: list[Mapping[str, Any]]) -> list[Comparison]:
    """What `to_dict` gave, read back."""
    return [Comparison(**{**one, "interval": one["interval"] and tuple(one["interval"])}) for one in kept]


def _with_plan(terms: Terms, found: RolePlan | None) -> Iterator[Comparison]:
    if found is None:
        yield Comparison("plan", "The plan of this role is gone: there is no range to compare with.", None)
        return
    source, day = f"the plan, version {found.number}", found.saved.isoformat()
    yield _range_of_plan(terms, found.plan, source, day)
    level = found.plan.role.level
    if level and level != terms.level:
        says = f"The plan hires at {_level(level)} level; this offer is at {_level(terms.level)} level."
        yield Comparison("level", says, True, source, day)


def _range_of_plan(terms: Terms, plan: HiringPlan, source: str, day: str) -> Comparison:
    pay = plan.pay
    if pay.min is None or pay.max is None:
        return Comparison("plan", "The plan states no pay range.", None, source, day)
    ends = yearly_range(pay, terms.currency)
    if ends is None:
        says = f"The plan’s range is in {pay.currency}, this offer in {terms.currency}: not compared."
        return Comparison("plan", says, None, source, day)
    return _against(terms, ends, of="plan", what="the plan’s range", source=source, day=day)


def _with_band(terms: Terms, role: OpenRole, family: str | None, today: date) -> Comparison:
    if family is None:
        return Comparison("band", "The plan names no kind of role, so there is no band to look up.", None)
    try:
        where = spot(terms.place)
    except UserError as refusal:
        return Comparison("band", f"No band can be looked up: {refusal.what}", None)
    asked = BandQuestion(family, terms.level, terms.currency, where, today)
    found = company_bands(role.organisation_id).find(asked)
    if isinstance(found, NoBand):
        return Comparison("band", found.says, None)
    source = f"your band for {job_name(family, terms.level)}, {found.where}, {found.band.currency}"
    what = f"the company’s band{f' ({found.how_converted})' if found.rates else ''}"
    day = found.band.valid_from.isoformat()
    return _against(terms, (found.low, found.high), of="band", what=what, source=source, day=day)


def _against(terms: Terms, ends: tuple[float, float], *, of: str, what: str, source: str, day: str) -> Comparison:
    low, high = ends
    side = "below" if terms.base_year < low else "above" if terms.base_year > high else "within"
    by = max(low - terms.base_year, terms.base_year - high, 0)
    far = f" by {by:,.0f}" if side != "within" else ""
    says = f"{terms.base_year:,.0f} is {side} {what} of {money_range(low, high)} {terms.currency}{far}."
    return Comparison(of, says, side != "within", source, day, low=low, high=high)


def _with_market(terms: Terms, found: RolePlan | None, today: date) -> Comparison:
    family = found.plan.role.family if found else None
    if found is None or family is None:
        return Comparison("market", "The plan names no kind of role, so no market can be asked.", None)
    try:
        question = build_question(
            role=family,
            level=terms.level,
            years=None,
            place=terms.place or None,
            workplace=terms.workplace or None,
            scope=None,
            stage=None,
            as_of=today,
        )
    except UserError as refusal:
        return Comparison("market", f"The market cannot be asked for this place: {refusal.what}", None)
    market = estimate(question)
    if not isinstance(market, PayEstimate):
        return Comparison("market", market.reason, None)
    if market.currency != terms.currency:
        says = f"The market’s figures are in {market.currency}, this offer in {terms.currency}: not compared."
        return Comparison("market", says, None, basis_of(market), market.last_date.isoformat())
    return _on_market(terms, market)


def _on_market(terms: Terms, market: PayEstimate) -> Comparison:
    at = market.percentile_of(terms.base_year)
    low, high = market.percentile_interval(terms.base_year)
    middle = f"median {thousands(market.p50)} ({money_range(*market.median_interval)} {market.currency}, 95 %)"
    is_beyond = high < LOWEST or low > HIGHEST
    verdict = (
        "outside what such postings usually offer"
        if is_beyond
        else "near the edge, and the data cannot tell whether it is outside"
        if not LOWEST <= at <= HIGHEST
        else "within what such postings usually offer"
    )
    says = (
        f"{terms.base_year:,.0f} is at the {_ordinal(at)} percentile of comparable postings "
        f"({_span(low, high)} at 95 %), {verdict}; {middle}."
    )
    day = market.last_date.isoformat()
    return Comparison(
        "market", says, is_beyond, basis_of(market), day, market.n_raw, market.p10, market.p90, market.median_interval
    )


def _span(low: float, high: float) -> str:
    least, most = (f"{100 * share:.0f}" for share in (low, high))
    return least if least == most else f"{least}–{most}"


def _ordinal(share: float) -> str:
    n = round(100 * share)
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _level(level: str) -> str:
    return catalogue().levels[level].name.lower()
