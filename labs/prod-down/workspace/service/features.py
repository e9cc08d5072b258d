"""The online store: the last known values of each of the @@things@@."""

import json
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FEATURES = @@python_features@@
MEAN = 0.0  # of every feature in training: stands for a value that is not known


class UnknownIds(LookupError):
    """Ids that the store does not know."""


def stored() -> dict:
    return json.loads((ROOT / "store" / "online.json").read_text("utf-8"))


def rows(ids: list[str]) -> list[dict[str, float]]:
    store = stored()
    unknown = [one for one in ids if one not in store]
    if unknown:
        raise UnknownIds(", ".join(unknown[:5]))
    now = 1000 * time.time()
    return [{name: _value(store[one].get(name), now) for name in FEATURES} for one in ids]


def _value(held: list | None, now: float) -> float:
    if held is None:
        return MEAN
    value, _, expires = held
    return MEAN if expires and expires < now else value


def warm_up() -> bool:
    """Reads what questions will read. False where that cannot be answered."""
    ids = json.loads((ROOT / "config" / "warm_up.json").read_text("utf-8"))["ids"]
    try:
        return len(rows(ids)) == len(ids)
    except UnknownIds:
        return False
