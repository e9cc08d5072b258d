"""Word lists as data: small regular expressions tried only where a word begins as they do, so that many cost little."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

KEY_LETTERS = 3
WORD = re.compile(r"[^\W_]+[+#]*")
_LITERAL = re.compile(r"[a-z0-9]+")


Word = tuple[str, int, int]
"""A word of a text in lower case, with its span."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of a group at [start, end)."""

    group: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text in lower case with their spans, plus and sharp signs kept ("c++")."""
    return [(match.group().lower(), *match.span()) for match in WORD.finditer(text)]


class Lexicon:
    """Groups of expressions; each, after its leading group is multiplied out, begins with a letter or digit."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        by_key: dict[str, dict[str, list[str]]] = {}
        for group, expressions in groups.items():
            for expression in expressions:
                for plain in _multiplied_out(expression.removeprefix("\\b")):
                    by_key.setdefault(_key(plain), {}).setdefault(group, []).append(plain)
        self._by_key = {
            key: tuple((group, re.compile("|".join(found), re.IGNORECASE)) for group, found in expressions.items())
            for key, expressions in by_key.items()
        }

    def hits(self, text: str, words: Sequence[Word]) -> Iterator[Hit]:
        """Every word of every group that begins at one of these words of the text, in order."""
        table = self._by_key
        for lower, start, _ in words:
            options = table.get(lower[:KEY_LETTERS])
            if options is not None:
                for group, pattern in options:
                    found = pattern.match(text, start)
                    if found is not None:
                        yield Hit(group, start, found.end())


def _key(expression: str) -> str:
    literal = _LITERAL.match(expression)
    if literal is None:
        raise ValueError(f"a lexicon entry must begin with a letter: {expression!r}")
    after = expression[literal.end() : literal.end() + 1]
    letters = literal.group()[: -1 if after in "?*{" and after else None]
    if len(letters) >= KEY_LETTERS:
        return letters[:KEY_LETTERS]
    if after.isalnum() or after in ("?", "*", "[", "("):
        raise ValueError(f"a lexicon entry must begin with {KEY_LETTERS} letters or a whole short word: {expression!r}")
    return letters


def _multiplied_out(expression: str) -> Iterator[str]:
    """`(?:a|b)c|d` gives `ac`, `bc`, `d`: only the leading group is opened."""
    for part in _alternatives(expression):
        if not part.startswith("(?:"):
            yield part.removeprefix("\\b")
            continue
        close = _closing(part)
        for inner in _alternatives(part[3:close]):
            yield from _multiplied_out(inner + part[close + 1 :])


def _alternatives(expression: str) -> list[str]:
    parts, depth, last = [], 0, 0
    for index, character in enumerate(expression):
        if expression[index - 1 : index] == "\\":
            continue
        depth += (character in "([") - (character in ")]")
        if character == "|" and not depth:
            parts.append(expression[last:index])
            last = index + 1
    return [*parts, expression[last:]]


def _closing(expression: str) -> int:
    depth = 0
    for index, character in enumerate(expression):
        depth += (character == "(") - (character == ")")
        if depth == 0 and index:
            return index
    raise ValueError(f"unbalanced brackets: {expression!r}")
