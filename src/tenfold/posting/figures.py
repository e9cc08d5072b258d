"""Every sum in a line and what it is: base pay, total pay, a bonus, equity, or no pay at all; told before merging.

A sum is told by the words around it (`money_kinds`): a label right in front ("Base salary: …"), the noun right behind
("… signing bonus"), the nearest word before it in its sentence, and, in a list of zones, by the sum before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from tenfold.posting.model import MoneyKind, OpenEnd, Period
from tenfold.posting.money import (
    BIG,
    SHARED_SIGNS,
    Amount,
    Vocabulary,
    amounts,
    pairs,
    period_words,
    scale_ends,
    tables,
    unit_named,
    units_of_a_dollar,
)
from tenfold.posting.money_kinds import (
    Around,
    Told,
    has_label,
    has_words_of_a_job,
    is_labelled,
    kind_at,
    names_no_other,
    open_end,
    says_little,
)

COMMONEST = {"$": "USD", "kr": "SEK", "¥": "JPY"}
WIDEST = 6
"""Ends further apart than this are two figures, not one range, unless the range is called so."""
WIDEST_NAMED = 12
LINES_KEPT = 1024
"""Lines on pay repeat over an employer's postings, and while somebody writes one."""
WINDOW_BEFORE, WINDOW_AFTER = 110, 48
HANGS_WITHIN = 60
LEAST_UNSIGNED, LEAST_UNSIGNED_RANGE = 100, 20
YEARLY_USD, HOURLY_USD, MONTHLY_USD = 15_000, 250, 1_500
"""Orders of magnitude by which a figure without a period is told: above the first a year's pay, below the second an
hour's (of a rate), from the third on a month's. Between them it is not told."""

