"""Regular expressions that are searched only where a text holds what they need: many, over many sentences, cost little.

A text is swept once for the needles of all expressions; each then asks whether its own were among them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from threading import RLock
from typing import Any, Generic, TypeVar

from ahocorasick_rs import AhoCorasick

from tenfold.kit.needles import Needles, fold, needles_of

MOST_TEXTS_KNOWN = 512
NONE_FOUND: Iterator[re.Match[str]] = iter(())


class _Automaton:
    """An automaton over needles, with the sets that each stands for, and what it found in texts asked about last."""

    def __init__(self, by_needle: Mapping[str, Sequence[int]]) -> None:
        self._machine = AhoCorasick(list(by_needle))
        self._sets = tuple(map(tuple, by_needle.values()))
        self._found: dict[str, frozenset[int]] = {}

    def found_in(self, text: str) -> frozenset[int]:
        found = self._found.get(text)
        return self._sweep(text) if found is None else found

    def _sweep(self, text: str) -> frozenset[int]:
        if len(self._found) >= MOST_TEXTS_KNOWN:
            self._found.clear()
        among = {at for at, _, _ in self._machine.find_matches_as_indexes(fold(text), overlapping=True)}
        found = self._found[text] = frozenset(number for at in among for number in self._sets[at])
        return found


class Sweep:
    """The needles of many expressions; their automaton is made when a text is first swept, and whole when it is seen.

    Threads may share it: one of them builds while the others wait.
    """

    def __init__(self) -> None:
        self._expressions: list[Expression] = []
        self._numbers: dict[Needles, int] = {}
        self._automaton: _Automaton | None = None
        self._lock = RLock()

    def know(self, expression: Expression) -> None:
        with self._lock:
            self._expressions.append(expression)
            self._automaton = None

    def number_of(self, needles: Needles) -> int:
        with self._lock:
            return self._numbers.setdefault(needles, len(self._numbers))

    def found_in(self, text: str) -> frozenset[int]:
        """The sets of which the text holds a string; remembered for the texts asked about last."""
        return (self._automaton or self._build()).found_in(text)

    def _build(self) -> _Automaton:
        with self._lock:
            if self._automaton is None:
                needed = set(chain.from_iterable(expression.needs for expression in self._expressions))
                by_needle: dict[str, list[int]] = {}
                for needles, number in self._numbers.items():
                    for needle in needles if number in needed else ():
                        by_needle.setdefault(needle, []).append(number)
                self._automaton = _Automaton(by_needle)
            return self._automaton


SHARED = Sweep()


Made = TypeVar("Made")


class _Once(Generic[Made]):
    """An attribute that is made when it is first read.

    Without the lock that `cached_property` holds meanwhile until Python 3.12: two threads, one of which holds it and
    the other the lock of a sweep, would wait for each other for good.
    """

    def __init__(self, make: Callable[[Any], Made]) -> None:
        self._make, self._name = make, make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, one: Any, _kind: type | None = None) -> Made:
        made = one.__dict__[self._name] = self._make(one)
        return made


class Expression:
    """A regular expression whose searches answer as those of `re`; compiled when a text first may match.

    For expressions of the program, made once: a sweep keeps what it knows.
    """

    __slots__ = ("__dict__", "_sweep", "flags", "pattern")

    def __init__(self, pattern: str, flags: int = 0, *, sweep: Sweep = SHARED) -> None:
        self.pattern, self.flags, self._sweep = pattern, int(flags), sweep
        sweep.know(self)

    @_Once
    def regex(self) -> re.Pattern[str]:
        return compile_pattern(self.pattern, self.flags)

    @_Once
    def needs(self) -> frozenset[int]:
        """The sets of needles, by number, of which a text must hold one string each."""
        return frozenset(map(self._sweep.number_of, needles_of(self.pattern, self.flags)))

    def may_match(self, text: str) -> bool:
        """False where the text lacks what every match holds."""
        return self.needs <= self._sweep.found_in(text)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self.regex.search(text, start, end) if self.needs <= self._sweep.found_in(text) else None

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        return self.regex.finditer(text, start, end) if self.needs <= self._sweep.found_in(text) else NONE_FOUND

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self.regex.match(text, start, end) if self.needs <= self._sweep.found_in(text) else None

    def fullmatch(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self.regex.fullmatch(text, start, end) if self.needs <= self._sweep.found_in(text) else None


def compile_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, for expressions that are made of the program's own word lists: commands keep them compiled.

    Never for one that holds words of a document: it would be written down.
    """
    return re.compile(pattern, flags)


def may_any_match(expressions: Iterable[Expression], text: str) -> bool:
    """Whether a text is worth reading by these expressions, all of the shared sweep."""
    found = SHARED.found_in(text)
    for expression in expressions:  # noqa: SIM110 - a generator here costs twice the question that it asks
        if expression.needs <= found:
            return True
    return False
