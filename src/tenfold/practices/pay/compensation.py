"""Total compensation: cash and equity drawn together, shown apart, never one heroic number.

Base pay is what it is. Bonus is the target times payouts that the company really made. Private equity is worth nothing
certain: it is valued only under exit scenarios that the reader names with their probabilities; what they leave open
ends at nothing. Public shares follow a random walk without drift. Taxes are left out.

Per option at an exit: `max(0, (exit value - preferences) / shares then - strike)`, with `shares then` the fully diluted
count of today over the product of (1 - dilution) of the rounds until then.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.kit.errors import UserError
from tenfold.kit.facts import Fact, FactBook, load

Draws = NDArray[np.float64]

HORIZON_YEARS = 4
DRAWS = 20_000
_SEED = 4
INSTRUMENTS = ("iso", "nso", "rsu", "none")
ROUNDS = ("seed", "series-a", "series-b", "series-c", "series-d")


@dataclass(frozen=True, slots=True)
class Exit:
    """One way that it may end: value of the whole company in USD, when, after which rounds, above which preferences."""

    name: str
    probability: float
    value_usd: float
    years: float
    preference_usd: float = 0.0
    rounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """An equity grant.

    Private: `units` of `fully_diluted` shares, with `exits`. Public: `share_price_usd` and yearly `volatility` (0.4 is
    40 %). `strike_usd`, `fair_value_usd` (409A) and `preferred_price_usd` are per share.
    """

    instrument: str
    units: float
    strike_usd: float = 0.0
    fair_value_usd: float | None = None
    preferred_price_usd: float | None = None
    fully_diluted: float | None = None
    vesting_years: float = 4.0
    cliff_months: float = 12.0
    share_price_usd: float | None = None
    volatility: float | None = None
    exits: tuple[Exit, ...] = ()

    def vested(self, years: float) -> float:
        """The share vested after so many years: nothing before the cliff, then by the month."""
        if years * 12 < self.cliff_months - 1e-9:
            return 0.0
        return min(1.0, math.floor(years * 12 + 1e-9) / (self.vesting_years * 12))


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer in USD. `bonus_payouts`: payouts of past years as shares of target; empty where none is known."""

    name: str
    base_usd_year: float
    bonus_target_percent: float = 0.0
    bonus_payouts: tuple[float, ...] = ()
    sign_on_usd: float = 0.0
    benefits_usd_year: float = 0.0
    grant: Grant | None = None


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
    """Raises UserError where the offer contradicts itself (probabilities above one, an unknown instrument)."""
    check(offer)
    book = facts or load()
    rng = np.random.default_rng(seed)
    cash = _cash(offer, rng)
    equity, why_not = _equity(offer.grant, book, rng)
    both = cash + equity if equity is not None else None
    rounds = {name for end in (offer.grant.exits if offer.grant else ()) for name in end.rounds}
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
        notes=_notes(offer),
        sources=tuple(book[_dilution_key(name)] for name in ROUNDS if name in rounds),
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


def check(offer: Offer) -> None:
    """Raises UserError, naming the field, where the offer contradicts itself."""
    if offer.base_usd_year <= 0:
        raise UserError("The base pay must be above nothing.", remedy="base = 180000")
    if any(not 0 <= share <= 5 for share in offer.bonus_payouts):
        raise UserError("A bonus payout is a share of target: 0.9 is 90 %.", remedy="bonus_payouts = [0.8, 1.0]")
    grant = offer.grant
    if grant is None:
        return
    if grant.instrument not in INSTRUMENTS:
        raise UserError(f"“{grant.instrument}” is no instrument.", remedy=f"One of {', '.join(INSTRUMENTS)}.")
    if grant.units < 0 or grant.strike_usd < 0 or grant.vesting_years <= 0:
        raise UserError("Units and strike cannot be negative, and vesting takes time.")
    chance = sum(end.probability for end in grant.exits)
    if any(not 0 <= end.probability <= 1 for end in grant.exits) or chance > 1 + 1e-9:
        raise UserError(
            f"The exits' probabilities add up to {chance:.2f}.",
            remedy="Together they may reach 1; what is left over ends at nothing.",
        )
    unknown = [name for end in grant.exits for name in end.rounds if name not in ROUNDS]
    if unknown:
        raise UserError(f"“{unknown[0]}” is no round of finance.", remedy=f"One of {', '.join(ROUNDS)}.")


