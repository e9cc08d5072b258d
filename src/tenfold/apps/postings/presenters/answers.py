"""What a posting answers of its plan: each answer in words with its quote, and how it stands to what the plan says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenfold.apps.plans.forms.fields import field_name
from tenfold.apps.plans.presenters.conflicts import answer_words
from tenfold.audit.drafting import quote_of
from tenfold.plan.merging import plain
from tenfold.posting.draft import read_answers
from tenfold.posting.model import PostingReading


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """One answer. `is_kept`: the plan says just this; `differs`: what the plan says instead, in words."""

    field: str
    label: str
    words: str
    quote: str
    doubt: str
    is_kept: bool
    differs: str = ""


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """Answers that need a look, and those that the plan has already."""

    open: tuple[ReadAnswer, ...]
    kept: tuple[ReadAnswer, ...]

    @property
    def count(self) -> int:
        return len(self.open) + len(self.kept)

    @property
    def unsure(self) -> int:
        return sum(bool(one.doubt) for one in self.open)


def answers_read(document: Mapping[str, Any], reading: PostingReading, *, sees_pay: bool) -> ReadAnswers:
    """All answers of the posting beside the plan that holds it; of pay only for whoever may see it."""
    rows = [
        _row(document, one.field, one.value, quote_of(reading, one), one.doubt)
        for one in read_answers(reading)
        if sees_pay or not one.field.startswith("pay.")
    ]
    return ReadAnswers(tuple(r for r in rows if not r.is_kept), tuple(r for r in rows if r.is_kept))


def _row(document: Mapping[str, Any], field: str, value: Any, quote: str, doubt: str) -> ReadAnswer:
    held = _value_at(document, field)
    is_kept = _comparable(held) == _comparable(value)
    differs = "" if held is None or is_kept else answer_words(field, held)
    return ReadAnswer(field, field_name(field), answer_words(field, value), quote, doubt, is_kept, differs)


def _value_at(document: Any, field: str) -> Any:
    for key in field.split("."):
        document = document.get(key) if isinstance(document, Mapping) else None
    return document


def _comparable(value: Any) -> Any:
    """`172,000` and 172000.0 are one answer, and so are a day and its text."""
    value = plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if isinstance(value, dict):
        return {key: _comparable(inner) for key, inner in value.items()}
    if isinstance(value, str) and value.replace(",", "").replace(".", "", 1).isdigit():
        return float(value.replace(",", ""))
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
