"""Cells of pay lists as people in Europe and America write them: amounts, currencies, periods, shares, days.

A figure that can be read two ways (`185.101`) is given both ways, the likelier first: only what it comes to in a year
tells them apart. The words are data (`data/pay_words.toml`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import tomli

WEEKS, HOURS_A_YEAR, FULL_TIME_HOURS = 52.0, 2080.0, 40.0
SALARIED = "salaried"
"""A period that says only that pay does not go by the hour, or goes by the payday."""
PERIODS = {
    1.0: "year",
    2.0: "half-year",
    4.0: "quarter",
    12.0: "month",
    13.0: "four-weekly",
    24.0: "semi-monthly",
    26.0: "biweekly",
    52.0: "week",
    260.0: "day",
    HOURS_A_YEAR: "hour",
}
"""Times a year, and the word by which a mapping says it."""

_FIGURE = re.compile(r"\d(?:[\d.,'’`´_ ]*\d)?")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure: what it may mean, likeliest first; the currency (or an open sign: `$`, `kr`) and period beside it."""

    readings: tuple[float, ...]
    currency: str = ""
    period: float | None = None


@dataclass(frozen=True)
class _Words:
    """The vocabulary of cells, compiled."""

    periods: tuple[tuple[re.Pattern[str], float], ...]
    letters: Mapping[str, float]
    salaried: re.Pattern[str]
    payday: re.Pattern[str]
    employment: tuple[tuple[re.Pattern[str], str], ...]
    left: re.Pattern[str]
    workplace: tuple[tuple[re.Pattern[str], str], ...]
    beside: frozenset[str]
    signs: Mapping[str, str]
    open_signs: Mapping[str, frozenset[str]]
    names: Mapping[str, str]
    currencies: Mapping[str, tuple[str, float]]


@cache
def _words() -> _Words:
    said: dict[str, Any] = tomli.loads((files("tenfold.market") / "data" / "pay_words.toml").read_text("utf-8"))
    times = {word: number for number, word in PERIODS.items()}
    return _Words(
        periods=tuple((_any(table["words"]), float(table["a_year"])) for table in said["periods"]),
        letters={letter: times[word] for word, letters in said["letters"].items() for letter in letters},
        salaried=_any(said["salaried"]["words"]),
        payday=_any(said["salaried"]["payday"]),
        employment=tuple((_any(words), kind) for kind, words in said["employment"].items()),
        left=_any(said["left"]["words"]),
        workplace=tuple((_any(words), ratio) for ratio, words in said["workplace"].items()),
        beside=frozenset(said["beside"]["words"]),
        signs=dict(sorted(said["signs"].items(), key=lambda item: -len(item[0]))),  # `us$` before `$`
        open_signs={sign: frozenset(codes) for sign, codes in said["open_signs"].items()},
        names=said["currency_names"],
        currencies={code: (str(country), float(rough)) for code, (country, rough) in said["currencies"].items()},
    )


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in words))


def is_currency(code: str) -> bool:
    return code in _words().currencies


def roughly_usd(amount: float, currency: str) -> float:
    """An order of magnitude in USD, for telling a slip from pay; an unknown currency counts as USD."""
    return amount / _words().currencies.get(currency, ("", 1.0))[1]


def country_of_currency(currency: str) -> str:
    """The one country that a currency is of; "" for the euro and for what is not known."""
    return _words().currencies.get(currency, ("", 1.0))[0]


@cache
def currency_of_country(country: str) -> str:
    """The currency of a country that has one of its own; "" for others."""
    return next((code for code, (home, _) in _words().currencies.items() if home == country), "")


@lru_cache(maxsize=65_536)
def read_amount(cell: str) -> Amount | None:
    """A figure with what stands beside it in its cell; None where it is none, or says more than one figure."""
    text = unicodedata.normalize("NFKC", cell).casefold().strip().replace("\u2212", "-")
    found = _FIGURE.search(text)
    if found is None or _FIGURE.search(text, found.end()):
        return None
    before, after = text[: found.start()].strip(), text[found.end() :].strip()
    if "%" in before + after:
        return None
    times, before, after = _magnitude(before, after)
    sign, rest = _currency_beside(f"{before} {after}".strip())
    period = read_period(rest.strip(" -/().,:"))
    if period is None and any(word not in _words().beside for word in _LETTERS.findall(rest)):
        return None
    is_negative = before.startswith("-") or before.endswith("-") or (before.endswith("(") and after.startswith(")"))
    readings = tuple(value * times * (-1 if is_negative else 1) for value in _readings(found.group()))
    return Amount(readings, sign, period if isinstance(period, float) else None)


