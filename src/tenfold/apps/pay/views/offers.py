"""Two offers side by side: cash and equity shown apart, equity only under exits that the reader names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from tenfold.apps.pay.forms.questions import ExitForm, OfferForm
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import signed_in
from tenfold.kit.errors import UserError
from tenfold.market import charts
from tenfold.practices.pay import offers as offer_terms
from tenfold.practices.pay.compensation import Comparison, Offer, Spread, TotalCompensation, compare

SIDES = ("a", "b")
EXITS = 3
EXAMPLE = {
    "a-name": "Listed company",
    "a-base": "185,000",
    "a-bonus": "15",
    "a-payouts": "90, 100, 80",
    "a-sign_on": "20,000",
    "a-benefits": "18,000",
    "a-instrument": "rsu",
    "a-units": "900",
    "a-vesting": "4",
    "a-cliff": "12",
    "a-price": "110",
    "a-volatility": "38",
    "b-name": "Young company",
    "b-base": "176,000",
    "b-benefits": "12,000",
    "b-instrument": "iso",
    "b-units": "110,000",
    "b-vesting": "4",
    "b-cliff": "12",
    "b-strike": "1.20",
    "b-fair": "1.20",
    "b-preferred": "4.00",
    "b-diluted": "30m",
    "b-exit-0-name": "Sold well",
    "b-exit-0-probability": "20",
    "b-exit-0-value": "400m",
    "b-exit-0-years": "5",
    "b-exit-0-preference": "80m",
    "b-exit-0-rounds": "2",
    "b-exit-1-name": "Sold for its team",
    "b-exit-1-probability": "25",
    "b-exit-1-value": "120m",
    "b-exit-1-years": "3",
    "b-exit-1-preference": "40m",
    "b-exit-1-rounds": "0",
}
"""Two invented offers to start from."""


@dataclass(frozen=True)
class Side:
    """One offer's form and its exits."""

    letter: str
    form: OfferForm
    exits: tuple[ExitForm, ...]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(each.is_valid() for each in self.exits)])


@dataclass(frozen=True)
class OfferLine:
    """A row of the table: what it is, and both sides of it."""

    what: str
    help: str
    sides: tuple[str, str]


@rate_limit(120, per_minutes=1)
@require_http_methods(["GET", "POST"])
def offers(request: HttpRequest) -> HttpResponse:
    """Sent by POST, for offers do not belong into addresses; nothing of them is kept."""
    signed_in(request)
    given = request.POST if request.method == "POST" else None
    sides = tuple(_side(letter, given) for letter in SIDES)
    both: Comparison | None = None
    trouble = ""
    if given is None or all([side.is_valid() for side in sides]):  # noqa: C419 - every form tells its errors
        try:
            both = compare(*(_offer(side) for side in sides)) if given is not None else compare(*_examples())
        except UserError as error:
            trouble = f"{error.what} {error.remedy}"
    context = {
        "sides": sides,
        "both": both,
        "in_100": f"{100 * both.chance_first_is_more:.0f}" if both else "",
        "trouble": trouble,
        "is_example": given is None,
        "lines": _lines(both) if both else (),
        "picture": _picture(both) if both else "",
        "notes": _notes(both) if both else (),
    }
    failed = trouble or (given is not None and both is None)
    return render(request, "pay/offers.html", context, status=422 if failed else 200)


def _side(letter: str, given: QueryDict | None) -> Side:
    data = given if given is not None else _example()
    exits = tuple(ExitForm(data, prefix=f"{letter}-exit-{number}") for number in range(EXITS))
    return Side(letter, OfferForm(data, prefix=letter), exits)


def _example() -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(EXAMPLE)
    return data


def _examples() -> tuple[Offer, Offer]:
    sides = [_side(letter, None) for letter in SIDES]
    for side in sides:
        side.is_valid()
    return _offer(sides[0]), _offer(sides[1])


def _offer(side: Side) -> Offer:
    given = side.form.cleaned_data
    return Offer(
        name=given["name"],
        base_usd_year=given["base"],
        bonus_target_percent=given["bonus"] or 0.0,
        bonus_payouts=side.form.payouts_as_shares(),
        sign_on_usd=given["sign_on"] or 0.0,
        benefits_usd_year=given["benefits"] or 0.0,
        grant=side.form.grant(side.exits),
    )


def _lines(both: Comparison) -> tuple[OfferLine, ...]:
    """The parts apart: cash is never added into base, nor equity into cash."""
    pair = (both.first, both.second)

    def line(what: str, help_: str, told: Callable[[TotalCompensation], str]) -> OfferLine:
        return OfferLine(what, help_, (told(pair[0]), told(pair[1])))

    made = [
        line("Base pay, four years", "what is certain", lambda each: f"{each.base_four_years:,.0f}"),
        line("Cash, four years", "base, bonus, benefits, sign-on", lambda each: _range_words(each.cash_four_years)),
        line("Equity, four years", "under the exits you entered, before tax", _equity),
        line("Equity is worth nothing", "times in 100", lambda each: _count(each.chance_of_nothing, 100)),
        line("Cost to exercise", "options, in cash", lambda each: _count(each.cost_to_exercise_usd)),
    ]
    if both.first.total_four_years and both.second.total_four_years:
        made.append(
            line("Cash and equity", "simulated together, four years", lambda each: _range_words(each.total_four_years))
        )
    return tuple(made)


def _equity(each: TotalCompensation) -> str:
    if each.offer.grant is None:
        return "none"
    return _range_words(each.equity_four_years) if each.equity_four_years else f"not valued: {each.why_not}"


def _range_words(spread: Spread | None) -> str:
    """To the thousand, which is more than draws can tell; one figure where all draws agree."""
    if spread is None:
        return "–"
    p10, p50, p90 = (f"{round(value, -3):,.0f}" for value in (spread.p10, spread.p50, spread.p90))
    return p50 if p10 == p90 else f"{p50} ({p10}–{p90})"


def _count(value: float | None, times: float = 1) -> str:
    return f"{times * value:,.0f}" if value else "–"


def _picture(both: Comparison) -> SafeString:
    drawn = charts.both(lambda width: offer_terms.comparison_as_svg(both, width))
    return SafeString(drawn)


def _notes(both: Comparison) -> tuple[str, ...]:
    """What both rest on, each said once; where a note is of one offer, with its name."""
    of_both = [note for note in both.first.notes if note in both.second.notes]
    of_one = [
        f"{each.offer.name}: {note}" for each in (both.first, both.second) for note in each.notes if note not in of_both
    ]
    facts = {fact.key: fact for each in (both.first, both.second) for fact in each.sources}.values()
    told = [f"{fact.statement}: {fact.number:g} % ({fact.source}, {fact.evidence})." for fact in facts]
    return (*of_both, *of_one, *told)
