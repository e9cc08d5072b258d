"""Total compensation: cash and equity drawn together, shown apart, never one heroic number.

Base pay is what it is. Bonus is the target times payouts that the company really made. Private equity is worth nothing
certain: it is valued only under exit scenarios that the reader names with their probabilities; what they leave open
ends at nothing (`equity.py` has the formulas). Public shares follow a random walk without drift. Taxes are left out.

Simulations are stratified: the share of them in which a scenario happens is its probability, so that means agree with
the closed forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
import scipy
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from tenfold.kit.errors import InputProblems, Place, UserError
from tenfold.kit.facts import Fact, FactBook, load
from tenfold.practices.pay.equity import (
    HORIZON_YEARS,
    INSTRUMENTS,
    PREFERRED_SHARE,
    ROUNDS,
    AboveZero,
    Amount,
    Exit,
    Grant,
    Name,
    dilution_key,
    expected_payoff_usd,
    kept_after,
    payoff_per_unit,
    payoff_usd,
    preferred_today,
    vested_at,
)

__all__ = [
    "DRAWS",
    "HORIZON_YEARS",
    "INSTRUMENTS",
    "ROUNDS",
    "Comparison",
    "Exit",
    "Grant",
    "Offer",
    "Spread",
    "TotalCompensation",
    "check",
    "compare",
    "expected_payoff_usd",
    "kept_after",
    "payoff_usd",
    "read",
    "total",
]

Draws = NDArray[np.float64]

DRAWS = 20_000
_SEED = 4
_EXAMPLE = "See an example: tenfold pay compare --example"


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer in USD. `bonus_payouts`: payouts of past years as shares of target; empty where none is known."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    name: Name
    base_usd_year: AboveZero
    bonus_target_percent: Annotated[float, Field(strict=True, ge=0, le=1000, allow_inf_nan=False)] = 0.0
    bonus_payouts: tuple[Annotated[float, Field(strict=True, ge=0, le=5, allow_inf_nan=False)], ...] = ()
    sign_on_usd: Amount = 0.0
    benefits_usd_year: Amount = 0.0
    grant: Grant | None = None


_OFFER: TypeAdapter[Offer] = TypeAdapter(Offer)


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and p10 to p90 of simulated USD, and the mean, which few will see."""

    p10: float
    p50: float
    p90: float
    mean: float


