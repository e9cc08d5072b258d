"""Data about one person, wherever apps keep it: exported whole, erased everywhere, looked for afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

Export = Callable[[str], Any]
Erase = Callable[[str, datetime], int]


@dataclass(frozen=True, slots=True)
class Store:
    """Where an app keeps data about people, by the person's id.

    export: plain values to hand over. erase: removes or blanks everything and says how many rows it touched.
    """

    export: Export
    erase: Erase


_STORES: dict[str, Store] = {}


def register_personal_data(name: str, store: Store) -> None:
    """Adds an app's store.

    Raises:
        ValueError: the name is taken.
    """
    if _STORES.get(name, store) != store:
        raise ValueError(f"personal data “{name}” is registered twice")
    _STORES[name] = store


def export_person(person_id: str) -> dict[str, Any]:
    """Everything that any app keeps about a person, by store."""
    return {name: store.export(person_id) for name, store in _STORES.items()}


@transaction.atomic
def erase_person(person_id: str, *, now: datetime) -> Mapping[str, int]:
    """Erases a person from every store, or from none. The audit trail holds ids only and stays."""
    return {name: store.erase(person_id, now) for name, store in _STORES.items()}
