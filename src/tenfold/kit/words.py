"""Small matters of style, the same everywhere: lists in a sentence, counts, dates, money, shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
PROPER = frozenset({"Python", "Linux", "Linux,"})


def join(items: Sequence[str], joint: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"


def plural(number: float, one: str, several: str = "") -> str:
    """`1 model`, `3 models`, `2 people`."""
    return f"{number:g} {one if number == 1 else several or one + 's'}"


def sentence(words: str) -> str:
    """The words with a capital at the start."""
    return words[:1].upper() + words[1:]


def inside(name: str) -> str:
    """A name as it stands inside a sentence: `Model serving` becomes `model serving`, `CI/CD` and `Python` stay."""
    first = name.partition(" ")[0]
    return name[:1].lower() + name[1:] if first[1:].islower() and first not in PROPER else name


def shorten(words: str, most: int = 60) -> str:
    """The words up to a whole word near `most` characters, with an ellipsis where something was left out."""
    words = " ".join(words.split()).rstrip(".;,")
    return words if len(words) <= most else words[: most - 1].rpartition(" ")[0].rstrip(",;:") + " …"


def on_day(day: date) -> str:
    """`18 November 2026`."""
    return f"{day.day} {day:%B %Y}"


def thousands(amount: float) -> str:
    """Money in prose: `165k`; figures below ten thousand are written out."""
    return f"{amount / 1000:.0f}k" if amount >= 10_000 else f"{amount:,.0f}"


def money_range(low: float, high: float) -> str:
    """`165–195k`, with an en dash; one figure where both are the same."""
    if low == high:
        return thousands(low)
    if low >= 10_000 and high >= 10_000:
        return f"{low / 1000:.0f}–{thousands(high)}"
    return f"{thousands(low)}–{thousands(high)}"


def is_storable(text: str) -> bool:
    """Whether every database and file takes it: no NUL (PostgreSQL), no half of a surrogate pair (no UTF-8)."""
    return _UNSTORABLE.search(text) is None
