"""Every sum in a line and what it is: base pay, total pay, a bonus, equity, or no pay at all. Told before any is merged.

A sum is told by the words around it: a label right in front ("Base salary: …"), the noun right behind ("… signing bonus"),
the nearest word before it in its sentence, and, in a list of zones, by the sum before it. The words are data
(`data/money.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tenfold.posting.model import MoneyKind, OpenEnd, Period
from tenfold.posting.money import (
    BIG,
    SHARED_SIGNS,
    Amount,
    Vocabulary,
    amounts,
    joined_words,
    pairs,
    period_words,
    scaled,
    tables,
    unit_named,
    units_of_a_dollar,
)

_NEVER_ASKED = (False, False)
COMMONEST = {"$": "USD", "kr": "SEK", "¥": "JPY"}
WIDEST = 6
"""Ends further apart than this are two figures, not one range, unless the range is called so."""
WIDEST_NAMED = 12
LONGEST_LABEL = 60
OPEN_WINDOW = 48
WINDOW_BEFORE, WINDOW_AFTER = 110, 48
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
    r"(?:[-–—~‑−〜～]+|\bto\b|\band\b|\bup to\b|\buntil\b|\bthrough\b|\bbis(?: zu)?\b|\bund\b|\bà\b|\ba\b|\bal\b|\be\b|\bet\b"
    r"|\by\b|\bich\b|\btill?\b|\boch\b|\bog\b|\bdo\b|\btot\b|\ben\b|\band up to\b|\bin our lowest (?:\w+ ){1,4}(?:up )?to\b)"
    r"\s*(?:(?:an? )?(?:max(?:imum)?(?: of)?|up to)\s+)?",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s*[-–—]+\s*(?:(?:mid|max)\w*\W{0,2})?", re.IGNORECASE)
_CELL = re.compile(r"\s*\|\s*")
_NOTHING = re.compile(r"\s{0,2}")
_AND = re.compile(r"\s*(?:and|und|et|y|e|och|og|en)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre|mellan|mellem|tussen|fra|range[sd]?|tra)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<![A-Z]\.[A-Z])(?<!\b[a-z]\.[a-z])[.!?;]\s+(?=[A-ZÄÖÜ\"“(])")
_CUT = re.compile(
    r"[;+|]|[.!?](?:\s|$)|,\s+(?!(?:per|p\.a|gross|annual|yearly|monthly|brutto)\b)|"
    r"\b(?:plus|and|with|which|where|und|zzgl|sowie|plus|based on|depending|commensurate|for (?:a|an|the|our|sr|senior|staff|lead|candidates))\b",
    re.IGNORECASE,
)
_CONNECTORS = re.compile(
    r"[\s:;,.=(\[*_|·•–—\-]*(?:(?:of|is|are|at|in the|the|for this (?:role|position)|this (?:role|position)|range[sd]?|band|"
    r"from|between|up to|around|about|circa|ca?\.|approx\w*\.?|of up to|starts?|starting|in|will be|would be|USD|a|an|"
    r"zwischen|von|bis zu|ab|entre|de|fixe|brut|liegt bei|beträgt|:|per|year|hour|month|day|annually|min(?:imum)?|max(?:imum)?|"
    r"at least|not less than|expected|estimated|target(?:ed)?|annual|gross)[\s:;,.=(*–—\-]*){0,7}",
    re.IGNORECASE,
)
_OUR_ROLE = re.compile(
    r"\b(?:role|position|candidates?|depending on|commensurate|DOE|DOQ|dependent on|experience|IR35|B2B|freelance|contract(?:or)?|"
    r"W-?2|C2C|full[- ]time|negotiable|super|equity|bonus|UoP|CLT|PJ)\b",
    re.IGNORECASE,
)
_MINIMUM_PAY = re.compile(
    r"\b(?:minimum|min\.|mindest)\w*\b[^.]*\b(?:salary|pay|wage|compensation)\b|\bmindest(?:gehalt|lohn|entgelt)",
    re.IGNORECASE,
)
_NOT_MONEY = re.compile(
    r"\s*(?:\)?\s*k\)|days?|hours?|hrs?|weeks?|months?|years?|yrs?|people|employees|engineers|points?|times|minutes|tage|"
    r"stunden|wochen|jahre|jours|semaines|ans|×|x\b|/\s?\d|[-–]?(?:days?|hours?))",
    re.IGNORECASE,
)
_ZIP_OR_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
FEW_WORDS = 10
STRONG = re.compile(
    r"\b(?:salar(?:y|ies)|pay|compensation|remuneration|wages?|\w*gehalt\w*|\w*vergütung|\w*entgelt|lohn|salaires?|rémunération|"
    r"TJM|tagess[aä]tze?|stundens[aä]tze?|salario|sueldo|salário|remuneração|wynagrodzenie|salaris|lön|løn|CTC|RAL|rate|"
    r"hourly|day rate|base)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum or range at [start, end) of a line. `currency` is empty and `period` None where the line does not say.

    `kind` None: nothing says what it is. `named`: words of pay stand at it. `alone`: the line says little else;
    `clean`: it names nothing that is no pay, or has words of a job offered. `labelled`: a word of pay introduces it, so that it is said if not read.
    """

    kind: MoneyKind | None
    low: float
    high: float
    currency: str
    period: Period | None
    start: int
    end: int
    ranged: bool
    named: bool
    alone: bool
    clean: bool
    in_thousands: bool
    labelled: bool
    open_end: OpenEnd | None
    contradiction: str = ""
    sign: str = ""
    near: str = ""
    """The words around it, as far as the next figures; and the shared sign that it was written with."""


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


