"""What needs a user: each app says what waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tenfold.core.models import Organisation, User

MAX_PER_KIND = 20


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing that waits for somebody. `due_date` where it has one; `kind` groups and never repeats the title."""

    kind: str
    title: str
    url: str
    due_date: date | None = None


Source = Callable[[User, Organisation, datetime], Iterable[ToDo]]
_SOURCES: dict[str, Source] = {}


def register_todo(name: str, source: Source) -> None:
    """Adds what an app knows to wait for a user."""
    _SOURCES[name] = source


def todo_for(user: User, organisation: Organisation, *, now: datetime) -> tuple[ToDo, ...]:
    """Everything that waits for this user here: what is due first, then what has no date."""
    waiting = [item for source in _SOURCES.values() for item in list(source(user, organisation, now))[:MAX_PER_KIND]]
    return tuple(sorted(waiting, key=lambda item: (item.due_date is None, item.due_date or date.max, item.kind)))
