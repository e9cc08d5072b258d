"""Named expressions from `data/patterns.toml`, compiled when first needed, with a cheap look before the search.

A posting is read by some forty expressions; most say nothing about most lines. Each has needles, plain strings of
which one must stand in the lower-case text for the expression to match at all, so nearly all searches are skipped.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import tomli
from ahocorasick_rs import AhoCorasick, Implementation

from tenfold.kit.expressions import compile_pattern


@cache
def _tables() -> dict[str, Any]:
    return tomli.loads((files("tenfold.posting") / "data" / "patterns.toml").read_text("utf-8"))


@cache
def _needles() -> tuple[AhoCorasick, tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """All needles as one automaton; for each the expressions it speaks for, behind a letter and elsewhere."""
    anywhere: dict[str, list[str]] = {}
    apart: dict[str, list[str]] = {}
    for module, tables in _tables().items():
        for key, table in tables.items():
            for needle in table.get("needles", ()) if table.get("swept", True) else ():
                for names in (apart,) if table.get("needles_begin_words") else (apart, anywhere):
                    names.setdefault(needle, []).append(f"{module}.{key}")
    return (
        AhoCorasick(list(apart), implementation=Implementation.DFA),
        tuple(tuple(anywhere.get(needle, ())) for needle in apart),
        tuple(map(tuple, apart.values())),
    )


def places_of_needles(lower: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """In one sweep over a lower-case text: every needle in it, as the expressions' names and where it starts."""
    finder, anywhere, apart = _needles()
    for needle, start, _ in finder.find_matches_as_indexes(lower, overlapping=True):
        yield (anywhere if start and lower[start - 1].isalpha() else apart)[needle], start


class Pattern:
    """One named expression, searched like a compiled one; `may_stand_in` first where many lines are searched."""

    __slots__ = ("_expression", "_needles", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._expression: re.Pattern[str] | None = None
        self._needles: tuple[str, ...] | None = None

    @property
    def _table(self) -> dict[str, Any]:
        module, _, key = self.name.partition(".")
        table: dict[str, Any] = _tables()[module][key]
        return table

    @property
    def expression(self) -> re.Pattern[str]:
        if self._expression is None:
            table = self._table
            joined = "|".join(table["words"])
            whole = f"{table.get('before', '')}(?:{joined}){table.get('after', '')}" if _frame(table) else joined
            flags = re.MULTILINE if table.get("lines") else re.NOFLAG
            self._expression = compile_pattern(whole, flags if table.get("case") else flags | re.IGNORECASE)
        return self._expression

    @property
    def needles(self) -> tuple[str, ...]:
        if self._needles is None:
            self._needles = tuple(self._table.get("needles", ()))
        return self._needles

    def may_stand_in(self, lower: str) -> bool:
        """False where the text holds none of the needles."""
        needles = self.needles
        if not needles:
            return True
        for needle in needles:  # noqa: SIM110 - a generator here costs three times the search it saves
            if needle in lower:
                return True
        return False

    def stands_in(self, text: str) -> bool:
        """Whether it matches anywhere in the text; the cheap look first."""
        return self.may_stand_in(text.lower()) and self.expression.search(text) is not None

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self.expression.search(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        return self.expression.finditer(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self.expression.match(text, start, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.expression.fullmatch(text)


def _frame(table: dict[str, Any]) -> bool:
    return "before" in table or "after" in table
