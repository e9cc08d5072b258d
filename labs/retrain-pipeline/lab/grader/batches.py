"""The batches of retrain-pipeline, healthy and not, and what a right pipeline makes of them. Standard library only."""

import math
import random


class Batches:
    """`parameters`: names, limits and seed of a variant."""

    def __init__(self, parameters: dict) -> None:
        self.words = parameters
        self.features: list[str] = parameters["features"]
        self.parts = self.features[:2]  # their sum is the column `total`
        self.gap = self.features[2]  # the one that may be missing
        self.header = ["row_id", "entity", "day", "label_day", "label", *self.features, parameters["total"]]

    def day(self, day: int, *, count: int = 80, salt: str = "", flip: float = 0.0, scale: float = 1.0) -> list[dict]:
        """One day's rows. `flip`: share of labels that are wrong. Labels are known some days later, most of them soon."""
        rng = random.Random(f"{self.words['seed']} {day} {salt}")
        rows = []
        for number in range(count):
            row = {"row_id": f"{day}-{number}", "entity": rng.randrange(40), "day": day}
            for name in self.features:
                row[name] = round(rng.gauss(0, 1) * scale, 3)
            row[self.words["total"]] = round(row[self.parts[0]] + row[self.parts[1]], 3)
            value = sum(w * row[name] for w, name in zip(self.words["weights"], self.features, strict=True))
            label = int(rng.random() < 1 / (1 + math.exp(-value)))
            row["label"] = 1 - label if rng.random() < flip else label
            row["label_day"] = day + rng.choice((1, 1, 1, 2, 2, 4))
            if rng.random() < 0.06:
                row[self.gap] = None
            rows.append(row)
        return rows

    def csv(self, rows: list[dict], *, extra: str = "", leave_out: str = "", header: list[str] | None = None) -> str:
        names = [name for name in (header or self.header) if name != leave_out] + ([extra] if extra else [])
        lines = [",".join(names)]
        lines += [",".join("" if row.get(name) is None else str(row.get(name)) for name in names) for row in rows]
        return "\n".join(lines) + "\n"

    # what is right

    def known(self, rows: list[dict], until: int) -> list[dict]:
        """As floats, those whose label was known on a day; what is missing counts as zero."""
        return [
            {**{name: float(row[name] or 0.0) for name in self.features}, "label": int(row["label"]), "day": row["day"]}
            for row in rows
            if row["label_day"] <= until
        ]

    def split(self, days: dict[int, list[dict]]) -> tuple[list[dict], list[dict]]:
        """What is trained on and what is tested on, as known then."""
        last = max(days)
        cut = last - self.words["holdout_days"]
        every = [row for rows in days.values() for row in rows]
        return self.known([row for row in every if row["day"] <= cut], cut), self.known([row for row in every if row["day"] > cut], last)


def at_the_limits(batches: Batches, day: int) -> list[dict]:
    """A batch that is just good: as few rows as may be, as many gaps, values at the limit, a sum nearly off."""
    words = batches.words
    rows = batches.day(day, count=words["least_rows"], salt="limits")
    gaps = int(words["most_gaps"] * len(rows))
    for number, row in enumerate(rows):
        row[batches.gap] = None if number < gaps else row[batches.gap] or 0.5
    rows[0]["label_day"] = day
    rows[1][batches.features[3]] = -words["limit"]
    rows[2][words["total"]] = round(rows[2][words["total"]] + 0.008, 3)
    return rows


