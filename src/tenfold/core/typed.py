"""Numbers and days that somebody sent, as values or not at all."""

from __future__ import annotations

import uuid
from datetime import date

MOST_DIGITS = 9
FIRST_YEAR, LAST_YEAR = 1970, 9000


def whole(text: str | None) -> int | None:
    """A whole number in ASCII digits; None for anything else, such as `²`, or digits without end."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def id_of(text: str | None) -> uuid.UUID:
    """An id as pages send it; the nil id, which nothing has, for anything else."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return uuid.UUID(int=0)


def line_of(text: str | None, most: int) -> str:
    """One line of words, without what no database takes, cut at `most`."""
    return (text or "").replace("\x00", "").strip()[:most]


def day_of(text: str) -> date | None:
    """A day such as 2026-11-18; None for anything else, and for days so far away that no clock reckons with them."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
