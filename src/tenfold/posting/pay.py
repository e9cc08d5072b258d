"""Base pay as a posting states it: all zones, and none of the money that is not pay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenfold.posting.model import Period, PostedPay, PostingReading, SectionKind, SourceText
from tenfold.posting.patterns import Pattern
from tenfold.posting.sections import Layout

_SYMBOLS = {
    "US$": "USD",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "S$": "SGD",
    "R$": "BRL",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "zł": "PLN",
    "¥": "JPY",
    "₪": "ILS",
    "CHF": "CHF",
    "₽": "RUB",
    "₴": "UAH",
    "kr": "SEK",
}
_CODES = (
    "USD|EUR|GBP|CAD|AUD|NZD|CHF|SEK|NOK|DKK|PLN|CZK|INR|SGD|HKD|JPY|BRL|MXN|ZAR|ILS|RON|HUF|UAH|AED|COP|ARS|CLP|"
    "PHP|MYR|KRW|TRY|BGN"
)
_WORDS = {"dollars": "USD", "euros": "EUR", "euro": "EUR", "pounds": "GBP", "rupees": "INR"}
_CURRENCY = rf"(?:US\$|CA?\$|AU?\$|NZ\$|S\$|R\$|[$€£₹¥₪]|zł|\b(?:{_CODES})\b|\b(?:{'|'.join(_WORDS)})\b)"
# Whole numbers of bounded length only: a screenful of digits must not be tried from each of them.
_NUMBER = r"(?<!\d)(?:\d{1,3}(?:[,.'\u2009\u202f ]\d{3}){1,5}(?:[.,]\d{1,2})?|\d{1,15}(?:[.,]\d{1,2})?)"
_PER = (
    r"(?:\s*(?:/|per|an?|p\.?)\s*(?P<#>year|yr|annum|hour|hr|h|month|mo|day|week|a)\b\.?|"
    r"\s*(?P<#2>annually|yearly|hourly|monthly|daily|p\.?a\.?(?=[\s,.)]|$)))?"
)
_NUMBER_AHEAD = r"(?:(?<![A-Za-z])|(?![A-Za-z]))(?=[^\d\s]{0,8}+\s?[$€£]?\s?\d)"
"""Not inside a word, and a number near: most places are passed over without a look at thirty currencies."""
_AMOUNT = (
    rf"(?P<c#>{_CURRENCY})?\s*(?P<d#>[$€£])?\s*(?P<n#>{_NUMBER})\s*"
    rf"(?P<k#>[kKmM](?![A-Za-z]))?\+?\s*(?P<t#>{_CURRENCY})?"
)
_RANGE = re.compile(
    _NUMBER_AHEAD
    + _AMOUNT.replace("#", "1")
    + _PER.replace("#", "p")
    + r"(?:\s*(?:base(?: salary)?|gross|OTE)?\s*(?:[-–—~‑−]+|\bto\b|\band\b|\bup to\b|\buntil\b|through)\s*"
    + r"(?:up to\s*)?|\s+in our lowest (?:\w+ ){1,4}(?:up )?to\s+|(?=[$€£]))"
    + _AMOUNT.replace("#", "2")
    + _PER.replace("#", "q"),
    re.IGNORECASE,
)
_SINGLE = re.compile(_NUMBER_AHEAD + _AMOUNT.replace("#", "1") + _PER.replace("#", "p"), re.IGNORECASE)
_PAY_WORDS = Pattern("pay.pay_words")
_NOT_PAY_BEFORE = Pattern("pay.not_pay_before")
_NOT_PAY_AFTER = Pattern("pay.not_pay_after")
_BADGE = re.compile(r"💰\s*([^`\n]{2,60})")
_PERIODS: dict[str, Period] = {
    "y": "YEAR",
    "a": "YEAR",
    "h": "HOUR",
    "m": "MONTH",
    "d": "DAY",
    "w": "WEEK",
    "p": "YEAR",
}
_PERIOD_WORDS: tuple[tuple[str, Period], ...] = (
    (r"\b(?:per|an|/|each)\s*h(?:ou)?r\b|\bhourly\b|/h\b", "HOUR"),
    (r"\b(?:per|a|/|each)\s*month\b|\bmonthly\b|/mo\b", "MONTH"),
    (r"\b(?:per|a|/)\s*day\b|\bdaily rate\b|\bday rate\b", "DAY"),
    (r"\b(?:per|a|/)\s*week\b|\bweekly (?:pay|rate)\b", "WEEK"),
    (r"\b(?:per|a|/|each)\s*(?:year|annum|yr)\b|\bannual|\byearly\b|\bp\.?a\.?\b", "YEAR"),
)
_PLAUSIBLE: dict[str, tuple[float, float]] = {
    "HOUR": (5, 500),
    "DAY": (60, 4000),
    "WEEK": (200, 20_000),
    "MONTH": (300, 60_000),
    "YEAR": (8_000, 1_500_000),
}
_BIG_UNITS = {
    "INR": 60,
    "JPY": 120,
    "HUF": 300,
    "KRW": 1200,
    "COP": 4000,
    "CLP": 800,
    "PHP": 50,
    "ARS": 800,
    "CZK": 20,
    "RUB": 80,
    "UAH": 35,
    "MXN": 15,
    "SEK": 9,
    "NOK": 9,
    "DKK": 6,
    "ZAR": 16,
    "PLN": 4,
    "ILS": 3.5,
    "BRL": 5,
    "TRY": 30,
}


WIDEST, WIDEST_NAMED = 6, 12
"""Ends further apart than this are two figures, not one range; a range called so may be wider."""
_TWO_DIGITS = re.compile(r"\d\d")
_CODE = Pattern("pay.code")
_SIGN = Pattern("pay.sign")
_LABELLED_RANGE = re.compile(r"(?:salary|pay|compensation|range|budget|rate)[^.\d]{0,30}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Figure:
    low: float
    high: float
    currency: str
    period: Period
    start: int
    end: int
    ranged: bool
    named: bool
    open_ended: bool


def pay_of(source: SourceText, layout: Layout) -> PostedPay | None:
    """Base pay, the widest span over zones; the body before the board's badge, the badge only where it is plausible."""
    figures = list(_figures(source, layout))
    ranged = [figure for figure in figures if figure.ranged]
    best = _widest(ranged or figures)
    return best or _from_labels(source) or _from_badge(source, layout)


