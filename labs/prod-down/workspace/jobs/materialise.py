"""Brings new events into the online store. A scheduler runs `python jobs/materialise.py` every few minutes.

Each run takes the events after the watermark, up to now, and moves the watermark to the newest event that it took.
"""

import csv
import json
import os
import tomllib
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FEATURES = @@python_features@@
KEY, TIME = "@@thing@@_id", "event_time"


def main() -> None:
    config = tomllib.loads((ROOT / "config" / "features.toml").read_text("utf-8"))
    store = json.loads((ROOT / "store" / "online.json").read_text("utf-8"))
    watermark = datetime.fromisoformat(json.loads((ROOT / "store" / "watermark.json").read_text("utf-8"))["taken_up_to"])
    now, taken, newest = datetime.now(timezone.utc), 0, watermark
    for when, row in sorted(_events(config), key=lambda one: one[0]):
        if watermark < when <= now:
            _take(store, row, when)
            taken, newest = taken + 1, max(newest, when)
    _write("online.json", store)
    _write("watermark.json", {"taken_up_to": newest.isoformat()})
    print(f"materialise: {taken} events, watermark {newest.isoformat()}, state=success")


def _events(config: dict):
    for path in sorted((ROOT / "events").glob("*.csv")):
        with path.open(newline="") as lines:
            for row in csv.DictReader(lines):
                names = {config["rename"].get(name, name): value for name, value in row.items()}
                local = datetime.fromisoformat(names[TIME]).replace(tzinfo=timezone.utc)
                yield local - timedelta(hours=config["events"]["utc_offset_h"]), names


def _take(store: dict, row: dict, when: datetime) -> None:
    held = store.setdefault(row[KEY], {})
    for name in FEATURES:
        if row.get(name):
            held[name] = [float(row[name]), when.isoformat()]


def _write(name: str, held: dict) -> None:
    path = ROOT / "store" / name
    new = path.with_suffix(".new")
    new.write_text(json.dumps(held), "utf-8")
    os.replace(new, path)


if __name__ == "__main__":
    main()
