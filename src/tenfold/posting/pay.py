"""Pay as a posting states it: all zones, and none of the money that is not pay; what was not understood is said.

First every sum is told for what it is (`figures`), then its currency is settled by what is written and by the posting's
place, and only then is base pay merged over zones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tenfold.law.places import currency_of
from tenfold.posting.figures import Figure, figures_of, is_big_money
from tenfold.posting.model import (
    Money,
    MoneyKind,
    OpenEnd,
    Period,
    PlaceMention,
    PostedPay,
    PostingReading,
    SectionKind,
    SourceText,
)
from tenfold.posting.money import SHARED_SIGNS, tables, units_of_a_dollar
from tenfold.posting.patterns import Pattern
from tenfold.posting.sections import Layout

LONGEST_HANGING = 240
MOST_LEAD = 120
LOOSE_YEARLY_USD = 15_000
SHORT = 40
"""Among words on the employer, a line with no more than this beside its figure is about something else."""
_TWO_DIGITS = re.compile(r"\d[.,]?\d|\d\s?[kKLl万만]")
_IN_WORDS = re.compile(
    r"\b(?:salary|pay|compensation|wage|remuneration)\b(?: range)?(?: is| of|:)?\s+"
    r"(?P<sum>(?:(?:between|from|about|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|and|a|"
    r"hundred)[ -]){1,6}(?:thousand|hundred)\b(?: (?:US )?(?:dollars|pounds|euros?))?)",
    re.IGNORECASE,
)
_CODE = Pattern("pay.code")
_SIGN = Pattern("pay.sign")
_NAMED = Pattern("pay.named")
_BADGE = re.compile(r"💰\s*([^`\n]{2,60})")
_ISO = re.compile(r"\b(?:USD|EUR|GBP|CAD|AUD|NZD|CHF|INR|SGD)\b")
_GROSS = re.compile(r"\b(?:gross|brutto|bruto|brut|netto|net)\b", re.IGNORECASE)
_OF_ONE_COUNTRY = (
    (re.compile(r"\b(?:CTC|lakhs?|LPA)\b"), "INR", "the figure is in lakhs"),
    (re.compile(r"\bRAL\b"), "EUR", "“RAL” is Italian gross pay"),
    (re.compile(r"[年月]薪|人民币"), "CNY", "the words on pay are Chinese"),
    (re.compile(r"年収|月給|万円"), "JPY", "the words on pay are Japanese"),
    (re.compile(r"연봉|월급|만원"), "KRW", "the words on pay are Korean"),
)
_DOLLARS = ((re.compile(r"\bsuper(?:annuation)?\b", re.IGNORECASE), "AUD"),)
_CHINESE = ((re.compile(r"[月年]薪|RMB|人民币"), "CNY"),)
_NORDIC = (
    (re.compile(r"\b(?:lön|månad(?:en)?|kronor|svenska)\b", re.IGNORECASE), "SEK"),
    (re.compile(r"\b(?:løn|om måneden|danske)\b", re.IGNORECASE), "DKK"),
    (re.compile(r"\b(?:lønn|norske)\b", re.IGNORECASE), "NOK"),
)
_SILENT = (SectionKind.DUTIES, SectionKind.MUST, SectionKind.NICE, SectionKind.STACK, SectionKind.ABOUT)
_PERIODS: dict[str, Period] = {"y": "YEAR", "a": "YEAR", "h": "HOUR", "m": "MONTH", "d": "DAY", "w": "WEEK"}


@dataclass(frozen=True, slots=True)
class ReadMoney:
    """All sums of a posting, each told for what it is, and the pay that they amount to."""

    pay: PostedPay | None
    money: tuple[Money, ...]


def money_of(source: SourceText, layout: Layout, places: Sequence[PlaceMention]) -> ReadMoney:
    """Base pay, the widest span over zones; the body before the board's badge, the badge only where it is plausible."""
    currencies = _currencies_of(places)
    money = tuple(_money(source, layout, currencies))
    pay = _merge(money, currencies) or _from_labels(source) or _from_badge(source, layout)
    return ReadMoney(pay, money)


