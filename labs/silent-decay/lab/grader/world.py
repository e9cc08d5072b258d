"""The world of silent-decay: days of predictions whose truth is known, healthy or with one fault. Standard library only.

A row: who was scored, where, by which version, from which values, how old these were, the score, and what happened later.
The score is the model's, from what it was given; what happens follows from what is true, whatever the model was given.
"""

import csv
import io
import math
import random
from dataclasses import dataclass

HEALTHY_DAYS, DAYS, ROWS, DELAY, TTL_H = 28, 70, 320, 6, 24
REGIONS, CHANNELS = ("north", "south", "east", "west"), ("web", "app", "desk")
BIAS = -0.4


@dataclass(frozen=True)
class Fault:
    """What goes wrong from `onset` on. `segment`: (column, value), or () for everybody."""

    kind: str
    onset: int
    feature: str = ""
    segment: tuple[str, ...] = ()

    def hits(self, row: dict, day: int) -> bool:
        return day >= self.onset and (not self.segment or row[self.segment[0]] == self.segment[1])


class World:
    """`parameters`: names, weights and seed of a variant."""

    def __init__(self, parameters: dict) -> None:
        self.names: list[str] = parameters["used"]
        self.unused: str = parameters["unused"]
        self.weights: list[float] = parameters["weights"]
        self.products: list[str] = parameters["products"]
        self.effects: dict[str, float] = parameters["effects"]
        self.unseen: str = parameters["unseen"]
        self.seed = parameters["seed"]
        self.trap_onset: int = parameters["trap_onset"]

    def day(self, day: int, fault: Fault, *, salt: str = "log", rows: int = ROWS, calm: bool = False, version: int = 12) -> list[dict]:
        """One day. `calm`: without the drift of the feature that the model does not use. `version`: of a sound model."""
        rng = random.Random(f"{self.seed} {salt} {day}")
        count = int(rows * (0.7 if day % 7 >= 5 else 1.0) * rng.uniform(0.94, 1.06))
        return [self.row(rng, day, fault, calm, version) for _ in range(count)]

    def row(self, rng: random.Random, day: int, fault: Fault, calm: bool, version: int) -> dict:
        share = 0.55 if fault.kind == "population-shift" and day >= fault.onset else 0.2
        row = {
            "day": day, "id": rng.randrange(10**6), "region": rng.choice(REGIONS),
            "channel": CHANNELS[2] if rng.random() < share else rng.choice(CHANNELS[:2]),
            "product": rng.choice(self.products), "version": version, "age_h": round(rng.uniform(0.2, 20), 1),
        }  # fmt: skip
        if rng.random() < 0.006:
            row["age_h"] = round(rng.uniform(TTL_H, 40), 1)  # a few are always late
        if fault.kind == "unknown-category" and day >= fault.onset and rng.random() < 0.25:
            row["product"] = self.unseen
        true = self.values(rng, row, day)
        seen = self.seen(rng, row, true, day, fault)
        row |= {name: value if value is None else round(value, 3) for name, value in seen.items()}
        # On `unused` a decoy stands: it drifts, and the model does not look at it.
        row[self.unused] = round(rng.lognormvariate(0.9 if day >= self.trap_onset and not calm else 0.0, 0.5), 3)
        row["score"] = round(self.score(seen, row, fault, day), 4)
        row["label"] = int(rng.random() < _sigmoid(self.logit(true, row, fault, day)))
        return row

    def values(self, rng: random.Random, row: dict, day: int) -> dict[str, float | None]:
        """What is true: skewed, with a rhythm of weeks, other levels for other channels, some values missing."""
        level = {"web": 0.0, "app": 0.25, "desk": -0.5}[row["channel"]]
        week = 0.35 if day % 7 >= 5 else 0.0
        made: dict[str, float | None] = {}
        for at, name in enumerate(self.names):
            shift = level * (at < 2) + week * (at == 1)
            made[name] = 10.0 * math.exp(0.5 * (rng.gauss(0, 1) + shift))
            if at == 2 and rng.random() < 0.3:
                made[name] = None
        return made

    def seen(self, rng: random.Random, row: dict, true: dict, day: int, fault: Fault) -> dict:
        """What the model was given."""
        seen = dict(true)
        if fault.kind == "unit-change" and fault.hits(row, day):
            seen[fault.feature] = true[fault.feature] * 60 if true[fault.feature] is not None else None
        elif fault.kind == "missing-as-zero" and fault.hits(row, day) and true[fault.feature] is None:
            seen[fault.feature] = 0.0
        elif fault.kind == "stale-features" and fault.hits(row, day):
            row["age_h"] = round(rng.uniform(1.5, 9) * TTL_H, 1)
            # Of another time, so of this row's channel and of nothing else that is true now.
            seen |= {name: self.values(rng, row, 0)[name] for name in self.names[:3]}
        if fault.kind == "collapsed-scores" and day >= fault.onset:
            row["version"] = 13
        return seen

    def score(self, seen: dict, row: dict, fault: Fault, day: int) -> float:
        value = self.linear(seen) + self.effects.get(row["product"], 0.0) + BIAS
        if fault.kind == "collapsed-scores" and day >= fault.onset:
            value = 0.2 * value
        return min(0.9995, max(0.0005, _sigmoid(value)))

    def linear(self, values: dict, weights: list[float] | None = None) -> float:
        """A missing value counts as the middle; zero as what it is."""
        total = 0.0
        for name, weight in zip(self.names, weights or self.weights, strict=True):
            value = values[name]
            total += weight * (0.0 if value is None else 2 * math.log(max(value, 0.05) / 10.0))
        return total

    def logit(self, true: dict, row: dict, fault: Fault, day: int) -> float:
        weights = list(self.weights)
        if fault.kind == "concept-drift" and fault.hits(row, day):
            weights[self.names.index(fault.feature)] *= -1
        return self.linear(true, weights) + ({**self.effects, self.unseen: -2.2}[row["product"]]) + BIAS

    def header(self) -> list[str]:
        return ["day", "id", "region", "channel", "product", "version", "age_h", *sorted([*self.names, self.unused]), "score", "label"]

    def csv(self, rows: list[dict], *, last_day: int | None = None) -> str:
        """As a file; labels of the last days have not come yet where `last_day` is given: only some that came early."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.header())
        for row in rows:
            words = dict(row)
            if last_day is not None and row["day"] > last_day - DELAY and not (row["label"] == 0 and row["id"] % 3 == 0):
                words["label"] = None
            writer.writerow(["" if words[name] is None else words[name] for name in self.header()])
        return out.getvalue()


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -40 else 0.0
