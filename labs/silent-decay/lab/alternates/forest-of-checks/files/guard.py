"""Calibration of a day, in the whole and by segment, against labels drawn from its own scores. Standard library only."""

import csv
import json
import math
import random
import sys
from collections import defaultdict
from pathlib import Path

CARD = json.loads((Path(__file__).parent / "data/model_card.json").read_text())
DRAWS, BOUND = 60, 6.0


def error(pairs: list[tuple[float, int]]) -> float:
    """Squared distance of events from promises over five bins of the score, and the loss."""
    bins: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    loss = 0.0
    for score, label in pairs:
        held = bins[min(4, int(score * 5))]
        held[0] += label - score
        held[1] += score * (1 - score)
        loss -= math.log(score if label else 1 - score)
    return sum(gap * gap / max(spread, 0.5) for gap, spread in bins.values()), loss


def odd(pairs: list[tuple[float, int]], rng: random.Random) -> float:
    """How many standard deviations the day lies from days on which its scores are true."""
    seen = error(pairs)
    drawn = [error([(score, int(rng.random() < score)) for score, _ in pairs]) for _ in range(DRAWS)]
    worst = 0.0
    for at in (0, 1):
        values = [one[at] for one in drawn]
        mean = sum(values) / DRAWS
        spread = math.sqrt(sum((one - mean) ** 2 for one in values) / DRAWS)
        worst = max(worst, (seen[at] - mean) / max(spread, 1e-9) * (0.72 if at == 0 else 1.25))
    return worst


def verdict(path: str) -> str:
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    if sum(float(row["age_h"]) > CARD["features_expire_after_h"] for row in rows) > 0.02 * len(rows):
        return "alarm: expired features"
    if sum(row["product"] not in CARD["trained_on_products"] for row in rows) > 0.1 * len(rows):
        return "alarm: unknown product"
    for name in CARD["uses"]:
        if name != "product" and sum(row[name] != "" and float(row[name]) == 0 for row in rows) > 0.02 * len(rows):
            return f"alarm: zeros in {name}"
    groups: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for row in rows:
        pair = (min(0.9999, max(0.0001, float(row["score"]))), int(row["label"]))
        for key in ("all", row["region"], row["channel"]):
            groups[key].append(pair)
    rng = random.Random(path)
    found = {key: odd(pairs, rng) for key, pairs in groups.items() if len(pairs) >= 40}
    worst = max(found, key=lambda key: found[key])
    return f"alarm: {worst} {found[worst]:.1f}" if found[worst] > BOUND else "ok"


for path in sys.argv[1:]:
    print(path, verdict(path))