def all_ranges(reading: PostingReading) -> Iterator[PostedPay]:
    """Every amount that the text states as base pay, zone by zone."""
    for index, line in enumerate(reading.lines):
        text = reading.text[line.start : line.end]
        kind = reading.line_kinds[index]
        if _TWO_DIGITS.search(text) and _names_money(text) and "💰" not in text:
            in_pay = kind is SectionKind.PAY
            for figure in _line_figures(text, line.start, "", in_pay=in_pay, open_=kind is not SectionKind.ABOUT):
                yield PostedPay(
                    figure.low, figure.high, figure.currency, figure.period, figure.start, figure.end, figure.open_ended
                )


def _widest(figures: Sequence[_Figure]) -> PostedPay | None:
    if not figures:
        return None
    first = next((figure for figure in figures if figure.named), figures[0])
    same = [
        figure
        for figure in figures
        if (figure.currency, figure.period) == (first.currency, first.period)
        and figure.high <= first.high * 3
        and figure.low * 3 >= first.low
    ]
    return PostedPay(
        min=min(figure.low for figure in same),
        max=max(figure.high for figure in same),
        currency=first.currency,
        period=first.period,
        start=min(figure.start for figure in same),
        end=max(figure.end for figure in same),
        open_ended=all(figure.open_ended for figure in same),
    )


def _figures(source: SourceText, layout: Layout) -> Iterator[_Figure]:
    signed = set(layout.lines_with(_SIGN))
    for index in sorted(signed.union(layout.lines_with(_CODE))):
        text, kind = layout.texts[index], layout.kinds[index]
        if _TWO_DIGITS.search(text) and (index in signed or _CODE.search(text)) and "💰" not in text:
            before = layout.texts[index - 1][-120:] if index and len(text) < 240 else ""
            yield from _line_figures(
                text,
                source.lines[index].start,
                before,
                in_pay=kind is SectionKind.PAY,
                open_=kind is not SectionKind.ABOUT,
            )


def _names_money(text: str) -> bool:
    return _SIGN.search(text) is not None or _CODE.search(text) is not None


def _line_figures(text: str, offset: int, lead: str, *, in_pay: bool, open_: bool) -> Iterator[_Figure]:
    taken: list[tuple[int, int]] = []
    for found in _RANGE.finditer(text):
        named = in_pay or _is_named(text, found.start(), found.end(), lead)
        figure = _figure(found, text, offset, named=named)
        if figure is not None and (named or open_):
            taken.append(found.span())
            yield figure
    if taken or not (in_pay or _PAY_WORDS.search(text) or _PAY_WORDS.search(lead)):
        return
    for found in _SINGLE.finditer(text):
        figure = _single(found, text, offset, lead)
        if figure is not None:
            yield figure


def _is_named(text: str, start: int, end: int, lead: str) -> bool:
    return bool(
        _PAY_WORDS.search(text, max(0, start - 160), start)
        or _PAY_WORDS.search(text, end, end + 60)
        or (start < 60 and _PAY_WORDS.search(lead))
    )


def _is_other_money(text: str, start: int, end: int) -> bool:
    return bool(
        (
            _NOT_PAY_BEFORE.search(text[max(0, start - 48) : start])
            and not _LABELLED_RANGE.search(text[max(0, start - 40) : start])
        )
        or _NOT_PAY_AFTER.match(text[end : end + 48])
    )