_AFTER = (
    (r"^(k|tsd\.?|thousand|mille)(?![^\W\d_])", 1e3),
    (r"^(lpa|lakhs?|lacs?)\b", 1e5),
    (r"^(mio\.?|m)(?![^\W\d_])", 1e6),
)
_THOUSANDS_OF = r"(?:€|eur|chf|usd|gbp|£|\$)"


def _magnitude(before: str, after: str) -> tuple[float, str, str]:
    """Thousands (`k`, `T€`, `Tsd.`), lakhs and millions, and the text without their mark."""
    for pattern, times in _AFTER:
        if mark := re.search(pattern, after):
            return times, before, after[mark.end() :].strip()
    if re.search(rf"^[tk]{_THOUSANDS_OF}", after):
        return 1e3, before, after[1:]
    if mark := re.search(rf"(?<![^\W\d_])[tk](?={_THOUSANDS_OF}$)", before):
        return 1e3, before[: mark.start()] + before[mark.end() :], after
    return 1.0, before, after


def _currency_beside(text: str) -> tuple[str, str]:
    """The currency named in the words beside a figure, and those words without it."""
    words = _words()
    for sign, code in (*words.signs.items(), *((sign, sign) for sign in words.open_signs)):
        at = re.search(rf"(?<![^\W\d_]){re.escape(sign)}(?![^\W\d_])", text)
        if at:
            return code, f"{text[: at.start()]} {text[at.end() :]}"
    code = next((word.upper() for word in _LETTERS.findall(text) if is_currency(word.upper())), "")
    return code, re.sub(rf"\b{code.casefold()}\b", " ", text, count=1) if code else text


def _readings(figure: str) -> tuple[float, ...]:
    """What the digits may mean. A single mark with three digits after it may part thousands or be a decimal mark."""
    digits = re.sub(r"[\s'’`´_]", "", figure)
    marks = [each for each in digits if each in ".,"]
    if not marks:
        return (float(digits),)
    decimal = max(",.", key=digits.rfind)
    if len(set(marks)) == 2:
        other = "," if decimal == "." else "."
        plain = digits.replace(other, "").replace(decimal, ".")
        return (float(plain),) if digits.count(decimal) == 1 else ()
    whole = float(digits.replace(decimal, ""))
    head, _, tail = digits.partition(decimal)
    if len(marks) > 1:
        return (whole,)
    point = float(f"{head}.{tail}")
    is_open = len(tail) == 3 and len(head) <= 3 and head.strip("0") != ""
    return (whole, point) if is_open else (point,)


def number(cell: str) -> float | None:
    """A small plain number such as hours: `37,5`, `37.5`, `40 h`, `40:00`."""
    found = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,2})|:(\d{2}))?\s*[^\W\d_]*\.?", cell.strip())
    if found is None:
        return None
    return int(found[1]) + (float(f"0.{found[2]}") if found[2] else int(found[3]) / 60 if found[3] else 0.0)


@lru_cache(maxsize=4096)
def read_currency(cell: str) -> str:
    """The code of a currency written as a code, a sign or a name; an open sign stays itself; "" where it is none."""
    words, small = _words(), cell.strip().casefold()
    code = next((each for each in re.findall(r"(?<![A-Z])[A-Z]{3}(?![A-Z])", cell.upper()) if is_currency(each)), "")
    if code:
        return code
    if small in words.open_signs:
        return small
    named = words.signs.get(small) or words.names.get(small)
    return named or (small.upper() if re.fullmatch(r"[a-z]{3}", small) else "")


def may_be(sign: str, currency: str) -> bool:
    """Whether what stands in a cell can mean a currency: `$` is also Canada's."""
    return sign == currency or currency in _words().open_signs.get(sign, ())


def is_open(sign: str) -> bool:
    """Whether a sign stands for several currencies."""
    return sign in _words().open_signs


def bare(text: str) -> str:
    """Small letters without accents, blanks for dots, slashes and underscores."""
    spelt = text.strip().casefold()
    for mark, letters in (("ł", "l"), ("ß", "ss"), ("ø", "o"), ("æ", "ae")):
        spelt = spelt.replace(mark, letters)
    plain = "".join(each for each in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(each))
    return " ".join(re.sub(r"[./_()]", " ", plain).split())


@lru_cache(maxsize=4096)
def read_period(cell: str) -> float | str | None:
    """How many such periods a year has; SALARIED where only that is said; None where no period is named.

    `year`, `Twice a month`, `monatlich`, `Per hour`, `p.a.`, `14 pagas`. Hours are those of a full-time year.
    """
    plain, words = bare(cell), _words()
    if not plain or len(plain) > 60:
        return None
    if plain in words.letters:
        return words.letters[plain]
    if words.payday.search(plain):
        return SALARIED
    if salaries := re.search(
        r"\b(1[2-5])\s*(x|mal|pagas|mensilita|monatsgehalter|gehalter|salaries|payments|salaires)\b", plain
    ):
        return float(salaries[1])
    found = next((times for pattern, times in words.periods if pattern.search(plain)), None)
    return found if found is not None else SALARIED if words.salaried.search(plain) else None