def broken(batches: Batches, day: int) -> dict[str, str]:
    """Batches that must be refused, by what is wrong with them."""
    words = batches.words

    def rows(**changes) -> list[dict]:
        made = batches.day(day)
        for key, value in changes.items():
            made[11][key] = value
        return made

    first, second = batches.parts
    other, total = batches.features[3], words["total"]
    far = {**rows()[11], other: 1e6}
    odd = rows()
    odd[11] = far
    many = batches.day(day)
    for row in many[::3]:
        row[batches.gap] = None
    wrong_sum = batches.day(day)
    wrong_sum[5][words["total"]] = round(wrong_sum[5][words["total"]] + 3, 3)
    wrong_sum[5][batches.gap] = None  # a gap elsewhere excuses nothing
    twice = batches.day(day)
    twice[7]["row_id"] = twice[6]["row_id"]
    mixed = rows(day=day - 1)
    nearly = batches.day(day)
    nearly[3][total] = round(nearly[3][total] + 0.03, 3)
    whole = batches.csv(batches.day(day))
    lines = whole.splitlines()
    cut_off = "\n".join([*lines[:-1], ",".join(lines[-1].split(",")[:4])])
    return {
        "no rows at all": batches.csv([]),
        "too few rows": batches.csv(batches.day(day)[: words["least_rows"] - 1]),
        "a column is missing": batches.csv(batches.day(day), leave_out=second),
        "a text for a number": batches.csv(rows(**{first: "n/a"})),
        "a gap where none may be": batches.csv(rows(**{first: None})),
        "too many gaps": batches.csv(many),
        "a gap in the sum": batches.csv(rows(**{total: None})),
        "a gap in the label": batches.csv(rows(label=None)),
        "a gap in the label's day": batches.csv(rows(label_day=None)),
        "a row without its id": batches.csv(rows(row_id=None)),
        "a value out of range": batches.csv(odd),
        "a value out of range below zero": batches.csv(rows(**{other: -1e6})),
        "a sum that is nearly one": batches.csv(nearly),
        "not a number": batches.csv(rows(**{other: "nan"})),
        "infinite": batches.csv(rows(**{other: "inf"})),
        "a sum that is none, beside a gap": batches.csv(wrong_sum),
        "a label that is no label": batches.csv(rows(label=2)),
        "a label known before the day": batches.csv(rows(label_day=day - 1)),
        "a row twice": batches.csv(twice),
        "two days in one file": batches.csv(mixed),
        "its last row cut off": cut_off,
        "no UTF-8": whole.replace(f"{day}-20,", f"{day}-caf\udce9,", 1),
        "no CSV": "\x00\x01\x02",
    }


# the trainer once more: what was handed in is not asked


def train(rows: list[dict], features: list[str]) -> list[float]:
    matrix = [[row[name] for name in features] + [1.0] for row in rows]
    weights = [0.0] * (len(features) + 1)
    for _ in range(120):
        slope = [1e-3 * weight for weight in weights]
        for values, row in zip(matrix, rows, strict=True):
            gap = sigmoid(sum(w * x for w, x in zip(weights, values, strict=True))) - row["label"]
            for at, value in enumerate(values):
                slope[at] += gap * value / len(rows)
        weights = [weight - 0.8 * one for weight, one in zip(weights, slope, strict=True)]
    return weights


def log_loss(weights: list[float], rows: list[dict], features: list[str]) -> float:
    total = 0.0
    for row in rows:
        p = sigmoid(sum(w * x for w, x in zip(weights, [row[name] for name in features] + [1.0], strict=True)))
        total -= math.log(max(1e-12, p if row["label"] else 1 - p))
    return total / len(rows)


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def close_calls(batches: Batches) -> dict[str, dict[int, list[dict]]]:
    """What comes after nine healthy days, three times, by what the gate has to say of it: none is promoted but the last.

    A gain below the margin; one that lies above it only with labels that are not known yet; one just above it. Day 9 is for
    testing throughout, so which model comes out does not hang on it: its labels are turned until the gain is as wanted.
    """
    words, features = batches.words, batches.features
    base = {day: batches.day(day) for day in range(1, 10)}
    tenth, cut, margin = batches.day(10), 10 - words["holdout_days"], words["margin"]
    champion = train(batches.split(base)[0], features)
    fresh = train(batches.split({**base, 10: tenth})[0], features)

    def gain(ninth: list[dict], until: int) -> float:
        rows = batches.known([row for day, held in {**base, 9: ninth, 10: tenth}.items() if day > cut for row in held], until)
        return log_loss(champion, rows, features) - log_loss(fresh, rows, features)

    def turned(ninth: list[dict], until: int, wanted: float, is_free) -> list[dict]:
        """With labels turned, of rows that are free, as long as each brings the gain nearer."""
        ninth = [dict(row) for row in ninth]
        left = abs(gain(ninth, until) - wanted)
        for row in filter(is_free, ninth):
            row["label"] = 1 - row["label"]
            here = abs(gain(ninth, until) - wanted)
            if here >= left:
                row["label"] = 1 - row["label"]
            left = min(here, left)
        return ninth

    plain = batches.day(9, count=160)
    below = turned(plain, 10, 0.5 * margin, lambda row: row["label_day"] <= 10)
    tomorrow = turned(below, 99, 3 * margin, lambda row: row["label_day"] > 10)
    enough = turned(plain, 10, 2 * margin, lambda row: row["label_day"] <= 10)
    found = {"a gain below the margin": below, "a gain by labels of tomorrow": tomorrow, "just enough": enough}
    return {what: {9: ninth, 10: tenth} for what, ninth in found.items()}
