"""Which rows are one person, by the links that colleagues made."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from tenfold.apps.candidates.models import Candidate, CandidateMerge


def roots(organisation_id: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """Of each row that is merged into another the row that stands for the person, however many links lie between."""
    links = CandidateMerge.objects.filter(organisation_id=organisation_id)
    above = dict(links.values_list("merged_id", "kept_id"))
    return {merged: _root(merged, above) for merged in above}


def _root(one: uuid.UUID, above: dict[uuid.UUID, uuid.UUID]) -> uuid.UUID:
    while one in above:
        one = above[one]
    return one


def group_ids(candidate: Candidate) -> list[uuid.UUID]:
    """Ids of all rows that are this person, the one that stands for it first."""
    found = roots(candidate.organisation_id)
    root = found.get(candidate.pk, candidate.pk)
    return [root, *(one for one, top in found.items() if top == root)]


def root_of(candidate: Candidate) -> uuid.UUID:
    return roots(candidate.organisation_id).get(candidate.pk, candidate.pk)


def groups_of(candidates: Iterable[Candidate]) -> dict[uuid.UUID, list[Candidate]]:
    """Rows by the person that they stand for. All of one organisation."""
    rows = list(candidates)
    found = roots(rows[0].organisation_id) if rows else {}
    grouped: dict[uuid.UUID, list[Candidate]] = {}
    for row in rows:
        grouped.setdefault(found.get(row.pk, row.pk), []).append(row)
    return grouped
