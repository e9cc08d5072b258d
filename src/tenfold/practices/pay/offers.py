"""Offers as TOML documents, and comparisons in words, values and a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomli

from tenfold.kit.errors import InputProblems, Place, UserError
from tenfold.market.charts import WIDE, Interval, intervals_plot
from tenfold.practices.pay.compensation import Comparison, Offer, Spread, TotalCompensation, read
from tenfold.practices.pay.presenters import fact_as_values

EXAMPLE = """# An offer. Amounts in USD; bonus_payouts are shares of target that were really paid.
name = "Northwind"
base_usd_year = 180000
bonus_target_percent = 10
bonus_payouts = [0.7, 1.0, 0.9]
sign_on_usd = 10000
benefits_usd_year = 15000

[grant]                       # leave out where there is none
instrument = "iso"            # iso, nso, rsu, none
units = 20000
strike_usd = 1.2
fair_value_usd = 1.2          # the last 409A value of a common share
preferred_price_usd = 4.0
fully_diluted = 30000000
preferred_shares = 14000000   # of the fully diluted ones
vesting_years = 4
cliff_months = 12

[[grant.exits]]               # your own scenarios; what they leave open ends at nothing
name = "sold for 400m"
probability = 0.15
value_usd = 400000000
years = 5
preference_usd = 80000000     # what preferred shares were bought for
rounds = ["series-b", "series-c"]
# preference_multiple = 1     # 1x, non-participating: preferred shares convert where that pays them more
# participating = true        # they take their preference and share in the rest,
# participation_cap = 3       # up to three times what they paid
"""


def read_offer(path: Path) -> Offer:
    """Raises UserError with the file and each field that cannot be used."""
    place = Place(file=str(path))
    try:
        document = tomli.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UserError(f"The offer cannot be read: {error.strerror}.", place=place) from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"The offer is not valid TOML: {error}", place=place) from error
    try:
        return read(document)
    except InputProblems as found:
        raise InputProblems([_in_file(problem, path) for problem in found.problems]) from None


def _in_file(problem: UserError, path: Path) -> UserError:
    return UserError(problem.what, remedy=problem.remedy, place=Place(file=str(path), field=problem.place.field))


def total_in_words(result: TotalCompensation) -> str:
    offer = result.offer
    lines = [
        offer.name,
        f"  base               {offer.base_usd_year:>12,.0f} a year, {result.base_four_years:,.0f} over four",
    ]
    for year, cash in enumerate(result.cash_by_year, start=1):
        lines.append(f"  cash in year {year}     {_range_words(cash)}")
    lines.append(f"  cash, four years   {_range_words(result.cash_four_years)}")
    if result.equity_four_years is not None and offer.grant is not None:
        chance = 100 * (result.chance_of_nothing or 0)
        lines.append(
            f"  equity, four years {_range_words(result.equity_four_years)}; nothing at all in {chance:.0f} of 100"
        )
    if result.why_not:
        lines.append(f"  equity             not valued. {result.why_not}")
    if result.spread_at_409a_usd is not None:
        lines.append(f"  spread at 409A     {result.spread_at_409a_usd:>12,.0f} today")
    if result.cost_to_exercise_usd:
        lines.append(f"  cost to exercise   {result.cost_to_exercise_usd:>12,.0f}")
    if result.total_four_years is not None and offer.grant is not None:
        lines.append(f"  all, four years    {_range_words(result.total_four_years)}")
    lines += [f"  {note}" for note in result.notes]
    lines += [
        f"  Source: {fact.statement}: {fact.number:g} % ({fact.source}, {fact.evidence})" for fact in result.sources
    ]
    return "\n".join(lines)


def _range_words(spread: Spread) -> str:
    return f"{spread.p50:>12,.0f} ({spread.p10:,.0f}–{spread.p90:,.0f})"


def comparison_in_words(result: Comparison) -> str:
    chance = 100 * result.chance_first_is_more
    return "\n".join(
        (
            total_in_words(result.first),
            "",
            total_in_words(result.second),
            "",
            f"{result.first.offer.name} pays more ({result.compared}) in {chance:.0f} of 100 simulations.",
            "Medians, in brackets p10 to p90.",
        )
    )


def total_to_dict(result: TotalCompensation) -> dict[str, Any]:
    values = asdict(result)
    values["sources"] = [fact_as_values(fact) | {"value": fact.number} for fact in result.sources]
    return values


def comparison_to_dict(result: Comparison) -> dict[str, Any]:
    return {
        "first": total_to_dict(result.first),
        "second": total_to_dict(result.second),
        "compared": result.compared,
        "chance_first_is_more": result.chance_first_is_more,
    }


def comparison_as_svg(result: Comparison, width: int = WIDE) -> str:
    """Base, cash, equity and all of it, four years, of both offers: p10 to p90 as a bar, the median as a mark."""
    parts: tuple[tuple[str, Callable[[TotalCompensation], Spread | None]], ...] = (
        ("base", lambda each: Spread(*(each.base_four_years,) * 4)),
        ("cash", lambda each: each.cash_four_years),
        ("equity", lambda each: each.equity_four_years if each.offer.grant else None),
        ("cash and equity", lambda each: each.total_four_years if each.offer.grant else None),
    )
    rows = []
    for part, of in parts:
        for each, is_own in ((result.first, True), (result.second, False)):
            spread = of(each)
            if spread is not None:
                rows.append(Interval(each.offer.name, spread.p10, spread.p50, spread.p90, part, is_own))
    return intervals_plot(rows, what="Four years of two offers, USD", width=width)
