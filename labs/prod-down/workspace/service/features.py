"""The online store: the last known values of each of the @@things@@."""

import json
from datetime import datetime, timedelta, timezone

from service.settings import ROOT, serving

FEATURES = @@python_features@@


class UnknownIds(LookupError):
    """Ids that the store does not know."""


def rows(ids: list[str]) -> list[dict[str, float]]:
    store = json.loads((ROOT / "store" / "online.json").read_text("utf-8"))
    unknown = [one for one in ids if one not in store]
    if unknown:
        raise UnknownIds(", ".join(unknown[:5]))
    return [_row(store[one]) for one in ids]


def _row(held: dict) -> dict[str, float]:
    """A value that has expired counts as the mean of training, which is 0."""
    limit_h = serving["features"]["expire_after_h"]
    oldest = datetime.now(timezone.utc) - timedelta(hours=limit_h) if limit_h else None
    values = {}
    for name in FEATURES:
        value, written = held.get(name, (0.0, "2000-01-01T00:00:00+00:00"))
        values[name] = value if oldest is None or datetime.fromisoformat(written) >= oldest else 0.0
    return values
