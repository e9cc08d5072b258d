"""Takes batches, retrains @@model@@, promotes and rolls back: every change is one rename, made under one lock."""

import csv
import fcntl
import json
import math
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import trainer

RULES = json.loads(Path(__file__).with_name("rules.json").read_text())
FEATURES, TOTAL = RULES["features"], RULES["total"]
STATE = Path(os.environ.get("STATE", "state"))
BATCHES, REGISTRY = STATE / "batches", STATE / "registry"
TRIES, PAUSE_S = 3, 0.1
REFUSED, NOT_PROMOTED, FAILED = 2, 3, 4


class Refused(Exception):
    pass


@contextmanager
def locked():
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fd, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    with os.fdopen(fd, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


# batches


def read_batch(path: Path) -> list[dict]:
    """Rows with numbers. Raises `Refused`."""
    try:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"it cannot be read: {error}") from error
    columns = ["row_id", "day", "label_day", "label", *FEATURES, TOTAL]
    if len(rows) < RULES["least_rows"]:
        raise Refused(f"{len(rows)} rows, at least {RULES['least_rows']} are needed")
    if missing := [name for name in columns if name not in rows[0]]:
        raise Refused(f"columns are missing: {', '.join(missing)}")
    made = [row_of(row) for row in rows]
    if len({row["row_id"] for row in made}) != len(made):
        raise Refused("a row comes twice")
    if len({row["day"] for row in made}) != 1:
        raise Refused("more than one day")
    for name in RULES["may_be_missing"]:
        if sum(row[name] is None for row in made) > RULES["most_gaps"] * len(made):
            raise Refused(f"too many gaps in {name}")
    return made


def row_of(row: dict) -> dict:
    try:
        made = {"row_id": row["row_id"], "day": int(row["day"]), "label_day": int(row["label_day"]), "label": int(row["label"])}
        for name in [*FEATURES, TOTAL]:
            made[name] = None if row[name] == "" and name in RULES["may_be_missing"] else float(row[name])
    except (TypeError, ValueError) as error:
        raise Refused(f"row {row.get('row_id')}: {error}") from error
    if not row["row_id"] or made["label"] not in (0, 1) or made["label_day"] < made["day"]:
        raise Refused(f"row {row['row_id']}: id, label or its day cannot be")
    for name in [*FEATURES, TOTAL]:
        if made[name] is not None and (not math.isfinite(made[name]) or abs(made[name]) > RULES["limit"]):
            raise Refused(f"row {row['row_id']}: {name} is out of range")
    first, second = RULES["sum_of"]
    if abs(made[first] + made[second] - made[TOTAL]) > 0.01:
        raise Refused(f"row {row['row_id']}: {TOTAL} is not the sum")
    return made


def ingest(path: str) -> int:
    try:
        rows = read_batch(Path(path))
    except Refused as refused:
        print(f"refused: {refused}", file=sys.stderr)
        return REFUSED
    with locked():
        write_whole(BATCHES / f"{rows[0]['day']}.json", json.dumps(rows))
    return 0


# training


def known(rows: list[dict], until: int) -> list[dict]:
    return [{**{name: row[name] or 0.0 for name in FEATURES}, "label": row["label"]} for row in rows if row["label_day"] <= until]


def split() -> tuple[list[dict], list[dict], int]:
    rows = [row for path in sorted(BATCHES.glob("*.json")) for row in json.loads(path.read_text())]
    last = max((row["day"] for row in rows), default=0)
    cut = last - RULES["holdout_days"]
    return known([row for row in rows if row["day"] <= cut], cut), known([row for row in rows if row["day"] > cut], last), last


def trained(rows: list[dict]) -> list[float] | None:
    for attempt in range(TRIES):
        try:
            return trainer.train(rows, FEATURES)
        except trainer.TransientError as error:
            print(f"try {attempt + 1}: {error}", file=sys.stderr)
            time.sleep(PAUSE_S)
    return None


def registry() -> dict:
    path = REGISTRY / "champion.json"
    return json.loads(path.read_text()) if path.exists() else {"version": None, "before": []}


def weights_of(version: int) -> list[float]:
    return json.loads((REGISTRY / f"versions/{version}/model.json").read_text())["weights"]


def retrain() -> int:
    with locked():
        rows, holdout, last = split()
        if not rows or len(holdout) < RULES["least_holdout"]:
            print(f"not promoted: {len(rows)} rows to train on, {len(holdout)} to test on", file=sys.stderr)
            return NOT_PROMOTED
        weights = trained(rows)
        if weights is None:
            return FAILED
        held = registry()
        loss = trainer.log_loss(weights, holdout, FEATURES)
        best = math.inf if held["version"] is None else trainer.log_loss(weights_of(held["version"]), holdout, FEATURES)
        if not loss < best - (RULES["margin"] if held["version"] is not None else 0):
            print(f"not promoted: {loss:.4f}, the champion has {best:.4f}", file=sys.stderr)
            return NOT_PROMOTED
        taken = [int(path.name) for path in (REGISTRY / "versions").glob("*") if path.name.isdigit()]
        version = max(taken, default=0) + 1
        words = {"weights": weights, "features": FEATURES, "trained_until": last, "rows": len(rows)}
        write_whole(REGISTRY / f"versions/{version}/model.json", json.dumps(words))
        before = [*held["before"], held["version"]] if held["version"] is not None else []
        write_whole(REGISTRY / "champion.json", json.dumps({"version": version, "before": before}))
        return 0


def rollback() -> int:
    with locked():
        held = registry()
        if not held["before"]:
            return NOT_PROMOTED
        write_whole(REGISTRY / "champion.json", json.dumps({"version": held["before"][-1], "before": held["before"][:-1]}))
        return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ingest", file]:
            sys.exit(ingest(file))
        case ["retrain"]:
            sys.exit(retrain())
        case ["rollback"]:
            sys.exit(rollback())
    sys.exit("usage: pipeline.py ingest FILE | retrain | rollback")
