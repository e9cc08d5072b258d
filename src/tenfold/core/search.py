"""Search over everything that a user may see: each app answers for its own rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tenfold.core.models import Organisation, User

MIN_LENGTH, MAX_LENGTH = 2, 100
MAX_PER_KIND = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its kind in words, its title, a line about it, its page."""

    kind: str
    title: str
    about: str
    url: str


Search = Callable[[User, Organisation, str, int], Iterable[Hit]]
_SEARCHES: dict[str, Search] = {}


def register_search(name: str, search: Search) -> None:
    """Adds what an app can find: a function of user, organisation, text and limit that asks `visible_to(user)`."""
    _SEARCHES[name] = search


def search_everything(user: User, organisation: Organisation, text: str) -> tuple[Hit, ...]:
    """Hits of every app, at most eight of each; none where the text is too short to mean anything."""
    words = text.strip()[:MAX_LENGTH]
    if len(words) < MIN_LENGTH or "\x00" in words:
        return ()
    return tuple(hit for search in _SEARCHES.values() for hit in list(search(user, organisation, words, MAX_PER_KIND)))
