"""Search over everything that a user may see, and what they can do next: each app answers for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
Actions = Callable[[User, Organisation, str], Iterable[Hit]]
_SEARCHES: dict[str, Search] = {}
_ACTIONS: dict[str, Actions] = {}


def register_search(name: str, search: Search) -> None:
    """Adds what an app can find: a function of user, organisation, text and limit that asks `visible_to(user)`."""
    _SEARCHES[name] = search


def register_actions(name: str, actions: Actions) -> None:
    """Adds what a user can do next: a function of user, organisation and the path of the page they are on."""
    _ACTIONS[name] = actions


def search_everything(user: User, organisation: Organisation, text: str) -> tuple[Hit, ...]:
    """Hits of every app, at most eight of each; none where the text is too short to mean anything."""
    words = text.strip()[:MAX_LENGTH]
    if len(words) < MIN_LENGTH or "\x00" in words:
        return ()
    return tuple(hit for search in _SEARCHES.values() for hit in list(search(user, organisation, words, MAX_PER_KIND)))


def find_actions(user: User, organisation: Organisation, text: str, *, path: str = "") -> tuple[Hit, ...]:
    """What can be done from the page at `path`: everything for an empty text, else what holds each of its words."""
    words = text.casefold().split()
    hits = (hit for hit in _all_actions(user, organisation, path) if _holds(hit, words))
    return tuple(sorted(hits, key=lambda hit: not all(word in hit.title.casefold() for word in words)))


def _all_actions(user: User, organisation: Organisation, path: str) -> Iterator[Hit]:
    for actions in _ACTIONS.values():
        yield from actions(user, organisation, path)


def _holds(hit: Hit, words: list[str]) -> bool:
    said = f"{hit.title} {hit.about}".casefold()
    return all(word in said for word in words)
