"""Versions by content: a folder's name is the digest of its model; the champion's file holds the chain of what served."""

import contextlib
import csv
import hashlib
import json
import math
import os
import sys
import time

import trainer

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "rules.json")) as file:
    RULES = json.load(file)
STATE = os.environ.get("STATE", "state")


def at(*parts: str) -> str:
    path = os.path.join(STATE, *parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def save(path: str, value: object) -> None:
    part = f"{path}.{os.getpid()}.{time.monotonic_ns()}"
    with open(part, "w") as file:
        json.dump(value, file)
    os.replace(part, path)


@contextlib.contextmanager
def alone():
    """A folder as a lock; one whose owner is gone is taken over."""
    import fcntl

    fd = os.open(at("alone"), os.O_CREAT | os.O_RDWR)
    fcntl.lockf(fd, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(fd)


class Rule:
    def __init__(self) -> None:
        self.names = RULES["features"] + [RULES["total"]]
        self.optional = set(RULES["may_be_missing"])

    def number(self, name: str, text: str | None) -> float | None:
        if text is None:
            raise ValueError(f"no column {name}")
        if text == "" and name in self.optional:
            return None
        value = float(text)
        if not math.isfinite(value) or abs(value) > RULES["limit"]:
            raise ValueError(f"{name}: {text}")
        return value

    def row(self, words: dict) -> dict:
        made = {name: self.number(name, words.get(name)) for name in self.names}
        one, two = (made[name] for name in RULES["sum_of"])
        if abs(one + two - made[RULES["total"]]) > 0.0101:
            raise ValueError("the sum is none")
        made |= {key: int(words[key]) for key in ("day", "label_day", "label")}
        if not words["row_id"] or made["label"] not in {0, 1} or made["label_day"] < made["day"]:
            raise ValueError("label")
        return made | {"row_id": words["row_id"]}

    def batch(self, path: str) -> list[dict]:
        with open(path, newline="") as file:
            rows = [self.row(words) for words in csv.DictReader(file)]
        if len(rows) < RULES["least_rows"] or len({row["row_id"] for row in rows}) != len(rows) or len({row["day"] for row in rows}) != 1:
            raise ValueError("rows")
        for name in self.optional:
            if sum(row[name] is None for row in rows) / len(rows) > RULES["most_gaps"]:
                raise ValueError("gaps")
        return rows


def ingest(path: str) -> int:
    try:
        rows = Rule().batch(path)
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        print(error, file=sys.stderr)
        return 2
    save(at("days", f"{rows[0]['day']}.json"), rows)
    return 0


def champion() -> dict:
    try:
        with open(at("registry", "champion.json")) as file:
            return json.load(file)
    except FileNotFoundError:
        return {"version": None, "chain": []}


def model(version: str) -> dict:
    with open(at("registry", "versions", version, "model.json")) as file:
        return json.load(file)


def rows() -> list[dict]:
    found = []
    for name in sorted(os.listdir(os.path.dirname(at("days", "x")))):
        if name.endswith(".json"):
            with open(at("days", name)) as file:
                found += json.load(file)
    return found


def clean(one: dict) -> dict:
    return {name: one[name] or 0.0 for name in RULES["features"]} | {"label": one["label"]}


def try_train(fit: list[dict], left: int = 3) -> list[float] | None:
    try:
        return trainer.train(fit, RULES["features"])
    except trainer.TransientError:
        return try_train(fit, left - 1) if left > 1 else None


def retrain() -> int:
    every = rows()
    last = max((one["day"] for one in every), default=0)
    cut = last - RULES["holdout_days"]
    fit = [clean(one) for one in every if one["day"] <= cut and one["label_day"] <= cut]
    test = [clean(one) for one in every if one["day"] > cut and one["label_day"] <= last]
    if not fit or len(test) < RULES["least_holdout"]:
        return 3
    weights = try_train(fit)
    if weights is None:
        return 4
    held = champion()
    if held["version"]:
        gain = trainer.log_loss(model(held["version"])["weights"], test, RULES["features"]) - trainer.log_loss(weights, test, RULES["features"])
        if not gain > RULES["margin"]:
            return 3
    words = {"weights": weights, "trained_until": last, "rows": len(fit), "parent": held["version"], "chain": len(held["chain"])}
    version = hashlib.sha256(json.dumps(words).encode()).hexdigest()[:16]
    save(at("registry", "versions", version, "model.json"), words)
    save(at("registry", "champion.json"), {"version": version, "chain": held["chain"] + [held["version"]] if held["version"] else []})
    return 0


def rollback() -> int:
    held = champion()
    if not held["chain"]:
        return 3
    save(at("registry", "champion.json"), {"version": held["chain"][-1], "chain": held["chain"][:-1]})
    return 0


if __name__ == "__main__":
    with alone():
        command, *rest = sys.argv[1:] or ["help"]
        known = {"ingest": ingest, "retrain": retrain, "rollback": rollback}
        sys.exit(known[command](*rest) if command in known else "ingest FILE, retrain, rollback")
