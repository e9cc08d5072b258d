"""Finds the catalogue's skills in a text: one pass over its words, a dictionary look-up at each.

Spellings that are also ordinary words (Go, R, Spark, Chef) count in their exact case, and otherwise only in the company
of tools: next to one in a list, or behind words such as "proficient in".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from tenfold.catalogue.model import Skill
from tenfold.catalogue.store import catalogue, fold
from tenfold.kit.expressions import compile_pattern
from tenfold.kit.kept_tables import kept_table
from tenfold.posting.lexicon import WORD, Words, in_lower_case, words_of
from tenfold.posting.patterns import Pattern

SHORTEST_JOINED = 7
LED_OUT_AT_MOST = 32
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_SENTENCE_START = re.compile(r"(?:^|[.!?•\n]\s*|\n- )$")
_LINE_END = re.compile(r"[ .]*(?:\n|$)")
_SIGNS = ("+", "#")
_ITEM_END = re.compile(r" *(?:\n|$|[,/(;:]|(?:or|and|&) |(?:at (?:\w+ )?scale|in production)\b)")
_BETWEEN_ITEMS = Pattern("matching.between_items")
_LED_IN = Pattern("matching.led_in")
_LED_OUT = Pattern("matching.led_out")


class Match(NamedTuple):
    """A skill found at [start, end) of the text."""

    skill: Skill
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Spelling:
    words: tuple[str, ...]
    joints: tuple[str, ...]
    lead: str
    exact: str
    skill: Skill
    is_word: bool = False
    """One word with nothing in front: it stands wherever its first word does."""


@dataclass(frozen=True, slots=True)
class _Ambiguity:
    strict: bool
    exact: bool
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None


_Options = Mapping[str, tuple[_Spelling, ...]]
_Row = tuple[tuple[str, ...], tuple[str, ...], str, str, str, bool]
_Rows = Mapping[str, Mapping[str, Sequence[_Row]]]


class _Spellings:
    """Spellings by their first word, then by their second ("" for single words), longest first; made when asked for."""

    def __init__(self, rows: _Rows) -> None:
        self.rows = rows
        self._made: dict[str, _Options] = {}

    def __getitem__(self, first: str) -> _Options:
        made = self._made.get(first)
        if made is None:
            rows = self.rows[first]
            made = self._made[first] = {second: tuple(map(_from_row, group)) for second, group in rows.items()}
        return made


@dataclass(frozen=True, slots=True)
class _Dictionary:
    by_first_word: _Spellings
    ambiguous: dict[str, _Ambiguity]


@cache
def dictionary() -> _Dictionary:
    """All spellings of the catalogue, made once for all commands: they are many, and a text holds few of them."""
    table = _ambiguous()
    rows = kept_table("spellings", _made_of(), _spelling_rows)
    return _Dictionary(_Spellings(rows), {skill: _ambiguity(rules) for skill, rules in table.items()})


def _spelling_rows() -> dict[str, dict[str, list[_Row]]]:
    table = _ambiguous()
    spellings: dict[str, dict[str, list[_Spelling]]] = {}
    for skill in catalogue().skills.values():
        rules = table.get(skill.id, {})
        for spelling in () if rules.get("ignore") else _spellings(skill, rules):
            second = spelling.words[1] if len(spelling.words) > 1 else ""
            spellings.setdefault(spelling.words[0], {}).setdefault(second, []).append(spelling)
    return {
        first: {second: [_to_row(one) for one in sorted(group, key=_longest_first)] for second, group in found.items()}
        for first, found in spellings.items()
    }


def _to_row(spelling: _Spelling) -> _Row:
    return (
        spelling.words,
        spelling.joints,
        spelling.lead,
        spelling.exact,
        spelling.skill.id,
        spelling.is_word,
    )


def _from_row(row: _Row) -> _Spelling:
    words, joints, lead, exact, skill, is_word = row
    return _Spelling(tuple(words), tuple(joints), lead, exact, catalogue().skills[skill], is_word)


def _ambiguous() -> dict[str, dict[str, Any]]:
    return tomli.loads(_ambiguous_file().read_text("utf-8"))


def _ambiguous_file() -> Path:
    return Path(__file__).parent / "data" / "ambiguous.toml"


def _made_of() -> Iterator[Path]:
    """The code that makes spellings of names, and the names."""
    package = Path(__file__).parents[1]
    yield from (Path(__file__), package / "posting" / "lexicon.py", _ambiguous_file())
    yield from sorted((package / "catalogue").glob("*.py"))
    yield from sorted((package / "catalogue" / "data").iterdir())


def _longest_first(spelling: _Spelling) -> tuple[int, bool]:
    return -len("".join(spelling.words)), not spelling.exact


def _ambiguity(rules: dict[str, object]) -> _Ambiguity:
    before, after = rules.get("not_before"), rules.get("not_after")
    return _Ambiguity(
        bool(rules.get("strict", False)),
        bool(rules.get("exact", False)),
        compile_pattern(rf"^ ?(?:{before})") if before else None,
        compile_pattern(rf"(?:{after}) ?$") if after else None,
    )


def _spellings(skill: Skill, rules: dict[str, Any]) -> Iterator[_Spelling]:
    cased = {fold(spelling) for spelling in skill.cased}
    dropped = {fold(spelling) for spelling in rules.get("drop", ())}
    loose = [text for text in (skill.name, *skill.aliases, *rules.get("also", ())) if fold(text) not in cased | dropped]
    for text in dict.fromkeys(loose):
        yield from _spelling(text, text if rules.get("exact") else "", skill)
    for text in dict.fromkeys((*skill.cased, *rules.get("also_cased", ()))):
        if fold(text) not in dropped or text in rules.get("also_cased", ()):
            yield from _spelling(text, text, skill)


def _spelling(text: str, exact: str, skill: Skill) -> Iterator[_Spelling]:
    """The spelling, without its joints ("scikitlearn"), and with its humps as words ("Code Build")."""
    found = list(WORD.finditer(text))
    if not found:
        return
    words = tuple(match.group().lower() for match in found)
    joints = tuple(text[left.end() : right.start()] for left, right in pairwise(found))
    lead = text[: found[0].start()]
    yield _Spelling(words, joints, lead, exact, skill, is_word=len(words) == 1 and not lead)
    joined = "".join(words)
    if len(words) > 1 and not exact and len(joined) >= SHORTEST_JOINED:
        yield _Spelling((joined,), (), "", "", skill, is_word=True)
    humps = _HUMP.sub(" ", text)
    if humps != text and not exact:
        parts = tuple(match.group().lower() for match in WORD.finditer(humps))
        yield _Spelling(parts, (" ",) * (len(parts) - 1), "", humps, skill)


def find_skills(text: str, words: Words | None = None) -> list[Match]:
    """Every skill named in the text, in order, longest spelling first, without overlaps."""
    words = words_of(in_lower_case(text)) if words is None else words
    found = list(_candidates(text, words))
    return _in_company(text, found)


def _candidates(text: str, words: Words) -> Iterator[tuple[Match, bool]]:
    """Matches, and whether each is sure by itself."""
    index = dictionary()
    by_first_word, ambiguous = index.by_first_word, index.ambiguous
    starts = words.starts
    reached = 0
    for at, options in _spots(text, words, by_first_word):
        if at < reached:
            continue
        best = _best(text, words, at, options)
        if best is not None:
            spelling, last, end = best
            sure = _sure(text, starts[at], end, spelling, ambiguous.get(spelling.skill.id))
            if sure is not None:
                yield Match(spelling.skill, starts[at] - len(spelling.lead), end), sure
                reached = last + 1


def _spots(text: str, words: Words, by_first_word: _Spellings) -> list[tuple[int, _Options]]:
    """The words that may begin a spelling, with these; signs at their end ("java+") may not belong to them."""
    lower = words.lower
    last = len(lower) - 1
    spots = []
    for at in compress(range(len(lower)), map(by_first_word.rows.__contains__, lower)):
        options = by_first_word[lower[at]]
        second = lower[at + 1] if at < last else ""
        if second in options or "" in options or second[-1:] in _SIGNS:
            spots.append((at, options))
    signed = {at for sign in _SIGNS for at in _words_with(sign, text, words)}
    for at in signed:
        unsigned = lower[at].rstrip("+#")
        if lower[at] not in by_first_word.rows and unsigned in by_first_word.rows:
            spots.append((at, by_first_word[unsigned]))
    return sorted(spots, key=itemgetter(0)) if signed else spots


def _words_with(sign: str, text: str, words: Words) -> Iterator[int]:
    found = text.find(sign)
    while found >= 0:
        at = bisect_right(words.starts, found) - 1
        if at >= 0 and found < words.ends[at]:
            yield at
        found = text.find(sign, found + 1)


def _best(text: str, words: Words, at: int, options: _Options) -> tuple[_Spelling, int, int] | None:
    """The longest spelling that stands at this word, one in its exact case before one that is not."""
    lower = words.lower
    second = lower[at + 1] if at + 1 < len(lower) else ""
    fallback = None
    for key in (second, second.rstrip("+#"), "") if second[-1:] in "+#" else (second, ""):
        for spelling in options.get(key, ()):
            last = at if spelling.is_word else _reaches(text, words, at, spelling)
            if last is None:
                continue
            end = words.starts[last] + len(spelling.words[-1])
            if not spelling.exact or text[words.starts[at] - len(spelling.lead) : end] == spelling.exact:
                return spelling, last, end
            fallback = fallback or (spelling, last, end)
    return fallback


def _reaches(text: str, words: Words, at: int, spelling: _Spelling) -> int | None:
    """The index of the last word where the spelling, whose first word is here, stands at this word, else None."""
    if spelling.lead and not text.endswith(spelling.lead, 0, words.starts[at]):
        return None
    wanted = spelling.words
    if len(wanted) == 1:
        return at
    lower, gaps = words.lower, words.gaps
    if at + len(wanted) > len(lower):
        return None
    for step in range(1, len(wanted)):
        here, word = lower[at + step], wanted[step]
        if here != word and here.rstrip("+#") != word:
            return None
        gap, joint = gaps[at + step], spelling.joints[step - 1]
        if gap != joint and not _join(gap, joint):
            return None
    return at + len(wanted) - 1


def _join(gap: str, joint: str) -> bool:
    return (
        gap == joint
        or gap in (" ", "-", ".", "_", "")
        or (gap.strip() in ("&", "-", "/", "+") and joint.strip() in ("&", "-", "/", "+", "and"))
    )


def _sure(text: str, start: int, end: int, spelling: _Spelling, rules: _Ambiguity | None) -> bool | None:
    """True: this is the skill. False: only in company. None: certainly something else."""
    if start and (
        text[start - 1] in "@#"
        or (text[start - 1] == "." and start > 1 and text[start - 2].isalnum() and not spelling.lead)
    ):
        return None
    if end < len(text) and text[end] == "@":
        return None
    if rules is not None:
        if rules.not_before is not None and rules.not_before.search(text[end : end + 40]):
            return None
        if rules.not_after is not None and rules.not_after.search(text[max(0, start - 40) : start]):
            return None
    if not spelling.exact:
        return True
    if text[start - len(spelling.lead) : end] != spelling.exact:
        return None if (rules is not None and rules.exact) or " " in spelling.exact else False
    if rules is not None and rules.exact:
        return True
    starts = _SENTENCE_START.search(text[max(0, start - 4) : start]) is not None
    if rules is not None and rules.strict:
        return starts and _LINE_END.match(text, end) is not None
    return not starts or _ITEM_END.match(text, end) is not None


def _in_company(text: str, found: list[tuple[Match, bool]]) -> list[Match]:
    """Drops doubtful matches that stand alone; doubt is settled from neighbours outwards."""
    sure = [certain or _is_led_in(text, match) for match, certain in found]
    for order in (range(len(found)), range(len(found) - 1, -1, -1)):
        for index in order:
            if not sure[index]:
                sure[index] = any(
                    0 <= other < len(found) and sure[other] and _neighbours(text, found[index][0], found[other][0])
                    for other in (index - 1, index + 1)
                )
    return [match for (match, _), certain in zip(found, sure, strict=True) if certain]


def _is_led_in(text: str, match: Match) -> bool:
    if not text[match.start : match.end][:1].isupper():
        return False
    before = text[max(0, match.start - 60) : match.start]
    return bool(_LED_IN.search(before) or _LED_OUT.match(text[match.end : match.end + LED_OUT_AT_MOST]))


def _neighbours(text: str, one: Match, other: Match) -> bool:
    left, right = (one, other) if one.start < other.start else (other, one)
    gap = text[left.end : right.start]
    return len(gap) <= 24 and _BETWEEN_ITEMS.match(gap) is not None and gap.strip() != ""
