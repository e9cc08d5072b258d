"""What all rules share: when they hold, who says so, how well that is supported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from tenfold.kit.facts import Evidence

NOT_LEGAL_ADVICE = "Not legal advice."


class Standing(StrEnum):
    """What kind of rule a row is. Only a law binds by itself; a directive through national law."""

    LAW = "law"
    DIRECTIVE = "directive"
    EXPECTED = "expected"
    PROPOSED = "proposed"
    NOT_PROCLAIMED = "not-proclaimed"
    LATE = "late"
    REPEALED = "repealed"
    NONE = "none"

    @property
    def may_bind(self) -> bool:
        return self in (Standing.LAW, Standing.DIRECTIVE)


class Certainty(StrEnum):
    """Whether something holds: `maybe` where a needed answer is absent or the sources disagree."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Noted:
    """One field of a rule: what it says, in our words, with its evidence and source."""

    says: str
    evidence: Evidence
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which a rule holds, both ends included.

    `other_first` and `other_last` are what a second source says instead. Between the two the answer is maybe.
    """

    first: date | None = None
    last: date | None = None
    other_first: date | None = None
    other_last: date | None = None

    def holds(self, as_of: date) -> Certainty:
        votes = {self._within(as_of, first, last) for first in self._firsts for last in self._lasts}
        if votes == {True}:
            return Certainty.YES
        return Certainty.MAYBE if True in votes else Certainty.NO

    def overlaps(self, first: date, last: date) -> Certainty:
        """Whether it holds on some day from first to last; maybe where only one of two sources says so."""
        votes = {
            mine is not None and mine <= last and (until is None or first <= until)
            for mine in self._firsts
            for until in self._lasts
        }
        if votes == {True}:
            return Certainty.YES
        return Certainty.MAYBE if True in votes else Certainty.NO

    def begins_after(self, as_of: date) -> bool:
        return self.first is not None and min(filter(None, self._firsts)) > as_of

    @property
    def earliest(self) -> date | None:
        """The first day that any source gives."""
        return min((day for day in self._firsts if day), default=None)

    @property
    def _firsts(self) -> tuple[date | None, ...]:
        return (self.first, self.other_first) if self.other_first else (self.first,)

    @property
    def _lasts(self) -> tuple[date | None, ...]:
        return (self.last, self.other_last) if self.other_last else (self.last,)

    @staticmethod
    def _within(as_of: date, first: date | None, last: date | None) -> bool:
        return first is not None and first <= as_of and (last is None or as_of <= last)


ALWAYS = Span()


def span(table: Mapping[str, Any]) -> Span:
    return Span(table.get("from"), table.get("until"), table.get("other_from"), table.get("other_until"))


def with_note(table: Mapping[str, Any], row: Mapping[str, Any]) -> Noted:
    """A field of a row; it takes the row's evidence and sources where it has none of its own."""
    evidence, sources = support(table, row)
    return Noted(says=table["says"], evidence=evidence, sources=sources)


def support(table: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[Evidence, tuple[str, ...]]:
    """Evidence mark and sources of a field, from the field or else from its row."""
    own = table.get("source")
    return Evidence(table.get("evidence", row["evidence"])), (own,) if own else tuple(row["sources"])


@dataclass(frozen=True, slots=True)
class Table:
    """A data file of rules: its rows as read, and the day up to which they were checked."""

    checked: date
    rows: Mapping[str, Mapping[str, Any]]


@cache
def table(name: str) -> Table:
    """The rows of `data/<name>.toml`."""
    rows = tomli.loads((files("tenfold.law") / "data" / f"{name}.toml").read_text("utf-8"))
    head = rows.pop("table")
    return Table(checked=head["checked"], rows=rows)


def day(moment: date) -> str:
    """18 November 2026."""
    return f"{moment.day} {moment:%B %Y}"
