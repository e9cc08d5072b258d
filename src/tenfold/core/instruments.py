"""What scores applicants: each app names its own, so that a fairness audit can ask how scores fall out by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

Scores = Callable[[UUID], Mapping[str, float]]
"""Of a role: the score of each application that was assessed, by its id as text."""
_INSTRUMENTS: dict[str, Scores] = {}


def register_instrument(name: str, scores: Scores) -> None:
    """Adds an instrument by the name under which it stands in audit tables.

    Raises:
        ValueError: the name is taken.
    """
    if _INSTRUMENTS.get(name, scores) is not scores:
        raise ValueError(f"the instrument {name} is registered twice")
    _INSTRUMENTS[name] = scores


def instruments() -> Mapping[str, Scores]:
    return dict(_INSTRUMENTS)
