"""What entries of the audit trail are about, by the name it has today: each app registers its own subjects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from tenfold.core.models import AuditEntry, User

Titles = Callable[[User, Collection[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that an entry is about: its title today, and its page."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class _Kind:
    model: str
    detail: str
    url_name: str
    titles: Titles


_KINDS: list[_Kind] = []


def register_subject(*, model: str, detail: str, url_name: str, titles: Titles) -> None:
    """Adds a kind of subject.

    Args:
        model: as entries name it (`storedplan`).
        detail: the key under which entries about what hangs on it keep its id (`plan`).
        url_name: of its page, which takes the id.
        titles: ids to the titles that a user may see.
    """
    kind = _Kind(model, detail, url_name, titles)
    _KINDS[:] = [other for other in _KINDS if other.model != model] + [kind]


def subjects_of(user: User, entries: Sequence[AuditEntry]) -> list[Subject | None]:
    """For each entry what it is about; None where that has gone, or this user may not know of it."""
    found: list[Subject | None] = [None] * len(entries)
    for kind in _KINDS:
        ids = [_id(entry, kind) for entry in entries]
        titles = kind.titles(user, {one for one in ids if one})
        for place, one in enumerate(ids):
            if one in titles:
                found[place] = Subject(titles[one], reverse(kind.url_name, args=[one]))
    return found


def _id(entry: AuditEntry, kind: _Kind) -> str:
    return entry.of_id if entry.of == kind.model else str(entry.data.get(kind.detail, ""))