_PLAUSIBLE: dict[Period, tuple[float, float]] = {
    "HOUR": (5, 500),
    "DAY": (60, 4000),
    "WEEK": (200, 20_000),
    "MONTH": (300, 60_000),
    "YEAR": (5_000, 1_500_000),
}
_JOINT = re.compile(
    r"\s*(?:\(?(?:gross|base(?: salary)?|brutto|bruto|brut|per|OTE|annually)\)?\s*)?"
    r"(?:[-–—~‑−〜～]+|\b(?:to|and|up to|until|through|bis(?: zu)?|und|à|a|al|e|et|y|till?|och|og|do|až|до|tot|en|"
    r"and up to|in our lowest (?:\w+ ){1,4}(?:up )?to)\b)"
    r"\s*(?:(?:an? )?(?:max(?:imum)?(?: of)?|up to)\s+)?",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s*[-–—]+\s*(?:(?:mid|max)\w*\W{0,2})?", re.IGNORECASE)
_SLASH = re.compile(r"\s*/\s*")
"""Between two ends of thousands: “€80 / 100k”."""
_CELL = re.compile(r"\s*\|\s*")
_NOTHING = re.compile(r"\s{0,2}")
_AND = re.compile(r"\s*(?:and|und|et|y|e|och|og|en)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre|mellan|mellem|tussen|fra|range[sd]?|tra)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<![A-Z]\.[A-Z])(?<!\b[a-z]\.[a-z])[.!?;]\s+(?=[A-ZÄÖÜ\"“(])")
_RATE = re.compile(r"\b(?:rates?|contract\w*|freelance\w*|honorar|per hour|pay rate)\b", re.IGNORECASE)
_PERIOD_ENDS = re.compile(r"[.!?;](?:\s|$)|,\s")
_NOT_MONEY = re.compile(
    r"\s*(?:\)?\s*k\)|days?|hours?|hrs?|weeks?|months?|years?|yrs?|people|employees|engineers|points?|times|minutes|"
    r"tage|stunden|wochen|jahre|jours|semaines|ans|×|x\b|/\s?\d(?!\d{1,2}\s?[kK])|[-–]?(?:days?|hours?))",
    re.IGNORECASE,
)
_EVERY_TWO_WEEKS = re.compile(
    r"\b(?:bi-?weekly|fortnightly|every (?:two|2|other) weeks?|twice a month|semi-?monthly|per fortnight)\b",
    re.IGNORECASE,
)
"""Neither by the week nor by the month."""
_YEAR_NUMBER = re.compile(r"(?:19|20)\d\d\Z")


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum or range at [start, end) of a line. `currency` is empty and `period` None where the line does not say.

    `kind` None: nothing says what it is. `named`: words of pay stand at it. `alone`: the line says little else;
    `clean`: it names nothing that is no pay, or has words of a job offered. `labelled`: a word of pay introduces it, so
    that it is said if it is not read; `contradiction` says why it is not. `near`: the words around it; `sign`: the sign
    of several currencies that it was written with.
    """

    kind: MoneyKind | None
    named: bool
    low: float
    high: float
    currency: str
    period: Period | None
    start: int
    end: int
    ranged: bool
    alone: bool
    clean: bool
    in_thousands: bool
    labelled: bool
    open_end: OpenEnd | None
    contradiction: str
    sign: str
    near: str


@dataclass(frozen=True, slots=True)
class _Span:
    """One or two amounts that belong together."""

    low: Amount
    high: Amount
    ranged: bool

    @property
    def start(self) -> int:
        return self.low.start

    @property
    def end(self) -> int:
        return self.high.end


def figures_of(
    text: str, *, lead: str = "", in_pay: bool = False, signs: Mapping[str, str] | None = None
) -> tuple[Figure, ...]:
    """Every sum of one line. `lead`: the line before, where this one may hang on it; `in_pay`: a section on pay.

    `signs`: the currency that each sign of several countries ("$", "kr", "¥") has here; the commonest without it.
    """
    return _figures_of(text, lead, in_pay, tuple((signs or {}).items()))


@lru_cache(maxsize=LINES_KEPT)
def _figures_of(text: str, lead: str, in_pay: bool, signs: tuple[tuple[str, str], ...]) -> tuple[Figure, ...]:
    every = amounts(text)
    found = [one for at, one in enumerate(every) if not (_is_no_money(text, one) or _is_a_date(text, every, at))]
    spans = _with_middles_joined(text, list(_spans(text, found)))
    figures: list[Figure] = []
    told: Told | None = None
    for at, span in enumerate(spans):
        around = _around(text, spans, at, lead if span.start < HANGS_WITHIN else "", used=told.used if told else 0)
        told = kind_at(around, told, in_pay=in_pay)
        if "LPA" in text[span.start : span.end]:
            told = Told(MoneyKind.BASE, named=True)
        unsigned = not span.low.currency and not span.high.currency
        least = LEAST_UNSIGNED_RANGE if span.ranged else LEAST_UNSIGNED
        if not (unsigned and (span.high.value < least or not is_labelled(around))):
            figures.append(_figure(text, spans, span, around=around, told=told, signs=COMMONEST | dict(signs)))
    return tuple(_with_ends_joined(figures))


def is_big_money(figure: Figure) -> bool:
    """Millions: no one's pay, except where a unit of the currency is small."""
    return figure.high / units_of_a_dollar(figure.currency) > 2 * BIG


def _is_no_money(text: str, amount: Amount) -> bool:
    """Hours, years, a 401(k) plan: figures without a currency that something else follows."""
    return not amount.currency and (
        _NOT_MONEY.match(text, amount.end) is not None or (amount.value == 401_000 and amount.multiplier > 1)
    )


def _is_a_date(text: str, every: Sequence[Amount], at: int) -> bool:
    """“2021” is the year, unless it is one end of a range with a currency: “1920 – 1960 zł per day”."""
    amount = every[at]
    if amount.currency or amount.multiplier != 1 or not _YEAR_NUMBER.match(text[amount.start : amount.end]):
        return False
    before = at > 0 and _is_range_of_a_currency(text, every[at - 1], amount)
    return not (before or (at + 1 < len(every) and _is_range_of_a_currency(text, amount, every[at + 1])))


def _is_range_of_a_currency(text: str, low: Amount, high: Amount) -> bool:
    """Whether a dash or its word stands between two alike amounts, the currency in front of both or behind both."""
    has_sign = low.is_signed if low.currency else bool(high.currency) and not high.is_signed
    gap = text[low.end : high.start]
    is_joined = bool(_JOINT.fullmatch(gap)) and not _AND.fullmatch(gap)
    return has_sign and is_joined and low.value <= high.value <= 3 * low.value


def _spans(text: str, found: list[Amount]) -> Iterator[_Span]:
    """Amounts paired to ranges, others alone."""
    taken = False
    for amount, behind in pairs(found):
        if taken:
            taken = False
            continue
        joined = _join(text, amount, behind) if behind else None
        taken = joined is not None
        yield joined or _Span(amount, amount, ranged=False)


def _join(text: str, low: Amount, high: Amount) -> _Span | None:
    """A range of the two, if what stands between them joins them."""
    gap = text[low.end : high.start]
    lower, higher = scale_ends(low, high)
    joint = _JOINT.fullmatch(gap)
    if joint and _AND.fullmatch(gap) and not _BETWEEN.search(text, max(0, low.start - 40), low.start):
        joint = None
    lost = _NOTHING.fullmatch(gap) or (_CELL.fullmatch(gap) and text.count("|") > 2)
    near = lower.value < higher.value <= 3 * lower.value
    rising = near and low.is_signed and high.is_signed
    thousands = near and higher.multiplier == 1000 and _SLASH.fullmatch(gap)
    if lower.value > higher.value or not (joint or thousands or (lost and rising)):
        return None
    return _Span(lower, higher, ranged=True)


def _with_middles_joined(text: str, spans: list[_Span]) -> list[_Span]:
    """“$158,100 - $186,000 - $213,900” is lowest, middle, highest: one range."""
    joined: list[_Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and _goes_on(text, last, span):
            joined[-1] = _Span(last.low, span.high, ranged=True)
        else:
            joined.append(span)
    return joined


def _goes_on(text: str, range_: _Span, single: _Span) -> bool:
    """Whether a single figure behind a range is its upper end."""
    rising = range_.high.value <= single.low.value <= 3 * range_.high.value
    return rising and range_.ranged and not single.ranged and bool(_DASH.fullmatch(text, range_.end, single.start))


def _around(text: str, spans: list[_Span], at: int, lead: str, *, used: int) -> Around:
    """The words around a span: in front in its own sentence, behind the one before; after it, up to the next.

    `used`: the characters behind the one before that are the noun of that one.
    """
    start, end = spans[at].start, spans[at].end
    window = text[max(spans[at - 1].end + used if at else 0, start - WINDOW_BEFORE) : start]
    ends = [found.end() for found in _SENTENCE.finditer(window) if found.end() < len(window.rstrip())]
    until = spans[at + 1].start if at + 1 < len(spans) else len(text)
    return Around(window[ends[-1] if ends else 0 :], text[end : min(until, end + WINDOW_AFTER)], lead, at > 0)


def _figure(
    text: str, spans: list[_Span], span: _Span, *, around: Around, told: Told, signs: Mapping[str, str]
) -> Figure:
    currency, contradiction = _currency(span, signs, after_comma=around.before.rstrip().endswith(","))
    low, high = span.low.value, span.high.value
    period, unclear = _period(span, around, currency)
    if low and high / low > (WIDEST_NAMED if told.named else WIDEST):
        contradiction = contradiction or "its ends are too far apart for one range"
    rest = "" if told.kind else _without(text, spans)
    clean = not told.kind and names_no_other(rest)
    return Figure(
        kind=told.kind,
        named=told.named,
        low=low,
        high=high,
        currency=currency,
        period=period,
        start=span.start,
        end=span.end,
        ranged=span.ranged,
        alone=clean and says_little(rest),
        clean=clean or (not told.kind and has_words_of_a_job(text)),
        in_thousands=span.high.multiplier == 1000,
        labelled=has_label(around) and (span.ranged or is_labelled(around)),
        open_end=None if span.ranged else open_end(around, has_plus=span.high.has_plus),
        contradiction=contradiction or unclear,
        sign=next((code for code in (span.high.currency, span.low.currency) if code in SHARED_SIGNS), ""),
        near=f"{around.before} {around.after}",
    )


def _without(text: str, spans: list[_Span]) -> str:
    """The line without its figures."""
    bounds = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    return " ".join(text[low:high] for low, high in zip(bounds[::2], bounds[1::2], strict=True))


def _currency(span: _Span, signs: Mapping[str, str], *, after_comma: bool) -> tuple[str, str]:
    """The currency of both ends: one written out beats a shared sign; two that differ contradict each other."""
    written = list(dict.fromkeys(code for code in (span.high.currency, span.low.currency) if code))
    codes = [code for code in written if code not in SHARED_SIGNS]
    if len(codes) > 1 and after_comma and span.low.currency == "CAD" and span.low.is_signed:
        return codes[0], ""  # “San Francisco, CA$247,000—$309,000 USD”: a lost space
    if len(codes) > 1:
        return codes[0], f"its ends are in {codes[1]} and {codes[0]}"
    return (codes or [signs[sign] for sign in written] or [""])[0], ""


def _period(span: _Span, around: Around, currency: str) -> tuple[Period | None, str]:
    """The period written at the figure, in its label or soon behind it; else by its size; else None and why."""
    low, high = (value / units_of_a_dollar(currency) for value in (span.low.value, span.high.value))
    if (beside := span.high.period or span.low.period) is not None:
        return (
            (beside, "") if _is_plausible(low, high, beside) else (None, f"as pay for one {beside.lower()} it is odd")
        )
    cut = _PERIOD_ENDS.search(around.after)
    behind = next(period_words().finditer(around.after, 0, cut.start() if cut else None), None)
    if (
        oftener := _EVERY_TWO_WEEKS.search(f"{around.label} {around.after[: cut.start() if cut else None]}")
    ) is not None:
        return None, f"it is paid {oftener.group().lower()}"
    labels = [unit_named(found) for found in _labels().finditer(around.label)]
    for unit in (labels[-1] if labels else None, unit_named(behind)):
        if unit is not None and _is_plausible(low, high, unit):
            return unit, ""
    return _by_size(high, around.label, currency)


def _by_size(usd: float, label: str, currency: str) -> tuple[Period | None, str]:
    if usd >= YEARLY_USD:
        return ("YEAR", "") if usd <= _PLAUSIBLE["YEAR"][1] else (None, "it is too much for a year's pay")
    if usd >= MONTHLY_USD:
        return "MONTH", ""
    if usd <= HOURLY_USD and _RATE.search(label):
        return "HOUR", ""
    return None, "it does not say for what time" if currency else "it has no currency and no period"


def _is_plausible(low: float, high: float, period: Period) -> bool:
    least, most = _PLAUSIBLE[period]
    return least <= high <= most and low >= least / 3


@cache
def _labels() -> Vocabulary:
    return Vocabulary(tables()["labels"])


def _with_ends_joined(figures: list[Figure]) -> Iterator[Figure]:
    """“Minimum: … Maximum: …” is one range."""
    at = 0
    while at < len(figures):
        one, two = figures[at], figures[at + 1] if at + 1 < len(figures) else None
        joined = _as_range(one, two) if two else None
        yield joined or one
        at += 2 if joined else 1


def _as_range(one: Figure, two: Figure) -> Figure | None:
    """A lowest and a highest figure as one range; None where they are not that."""
    ends = (one.open_end, two.open_end) == (OpenEnd.FROM, OpenEnd.UP_TO)
    same = one.kind is two.kind and (one.currency == two.currency or not one.currency or not two.currency)
    if not (ends and same and one.low <= two.high):
        return None
    return replace(
        two, low=one.low, start=one.start, currency=one.currency or two.currency, period=two.period or one.period,
        ranged=True, named=one.named or two.named, open_end=None, contradiction="",
    )  # fmt: skip
