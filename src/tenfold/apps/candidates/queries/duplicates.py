"""Rows that may be one person: proposed with the reason, never merged by themselves."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process, utils

from tenfold.apps.candidates.models import Candidate, DistinctPair
from tenfold.apps.candidates.queries.groups import roots
from tenfold.core.models import Organisation, User
from tenfold.kit.words import join

LIKENESS = 92.0
"""Names from here on are proposed. Words in another order count as the same; a house rule."""
MAX_COMPARED = 4_000
"""Names compared with each other, the newest first: the cost grows with the square."""
MAX_SHARED = 20
"""A value that more rows share than this (a family's number, an agency's address) says nothing of a person."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two rows that may be one person, and why. `strength` orders: more and surer reasons first."""

    one: Candidate
    other: Candidate
    reasons: tuple[str, ...]
    strength: float

    @property
    def words(self) -> str:
        return join(self.reasons)

    @property
    def people(self) -> tuple[Candidate, Candidate]:
        return self.one, self.other


def proposals(user: User, organisation: Organisation, *, limit: int = 100) -> list[Proposal]:
    """Pairs among the people whom a user may see that are neither merged nor said to be two people."""
    people = Candidate.objects.run_by(user).filter(organisation=organisation).kept()
    rows = list(people.prefetch_related("emails", "phones", "links").order_by("-created_at"))
    merged = roots(organisation.pk)
    distinct = {
        frozenset(pair) for pair in DistinctPair.objects.filter(organisation=organisation).values_list("one", "other")
    }
    found = [
        one
        for one in pairs(rows)
        if merged.get(one.one.pk, one.one.pk) != merged.get(one.other.pk, one.other.pk)
        and frozenset((one.one.pk, one.other.pk)) not in distinct
    ]
    return found[:limit]


def pairs(rows: Sequence[Candidate]) -> list[Proposal]:
    """Every pair with a reason, the strongest first."""
    reasons: dict[tuple[uuid.UUID, uuid.UUID], list[tuple[str, float]]] = defaultdict(list)
    for word, weight, keys in (
        ("the same e-mail address", 3.0, _keys(rows, "emails")),
        ("the same telephone number", 2.0, _keys(rows, "phones")),
        ("the same profile", 3.0, _keys(rows, "links")),
    ):
        for pair in _sharing(keys):
            reasons[pair].append((word, weight))
    for pair, likeness in _alike(rows):
        reasons[pair].append(("the same name" if likeness == 100 else "a similar name", likeness / 100))
    by_id = {row.pk: row for row in rows}
    found = [
        Proposal(by_id[one], by_id[other], tuple(word for word, _ in why), sum(weight for _, weight in why))
        for (one, other), why in reasons.items()
    ]
    return sorted(found, key=lambda each: (-each.strength, str(each.one.pk), str(each.other.pk)))


def _keys(rows: Iterable[Candidate], name: str) -> Iterator[tuple[str, uuid.UUID]]:
    for row in rows:
        for each in getattr(row, name).all():
            if each.index:
                yield each.index, row.pk


def _sharing(keys: Iterable[tuple[str, uuid.UUID]]) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Pairs of rows that share a value."""
    rows: dict[str, set[uuid.UUID]] = defaultdict(set)
    for key, row in keys:
        rows[key].add(row)
    for sharing in rows.values():
        if len(sharing) <= MAX_SHARED:
            yield from (_order(*pair) for pair in combinations(sorted(sharing, key=str), 2))


def _alike(rows: Sequence[Candidate]) -> Iterator[tuple[tuple[uuid.UUID, uuid.UUID], float]]:
    compared = [row for row in rows if len(row.name.split()) > 1][:MAX_COMPARED]
    names = [utils.default_process(row.name) for row in compared]
    for start in range(0, len(names), 500):
        block = names[start : start + 500]
        likeness = process.cdist(block, names, scorer=fuzz.token_sort_ratio, score_cutoff=LIKENESS)
        for above, beside in zip(*np.nonzero(likeness), strict=True):
            if start + above < beside:
                yield (
                    _order(compared[start + above].pk, compared[beside].pk),
                    float(likeness[above, beside]),
                )


def _order(one: uuid.UUID, other: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    return (one, other) if str(one) < str(other) else (other, one)