def figures_of(text: str, *, lead: str = "", in_pay: bool = False, signs: dict[str, str] | None = None) -> list[Figure]:
    """Every sum of one line. `lead`: the line before, where this one may hang on it; `in_pay`: a section on pay.

    `signs`: the currency that each sign of several countries ("$", "kr", "¥") has here; the commonest without it.
    """
    found = [amount for amount in amounts(text) if not _is_no_money(text, amount)]
    spans = _with_middles_joined(text, list(_spans(text, found)))
    figures: list[Figure] = []
    for at, span in enumerate(spans):
        since = spans[at - 1].end if at else 0
        until = spans[at + 1].start if at + 1 < len(spans) else len(text)
        before = _before(text, since, span.start)
        after = text[span.end : min(until, span.end + WINDOW_AFTER)]
        kind, named = _kind(before, after, lead if span.start < 60 else "", figures, in_pay=in_pay)
        if not span.low.currency and not span.high.currency and not _is_labelled(before, lead, span):
            continue
        figures.append(
            _figure(
                text,
                span,
                kind,
                before,
                after,
                lead,
                named=named,
                alone=_NEVER_ASKED if kind else _stands_alone(text, spans),
                signs=COMMONEST | (signs or {}),
            )
        )
    return list(_with_ends_joined(figures))


def _is_no_money(text: str, amount: Amount) -> bool:
    """Hours, years, a 401(k) plan: figures without a currency that something else follows."""
    return not amount.currency and (
        _NOT_MONEY.match(text, amount.end) is not None
        or (amount.value == 401_000 and amount.multiplier > 1)
        or (amount.multiplier == 1 and _ZIP_OR_YEAR.match(text[amount.start : amount.end]) is not None)
    )


def _spans(text: str, found: list[Amount]) -> Iterator[_Span]:
    """Amounts paired to ranges, others alone; those of a currencyless crowd are left to their labels."""
    taken = False
    for amount, behind in pairs(found):
        if taken:
            taken = False
            continue
        joined = _joined(text, amount, behind) if behind else None
        taken = joined is not None
        yield joined or _Span(amount, amount, ranged=False)