def kept_after(rounds: Sequence[str], facts: FactBook) -> float:
    """What is left of a share of the company after these rounds, by median dilution."""
    return math.prod(1 - facts.number(_dilution_key(name)) / 100 for name in rounds)


def payoff_usd(grant: Grant, end: Exit, facts: FactBook) -> float:
    """What the whole grant, vested, pays at this exit."""
    if not grant.fully_diluted:
        return 0.0
    shares_then = grant.fully_diluted / kept_after(end.rounds, facts)
    price = max(0.0, end.value_usd - end.preference_usd) / shares_then
    strike = grant.strike_usd if _is_option(grant) else 0.0
    return grant.units * max(0.0, price - strike)


def expected_payoff_usd(grant: Grant, facts: FactBook) -> float:
    """The closed form of the mean: exits weighted by probability, the rest at nothing."""
    return sum(end.probability * payoff_usd(grant, end, facts) for end in grant.exits)


def _dilution_key(name: str) -> str:
    return f"pay.dilution_{name.replace('-', '_')}"


def _is_option(grant: Grant | None) -> bool:
    return grant is not None and grant.instrument in ("iso", "nso")


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
    vesting = np.diff([grant.vested(year) for year in range(HORIZON_YEARS + 1)])
    if grant.share_price_usd is not None:
        return _public(grant, vesting, rng)
    if not grant.exits:
        return None, "Equity of a private company is valued only under exits that you name with their probabilities."
    if not grant.fully_diluted:
        return None, "Without the fully diluted share count a grant is no share of anything: ask for it."
    chances = [end.probability for end in grant.exits]
    payoffs = np.array([*(payoff_usd(grant, end, facts) for end in grant.exits), 0.0])
    drawn = rng.choice(len(payoffs), DRAWS, p=[*chances, max(0.0, 1 - sum(chances))])
    return payoffs[drawn][:, None] * vesting[None, :], ""


def _public(grant: Grant, vesting: Draws, rng: np.random.Generator) -> tuple[Draws | None, str]:
    """Shares at the price of the end of the year in which they vest: a random walk in log price without drift."""
    if grant.volatility is None:
        return None, "A public share needs its yearly volatility: without it there is no range."
    steps = rng.normal(-(grant.volatility**2) / 2, grant.volatility, (DRAWS, HORIZON_YEARS))
    price = (grant.share_price_usd or 0.0) * np.exp(np.cumsum(steps, axis=1))
    strike = grant.strike_usd if _is_option(grant) else 0.0
    value: Draws = grant.units * vesting[None, :] * np.maximum(0.0, price - strike)
    return value, ""


def _spread(values: Draws) -> Spread:
    p10, p50, p90 = (float(value) for value in np.quantile(values, (0.1, 0.5, 0.9)))
    return Spread(p10, p50, p90, float(values.mean()))


def _spread_at_409a(grant: Grant | None) -> float | None:
    if grant is None or not _is_option(grant) or grant.fair_value_usd is None:
        return None
    return grant.units * (grant.fair_value_usd - grant.strike_usd)


def _cost_to_exercise(grant: Grant | None) -> float | None:
    return grant.units * grant.strike_usd if grant is not None and _is_option(grant) else None


def _notes(offer: Offer) -> tuple[str, ...]:
    notes = ["Taxes are left out; nothing is discounted; the hire is assumed to stay four years."]
    if offer.bonus_target_percent and not offer.bonus_payouts:
        notes.append("No past payouts are given: the bonus is drawn evenly from nothing to its target.")
    grant = offer.grant
    if grant is not None and grant.preferred_price_usd is not None:
        face = grant.units * grant.preferred_price_usd
        notes.append(
            f"The price of the last preferred round would make it {face:,.0f}: preferred shares are not yours."
        )
    if grant is not None and grant.exits:
        left = 1 - sum(end.probability for end in grant.exits)
        notes.append(
            f"Your exits leave {100 * left:.0f} % for an end at nothing; their probabilities are yours, not data."
        )
    return tuple(notes)
