"""Word lists as data: small regular expressions tried only where a word begins as they do, so that many cost little."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from tenfold.kit.expressions import compile_pattern

KEY_LETTERS = 3
MOST_WORDS_KNOWN = 20_000
WORD = re.compile(r"[^\W_]+[+#]*")
_WORDS_APART = re.compile(f"({WORD.pattern})")
_WITHOUT_UNDERSCORES = re.compile(r"(\w+[+#]*)")
"""The same where the text holds no underscore, and a fifth quicker."""
_LITERAL = re.compile(r"[a-z0-9ßà-öø-ÿ]+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: each in lower case, where it starts and ends, and what stands in front of it."""

    lower: list[str]
    starts: list[int]
    ends: list[int]
    gaps: list[str]

    def between(self, low: int, high: int) -> range:
        """Indices of the words that start in [low, high) of the text."""
        return range(bisect_left(self.starts, low), bisect_left(self.starts, high))


class Hit(NamedTuple):
    """A word of a group at [start, end)."""

    group: str
    start: int
    end: int


def in_lower_case(text: str) -> str:
    """The text in lower case, each letter at its place: the few that would become two stay as they are."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def words_of(lower: str) -> Words:
    """The words of a lower-case text, plus and sharp signs kept ("c++"). Split, not searched: no object a word."""
    pieces = (_WORDS_APART if "_" in lower else _WITHOUT_UNDERSCORES).split(lower)
    edges = list(accumulate(map(len, pieces)))
    return Words(pieces[1::2], edges[:-1:2], edges[1::2], pieces[:-1:2])


class _Option(NamedTuple):
    """What may begin at a word. `length`: of a match that the word alone decides; 0 where `pattern` is tried."""

    group: str
    length: int
    pattern: re.Pattern[str]


class _Options(NamedTuple):
    """All that may begin at a word. `any_of`: what one of them needs, where several are to be tried at once."""

    each: tuple[_Option, ...]
    sure: tuple[_Option, ...]
    any_of: re.Pattern[str] | None


class _ByWord(dict[str, _Options | None]):
    """The options of every word seen of late; what is not there yet is made when it is asked for."""

    def __init__(self, options: Callable[[str], _Options | None]) -> None:
        super().__init__()
        self._options = options

    def __missing__(self, word: str) -> _Options | None:
        if len(self) >= MOST_WORDS_KNOWN:
            self.clear()
        options = self[word] = self._options(word)
        return options


class Lexicon:
    """Groups of expressions; each, after its leading group is multiplied out, begins with a letter or digit.

    What to try at a word is looked up by the word: the expressions whose first letters it begins with. They are
    compiled when a text first has such a word, and remembered for the words seen last.
    """

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self._by_key: dict[str, list[tuple[str, str, str]]] = {}
        for group, expressions in groups.items():
            for expression in expressions:
                for plain in _multiplied_out(expression.removeprefix("\\b")):
                    letters = _first_letters(plain)
                    self._by_key.setdefault(letters[:KEY_LETTERS], []).append((letters, group, plain))
        self._by_word = _ByWord(self._options)
        self._compiled: dict[tuple[str, ...], re.Pattern[str]] = {}

    def hits(self, text: str, words: Words, among: range) -> list[Hit]:
        """Every word of every group that begins at one of these words of the text, in order."""
        starts = words.starts
        hits: list[Hit] = []
        look_up = self._by_word.__getitem__
        for at, options in enumerate(map(look_up, words.lower[among.start : among.stop]), among.start):
            if options is None:
                continue
            start = starts[at]
            each, sure, any_of = options
            if any_of is not None and any_of.match(text, start) is None:
                each = sure
            for group, length, pattern in each:
                if length and "_" not in text[start : start + length + 1]:
                    hits.append(Hit(group, start, start + length))
                elif (found := pattern.match(text, start)) is not None:
                    hits.append(Hit(group, start, found.end()))
        return hits

    def _options(self, word: str) -> _Options | None:
        """What may begin at this word, group by group in the order in which the groups were given."""
        groups: dict[str, list[str]] = {}
        for letters, group, expression in self._by_key.get(word[:KEY_LETTERS], ()):
            if word.startswith(letters):
                groups.setdefault(group, []).append(expression)
        each = tuple(
            _Option(group, _sure_length(word, found), self._pattern(tuple(found))) for group, found in groups.items()
        )
        doubtful = [option for option in each if not option.length]
        several = (
            [expression for option in doubtful for expression in groups[option.group]] if len(doubtful) > 1 else []
        )
        sure = tuple(option for option in each if option.length)
        return _Options(each, sure, self._pattern(tuple(several)) if several else None) if each else None

    def _pattern(self, expressions: tuple[str, ...]) -> re.Pattern[str]:
        pattern = self._compiled.get(expressions)
        if pattern is None:
            pattern = self._compiled[expressions] = compile_pattern("|".join(expressions), re.IGNORECASE)
        return pattern


def _sure_length(word: str, expressions: Sequence[str]) -> int:
    """How much of a word the first expression takes where it is plain letters and so matches; else 0."""
    letters = expressions[0].removesuffix("\\b")
    if not _LITERAL.fullmatch(letters):
        return 0
    is_whole = word.rstrip("+#") == letters
    return len(letters) if is_whole or letters == expressions[0] else 0


def _first_letters(expression: str) -> str:
    """The letters that every word begins with at which the expression matches."""
    literal = _LITERAL.match(expression)
    if literal is None:
        raise ValueError(f"a lexicon entry must begin with a letter: {expression!r}")
    after = expression[literal.end() : literal.end() + 1]
    letters = literal.group()[: -1 if after in "?*{" and after else None]
    if len(letters) < KEY_LETTERS and (after.isalnum() or after in ("?", "*", "[", "(")):
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
