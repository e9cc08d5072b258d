"""Hides job names in a posting's text, so that what the job is called cannot decide what the job is.

"As a Senior MLOps Engineer you will …" says what was declared, like the title itself; only the work around it says what
is done all day. Data scientists in the plural are colleagues or users of the work, and stay.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import compress

import tomli

from tenfold.posting.lexicon import Words
from tenfold.posting.model import Cited, LineKind, SourceText

FILLER = "_"
LONGEST_TITLE = 140
_TITLE_WITHIN = 12
"""The title stands in one of a posting's first lines."""
_JOINTS = frozenset((" ", "/", " / ", "-", " - ", " – ", ", ", " (", ") ", " & ", "& ", " &", " | ", "."))
_TAIL_JOINTS = frozenset((" ", " (", ", ", " - ", " – ", "-", "/"))

_LINKS = ("and", "of")
_COLLEAGUES = ("data", "scientists")


@cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Heads of job names, words before them, words behind them."""
    table = tomli.loads((files("tenfold.posting") / "data" / "job_names.toml").read_text("utf-8"))
    heads, before, after = (frozenset(table[name]["words"].split()) for name in ("heads", "before", "after"))
    return heads, before, after


def without_job_names(source: SourceText, words: Words, title: Cited[str] | None) -> str:
    """The text with the title's line and every job name as fillers of the same length: all other spans stay right."""
    hidden = [_title_line(source, title), *_job_names(words)]
    text, parts, at = source.text, [], 0
    for start, end in sorted(span for span in hidden if span[0] < span[1]):
        if end > at:
            parts += [text[at : max(at, start)], FILLER * (end - max(at, start))]
            at = end
    return "".join(parts) + text[at:]


def _title_line(source: SourceText, title: Cited[str] | None) -> tuple[int, int]:
    """The line that holds the title; the first line where it looks like one and no title was found in the text."""
    lead = source.lines[:_TITLE_WITHIN]
    for line in lead:
        if title is not None and line.start <= title.start < title.end <= line.end:
            return line.start, line.end
    first = lead[0] if lead else None
    if first is None or first.kind is LineKind.BULLET or first.end - first.start > LONGEST_TITLE:
        return 0, 0
    return (first.start, first.end) if source.text[first.end - 1] not in ".!?:" else (0, 0)


def _job_names(words: Words) -> list[tuple[int, int]]:
    """Where names of jobs stand: a head such as "engineer" with the words that belong to it on both sides."""
    heads, lower = _vocabulary()[0], words.lower
    spots = compress(range(len(lower)), map(heads.__contains__, lower))
    return [_extent(words, at) for at in spots if not _is_colleagues(lower, at)]


def _is_colleagues(lower: list[str], at: int) -> bool:
    return tuple(lower[max(0, at - 1) : at + 1]) == _COLLEAGUES


def _extent(words: Words, head: int) -> tuple[int, int]:
    _, before, after = _vocabulary()
    lower, gaps = words.lower, words.gaps
    first = last = head
    while first and lower[first - 1] in before and gaps[first] in _JOINTS:
        first -= 1
    while first < head and lower[first] in _LINKS:
        first += 1
    while last + 1 < len(lower) and lower[last + 1] in after and gaps[last + 1] in _TAIL_JOINTS:
        last += 1
    return words.starts[first], words.ends[last]
