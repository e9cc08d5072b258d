"""Amounts of money as people write them: grouping, multiplier, currency and period, in the formats of many countries.

    [amount.value for amount in amounts("CHF 120’000 – 150’000 im Jahr")]      [120000.0, 150000.0]

What is written in a way that could be two amounts ("1,234.567") is no amount at all: nothing here guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from tenfold.kit.expressions import compile_pattern
from tenfold.posting.model import Period

SHARED_SIGNS = ("$", "kr", "¥")
BIG = 1_000_000
INDIAN = (100_000, 10_000_000)
"""Lakh and crore: of rupees, where no currency is written."""

_GROUPS = "[,.'’‘\u2009\u202f\xa0 ]"
# Whole numbers of bounded length only: a screenful of digits must not be tried from each of them.
_NUMBER = re.compile(
    rf"(?<![\d.,’'])(?:\d{{1,3}}(?:{_GROUPS}\d{{3}}(?!\d)){{1,4}}(?:[.,]\d{{1,2}}(?!\d))?"
    r"|\d{1,2}(?:,\d{2}){1,3},\d{3}(?!\d)(?:\.\d{1,2}(?!\d))?"
    r"|\d{1,12}(?:[.,]\d{1,2}(?!\d))?)(?![\d%]|[.,]\d|\s?%)"
)
_SPACES = re.compile(r"\s*")
_SEPARATORS = re.compile(r"[^\d]")
_DASH_FOR_CENTS = r"(?:[.,]\s?(?:-{1,2}|–|—)(?=\s|$|[^\d\s]))?"


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount at [start, end), its multiplier applied. `currency` is an ISO code, a shared sign ("$"), or empty.

    `period` where it stands right behind the figure, `period_end` after it. `multiplier` 1 where none is written.
    `is_signed`: the currency stands in front. `is_whole`: written without separators.
    """

    value: float
    start: int
    end: int
    currency: str
    multiplier: int
    period: Period | None
    is_signed: bool
    is_whole: bool
    has_plus: bool


@cache
def tables() -> Mapping[str, Any]:
    """The words of money."""
    return tomli.loads((files("tenfold.posting") / "data" / "money.toml").read_text("utf-8"))


def units_of_a_dollar(currency: str) -> float:
    """About how many units make a US dollar: for orders of magnitude."""
    return float(tables()["units_of_a_dollar"].get(currency, 1))


@dataclass(frozen=True)
class _Grammar:
    front: re.Pattern[str]
    behind: re.Pattern[str]
    period: Vocabulary
    currency_of: Mapping[str, str]
    codes: frozenset[str]
    multiplier_of: Mapping[str, int]


def joined_words(words: Iterable[str], *, lead: bool = True) -> str:
    """Alternatives, the longest first, each framed by word bounds where it begins or ends with a letter."""
    return "|".join(_bound(word, lead=lead) for word in sorted(words, key=len, reverse=True))


class Vocabulary:
    """Words in groups, looked up by the letter they begin with: at a place in a text only those are tried."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        r"""`groups` in the order of precedence. A word that begins with `\w*` may begin with any letter."""
        by_letter: dict[str, dict[str, list[str]]] = {}
        for group, words in groups.items():
            for word in words:
                for letter in _ANY_LETTER if word.startswith("\\w*") else word[0].lower():
                    by_letter.setdefault(letter, {}).setdefault(group, []).append(word)
        self._words = by_letter
        self._patterns: dict[str, re.Pattern[str]] = {}

    def at(self, text: str, start: int) -> re.Match[str] | None:
        """The word that begins at this place; its `lastgroup` is its group."""
        letter = text[start : start + 1].lower()
        pattern = self._patterns.get(letter)
        if pattern is None:
            if letter not in self._words:
                return None
            pattern = self._patterns[letter] = _group(self._words[letter])  # compiled when a text first needs it
        return pattern.match(text, start)

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Every word in a stretch, none within another."""
        reached = start
        for place in _WORD_START.finditer(text, start, len(text) if end is None else end):
            found = self.at(text, place.start()) if place.start() >= reached else None
            if found is not None:
                reached = found.end()
                yield found


_ANY_LETTER = "abcdefghijklmnopqrstuvwxyzäöüß"
_WORD_START = re.compile(r"(?<![^\W\d_])[^\W\d_]|/|4(?=01)")