@dataclass(frozen=True, slots=True)
class TotalCompensation:
    """Parts apart. `cash_by_year` holds base, bonus, benefits and, in year one, the sign-on.

    `equity_four_years` is None where equity is not valued; `why_not` then says why. `chance_of_nothing` is the chance
    that the equity ends at nothing.
    """

    offer: Offer
    base_four_years: float
    cash_by_year: tuple[Spread, ...]
    cash_four_years: Spread
    equity_four_years: Spread | None
    chance_of_nothing: float | None
    total_four_years: Spread | None
    total_by_year: tuple[Spread, ...]
    spread_at_409a_usd: float | None
    cost_to_exercise_usd: float | None
    why_not: str
    notes: tuple[str, ...]
    sources: tuple[Fact, ...]
    draws: int = DRAWS


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two offers side by side; `compared` says of what `chance_first_is_more` speaks."""

    first: TotalCompensation
    second: TotalCompensation
    compared: str
    chance_first_is_more: float


def total(offer: Offer, *, facts: FactBook | None = None, seed: int = _SEED) -> TotalCompensation:
    """Raises UserError where the offer cannot be meant (see `check`)."""
    check(offer)
    book = facts or load()
    rng = np.random.default_rng(seed)
    cash = _cash(offer, rng)
    equity, why_not = _equity(offer.grant, book, rng)
    both = cash + equity if equity is not None else None
    return TotalCompensation(
        offer=offer,
        base_four_years=offer.base_usd_year * HORIZON_YEARS,
        cash_by_year=tuple(_spread(cash[:, year]) for year in range(HORIZON_YEARS)),
        cash_four_years=_spread(cash.sum(axis=1)),
        equity_four_years=_spread(equity.sum(axis=1)) if equity is not None else None,
        chance_of_nothing=float((equity.sum(axis=1) <= 0).mean()) if equity is not None else None,
        total_four_years=_spread(both.sum(axis=1)) if both is not None else None,
        total_by_year=tuple(_spread(both[:, year]) for year in range(HORIZON_YEARS)) if both is not None else (),
        spread_at_409a_usd=_spread_at_409a(offer.grant),
        cost_to_exercise_usd=_cost_to_exercise(offer.grant),
        why_not=why_not,
        notes=tuple(_notes(offer, book)),
        sources=_sources(offer.grant, book),
    )


def compare(first: Offer, second: Offer, *, facts: FactBook | None = None) -> Comparison:
    """Both offers drawn independently; compared in total where both equities are valued, else in cash."""
    book = facts or load()
    one, other = total(first, facts=book, seed=_SEED), total(second, facts=book, seed=_SEED + 1)
    draws = []
    whole = one.total_four_years is not None and other.total_four_years is not None
    for offer, seed in ((first, _SEED), (second, _SEED + 1)):
        rng = np.random.default_rng(seed)
        drawn = _cash(offer, rng).sum(axis=1)
        equity, _ = _equity(offer.grant, book, rng)
        draws.append(drawn + equity.sum(axis=1) if whole and equity is not None else drawn)
    more = float((draws[0] > draws[1]).mean() + 0.5 * (draws[0] == draws[1]).mean())
    return Comparison(one, other, "total over four years" if whole else "cash over four years", more)


def read(document: Any) -> Offer:
    """An offer from plain values, as a TOML document holds them.

    Raises:
        UserError: a field is unknown, absent or cannot be meant; all of them at once, each by its name.
    """
    try:
        offer = _OFFER.validate_python(document)
    except ValidationError as errors:
        raise InputProblems([_problem(error) for error in errors.errors()]) from None
    problems = list(_contradictions(offer))
    if problems:
        raise InputProblems(problems)
    return offer


def check(offer: Offer) -> None:
    """Raises UserError, naming the field, where a figure is negative, not a number, or contradicts another."""
    read(asdict(offer))


def _problem(error: Any) -> UserError:
    """A finding of pydantic in our words, at the field's name."""
    field = ".".join(str(part) for part in error["loc"])
    name, kind, limits = field.rpartition(".")[2], error["type"], error.get("ctx", {})
    what = {
        "missing": f"“{name}” is missing.",
        "unexpected_keyword_argument": f"“{name}” is not known here.",
        "extra_forbidden": f"“{name}” is not known here.",
        "finite_number": f"“{name}” must be a finite number.",
        "float_type": f"“{name}” must be a number, not {error['input']!r}.",
        "bool_type": f"“{name}” must be true or false, not {error['input']!r}.",
        "string_type": f"“{name}” must be words, not {error['input']!r}.",
        "dataclass_type": f"“{name}” must be a table, not {error['input']!r}.",
        "tuple_type": f"“{name}” must be a list, not {error['input']!r}.",
        "greater_than_equal": f"“{name}” cannot be below {limits.get('ge')}; it is {error['input']!r}.",
        "greater_than": f"“{name}” must be above {limits.get('gt')}; it is {error['input']!r}.",
        "less_than_equal": f"“{name}” cannot be above {limits.get('le')}; it is {error['input']!r}.",
        "literal_error": f"“{error['input']}” is not known for {name}: one of {limits.get('expected')}.",
    }.get(kind, f"“{name}” cannot be used: {error['msg']}.")
    return UserError(what, remedy=_EXAMPLE, place=Place(field=field))


def _contradictions(offer: Offer) -> Iterator[UserError]:
    grant = offer.grant
    if grant is None:
        return
    diluted = grant.fully_diluted
    if diluted and grant.units > diluted:
        yield UserError(
            f"The grant's {grant.units:,.0f} units are more than the {diluted:,.0f} fully diluted shares.",
            remedy="fully_diluted counts all shares, options and pools of the company.",
            place=Place(field="grant.units"),
        )
    elif diluted and grant.preferred_shares and grant.preferred_shares > diluted - grant.units:
        yield UserError(
            f"{grant.preferred_shares:,.0f} preferred shares and the grant are more than the {diluted:,.0f} fully "
            "diluted shares.",
            remedy="preferred_shares are a part of fully_diluted.",
            place=Place(field="grant.preferred_shares"),
        )
    chance = sum(end.probability for end in grant.exits)
    if chance > 1 + 1e-9:
        yield UserError(
            f"The exits' probabilities add up to {chance:.2f}.",
            remedy="Together they may reach 1; what is left over ends at nothing.",
            place=Place(field="grant.exits.probability"),
        )
    for number, end in enumerate(grant.exits):
        cap = end.participation_cap
        if cap is not None and (not end.participating or cap < end.preference_multiple):
            yield UserError(
                "A cap belongs to a participating preference, and is at least its multiple.",
                remedy="participating = true, preference_multiple = 1, participation_cap = 3",
                place=Place(field=f"grant.exits.{number}.participation_cap"),
            )


def _sources(grant: Grant | None, facts: FactBook) -> tuple[Fact, ...]:
    """The facts that the figures rest on: dilution by round, and the assumed share of preferred shares."""
    exits = grant.exits if grant is not None else ()
    rounds = {name for end in exits for name in end.rounds}
    keys = [dilution_key(name) for name in ROUNDS if name in rounds]
    return tuple(facts[key] for key in (*keys, *([PREFERRED_SHARE] if _assumes_preferred(grant, facts) else ())))


def _assumes_preferred(grant: Grant | None, facts: FactBook) -> bool:
    if grant is None or not grant.fully_diluted:
        return False
    ends = [end for end in grant.exits if end.preference_usd]
    return any(preferred_today(grant, end, facts).source == "assumed" for end in ends)


