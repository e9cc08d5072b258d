"""How long records of hiring are kept, at least and at most, by place, day and kind of record. Not legal advice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from tenfold.kit.facts import Evidence
from tenfold.law.dated import NOT_LEGAL_ADVICE, table
from tenfold.law.places import contains


class Record(StrEnum):
    """Kinds of records with clocks of their own."""

    SELECTION = "selection"
    AUTOMATED_DECISION = "automated-decision"
    POSTING = "posting"
    REJECTED_CANDIDATE = "rejected-candidate"
    DEMOGRAPHIC = "demographic"


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """One row: how long a kind of record is kept in a place. `keep_at_most_months` has an evidence mark of its own."""

    id: str
    place: str
    record: Record
    name: str
    law: str
    says: str
    after: str
    evidence: Evidence
    sources: tuple[str, ...]
    checked: date
    first: date | None = None
    only_for: str = ""
    keep_months: int | None = None
    keep_at_most_months: int | None = None
    at_most_evidence: Evidence = Evidence.UNCONFIRMED
    default: bool = False


@dataclass(frozen=True, slots=True)
class Retention:
    """How long to keep one kind of record where several rows speak.

    keep_months: the longest of what is asked, None where nothing is. keep_at_most_months: the shortest
    upper bound that does not undercut it. Rows that only some employers are under (`only_for`) are among
    `rows` and not counted.
    """

    record: Record
    keep_months: int | None
    keep_at_most_months: int | None
    at_most_evidence: Evidence
    rows: tuple[RetentionRow, ...]
    advice: str = NOT_LEGAL_ADVICE


def retention_for(places: Iterable[str], as_of: date, record: Record) -> Retention:
    """How long one kind of record is kept for these places on that day.

    A place that holds the row's place counts too: a job open to all the US keeps what California asks for.
    """
    asked = tuple(places)
    speaking = [row for row in retention_rows().values() if row.record is record and _speaks(row, asked, as_of)]
    rows = tuple(row for row in speaking if not (row.default and _all_answered(row, speaking, asked)))
    counted = [row for row in rows if not row.only_for]
    at_least = max((row.keep_months for row in counted if row.keep_months), default=None)
    bounds = [(row.keep_at_most_months, row.at_most_evidence) for row in counted if row.keep_at_most_months]
    above = [bound for bound in bounds if at_least is None or bound[0] >= at_least]
    rate_limit, evidence = min(above, default=(at_least, Evidence.HOUSE_RULE))
    return Retention(record, at_least, rate_limit, evidence, rows)


def _speaks(row: RetentionRow, places: tuple[str, ...], as_of: date) -> bool:
    touches = any(contains(row.place, where) or contains(where, row.place) for where in places)
    return touches and (row.first is None or row.first <= as_of)


def _all_answered(default: RetentionRow, rows: list[RetentionRow], places: tuple[str, ...]) -> bool:
    """Whether each of the places in the default's has a nearer row of its own."""
    nearer = [row for row in rows if row is not default and row.place != default.place]
    inside = [where for where in places if contains(default.place, where)]
    return bool(inside) and all(
        any(contains(default.place, row.place) and contains(row.place, where) for row in nearer) for where in inside
    )


@cache
def retention_rows() -> dict[str, RetentionRow]:
    """Every retention row by id, in the order of the table."""
    rows = table("retention")
    return {key: _row(key, row, rows.checked) for key, row in rows.rows.items()}


def _row(key: str, row: Mapping[str, Any], checked: date) -> RetentionRow:
    return RetentionRow(
        id=key,
        place=row["place"],
        record=Record(row["record"]),
        name=row["name"],
        law=row["law"],
        says=row["says"],
        after=row["after"],
        evidence=Evidence(row["evidence"]),
        sources=tuple(row["sources"]),
        checked=checked,
        first=row.get("from"),
        only_for=row.get("only_for", ""),
        keep_months=row.get("keep_months"),
        keep_at_most_months=row.get("keep_at_most_months"),
        at_most_evidence=Evidence(row.get("at_most_evidence", "unconfirmed")),
        default=row.get("default", False),
    )