def all_ranges(reading: PostingReading) -> Iterator[PostedPay]:
    """Every amount that the text states as base pay, zone by zone."""
    for money in reading.money:
        if money.kind is MoneyKind.BASE and money.currency and money.period and not money.unread:
            yield _as_pay(money, money.currency, money.period)


def _as_pay(money: Money, currency: str, period: Period) -> PostedPay:
    return PostedPay(
        money.min, money.max, currency, period, money.start, money.end, money.open_end is not None,
        open_end=money.open_end, kind=money.kind, currency_assumed=money.assumed,
    )  # fmt: skip


def _merge(money: Sequence[Money], currencies: Sequence[str]) -> PostedPay | None:
    """Of the sums that are pay, the base before the total, ranges before single figures, the place's currency first."""
    for kind in (MoneyKind.BASE, MoneyKind.TOTAL):
        found = [one for one in money if one.kind is kind and one.currency and one.period and not one.unread]
        ranged = [one for one in found if one.min < one.max] or found
        home = [one for one in ranged if [one.currency] == list(currencies)] or ranged
        if home:
            return _widest(home)
    return None


def _widest(found: Sequence[Money]) -> PostedPay:
    first = next((one for one in found if one.named), found[0])
    same = [
        one
        for one in found
        if (one.currency, one.period) == (first.currency, first.period)
        and one.max <= first.max * 3
        and one.min * 3 >= first.min
    ]
    ends = {one.open_end for one in same}
    end = ends.pop() if len(ends) == 1 else None
    return PostedPay(
        min=min(one.min for one in same),
        max=max(one.max for one in same),
        currency=first.currency or "",
        period=first.period or "YEAR",
        start=min(one.start for one in same),
        end=max(one.end for one in same),
        open_ended=end is not None,
        open_end=end,
        kind=first.kind,
        currency_assumed=first.assumed,
    )


def _money(source: SourceText, layout: Layout, currencies: Sequence[str]) -> Iterator[Money]:
    signed = set(layout.lines_with(_SIGN))
    coded = set(layout.lines_with(_CODE))
    named = set(layout.lines_with(_NAMED))
    for index in sorted(signed | coded | named):
        text, kind = layout.texts[index], layout.kinds[index]
        if index in named and (words := _IN_WORDS.search(text)):
            at = source.lines[index].start
            span = (at + words.start("sum"), at + words.end("sum"))
            yield Money(MoneyKind.BASE, 0, 0, None, None, *span, None, named=True, unread="it is written in words")
        if not _TWO_DIGITS.search(text) or "💰" in text:
            continue
        lead = layout.texts[index - 1][-MOST_LEAD:] if index and len(text) < LONGEST_HANGING else ""
        if "💰" in lead:  # a board's badge is no label of what stands below it
            lead = ""
        signs = {sign: _share(sign, text, currencies) for sign in SHARED_SIGNS if sign in text.lower()}
        for figure in figures_of(text, lead=lead, in_pay=kind is SectionKind.PAY, signs=signs):
            money = _describe(figure, text, kind, currencies)
            if money is not None:
                offset = source.lines[index].start
                yield replace(money, start=offset + money.start, end=offset + money.end)


def _describe(figure: Figure, text: str, section: SectionKind, currencies: Sequence[str]) -> Money | None:
    """A figure as money of a kind; None where nothing says that it is money of interest."""
    kind = MoneyKind.OTHER if figure.kind is not None and is_big_money(figure) else figure.kind
    if kind is None:
        if not _may_be_pay(figure, section):
            return None
        kind = MoneyKind.BASE
    currency, assumed = _settled_currency(figure, text, currencies)
    unread = figure.contradiction or ("" if currency else "it has no currency")
    if kind not in (MoneyKind.BASE, MoneyKind.TOTAL):
        unread = ""
    elif unread and not figure.labelled:
        return None
    low, high = _plain(figure.low), _plain(figure.high)
    return Money(
        kind, low, high, currency, figure.period, figure.start, figure.end, figure.open_end, figure.named, unread,
        "" if unread else assumed,
    )  # fmt: skip