def _cash(offer: Offer, rng: np.random.Generator) -> Draws:
    """Draws x years. Without a history of payouts the bonus is drawn evenly from nothing to target."""
    target = offer.base_usd_year * offer.bonus_target_percent / 100
    shape = (DRAWS, HORIZON_YEARS)
    paid = rng.choice(offer.bonus_payouts, shape) if offer.bonus_payouts else rng.uniform(0, 1, shape)
    cash: Draws = offer.base_usd_year + offer.benefits_usd_year + target * paid
    cash[:, 0] += offer.sign_on_usd
    return cash


def _equity(grant: Grant | None, facts: FactBook, rng: np.random.Generator) -> tuple[Draws | None, str]:
    """Draws x years of what vests in each year, or why it is not valued."""
    if grant is None or grant.instrument == "none" or not grant.units:
        return np.zeros((DRAWS, HORIZON_YEARS)), ""
    if grant.share_price_usd is not None:
        return _public(grant, rng)
    if not grant.exits:
        return None, "Equity of a private company is valued only under exits that you name with their probabilities."
    if not grant.fully_diluted:
        return None, "Without the fully diluted share count a grant is no share of anything: ask for it."
    paid = np.array([*(_by_year(grant, end, facts) for end in grant.exits), [0.0] * HORIZON_YEARS])
    reached = np.cumsum([end.probability for end in grant.exits])
    drawn = np.searchsorted(reached, _evenly(rng), side="right")
    values: Draws = paid[drawn]
    return values, ""


def _by_year(grant: Grant, end: Exit, facts: FactBook) -> list[float]:
    """What vests in each year, at what it pays at this exit."""
    vested = [vested_at(grant, end, year) for year in range(HORIZON_YEARS + 1)]
    whole = grant.units * payoff_per_unit(grant, end, facts)
    return [float(whole * share) for share in np.diff(vested)]


def _evenly(rng: np.random.Generator) -> Draws:
    """Probabilities spread evenly over 0 to 1, in random order: stratified draws."""
    evenly: Draws = (rng.permutation(DRAWS) + 0.5) / DRAWS
    return evenly


def _public(grant: Grant, rng: np.random.Generator) -> tuple[Draws | None, str]:
    """Shares at the price of the end of the year in which they vest: a random walk in log price without drift."""
    if grant.volatility is None:
        return None, "A public share needs its yearly volatility: without it there is no range."
    vesting = np.diff([grant.share_vested(year) for year in range(HORIZON_YEARS + 1)])
    normal = np.column_stack([scipy.special.ndtri(_evenly(rng)) for _ in range(HORIZON_YEARS)])
    steps = normal * grant.volatility - grant.volatility**2 / 2
    price = (grant.share_price_usd or 0.0) * np.exp(np.cumsum(steps, axis=1))
    strike = grant.strike_usd if grant.is_option else 0.0
    value: Draws = grant.units * vesting[None, :] * np.maximum(0.0, price - strike)
    return value, ""


def _spread(values: Draws) -> Spread:
    p10, p50, p90 = (float(value) for value in np.quantile(values, (0.1, 0.5, 0.9)))
    return Spread(p10, p50, p90, float(values.mean()))


def _spread_at_409a(grant: Grant | None) -> float | None:
    if grant is None or not grant.is_option or grant.fair_value_usd is None:
        return None
    return grant.units * (grant.fair_value_usd - grant.strike_usd)


def _cost_to_exercise(grant: Grant | None) -> float | None:
    return grant.units * grant.strike_usd if grant is not None and grant.is_option else None


def _notes(offer: Offer, facts: FactBook) -> Iterator[str]:
    yield "Taxes are left out; nothing is discounted; the hire is assumed to stay four years."
    if offer.bonus_target_percent and not offer.bonus_payouts:
        yield "No past payouts are given: the bonus is drawn evenly from nothing to its target."
    if offer.grant is not None:
        yield from _grant_notes(offer.grant, facts)


def _grant_notes(grant: Grant, facts: FactBook) -> Iterator[str]:
    if grant.preferred_price_usd is not None:
        face = grant.units * grant.preferred_price_usd
        yield f"The price of the last preferred round would make it {face:,.0f}: preferred shares are not yours."
    if not grant.exits or grant.share_price_usd is not None:
        return
    left = 1 - sum(end.probability for end in grant.exits)
    yield f"Your exits leave {100 * left:.0f} % for an end at nothing; their probabilities are yours, not data."
    early = [end for end in grant.exits if vested_at(grant, end, end.years) < grant.share_vested(HORIZON_YEARS)]
    for end in early:
        share = vested_at(grant, end, end.years)
        yield f"“{end.name}” comes after {end.years:g} years: {100 * share:.0f} % has vested, the rest is lost."
    if _assumes_preferred(grant, facts):
        percent = facts.number("pay.preferred_share")
        yield (
            f"The number of preferred shares is not given: {percent:g} % of all shares are counted as preferred, our "
            "assumption. Give their number or the last preferred price instead."
        )
