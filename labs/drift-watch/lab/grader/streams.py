"""Healthy and unhealthy days of a model's inputs, scores and labels. Standard library only; the same seed, the same days."""

import math
import random

DAYS, ROWS, WEEK = 30, 160, 7
REFERENCE_DAYS = 28
KINDS = ("none", "none-again", "seasonal", "abrupt", "gradual", "irrelevant", "schema", "nulls", "concept")


class World:
    """One candidate's world: names, scales, season, and how labels follow from features."""

    def __init__(self, parameters: dict) -> None:
        self.used: list[str] = parameters["used_list"]
        self.unused: str = parameters["unused"]
        self.seasonal: str = parameters["seasonal"]
        self.scales: dict[str, list[float]] = parameters["scales"]
        self.delay: int = parameters["delay"]

    @property
    def names(self) -> list[str]:
        return sorted([*self.used, self.unused])

    def days(self, seed: int, count: int, harm: dict, rows: int = ROWS) -> list[dict]:
        """Whole days with their labels. `harm`: kind, feature, onset, sign, form."""
        rng = random.Random(seed)
        return [self._day(rng, day, harm, rows) for day in range(count)]

    def _day(self, rng: random.Random, day: int, harm: dict, rows: int) -> dict:
        raw = {name: [rng.gauss(0, 1) for _ in range(rows)] for name in self.names}
        swing = 1.2 * math.sin(2 * math.pi * (day % WEEK) / WEEK) * (1.15 if harm["kind"] == "seasonal" else 1.0)
        raw[self.seasonal] = [value + swing for value in raw[self.seasonal]]
        for name, shift in self._shifts(day, harm).items():
            raw[name] = [value + shift for value in raw[name]]
        margin = [
            1.6 * raw[self.used[0]][row] - 1.3 * raw[self.used[1]][row] + 0.8 * raw[self.used[2]][row]
            for row in range(rows)
        ]
        scores = [1 / (1 + math.exp(-2 * value)) for value in margin]
        turned = harm["kind"] == "concept" and day >= harm["onset"]
        labels = [
            int((value + rng.gauss(0, 0.7) > 0) != (turned and rng.random() < 0.45)) for value in margin
        ]
        columns: dict[str, list] = {
            name: [self.scales[name][0] + self.scales[name][1] * value for value in raw[name]] for name in self.names
        }
        for name in self.names:
            columns[name] = [None if rng.random() < 0.01 else round(value, 5) for value in columns[name]]
        self._spoil(rng, columns, day, harm)
        return {"day": day, "columns": columns, "scores": [round(one, 5) for one in scores], "labels": labels}

    def _shifts(self, day: int, harm: dict) -> dict[str, float]:
        since = day - harm["onset"]
        if since < 0:
            return {}
        size = {"abrupt": 1.0, "gradual": 1.5 * min(1.0, (since + 1) / 12), "irrelevant": 2.0}.get(harm["kind"], 0.0)
        return {harm["feature"]: size * harm["sign"]}

    def _spoil(self, rng: random.Random, columns: dict[str, list], day: int, harm: dict) -> None:
        if day < harm["onset"]:
            return
        name = harm["feature"]
        if harm["kind"] == "nulls":
            columns[name] = [None if rng.random() < 0.3 else value for value in columns[name]]
        if harm["kind"] == "schema" and harm["form"] == "renamed":
            columns[f"{name}_v2"] = columns.pop(name)
        if harm["kind"] == "schema" and harm["form"] == "text":
            columns[name] = ["n/a" if value is None else f"{value:.2f} units" for value in columns[name]]

    def stream(self, seed: int, harm: dict) -> list[dict]:
        """Days as they are sent: labels come `delay` days late."""
        days = self.days(seed, DAYS, harm)
        sent = []
        for day in days:
            earlier = day["day"] - self.delay
            labels = {"day": earlier, "values": days[earlier]["labels"]} if earlier >= 0 else None
            sent.append({**day, "labels": labels})
        return sent


def harms(parameters: dict) -> dict[str, dict]:
    return {kind: parameters["harms"][kind] for kind in KINDS}


HEALTHY = {"kind": "none", "feature": "", "onset": 10_000, "sign": 1, "form": ""}