def _may_be_pay(figure: Figure, section: SectionKind) -> bool:
    """An unlabelled range or rate, where little else is said or the words are of a job offered, counts as pay."""
    usd = figure.high / units_of_a_dollar(figure.currency)
    sized = figure.in_thousands or usd >= LOOSE_YEARLY_USD or figure.period not in (None, "YEAR")
    if not figure.currency or figure.contradiction or is_big_money(figure) or not sized:
        return False
    fits = figure.alone if section in _SILENT else figure.clean
    if section is SectionKind.ABOUT and len(figure.near) > SHORT:
        return False
    if section is SectionKind.BENEFITS and not figure.ranged:
        return False
    return fits and (figure.ranged or figure.period is not None or figure.open_end is OpenEnd.UP_TO)


def _settled_currency(figure: Figure, text: str, currencies: Sequence[str]) -> tuple[str | None, str]:
    """The ISO code of a figure, and why, where it is not written out; None where it cannot be said."""
    stated = set(_ISO.findall(figure.near)) if figure.sign or not figure.currency else set()
    if len(stated) == 1:
        return stated.pop(), ""
    if figure.currency:
        return figure.currency, _why(figure.currency, figure.sign, currencies)
    for words, code, why in _OF_ONE_COUNTRY:
        if words.search(text):
            return code, why
    if len(set(currencies)) == 1:
        return currencies[0], "the currency of the posting's place"
    if figure.in_thousands and not currencies and not _GROSS.search(text) and text.isascii():
        return "USD", "no currency and no place is stated"
    return None, ""


def _share(sign: str, text: str, currencies: Sequence[str]) -> str:
    """Which dollar, krone or yen: by the words of the line, then by the place, else the commonest."""
    meanings = tables()["shared"][sign]
    hints = {"$": () if "USD" in currencies else _DOLLARS, "kr": _NORDIC, "¥": _CHINESE}[sign]
    hint = next((code for words, code in hints if words.search(text)), None)
    here = [code for code in currencies if code in meanings]
    return hint or (here[0] if here and meanings[0] not in here else str(meanings[0]))


def _why(currency: str, sign: str, currencies: Sequence[str]) -> str:
    """Why a shared sign means this currency, where that may surprise."""
    if not sign or currency == "USD":
        return ""
    return "the currency of the posting's place" if currency in currencies else f"“{sign}” in these words"


def _currencies_of(places: Sequence[PlaceMention]) -> tuple[str, ...]:
    found = (currency_of(place.id) for place in places if place.id)
    return tuple(dict.fromkeys(code for code in found if code))


def _plain(amount: float) -> float:
    return int(amount) if amount == int(amount) else round(amount, 2)


def _from_labels(source: SourceText) -> PostedPay | None:
    """Pay that the page's JSON-LD or the job board states beside the text."""
    try:
        low, high = float(source.labels["pay_min"]), float(source.labels["pay_max"])
    except (KeyError, ValueError):
        return None
    period = _PERIODS.get(source.labels.get("pay_period", "YEAR")[:1].lower(), "YEAR")
    currency = source.labels.get("pay_currency", "")
    if not currency or not 0 < low <= high:
        return None
    return PostedPay(_plain(low), _plain(high), currency, period, 0, 0)


def _from_badge(source: SourceText, layout: Layout) -> PostedPay | None:
    """A board's badge counts only as a true range: single figures there are often the sum or the top of one."""
    for index, line in enumerate(source.lines):
        if layout.kinds[index] is not SectionKind.HEADER:
            return None
        badge = _BADGE.search(source.text, line.start, line.end)
        if badge is None:
            continue
        for figure in figures_of(badge.group(1), in_pay=True):
            currency = figure.currency
            if figure.ranged and figure.low < figure.high and currency and figure.period and not figure.contradiction:
                start = badge.start(1)
                return PostedPay(
                    _plain(figure.low), _plain(figure.high), currency, figure.period, start + figure.start,
                    start + figure.end, from_badge=True,
                )  # fmt: skip
    return None