def _with_middles_joined(text: str, spans: list[_Span]) -> list[_Span]:
    """“$158,100 - $186,000 - $213,900” is lowest, middle, highest: one range."""
    joined: list[_Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.ranged and not span.ranged and _DASH.fullmatch(text, last.end, span.start):
            if last.high.value <= span.low.value <= 3 * last.high.value:
                joined[-1] = _Span(last.low, span.high, ranged=True)
                continue
        joined.append(span)
    return joined


def _joined(text: str, low: Amount, high: Amount) -> _Span | None:
    """A range of the two, if what stands between them joins them."""
    gap = text[low.end : high.start]
    lower, higher = scaled(low, high)
    joint = _JOINT.fullmatch(gap)
    if joint and _AND.fullmatch(gap) and not _BETWEEN.search(text, max(0, low.start - 40), low.start):
        joint = None
    lost = _NOTHING.fullmatch(gap) or (_CELL.fullmatch(gap) and text.count("|") > 2)
    rising = lower.value < higher.value <= 3 * lower.value and low.is_signed and high.is_signed
    if lower.value > higher.value or not (joint or (lost and rising)):
        return None
    return _Span(lower, higher, ranged=True)


def _before(text: str, since: int, start: int) -> str:
    """What stands in front of a figure in its own sentence, behind the figure before it."""
    window = text[max(since, start - WINDOW_BEFORE) : start]
    for end in _SENTENCE.finditer(window):
        if end.end() < len(window.rstrip()):
            window = window[end.end() :]
            return _before(window, 0, len(window))
    return window


_ORDER = ("total", "sign_on", "relocation", "equity", "bonus", "base", "weak_base", "other", "soft_other")


@cache
def _kinds() -> Vocabulary:
    table = tables()["kinds"]
    return Vocabulary({kind: table[kind] for kind in _ORDER})


def _kinds_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Every word of a kind in a text, as (kind, start, end), none within another."""
    for found in _kinds().finditer(text):
        yield str(found.lastgroup), found.start(), found.end()


def _kind(before: str, after: str, lead: str, earlier: list[Figure], *, in_pay: bool) -> tuple[MoneyKind | None, bool]:
    """What a figure is, and whether its own words say so."""
    left = _last_kind(before)
    if left is not None and left[1]:
        return _as_kind(left[0])
    right = _first_kind(after)
    if right is not None and (left is None or right not in ("base", "weak_base", "soft_other")):
        return _as_kind(right)
    if left is not None:
        return _as_kind(left[0])
    if earlier and earlier[-1].kind is not None and len(before) < 60 and earlier[-1].kind is not MoneyKind.OTHER:
        return earlier[-1].kind, earlier[-1].named
    if lead and (above := _last_kind(lead)) is not None and (above[0] == "base" or _is_label(lead)):
        return _as_kind(above[0])
    return (MoneyKind.BASE, True) if in_pay else (None, False)


def _is_label(lead: str) -> bool:
    """Whether the line before is a heading of this one, not a sentence that happened to stand there."""
    return len(lead) <= LONGEST_LABEL or lead.rstrip().endswith(":")


def _as_kind(name: str) -> tuple[MoneyKind | None, bool]:
    return MoneyKind({"soft_other": "other", "weak_base": "base"}.get(name, name)), True


def _last_kind(before: str) -> tuple[str, bool] | None:
    """The kind that the nearest word names, and whether only connecting words follow it; a base beats a soft word."""
    found = list(_kinds_in(before))
    if not found:
        return None
    firm = [word for word in found if word[0] != "soft_other"]
    if not firm:
        return "soft_other", False
    strong = [word for word in firm if word[0] != "weak_base"]
    kind, _, end = (strong or firm)[-1]
    return kind, bool(strong) and _CONNECTORS.fullmatch(before, end) is not None


def _first_kind(after: str) -> str | None:
    """The kind of the noun right behind a figure ("… signing bonus"), up to where another thought begins."""
    cut = _CUT.search(after)
    near = after[: cut.start()] if cut else after
    found = next(_kinds_in(near), None)
    return found[0] if found and len(near[: found[1]].split()) <= 4 else None


def _is_labelled(before: str, lead: str, span: _Span) -> bool:
    """Whether a figure without a currency stands right behind a word of pay."""
    words = before if before.strip() else lead
    found = list(STRONG.finditer(words))
    if not found or span.high.value < 100:
        return False
    return _CONNECTORS.fullmatch(words, found[-1].end()) is not None


def _stands_alone(text: str, spans: list[_Span]) -> tuple[bool, bool]:
    """Whether the line says little but its figures; and whether it names nothing that is no pay."""
    rest, at = [], 0
    for span in spans:
        rest.append(text[at : span.start])
        at = span.end
    words = " ".join([*rest, text[at:]])
    others = ("other", "soft_other")
    clean = not any(kind in others for kind, _, _ in _kinds_in(words))
    return clean and len(_LETTERS.findall(words)) <= FEW_WORDS, clean


def _figure(
    text: str,
    span: _Span,
    kind: MoneyKind | None,
    before: str,
    after: str,
    lead: str,
    *,
    named: bool,
    alone: tuple[bool, bool],
    signs: Mapping[str, str],
) -> Figure:
    currency, contradiction = _currency(span, signs, after_comma=before.rstrip().endswith(","))
    low, high = span.low.value, span.high.value
    period, why = _period(span, before or lead, after, currency)
    most = WIDEST_NAMED if named else WIDEST
    if not contradiction and low and high / low > most:
        contradiction = "its ends are too far apart for one range"
    return Figure(
        kind=kind,
        low=low,
        high=high,
        currency=currency,
        period=period,
        start=span.start,
        end=span.end,
        ranged=span.ranged,
        named=named,
        alone=alone[0],
        clean=alone[1] or bool(_OUR_ROLE.search(text)),
        in_thousands=span.high.multiplier == 1000,
        sign=next((code for code in (span.high.currency, span.low.currency) if code in SHARED_SIGNS), ""),
        near=f"{before} {after}",
        labelled=bool(STRONG.search(before)) and (span.ranged or _is_labelled(before, lead, span)),
        open_end=None if span.ranged else _open_end(before or lead, after, span),
        contradiction=contradiction or why,
    )


def _currency(span: _Span, signs: Mapping[str, str], *, after_comma: bool) -> tuple[str, str]:
    """The currency of both ends: one written out beats a shared sign; two that differ contradict each other."""
    written = list(dict.fromkeys(code for code in (span.high.currency, span.low.currency) if code))
    codes = [code for code in written if code not in SHARED_SIGNS]
    if len(codes) > 1 and after_comma and span.low.currency == "CAD" and span.low.is_signed:
        return codes[0], ""  # “San Francisco, CA$247,000—$309,000 USD”: a lost space
    if len(codes) > 1:
        return codes[0], f"its ends are in {codes[1]} and {codes[0]}"
    return (codes or [signs[sign] for sign in written] or [""])[0], ""


def _period(span: _Span, before: str, after: str, currency: str) -> tuple[Period | None, str]:
    """The period written at the figure, in its label or soon behind it; else by its size; else None and why."""
    low, high = (value / units_of_a_dollar(currency) for value in (span.low.value, span.high.value))
    if (beside := span.high.period or span.low.period) is not None:
        return (beside, "") if _is_plausible(low, high, beside) else (None, f"it is no {beside.lower()}'s pay")
    cut = re.search(r"[.!?;](?:\s|$)|,\s", after)
    behind = next(period_words().finditer(after, 0, cut.start() if cut else None), None)
    labels = [unit_named(found) for found in _labels().finditer(before)]
    for unit in (labels[-1] if labels else None, unit_named(behind)):
        if unit is not None and _is_plausible(low, high, unit):
            return unit, ""
    return _by_size(high, before, currency)


def _by_size(usd: float, before: str, currency: str) -> tuple[Period | None, str]:
    is_rate = re.search(r"\b(?:rates?|contract\w*|freelance\w*|honorar|per hour|pay rate)\b", before, re.IGNORECASE)
    if usd >= YEARLY_USD:
        return ("YEAR", "") if usd <= _PLAUSIBLE["YEAR"][1] else (None, "it is too much for a year's pay")
    if MONTHLY_USD <= usd:
        return "MONTH", ""
    if usd <= HOURLY_USD and is_rate:
        return "HOUR", ""
    return None, "it does not say for what time" if currency else "it has no currency and no period"


def _is_plausible(low: float, high: float, period: Period) -> bool:
    least, most = _PLAUSIBLE[period]
    return least <= high <= most and low >= least / 3


@cache
def _labels() -> Vocabulary:
    return Vocabulary(tables()["labels"])


@cache
def _open_words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = tables()["open"]
    lead, tail = r"[\s:(]{0,3}(?:only |just )?\Z", r"\s*"
    return (
        re.compile(rf"(?:{joined_words(table['upto'])}){lead}", re.IGNORECASE),
        re.compile(rf"(?:{joined_words(table['from'])}){lead}", re.IGNORECASE),
        re.compile(rf"{tail}(?:{joined_words(table['upto_after'])})", re.IGNORECASE),
        re.compile(rf"{tail}(?:{'|'.join(table['from_after'])})", re.IGNORECASE),
    )


def _open_end(before: str, after: str, span: _Span) -> OpenEnd | None:
    """Which end a single figure is, if it says so."""
    upto, since, upto_behind, since_behind = _open_words()
    all_before, before = before, before[-OPEN_WINDOW:]
    if upto.search(before) or upto_behind.match(after):
        return OpenEnd.UP_TO
    if span.high.has_plus or since.search(before) or since_behind.match(after) or _MINIMUM_PAY.search(all_before):
        return OpenEnd.FROM
    return None


def _with_ends_joined(figures: list[Figure]) -> Iterator[Figure]:
    """“Minimum: … Maximum: …” is one range."""
    at = 0
    while at < len(figures):
        one, two = figures[at], figures[at + 1] if at + 1 < len(figures) else None
        if two and _are_two_ends(one, two):
            yield Figure(
                one.kind, one.low, two.high, one.currency or two.currency, two.period or one.period, one.start,
                two.end, True, one.named or two.named, one.alone, one.clean, one.in_thousands, one.labelled, None,
            )  # fmt: skip
            at += 2
        else:
            yield one
            at += 1


def _are_two_ends(one: Figure, two: Figure) -> bool:
    ends = (one.open_end, two.open_end)
    return (
        ends == (OpenEnd.FROM, OpenEnd.UP_TO)
        and one.kind is two.kind
        and one.low <= two.high
        and (one.currency == two.currency or not one.currency or not two.currency)
    )


def is_big_money(figure: Figure) -> bool:
    """Millions: no one's pay, except where a unit of the currency is small."""
    return figure.high / units_of_a_dollar(figure.currency) > 2 * BIG
