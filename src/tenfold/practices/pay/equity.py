"""What an equity grant pays at an exit: who is paid before common shares, and what is left for each of them.

Preferred shares are one class. By default they hold a 1x non-participating preference: they take their preference or
convert into common, whichever is more. Multiples, participation and a cap on it are options of each exit. What is left
is divided among the common shares:

    claim     = preference_multiple x preference
    preferred = max(min(claim, value), value x share)                          non-participating
    preferred = min(claim, value) + max(0, value - claim) x share              participating
    preferred = max(value x share, min(participating, cap x preference))       participating up to a cap
    common    = (value - preferred) / common shares

with `share` the preferred shares' part of all shares then. The exercise money of options is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from tenfold.kit.facts import FactBook

HORIZON_YEARS = 4
Instrument = Literal["iso", "nso", "rsu", "none"]
Round = Literal["seed", "series-a", "series-b", "series-c", "series-d"]
INSTRUMENTS: tuple[Instrument, ...] = ("iso", "nso", "rsu", "none")
ROUNDS: tuple[Round, ...] = ("seed", "series-a", "series-b", "series-c", "series-d")
PREFERRED_SHARE = "pay.preferred_share"
_MOST = 1e15

Name = Annotated[str, Field(strict=True, min_length=1, max_length=200)]
Amount = Annotated[float, Field(strict=True, ge=0, le=_MOST, allow_inf_nan=False)]
AboveZero = Annotated[float, Field(strict=True, gt=0, le=_MOST, allow_inf_nan=False)]
Probability = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
Years = Annotated[float, Field(strict=True, ge=0, le=100, allow_inf_nan=False)]
VestingYears = Annotated[float, Field(strict=True, gt=0, le=100, allow_inf_nan=False)]
Months = Annotated[float, Field(strict=True, ge=0, le=1200, allow_inf_nan=False)]
Volatility = Annotated[float, Field(strict=True, ge=0, le=5, allow_inf_nan=False)]
Multiple = Annotated[float, Field(strict=True, ge=0, le=100, allow_inf_nan=False)]
YesOrNo = Annotated[bool, Field(strict=True)]


@dataclass(frozen=True, slots=True)
class Exit:
    """One way that it may end: the whole company's value in USD, `years` from the start, after which rounds of finance.

    `preference_usd` is what preferred shares were bought for. `preference_multiple` times that is paid before common
    shares; `participating` shares in the rest as well, up to `participation_cap` times the preference in all.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    name: Name
    probability: Probability
    value_usd: Amount
    years: Years
    preference_usd: Amount = 0.0
    rounds: tuple[Round, ...] = ()
    preference_multiple: Multiple = 1.0
    participating: YesOrNo = False
    participation_cap: Multiple | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """An equity grant.

    Private: `units` of `fully_diluted` shares, with `exits`. Public: `share_price_usd` and yearly `volatility` (0.4 is
    40 %). `strike_usd`, `fair_value_usd` (409A) and `preferred_price_usd` are per share. `preferred_shares` are part
    of `fully_diluted` today; where they are not given, `preferred_today` says what stands for them.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    instrument: Instrument
    units: Amount
    strike_usd: Amount = 0.0
    fair_value_usd: Amount | None = None
    preferred_price_usd: AboveZero | None = None
    fully_diluted: AboveZero | None = None
    vesting_years: VestingYears = 4.0
    cliff_months: Months = 12.0
    share_price_usd: Amount | None = None
    volatility: Volatility | None = None
    exits: tuple[Exit, ...] = ()
    preferred_shares: Amount | None = None

    @property
    def is_option(self) -> bool:
        return self.instrument in ("iso", "nso")

    def share_vested(self, years: float) -> float:
        """The share vested after so many years: nothing before the cliff, then by the month."""
        if years * 12 < self.cliff_months - 1e-9:
            return 0.0
        return min(1.0, math.floor(years * 12 + 1e-9) / (self.vesting_years * 12))


@dataclass(frozen=True, slots=True)
class Preferred:
    """Preferred shares today, and where their number comes from: `stated`, `price` or `assumed`."""

    shares: float
    source: Literal["stated", "price", "assumed"]


def kept_after(rounds: Sequence[str], facts: FactBook) -> float:
    """What is left of a share of the company after these rounds, by median dilution."""
    return math.prod(1 - facts.number(dilution_key(name)) / 100 for name in rounds)


def dilution_key(name: str) -> str:
    return f"pay.dilution_{name.replace('-', '_')}"


def preferred_today(grant: Grant, end: Exit, facts: FactBook) -> Preferred:
    """How many preferred shares there are today.

    As stated; else, where no round comes between, the preference over the last preferred price; else the house rule
    `pay.preferred_share`. A price that would make more preferred shares than there is room for says nothing.
    """
    diluted = grant.fully_diluted or 0.0
    if grant.preferred_shares is not None:
        return Preferred(grant.preferred_shares, "stated")
    if grant.preferred_price_usd and not end.rounds:
        shares = end.preference_usd / grant.preferred_price_usd
        if shares <= diluted - grant.units:
            return Preferred(shares, "price")
    room = max(0.0, diluted - grant.units)
    return Preferred(min(room, diluted * facts.number("pay.preferred_share") / 100), "assumed")


def common_price(grant: Grant, end: Exit, facts: FactBook) -> float:
    """What one common share gets at this exit, USD. Later rounds issue preferred shares."""
    diluted = grant.fully_diluted
    if not diluted:
        return 0.0
    all_then = diluted / kept_after(end.rounds, facts)
    preferred = preferred_today(grant, end, facts).shares if end.preference_usd else 0.0
    if end.preference_usd:
        preferred += all_then - diluted
    common = all_then - preferred
    return max(0.0, end.value_usd - paid_to_preferred(end, preferred / all_then)) / common if common > 0 else 0.0


def paid_to_preferred(end: Exit, share: float) -> float:
    """What preferred shares take of the exit's value, USD; `share` is their part of all shares, 0 to 1."""
    converted = end.value_usd * share
    first = min(end.value_usd, end.preference_multiple * end.preference_usd)
    if not end.participating:
        return max(first, converted)
    taken = first + (end.value_usd - first) * share
    if end.participation_cap is None:
        return taken
    return max(converted, min(taken, end.participation_cap * end.preference_usd))


def payoff_per_unit(grant: Grant, end: Exit, facts: FactBook) -> float:
    """What one vested unit pays at this exit, USD: an option pays what is above its strike."""
    return max(0.0, common_price(grant, end, facts) - (grant.strike_usd if grant.is_option else 0.0))


def vested_at(grant: Grant, end: Exit, years: float) -> float:
    """The share that vests until `years`: an exit ends vesting, and the hire stays four years."""
    return grant.share_vested(min(years, end.years, HORIZON_YEARS))


def payoff_usd(grant: Grant, end: Exit, facts: FactBook) -> float:
    """What the grant pays at this exit, USD: only what had vested when it happened."""
    return grant.units * vested_at(grant, end, end.years) * payoff_per_unit(grant, end, facts)


def expected_payoff_usd(grant: Grant, facts: FactBook) -> float:
    """The closed form of the mean, USD: exits weighted by probability, the rest at nothing."""
    return sum(end.probability * payoff_usd(grant, end, facts) for end in grant.exits)