def _group(groups: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    return compile_pattern(
        "|".join(f"(?P<{name}>{joined_words(words, lead=False)})" for name, words in groups.items()), re.IGNORECASE
    )


_LETTER = "[A-Za-zÀ-ɏА-я]"


def _bound(word: str, *, lead: bool = True) -> str:
    before = f"(?<!{_LETTER})" if lead and (word[0].isalpha() or word[0] == "\\") else ""
    after = f"(?!{_LETTER})" if word[-1].isalpha() or word[-1] in "?*)" else ""
    return f"{before}(?:{word}){after}"


@cache
def _grammar() -> _Grammar:
    table = tables()
    currencies = {f"c{at}": code for at, code in enumerate(table["currencies"])}
    codes = {f"i{code}": code for code in table["iso"]["codes"]}
    spellings = {name: table["currencies"][code] for name, code in currencies.items()}
    spellings |= {name: [code] for name, code in codes.items()}
    only_in_front = {f"f{code}": words for code, words in table["in_front"].items()}
    front = _groups(spellings | only_in_front, lead=True)
    behind = _groups(spellings, lead=False)
    multipliers = {f"m{factor}": int(factor) for factor in table["multipliers"]}
    factors = "|".join(f"(?P<m{factor}>{_ends(words)})" for factor, words in table["multipliers"].items())
    return _Grammar(
        front=compile_pattern(rf"(?:{front})", re.IGNORECASE),
        behind=compile_pattern(
            rf"{_DASH_FOR_CENTS}(?:\s?(?:{factors}))?(?P<plus>\+)?(?:\s?(?:{behind})(?!\s?\d))?(?P<plus2>\+)?",
            re.IGNORECASE,
        ),
        period=Vocabulary(table["periods"]),
        currency_of=currencies
        | codes
        | {f"f{code}": code for code in table["in_front"]}
        | {"sdollar": "$", "skrone": "kr", "syen": "¥"},
        codes=frozenset(table["iso"]["codes"]),
        multiplier_of=multipliers,
    )


def _groups(spellings: Mapping[str, Iterable[str]], *, lead: bool) -> str:
    """One named group a currency, and one for each sign that several share."""
    groups = [f"(?P<{name}>{joined_words(words, lead=lead)})" for name, words in spellings.items()]
    dollar = r"(?P<sdollar>(?<![A-Za-z$])\$)" if lead else r"(?P<sdollar>\$)"
    krone = rf"(?P<skrone>{_bound('kr', lead=lead)}\.?)"
    return "|".join([*groups, dollar, krone, r"(?P<syen>[¥￥])"])


def _ends(words: Iterable[str]) -> str:
    """Multipliers stand right behind the figure, so only their end is bounded."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(word if word.endswith(")") else rf"(?:{word})(?!(?!EUR|CHF){_LETTER})" for word in ordered)


def period_words() -> Vocabulary:
    """The words of periods; the group that matched is the period's name."""
    return _grammar().period


def amounts(text: str) -> list[Amount]:
    """Every amount in a line, in order, whether or not a currency is written with it."""
    return [amount for found in _NUMBER.finditer(text) if (amount := _amount(text, found)) is not None]


def _amount(text: str, found: re.Match[str]) -> Amount | None:
    grammar = _grammar()
    start, value = found.start(), number(found.group())
    front = _front(text, start, grammar)
    if value is None or (front is None and start and (text[start - 1].isalpha() or text[start - 1] in "_#")):
        return None
    behind = grammar.behind.match(text, found.end()) if _may_go_on(text, found.end()) else None
    end = behind.end() if behind else found.end()
    factor = _name_of(behind, grammar.multiplier_of, 1)
    currency = _currency(front, behind, grammar)
    if not currency and factor in INDIAN:
        currency = "INR"
    period = grammar.period.at(text, _SPACES.match(text, end).end()) if _may_go_on(text, end) else None  # type: ignore[union-attr] # matches always
    lakhs_a_year = behind is not None and "lpa" in behind.group().lower()
    return Amount(
        value=value * factor,
        start=front[0] if front else start,
        end=period.end() if period else end,
        currency=currency,
        multiplier=factor,
        period="YEAR" if lakhs_a_year else unit_named(period),
        is_signed=front is not None,
        is_whole=found.group().isdigit(),
        has_plus=behind is not None and bool(behind["plus"] or behind["plus2"]),
    )


def _front(text: str, start: int, grammar: _Grammar) -> tuple[int, str] | None:
    """Where the currency in front of a figure begins, and which it is: the one word or sign that stands there."""
    at = start
    while at and start - at < 2 and text[at - 1].isspace():
        at -= 1
    token = _TOKEN.search(text, max(0, at - LONGEST_TOKEN), at) if at else None
    if token is None:
        return None
    if _ABOUT_A_SIGN.fullmatch(token.group()):  # “c£65k”: circa
        return at - 1, _ONE_SIGN[text[at - 1]]
    sign = _ONE_SIGN.get(token.group())
    if sign is not None:
        code = _CODE_BEFORE.search(text, max(0, token.start() - 5), token.start())
        return (code.start(1), code[1].upper()) if code and code[1] in grammar.codes else (token.start(), sign)
    found = grammar.front.match(text, token.start(), at)
    return (found.start(), _currency_in(found, grammar)) if found and found.end() == at else None


LONGEST_TOKEN = 10
_TOKEN = re.compile(r"(?:[A-Za-zÀ-ɏА-я$][A-Za-zÀ-ɏА-я.$€£]*|[€£₹₪₺₽₴₩₱฿₫₦₵₸₾৳¥￥元円])\Z")
_ABOUT_A_SIGN = re.compile(r"(?:c|ca|circa|approx)\.?[£€]", re.IGNORECASE)
_CODE_BEFORE = re.compile(r"(?<![A-Za-z])([A-Z]{3})\s?\Z")
_ONE_SIGN = {"$": "$", "€": "EUR", "£": "GBP", "₹": "INR", "¥": "¥", "￥": "¥", "₪": "ILS"}


def _may_go_on(text: str, end: int) -> bool:
    """Whether a multiplier, currency or period may stand behind: not where a comma, bracket or dash does."""
    after = text[end : end + 2].lstrip()[:1]
    return bool(after) and (after.isalpha() or not after.isascii() or after in "$/+(" or text[end] in ".,")


def unit_named(found: re.Match[str] | None) -> Period | None:
    """The period of a match of `period_words`."""
    return next((unit for unit in UNITS if found.lastgroup == unit), None) if found else None


UNITS: tuple[Period, ...] = ("YEAR", "MONTH", "WEEK", "DAY", "HOUR")


def _name_of(found: re.Match[str] | None, meaning: Mapping[str, int], default: int) -> int:
    if found is None:
        return default
    return next((factor for name, factor in meaning.items() if found[name]), default)


def _currency(front: tuple[int, str] | None, behind: re.Match[str] | None, grammar: _Grammar) -> str:
    """A code beats a sign that several countries share: "$85,000 CAD" is Canadian."""
    codes = [code for code in (_currency_in(behind, grammar) if behind else "", front[1] if front else "") if code]
    return next((code for code in codes if code not in SHARED_SIGNS), codes[0] if codes else "")


def _currency_in(found: re.Match[str], grammar: _Grammar) -> str:
    """The currency among the groups that matched: the last, unless a plus sign stands behind it."""
    last = found.lastgroup or ""
    if last in grammar.currency_of or not last.startswith("plus"):
        return grammar.currency_of.get(last, "")
    names = [name for name, words in found.groupdict().items() if words and name in grammar.currency_of]
    return grammar.currency_of[names[0]] if names else ""


def number(written: str) -> float | None:
    """The value of a figure; None where its separators contradict each other.

    A last group of one or two digits behind a point or comma is a fraction, one of three digits a group.
    """
    marks = _SEPARATORS.findall(written)
    if not marks:
        return float(written)
    whole, mark, last = written.rpartition(marks[-1])
    if mark in ".," and len(last) <= 2:
        groups, fraction = marks[:-1], last
    else:
        whole, groups, fraction = written, marks, ""
    if len(set(groups)) > 1 or (fraction and groups and groups[0] == mark):
        return None
    return float(f"{_SEPARATORS.sub('', whole)}.{fraction or 0}")


def scale_ends(low: Amount, high: Amount) -> tuple[Amount, Amount]:
    """The ends of a range with a multiplier that only one of them carries: “150–180k”, “75k–90”."""
    if low.multiplier == 1 and high.multiplier > 1 and low.value * high.multiplier <= high.value:
        low = replace(low, value=low.value * high.multiplier, multiplier=high.multiplier)
    elif high.multiplier == 1 and low.multiplier > 1 and high.value < low.value <= high.value * low.multiplier:
        high = replace(high, value=high.value * low.multiplier, multiplier=low.multiplier)
    elif low.value < 1000 and low.is_whole and low.multiplier == 1 and low.value * 1000 <= high.value >= 15_000:
        low = replace(low, value=low.value * 1000)
    return low, high


def pairs(found: list[Amount]) -> Iterator[tuple[Amount, Amount | None]]:
    """Each amount with the one behind it."""
    yield from zip(found, (*found[1:], None), strict=False)
