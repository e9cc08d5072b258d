"""Evidence: the plan's own words, and the posting's."""

from __future__ import annotations

from enum import Enum
from typing import Any

from tenfold.checking.case import Case
from tenfold.kit.findings import Quote
from tenfold.posting.model import PostingReading


def plan_says(case: Case, *fields: str) -> tuple[Quote, ...]:
    """The plan's answers at these fields (`pay.min`, `interviews.rounds[1].raters`), for those that are there."""
    quotes = ((field, _at(case.plan, field)) for field in fields)
    return tuple(Quote(f"{field}: {_phrase(value)}", field) for field, value in quotes if value is not None)


def posting_says(reading: PostingReading, start: int, end: int) -> Quote:
    """These code points of the posting."""
    return Quote(reading.text[start:end], "posting", start, end)


def _at(node: Any, field: str) -> Any:
    for part in field.replace("]", "").split("."):
        name, *indices = part.split("[")
        node = getattr(node, name, None)
        for index in indices:
            node = node[int(index)] if isinstance(node, list) and int(index) < len(node) else None
        if node is None:
            return None
    return node


def _phrase(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return f"{value:,.0f}"
    if isinstance(value, list):
        return ", ".join(_phrase(item) for item in value)
    return str(value)
