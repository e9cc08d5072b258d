"""A reading in a dozen lines for people."""

from __future__ import annotations

from typing import Any

from tenfold.catalogue.store import catalogue
from tenfold.posting.model import Cited, Demand, MoneyKind, OpenEnd, PostedPay, PostingReading

NOT_STATED = "not stated"
CLEAR_CHANCE = 0.6
"""Below this chance the family is shown together with its runner-up."""


def summary(reading: PostingReading) -> list[tuple[str, ...]]:
    """Rows of name and value, in the order in which a reader asks."""
    return [
        ("Employer", _state(reading.employer)),
        ("Job", _job(reading)),
        ("Level", _state(reading.level)),
        ("Years", f"{reading.years_min.value} or more" if reading.years_min else NOT_STATED),
        ("Workplace", _state(reading.workplace)),
        ("Places", _places(reading)),
        ("Pay", _pay(reading)),
        ("Equity or bonus", "yes" if reading.equity_or_bonus else NOT_STATED),
        ("Infrastructure", _share(reading)),
        ("ML-operations areas", _areas(reading)),
        ("Must have", _tools(reading, Demand.MUST)),
        ("Nice to have", _tools(reading, Demand.NICE)),
        ("Named as context", _tools(reading, Demand.CONTEXT)),
        *((("Not read", ", ".join(field for field, _ in reading.fields_not_read)),) if reading.fields_not_read else ()),
        ("Must and nice apart", "yes" if reading.explicit_split else "no"),
        ("Deep at once", ", ".join(area.value for area in reading.deep_areas) or "none"),
    ]


def pay_words(pay: PostedPay | None) -> str:
    if pay is None:
        return NOT_STATED
    amount = f"{pay.min:,.0f}" if pay.min == pay.max else f"{pay.min:,.0f}–{pay.max:,.0f}"
    end = {OpenEnd.FROM: "from ", OpenEnd.UP_TO: "up to "}[pay.open_end] if pay.open_end else ""
    source = ", from the board's badge" if pay.from_badge else ""
    total = ", total pay: no base is stated" if pay.kind is MoneyKind.TOTAL else ""
    assumed = f" ({pay.currency_assumed})" if pay.currency_assumed else ""
    return f"{end}{amount} {pay.currency}{assumed} a {pay.period.lower()}{total}{source}"


def _pay(reading: PostingReading) -> str:
    """Pay as read; figures that look like pay and could not be read, in the posting's words."""
    unread = [f"“{reading.quote(money)}” could not be read: {money.unread}" for money in reading.pay_not_read]
    return "; ".join([pay_words(reading.pay), *unread] if reading.pay or not unread else unread)


def _places(reading: PostingReading) -> str:
    """Places as written; those of which it is open which is meant, as questions."""
    sure = dict.fromkeys(place.text for place in reading.places)
    return "; ".join(filter(None, [", ".join(sure), *(place.question for place in reading.open_places)])) or NOT_STATED


def _job(reading: PostingReading) -> str:
    roles, family = catalogue().roles, reading.family
    either = (
        f"{roles[family.value].name} ({family.chance:.0%}) or "
        f"{roles[family.runner_up].name} ({family.runner_up_chance:.0%})"
    )
    if not family.is_certain:
        return f"cannot tell: {either}"
    return f"{roles[family.value].name} ({family.chance:.0%})" if family.chance >= CLEAR_CHANCE else either


def _share(reading: PostingReading) -> str:
    share = reading.infra_share
    return f"{share.value} % ({share.low}–{share.high})" if share else "uncertain: too little work is described"


def _areas(reading: PostingReading) -> str:
    return ", ".join(catalogue().areas[area.value].name for area in reading.ml_ops_areas) or "none named"


def _tools(reading: PostingReading, demand: Demand) -> str:
    return ", ".join(tool.name for tool in reading.tools_with(demand)) or "none named"


def _state(cited: Cited[Any] | None) -> str:
    return str(cited.value) if cited is not None else NOT_STATED
