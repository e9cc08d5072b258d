"""What the columns of a pay list hold: by what they are called in many languages, and by what stands in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import tomli

from tenfold.catalogue.titles import read_title
from tenfold.market.importers import cells

PERSONAL = "personal"
_DUPLICATE = re.compile(r" \(\d+\)$")
_WORD = re.compile(r"[a-z0-9%#]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BLENDS = {
    "ß": "ss",
    "ł": "l",
    "ø": "o",
    "æ": "ae",
    "đ": "d",
    "œ": "oe",
    "№": "no",
    "nº": "no",
    "n°": "no",
    "n.º": "no",
}
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_WHOLE = 10
"""What a term that is the whole header weighs more."""
_ENOUGH = 0.5
_MOSTLY = 0.8


@dataclass(frozen=True)
class _Terms:
    """The vocabulary of one field, as `data/hr_columns.toml` has it."""

    words: frozenset[str]
    parts: tuple[str, ...]
    never: frozenset[str]


@dataclass(frozen=True)
class Column:
    """One column: its name (unique in its file) and the first cells that are not empty."""

    name: str
    cells: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """Folded; “100 %” in a name says that its figures are full-time."""
        return fold(_DUPLICATE.sub("", self.name)).replace("100 percent", "full time")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A header in small letters without accents and marks: `Base_Salary (USD)` is `base salary usd`."""
    spelt = _CAMEL.sub(" ", name.strip())
    text = spelt.casefold()
    for mark, letters in _BLENDS.items():
        text = text.replace(mark, letters)
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    for long, short in _UMLAUTS:
        plain = plain.replace(long, short)
    return " ".join(_WORD.findall(plain.replace("%", " percent ").replace("#", " no ")))


@cache
def _vocabulary() -> Mapping[str, _Terms]:
    document = tomli.loads((files("tenfold.market") / "data" / "hr_columns.toml").read_text("utf-8"))
    return {
        name: _Terms(
            frozenset(fold(word) for word in table["words"]),
            tuple(fold(part) for part in table["parts"]),
            frozenset(fold(word) for word in table["never"]),
        )
        for name, table in document.items()
    }


@lru_cache(maxsize=65_536)
def header_name(plain: str, field: str) -> int:
    """How well a folded header names a field: the letters of the longest term in it; 0 where a term rules it out."""
    terms, words = _vocabulary()[field], plain.split()
    phrases = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(len(words), i + 6) + 1)}
    hits = [len(term) for term in phrases & terms.words] + [len(part) for part in terms.parts if part in plain]
    if not hits or terms.never & phrases:
        return 0
    return max(hits) + (_WHOLE if plain in terms.words else 0)


def is_personal(column: Column) -> bool:
    """Whether a column may name or describe a person, by its name in any language or by what stands in it."""
    return header_name(column.plain, PERSONAL) > 0 or _looks_personal(column.cells)