def _figure(found: re.Match[str], text: str, offset: int, *, named: bool) -> _Figure | None:
    """A range of two amounts that is pay, or None."""
    currency = _currency(found, "1") or _currency(found, "2")
    if currency is None or {"m", "M"} & {found["k1"], found["k2"]} or _is_other_money(text, found.start(), found.end()):
        return None
    low, high = _number(found["n1"]), _number(found["n2"])
    if found["k2"] or found["k1"]:
        low, high = (figure * 1000 if figure < 1000 else figure for figure in (low, high))
    elif high >= 15_000 and low < 1000 and low * 1000 <= high:
        low *= 1000
    period = _period(
        found["p"] or found["p2"] or found["q"] or found["q2"],
        text,
        found.start(),
        found.end(),
        high / _BIG_UNITS.get(currency, 1),
    )
    if (
        period is None
        or low > high
        or not low
        or high / low > (WIDEST_NAMED if named else WIDEST)
        or not _plausible(low, high, currency, period)
    ):
        return None
    if not named and not (found["k2"] or high >= 15_000 or found["p"] or found["q"]):
        return None
    start, end = _trimmed(found)
    return _Figure(
        _plain(low),
        _plain(high),
        currency,
        period,
        offset + start,
        offset + end,
        ranged=True,
        named=named,
        open_ended=False,
    )


def _single(found: re.Match[str], text: str, offset: int, lead: str) -> _Figure | None:
    """One amount named as the pay ("salary: £45,000"), or None."""
    currency = _currency(found, "1")
    start, end = found.span()
    near = text[max(0, start - 60) : start] or lead[-60:]
    if (
        currency is None
        or found["k1"] in ("m", "M")
        or not (_PAY_WORDS.search(near) or re.match(r"\s*(?:base|salary|gross)", text[end:], re.IGNORECASE))
    ):
        return None
    if _is_other_money(text, start, end) or re.match(r"\s*\d", text[end:]):
        return None
    amount = _number(found["n1"]) * (1000 if found["k1"] else 1)
    period = _period(found["p"] or found["p2"], text, start, end, amount / _BIG_UNITS.get(currency, 1))
    if period is None or not _plausible(amount, amount, currency, period):
        return None
    start, end = _trimmed(found)
    open_ended = bool(
        re.search(
            r"(?:up to|from|starting (?:at|from)|at least|minimum(?: of)?|max(?:imum)?(?: of)?)\W*$",
            near,
            re.IGNORECASE,
        )
        or found.group().rstrip().endswith("+")
    )
    return _Figure(
        _plain(amount),
        _plain(amount),
        currency,
        period,
        offset + start,
        offset + end,
        ranged=False,
        named=True,
        open_ended=open_ended,
    )


def _trimmed(found: re.Match[str]) -> tuple[int, int]:
    """The match's span without the blanks around it."""
    lead = len(found.group()) - len(found.group().lstrip())
    return found.start() + lead, found.start() + len(found.group().rstrip())


def _currency(found: re.Match[str], side: str) -> str | None:
    """A code beats a sign: "$85,000 CAD" is Canadian."""
    written = [found[f"t{side}"], found[f"c{side}"], found[f"d{side}"]]
    written = [word.upper() if word.lower() not in _WORDS else _WORDS[word.lower()] for word in written if word]
    codes = [word for word in written if len(word) == 3 and word.isalpha()]
    other = found.groupdict().get("t2") or ""
    if not codes and len(other) == 3 and other.isalpha():
        codes = [other.upper()]
    signs = [_SYMBOLS.get(word) or _SYMBOLS.get(word.lower()) for word in written]
    return codes[0] if codes else next((sign for sign in signs if sign), None)


def _period(stated: str | None, text: str, start: int, end: int, dollars: float) -> Period | None:
    if stated:
        return _PERIODS[stated[0].lower()]
    near = f"{text[max(0, start - 70) : start]} {text[end : end + 40]}"
    size: Period | None = "YEAR" if dollars >= 15_000 else "HOUR" if dollars < 400 else None
    for pattern, period in _PERIOD_WORDS:
        low, high = _PLAUSIBLE[period]
        if (
            low <= dollars <= high
            and re.search(pattern, near, re.IGNORECASE)
            and not (size == "YEAR" and period not in ("YEAR", "MONTH"))
        ):
            return period
    return size or ("MONTH" if 1500 <= dollars < 15_000 else None)


def _plausible(low: float, high: float, currency: str, period: Period) -> bool:
    least, most = (bound * _BIG_UNITS.get(currency, 1) for bound in _PLAUSIBLE[period])
    return least <= high <= most and low >= least / 3


def _number(written: str) -> float:
    digits = re.sub(r"[\s'\u2009\u202f]", "", written)
    tail = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"[.,]", "", digits[: tail.start()] if tail else digits)
    return float(f"{whole}.{tail.group(1)}" if tail else whole)


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
        found = _RANGE.search(badge.group(1))
        figure = _figure(found, badge.group(1), badge.start(1), named=True) if found else None
        if figure is not None and figure.low < figure.high:
            return PostedPay(
                figure.low,
                figure.high,
                figure.currency,
                figure.period,
                figure.start,
                figure.end,
                from_badge=True,
            )
    return None