@lru_cache(maxsize=4096)
def period_in_header(plain: str) -> str | None:
    """The period that a folded header names: `jahresbruttogehalt`, `annual salary`, `hourly rate`; None where none."""
    found = next((times for pattern, times in _words().periods if pattern.search(plain)), None)
    return PERIODS.get(found) if found is not None else None


@lru_cache(maxsize=4096)
def read_share(cell: str) -> float | None:
    """A part of full time: `80 %`, `0,8`, `1/2`, `100`, `Vollzeit`; None where it is none (and for `Teilzeit`)."""
    plain = cell.strip().replace("%", "").replace(",", ".").strip()
    if fraction := re.fullmatch(r"(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)", plain):
        value = float(fraction[1]) / float(fraction[2]) if float(fraction[2]) else -1.0
    elif re.fullmatch(r"\d+(\.\d+)?", plain):
        value = float(plain)
    else:
        return 1.0 if read_employment(cell) == "FT" else None
    value = value / 100 if "%" in cell or value > 1.5 else value
    return value if 0 < value <= 1.5 else None


@lru_cache(maxsize=4096)
def read_employment(cell: str) -> str:
    """FT, PT, CT (not employed) or IN (in training); "" where the words say none of them."""
    plain = bare(cell)
    return next((kind for pattern, kind in _words().employment if pattern.search(plain)), "")


def read_working_time(cell: str) -> str:
    """FT or PT in a column of whole and part time, where one letter may say it; else as `read_employment` has it."""
    return _ONE_LETTER.get(bare(cell)) or read_employment(cell)


_ONE_LETTER = {"f": "FT", "p": "PT", "v": "FT", "t": "PT"}
"""Full and part, Vollzeit and Teilzeit."""


def has_left(status: str) -> bool:
    """Whether a word for somebody's status says that they have left."""
    return _words().left.search(bare(status)) is not None


@lru_cache(maxsize=4096)
def read_workplace(cell: str) -> str:
    """The remote ratio that a word means: 100, 50 or 0; "" where it means none."""
    plain = bare(cell)
    return next((ratio for pattern, ratio in _words().workplace if pattern.search(plain)), "")


_MONTHS = 12
_DATE_FORMATS = (
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%Y-%m-%d %H:%M:%S",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%Y-%m-%dT%H:%M:%S",
    "%d.%m.%y",
    "%m/%d/%y",
    "%d/%m/%y",
)


_FORMATS = {
    None: _DATE_FORMATS,
    True: tuple(sorted(_DATE_FORMATS, key=lambda pattern: pattern.startswith(("%m/", "%m-")))),
    False: tuple(sorted(_DATE_FORMATS, key=lambda pattern: pattern.startswith(("%d/", "%d-%m")))),
}
"""By whether the day comes first; None: as most lists of that separator have it."""
_NUMERIC_DAY = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(?:\d{4}|\d\d)(?:\D|$)")


def has_day_first(column: Iterable[str]) -> bool | None:
    """Whether dates such as `25/04/2026` have the day first, by those that can be read only one way; None: none tells.

    A list whose dates tell both tells nothing: in it, `03/04/2026` stays open.
    """
    found = [(int(match[1]), int(match[3])) for match in map(_NUMERIC_DAY.match, column) if match]
    day_first, month_first = any(one > _MONTHS for one, _ in found), any(two > _MONTHS for _, two in found)
    return day_first if day_first is not month_first else None


def is_open_day(cell: str) -> bool:
    """`03/04/2026` is the third of April or the fourth of March."""
    found = _NUMERIC_DAY.match(cell.strip())
    return found is not None and int(found[1]) != int(found[3]) and max(int(found[1]), int(found[3])) <= _MONTHS


@lru_cache(maxsize=65_536)
def read_day(cell: str, *, day_first: bool | None = None) -> date | None:
    """A calendar day in the ways that it is written; `day_first` decides where day and month could change places."""
    plain = cell.strip()
    for pattern in _FORMATS[day_first] if plain[:1].isalnum() and len(plain) <= 30 else ():
        try:
            return datetime.strptime(plain, pattern).date()  # noqa: DTZ007 - a calendar day
        except ValueError:
            continue
    return None


def is_day(cell: str) -> bool:
    return read_day(cell) is not None