_CONTACT = re.compile(r"\S+@\S+|\+?\d[\d /()-]{7,}\d|[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


def _looks_personal(values: Sequence[str]) -> bool:
    """Addresses and accounts; or words that differ from row to row, as names do."""
    if _share(values, lambda cell: _CONTACT.fullmatch(cell.strip()) is not None) >= _ENOUGH:
        return True
    worded = [cell for cell in values if any(letter.isalpha() for letter in cell)]
    return len(worded) >= 8 and len(set(worded)) >= 0.9 * len(worded) and not _share(worded, _is_amount) >= _ENOUGH


def known_columns(names: Iterable[str]) -> int:
    """How many of a row's cells are names of columns that pay lists have: a header row has most of them."""
    fields = (*_ORDER, PERSONAL)
    return sum(any(header_name(fold(name), field) for field in fields) for name in names if 0 < len(name) <= 80)


# Assigned in this order where two fields want one column equally; every test asks whether the cells can be meant so.
_ORDER: Mapping[str, Callable[[Sequence[str]], bool]] = {
    "pay": lambda cell: _share(cell, _is_amount) >= _ENOUGH,
    "pay_min": lambda cell: _share(cell, _is_amount) >= _ENOUGH,
    "pay_max": lambda cell: _share(cell, _is_amount) >= _ENOUGH,
    "title": lambda cell: _share(cell, _is_worded) >= _MOSTLY,
    "currency": lambda cell: _share(cell, lambda word: cells.read_currency(word) != "") >= _ENOUGH,
    "period": lambda cell: _share(cell, lambda word: cells.read_period(word) is not None) >= _ENOUGH,
    "frequency": lambda cell: _share(cell, lambda word: cells.read_period(word) is not None) >= _ENOUGH,
    "fte": lambda cell: _share(cell, lambda word: cells.read_share(word) is not None) >= _ENOUGH,
    "full_time_hours": lambda cell: _share(cell, _is_hours) >= _MOSTLY,
    "weekly_hours": lambda cell: _share(cell, _is_hours) >= _MOSTLY,
    "employment": lambda cell: _share(cell, lambda word: cells.read_employment(word) != "") >= _ENOUGH,
    "working_time": lambda cell: _share(cell, lambda word: cells.read_working_time(word) != "") >= _ENOUGH,
    "status": lambda cell: _share(cell, _is_worded) >= _MOSTLY,
    "country": lambda cell: _share(cell, _is_worded) >= _MOSTLY,
    "place": lambda cell: _share(cell, _is_worded) >= _ENOUGH,
    "workplace": lambda cell: _share(cell, lambda word: cells.read_workplace(word) != "") >= _ENOUGH,
    "level": lambda cell: _share(cell, lambda word: len(word) <= 30) >= _MOSTLY,
    "role": lambda cell: _share(cell, _is_worded) >= _MOSTLY,
    "date": lambda cell: _share(cell, cells.is_day) >= _ENOUGH,
}


def assign(columns: Sequence[Column]) -> dict[str, str]:
    """Field to column: the best name first; a column whose cells cannot be meant so is passed over."""
    wanted = [
        (_score(column, field), -rank, -at, field, column)
        for rank, field in enumerate(_ORDER)
        for at, column in enumerate(columns)
        if _may_be(column, field)
    ]
    taken: dict[str, str] = {}
    for _, _, _, field, column in sorted(wanted, key=lambda each: each[:3], reverse=True):
        if field not in taken and column.name not in taken.values():
            taken[field] = column.name
    return taken


_LIKE_PERSONAL = ("date", "place", "country")
"""Fields whose words also name what is personal: a date of birth, a place of residence, a country of citizenship."""


def _may_be(column: Column, field: str) -> bool:
    weight = header_name(column.plain, field)
    if not weight or (field in _LIKE_PERSONAL and header_name(column.plain, PERSONAL) > weight - _WHOLE):
        return False
    return not column.cells or _ORDER[field](column.cells)


def _score(column: Column, field: str) -> float:
    """The name's weight; a title whose words are known jobs, yearly pay and levels in our words weigh more."""
    score: float = header_name(column.plain, field)
    if field == "pay":
        score += {"year": 20, "month": 6}.get(cells.period_in_header(column.plain) or "", 0)
        score += 8 if re.search(r"\b(base|basic|basis|fix\w*|grund\w*|zasadnicz\w*|contract)\b", column.plain) else 0
    if field == "title":
        score += 30 * _share(column.cells, lambda word: read_title(word).role != "other")
    if field == "level":
        score += 12 * _share(column.cells, lambda word: read_title(word).level is not None)
        score -= 6 if "management" in column.plain else 0
    if field == "period":
        score += 8 * _share(column.cells, lambda word: isinstance(cells.read_period(word), float))
    return score


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 0.0


def _is_amount(cell: str) -> bool:
    return cells.read_amount(cell) is not None


def _is_worded(cell: str) -> bool:
    return any(each.isalpha() for each in cell) and not cells.is_day(cell)


def _is_hours(cell: str) -> bool:
    hours = cells.number(cell)
    return hours is not None and 1 <= hours <= 100
