"""What every worker does from time to time: apps register it, the worker's loop calls it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Chore = Callable[[datetime], object]
_CHORES: dict[str, Chore] = {}


def register_chore(name: str, chore: Chore) -> None:
    """Adds what is done each minute; it must not mind being done by several workers at once.

    Raises:
        ValueError: the name is taken.
    """
    if _CHORES.get(name, chore) is not chore:
        raise ValueError(f"the chore {name} is registered twice")
    _CHORES[name] = chore


def do_chores(now: datetime) -> None:
    for chore in list(_CHORES.values()):
        chore(now)
