"""The total-compensation sheet: parts apart, each as a range, private equity under named scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from tenfold.apps.offers.models import OfferVersion
from tenfold.apps.offers.queries.terms import Terms, terms_from, total_of
from tenfold.catalogue.store import catalogue
from tenfold.kit.facts import load
from tenfold.market import charts
from tenfold.practices.pay.compensation import Grant, Spread, TotalCompensation
from tenfold.practices.pay.equity import HORIZON_YEARS, payoff_usd, vested_at

INSTRUMENTS = {"rsu": "shares (RSU)", "iso": "options (ISO)", "nso": "options (NSO)"}
WORKPLACES = {"remote": "Remote", "hybrid": "Hybrid", "onsite": "On site"}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One part of the pay: what it is, how much, and what that means."""

    what: str
    amount: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the grant pays in one way that the company may end. `chance` is the company's assumption."""

    name: str
    chance: str
    after: str
    pays: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that a candidate reads of one version."""

    version: OfferVersion
    terms: Terms
    level: str
    workplace: str
    parts: tuple[SheetLine, ...]
    four_years: tuple[SheetLine, ...]
    grant: str
    scenarios: tuple[Scenario, ...]
    notes: tuple[str, ...]
    picture: SafeString

    @property
    def expires(self) -> date:
        return self.version.expires_date


def sheet_of(version: OfferVersion) -> Sheet:
    terms = terms_from(version.terms)
    counted = total_of(terms)
    return Sheet(
        version=version,
        terms=terms,
        level=catalogue().levels[terms.level].name,
        workplace=WORKPLACES.get(terms.workplace, ""),
        parts=tuple(_parts(terms)),
        four_years=tuple(_four_years(counted, terms.currency)),
        grant=_grant(counted.offer.grant, terms.currency),
        scenarios=tuple(_scenarios(counted)),
        notes=tuple(_notes(counted)),
        picture=_picture(counted, terms.currency),
    )


def _parts(terms: Terms) -> Iterator[SheetLine]:
    yield SheetLine("Base pay", f"{terms.base_year:,.0f} {terms.currency}", "a year, before tax")
    if terms.bonus_percent:
        target = terms.base_year * terms.bonus_percent / 100
        paid = ", ".join(f"{100 * share:.0f} %" for share in terms.bonus_payouts)
        known = f"in past years {paid} of target was paid" if paid else "what was paid in past years is not stated"
        yield SheetLine(
            "Bonus target", f"{target:,.0f} {terms.currency}", f"{terms.bonus_percent:g} % of base; {known}"
        )
    if terms.sign_on:
        yield SheetLine("Sign-on", f"{terms.sign_on:,.0f} {terms.currency}", "once")
    if terms.benefits_year:
        yield SheetLine("Benefits", f"{terms.benefits_year:,.0f} {terms.currency}", "what they cost us a year")


def _four_years(counted: TotalCompensation, currency: str) -> Iterator[SheetLine]:
    for year, cash in enumerate(counted.cash_by_year, start=1):
        yield SheetLine(f"Cash and benefits, year {year}", _range(cash, currency), _median(cash))
    cash = counted.cash_four_years
    yield SheetLine("Cash and benefits, four years", _range(cash, currency), _median(cash))
    if counted.offer.grant is None:
        return
    if counted.equity_four_years is None:
        yield SheetLine("Equity, four years", "not valued", counted.why_not)
        return
    nothing = f"ends at nothing in {100 * (counted.chance_of_nothing or 0):.0f} of 100 cases"
    yield SheetLine("Equity, four years", _range(counted.equity_four_years, currency), nothing)
    if (whole := counted.total_four_years) is not None:
        yield SheetLine("All together, four years", _range(whole, currency), _median(whole))


def _grant(grant: Grant | None, currency: str) -> str:
    if grant is None:
        return ""
    share = (
        f", {100 * grant.units / grant.fully_diluted:.3g} % of the company fully diluted" if grant.fully_diluted else ""
    )
    strike = f" at a strike of {grant.strike_usd:,.2f} {currency}" if grant.is_option else ""
    vesting = f"vesting over {grant.vesting_years:g} years, nothing before {grant.cliff_months:g} months"
    return f"{grant.units:,.0f} {INSTRUMENTS.get(grant.instrument, grant.instrument)}{strike}{share}; {vesting}."


def _scenarios(counted: TotalCompensation) -> Iterator[Scenario]:
    """Each end with what it pays, and the rest at nothing."""
    grant = counted.offer.grant
    if grant is None or counted.equity_four_years is None or not grant.exits:
        return
    for end in grant.exits:
        share = vested_at(grant, end, end.years)
        after = f"after {end.years:g} years, {100 * share:.0f} % vested"
        pays = f"{round(payoff_usd(grant, end, load()), -2):,.0f}"
        yield Scenario(end.name, f"{100 * end.probability:.0f} %", after, pays)
    left = 1 - sum(end.probability for end in grant.exits)
    if left > 0:
        yield Scenario("Anything else", f"{100 * left:.0f} %", f"within {HORIZON_YEARS} years", "0")


def _notes(counted: TotalCompensation) -> Iterator[str]:
    for note in counted.notes:
        yield note.replace("Your exits leave", "The scenarios leave").replace(
            "their probabilities are yours, not data", "their chances are our assumptions, not data"
        )
    for fact in counted.sources:
        yield f"{fact.statement}: {fact.number:g} % ({fact.source}, {fact.evidence})."


def _range(spread: Spread, currency: str) -> str:
    """To the hundred; one figure only where nothing is uncertain."""
    p10, p50, p90 = (f"{round(value, -2):,.0f}" for value in (spread.p10, spread.p50, spread.p90))
    return f"{p50} {currency}" if p10 == p90 else f"{p10}–{p90} {currency}"


def _median(spread: Spread) -> str:
    return "" if spread.p10 == spread.p90 else f"half of the cases end below {round(spread.p50, -2):,.0f}"


def _picture(counted: TotalCompensation, currency: str) -> SafeString:
    base = Spread(*(counted.base_four_years,) * 4)
    rows = [("base pay", base), ("cash and benefits", counted.cash_four_years)]
    if counted.offer.grant is not None and counted.equity_four_years is not None:
        rows += [("equity", counted.equity_four_years)]
        rows += [("all together", counted.total_four_years)] if counted.total_four_years else []
    drawn = [charts.Interval(label, one.p10, one.p50, one.p90) for label, one in rows]
    what = f"Four years of this offer, {currency}"
    return SafeString(charts.both(lambda width: charts.intervals_plot(drawn, what=what, width=width)))
