"""Kinds of events in the audit trail. Each app declares its own as a StrEnum and registers it with its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from tenfold.audit.wording import day

Formatter = Callable[[Any], str]
MAX_LISTED = 6
MAX_DETAIL = 160
_KINDS: dict[str, type[StrEnum]] = {}
_THINGS: dict[str, str] = {}
_FORMATTERS: dict[str, Formatter] = {}
_SKIPPED = frozenset({"plan", "title", "from", "sha256"})
"""Details that the line says already, or that only machines read."""


class UnknownEvent(ValueError):
    """An event whose kind no app has declared."""


def register_events(
    kinds: type[StrEnum], *, things: Mapping[str, str] | None = None, details: Mapping[str, Formatter] | None = None
) -> None:
    """Adds an app's kinds of events, the words for its models, and how details with certain keys are written.

    Raises:
        ValueError: a kind of that name is registered by another app.
    """
    for kind in kinds:
        if _KINDS.get(kind.value, kinds) is not kinds:
            raise ValueError(f"the event {kind.value} is registered twice")
        _KINDS[kind.value] = kinds
    _THINGS.update(things or {})
    _FORMATTERS.update(details or {})


def require_known(kind: str) -> None:
    """Raises UnknownEvent where no app has declared this kind."""
    if kind not in _KINDS:
        raise UnknownEvent(f"no app has declared the event {kind}")


def known_events() -> tuple[str, ...]:
    return tuple(sorted(_KINDS))


def event_words(kind: str) -> str:
    """`plan.approved` as `plan approved`."""
    return kind.replace(".", " ").replace("-", " ")


def thing_words(model: str) -> str:
    """A model named in the trail as people call it."""
    return _THINGS.get(model, model)


def detail_words(data: Mapping[str, Any]) -> str:
    """What an entry holds beyond its kind, as people write it."""
    shown = (
        (key, _words(key, value)) for key, value in data.items() if key not in _SKIPPED and value not in ("", None)
    )
    return " · ".join(f"{key.replace('_', ' ')}: {words}" for key, words in shown if words)


def _words(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{inner.replace('_', ' ')} {_words(inner, held)}" for inner, held in value.items())
    if isinstance(value, list):
        shown = [_one(key, one) for one in value[:MAX_LISTED]]
        return ", ".join(shown) + (f" and {len(value) - MAX_LISTED} more" if len(value) > MAX_LISTED else "")
    return _one(key, value)


def _one(key: str, value: Any) -> str:
    if key in _FORMATTERS:
        return _FORMATTERS[key](value)
    text = str(value)[:MAX_DETAIL]
    if key != "until":
        return text
    try:
        return day(datetime.fromisoformat(str(value)).date())
    except ValueError:
        return text
