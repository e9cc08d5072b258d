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


@cache
def _tables() -> dict[str, Any]:
    return tomli.loads((files("tenfold.posting") / "data" / "patterns.toml").read_text("utf-8"))


class Pattern:
    """One named expression, searched like a compiled one; `may_stand_in` first where many lines are searched."""

    __slots__ = ("_expression", "_name", "_needles")

    def __init__(self, name: str) -> None:
        self._name = name
        self._expression: re.Pattern[str] | None = None
        self._needles: tuple[str, ...] = ()

    @property
    def expression(self) -> re.Pattern[str]:
        if self._expression is None:
            module, _, key = self._name.partition(".")
            table = _tables()[module][key]
            self._needles = tuple(table.get("needles", ()))
            joined = "|".join(table["words"])
            whole = f"{table.get('before', '')}(?:{joined}){table.get('after', '')}" if _framed(table) else joined
            flags = re.MULTILINE if table.get("lines") else re.NOFLAG
            self._expression = re.compile(whole, flags if table.get("case") else flags | re.IGNORECASE)
        return self._expression

    @property
    def needles(self) -> tuple[str, ...]:
        if self._expression is None:
            _ = self.expression
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

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self.expression.search(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        return self.expression.finditer(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self.expression.match(text, start, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.expression.fullmatch(text)


def _framed(table: dict[str, Any]) -> bool:
    return "before" in table or "after" in table
