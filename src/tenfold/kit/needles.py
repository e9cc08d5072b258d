"""What a text must hold for an expression to match in it: sets of plain strings, at least one of each.

Derived from the expression itself, so that it cannot go stale: `(?:teams? of|we are) [0-9]+` needs one of "team" and
"we are", and a digit. A text without them need not be searched, and most texts are without most of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import chain
from typing import Any, NamedTuple

Needles = frozenset[str]
MOST_IN_A_SET = 160
MOST_SPELLINGS = 48
MOST_SETS = 4
SHORTEST = 2
WELL_LONG = 3
DIGITS = frozenset("0123456789")
_OTHER_SPELLINGS = {"ı": "i", "İ": "i", "ſ": "s"}
_NOT_PLAIN = re.compile(r"[ıİſ]|(?![0-9])\d")
_parser: Any = import_module("re._parser")  # it alone knows the grammar
_OP = _parser


class _Part(NamedTuple):
    """What is known of a part of an expression: all that it can be, where that is little, and the sets it needs."""

    spellings: frozenset[str] | None
    needs: tuple[Needles, ...] = ()


NOTHING = _Part(frozenset({""}))
ANYTHING = _Part(None)


def fold(text: str) -> str:
    """The text as needles are looked for in it: lower case, each letter or digit as the plain one it can stand for."""
    if not text.isascii() and _NOT_PLAIN.search(text) is not None:
        text = _NOT_PLAIN.sub(_plain, text)
    return text.lower()


def _plain(found: re.Match[str]) -> str:
    sign = found.group()
    return _OTHER_SPELLINGS.get(sign) or str(int(sign))


KNOWN: dict[tuple[str, int], tuple[Needles, ...]] = {}
"""The needles of expressions asked about before."""


def needles_of(expression: str, flags: int = 0) -> tuple[Needles, ...]:
    """Sets of which each match of the expression holds one string each, after `fold`; none where nothing is certain."""
    key = (expression, int(flags))
    known = KNOWN.get(key)
    if known is None:
        known = KNOWN[key] = _needles_of(*key)
    return known


def _needles_of(expression: str, flags: int) -> tuple[Needles, ...]:
    part = _of_sequence(_parser.parse(expression, flags))
    sets = {_shortest(found) for found in _sets(part)}
    good = [found for found in sets if _is_useful(found)]
    long = [found for found in good if min(map(len, found)) >= WELL_LONG]
    digits = [found for found in good if found <= DIGITS]
    return tuple(sorted((*(long or good), *(digits if long else ())), key=_rank)[:MOST_SETS])


def _sets(part: _Part) -> tuple[Needles, ...]:
    return part.needs if part.spellings is None else (*part.needs, part.spellings)


def _rank(found: Needles) -> tuple[int, int, list[str]]:
    return -min(map(len, found)), len(found), sorted(found)


def _is_useful(found: Needles) -> bool:
    return 0 < len(found) <= MOST_IN_A_SET and (found <= DIGITS or min(map(len, found)) >= SHORTEST)


def _shortest(found: Needles) -> Needles:
    """Without those that hold another one of the set: where they stand, the other does."""
    kept: list[str] = []
    for needle in sorted(found, key=len):
        if not any(other in needle for other in kept):
            kept.append(needle)
    return frozenset(kept)


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> _Part:
    """Spellings are joined while they stay few; what was joined so far becomes a set where they do not."""
    run: frozenset[str] = frozenset({""})
    needs: list[Needles] = []
    is_whole = True
    for operation, details in items:
        spellings, below = _of_item(operation, details)
        needs.extend(below)
        if spellings is not None and len(run) * len(spellings) <= MOST_SPELLINGS:
            run = frozenset(left + right for left in run for right in spellings)
            continue
        needs.append(run)
        run = spellings if spellings is not None else frozenset({""})
        is_whole = False
    return _Part(run, tuple(needs)) if is_whole else _Part(None, (*needs, run))


def _of_item(operation: Any, details: Any) -> _Part:
    if operation is _OP.LITERAL:
        return _of_letter(details)
    if operation is _OP.IN:
        return _of_class(details)
    if operation is _OP.BRANCH:
        return _of_branches([_of_sequence(branch) for branch in details[1]])
    if operation is _OP.SUBPATTERN:
        return _of_sequence(details[3])
    if operation is _OP.ATOMIC_GROUP:
        return _of_sequence(details)
    if operation in (_OP.MAX_REPEAT, _OP.MIN_REPEAT, _OP.POSSESSIVE_REPEAT):
        return _of_repeat(*details)
    if operation is _OP.ASSERT:
        return _Part(NOTHING.spellings, _sets(_of_sequence(details[1])))
    return NOTHING if operation in (_OP.AT, _OP.ASSERT_NOT) else ANYTHING


def _of_letter(code: int) -> _Part:
    letter = chr(code).lower()
    is_plain = letter.isascii() or ("ß" <= letter <= "ÿ" and letter != "÷") or letter.upper() == letter
    return _Part(frozenset({letter})) if is_plain and len(letter) == 1 and letter not in "ıſ" else ANYTHING


def _of_class(members: Sequence[tuple[Any, Any]]) -> _Part:
    """A class of few letters is each of them; digits are digits; any other may be anything."""
    found: set[str] = set()
    for kind, details in members:
        if kind is _OP.LITERAL and (spellings := _of_letter(details).spellings) is not None:
            found |= spellings
        elif kind is _OP.RANGE and chr(details[0]).isdigit() and chr(details[1]).isdigit() and details[1] < 128:
            found |= {chr(code) for code in range(details[0], details[1] + 1)}
        elif kind is _OP.CATEGORY and details is _OP.CATEGORY_DIGIT:
            found |= DIGITS
        else:
            return ANYTHING
    return _Part(frozenset(found))


def _of_branches(parts: Sequence[_Part]) -> _Part:
    if all(part.spellings is not None for part in parts):
        joined = frozenset(chain.from_iterable(part.spellings or () for part in parts))
        if len(joined) <= MOST_IN_A_SET and not any(part.needs for part in parts):
            return _Part(joined)
    best = [_best(part) for part in parts]
    known = [found for found in best if found is not None]
    return _Part(None, (frozenset(chain.from_iterable(known)),)) if len(known) == len(best) else ANYTHING


def _best(part: _Part) -> Needles | None:
    """The set of a branch by which it is recognised; None where it has none."""
    good = [found for found in map(_shortest, _sets(part)) if found and "" not in found]
    return min(good, key=_rank, default=None)


def _of_repeat(least: int, most: int, inside: Any) -> _Part:
    part = _of_sequence(inside)
    if most == 1 and part.spellings is not None:
        return part if least else _Part(part.spellings | {""})
    return _Part(None, _sets(part)) if least else ANYTHING
