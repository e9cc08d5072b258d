"""What a posting asks for, line by line, and the same posting with less asked: for trying out what that would change.

Lines are those of the text as it is kept, so that its structure and every other word stay as they are. What cannot be
found in it literally (in HTML, say) is not offered.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tenfold.audit.check_text import reading_of
from tenfold.posting.model import Cited, LineKind, PostingReading, SectionKind
from tenfold.posting.stated.phrases import NUMBER_WORDS

_ASKING = (SectionKind.MUST, SectionKind.NICE)
_ORNAMENT = re.compile(r"[^\w+#]+")
_ORDINAL = re.compile(r"^\W*\d{1,2}[.)]\s+")
_COUNT = re.compile(
    r"\d+(?:[.,]\d+)?(?:\s*(?:-|–|to)\s*\d+)?|\b(?:"
    + "|".join(word for word in NUMBER_WORDS if " " not in word)
    + r")\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class AskedLine:
    """A line of the text that asks for something: its number, its words, and whether it asks it of everyone."""

    number: int
    words: str
    is_must: bool


@dataclass(frozen=True)
class PostingDemands:
    """What can be changed in a posting. `title` and `years` are empty where the text does not hold them literally."""

    lines: tuple[AskedLine, ...]
    title: str
    years: str
    states_pay: bool


@dataclass(frozen=True)
class PostingEdits:
    """What is tried: lines left out, other years, another title, a sentence on pay; what is empty stays as it is."""

    left_out: frozenset[int] = frozenset()
    years: str = ""
    title: str = ""
    pay: str = ""


def posting_demands(text: str) -> PostingDemands:
    """What the text asks for, as far as it can be edited."""
    reading = reading_of(text)
    years = _literally(text, reading, reading.years_min)
    return PostingDemands(
        lines=tuple(_asked_lines(text, reading)),
        title=_literally(text, reading, reading.title),
        years=years if _COUNT.search(years) else "",
        states_pay=reading.pay is not None,
    )


def edit_posting(text: str, edits: PostingEdits) -> str:
    """The text with what is tried; the same text where nothing is."""
    demands = posting_demands(text)
    if edits.years and demands.years:
        text = text.replace(demands.years, _COUNT.sub(edits.years, demands.years, count=1), 1)
    if edits.title and demands.title and edits.title != demands.title:
        text = text.replace(demands.title, edits.title, 1)
    lines = text.split("\n")
    kept = [line for number, line in enumerate(lines) if number not in edits.left_out]
    if edits.pay and not demands.states_pay:
        kept = [*"\n".join(kept).rstrip().split("\n"), "", edits.pay, ""]
    return "\n".join(kept)


def changed_lines(before: str, after: str) -> tuple[tuple[bool, str], ...]:
    """Lines that go (False) and come (True), in the order of the text; without markup."""
    told = difflib.ndiff(before.splitlines(), after.splitlines())
    return tuple((line[0] == "+", line[2:].strip(" *#-•")) for line in told if line[0] in "+-" and line[2:].strip())


def _asked_lines(text: str, reading: PostingReading) -> Iterator[AskedLine]:
    asked = {
        _plain(reading.text[line.start : line.end]): kind is SectionKind.MUST
        for line, kind in zip(reading.lines, reading.line_kinds, strict=True)
        if kind in _ASKING and line.kind is LineKind.BULLET
    }
    for number, line in enumerate(text.split("\n")):
        plain = _plain(_ORDINAL.sub("", line))
        if plain in asked:
            yield AskedLine(number, " ".join(line.split()).strip(" *-•–"), asked[plain])


def _plain(words: str) -> str:
    return _ORNAMENT.sub(" ", words).casefold().strip()


def _literally(text: str, reading: PostingReading, cited: Cited[object] | None) -> str:
    """The words that say so, where the kept text holds them as they were read; else nothing."""
    words = reading.quote(cited) if cited is not None else ""
    return words if words and words in text else ""
