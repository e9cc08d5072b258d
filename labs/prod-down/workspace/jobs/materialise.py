"""Brings new events into the online store. A scheduler runs `python jobs/materialise.py` every few minutes.

Each run takes the events after the last one that was taken, up to now.
"""

import csv
import json
import os
import time
import tomllib
from pathlib import Path

from times import millis

ROOT = Path(__file__).resolve().parent.parent
FEATURES = @@python_features@@
KEY, TIME = "@@thing@@_id", "event_time"
os.environ["TZ"] = "@@log_zone@@"  # log lines are read at the head office
time.tzset()


def main() -> None:
    config = tomllib.loads((ROOT / "config" / "features.toml").read_text("utf-8"))
    store, state = _read("online.json"), _read("state.json")
    now, seen = 1000 * int(time.time()), sorted(_events(config), key=lambda one: one[0])
    new = [(when, row) for when, row in seen if state["taken_up_to_ms"] < when <= now]
    for when, row in new:
        _take(store, row, when)
    state |= {"runs": state["runs"] + 1, "taken_up_to_ms": max([state["taken_up_to_ms"], *(when for when, _ in new)])}
    _write("online.json", store)
    _write("state.json", state)
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} materialise: seen={len(seen)} taken={len(new)} state=success")


def _events(config: dict):
    for path in sorted((ROOT / "events").glob("*.csv")):
        with path.open(newline="") as lines:
            for row in csv.DictReader(lines):
                yield millis(row[TIME]), {config["rename"].get(name, name): value for name, value in row.items()}


def _take(store: dict, row: dict, when: int) -> None:
    """A value is kept with its time and the time at which it expires, 0 for never."""
    held = store.setdefault(row[KEY], {})
    for name in FEATURES:
        if row.get(name):
            held[name] = [float(row[name]), when, 0]


def _read(name: str) -> dict:
    return json.loads((ROOT / "store" / name).read_text("utf-8"))


def _write(name: str, held: dict) -> None:
    path = ROOT / "store" / name
    new = path.with_suffix(".new")
    new.write_text(json.dumps(held), "utf-8")
    os.replace(new, path)


if __name__ == "__main__":
    main()
