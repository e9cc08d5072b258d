"""What differs between two candidates: trade, names, limits, the days held out, the data. Never how much there is to do."""

import json
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent / "grader"))
from batches import Batches

TRADES = (
    ("renewal", ("visits_web", "visits_app", "minutes", "mails"), "visits"),
    ("default", ("debt_home", "debt_car", "income", "months"), "debt"),
    ("failure", ("hours_day", "hours_night", "heat", "load"), "hours"),
    ("delay", ("km_city", "km_road", "rain", "stops"), "km"),
    ("fraud", ("paid_card", "paid_cash", "age", "returns"), "paid"),
)


def make(rng: Random) -> dict:
    model, features, total = rng.choice(TRADES)
    weights = [round(rng.choice((-1, 1)) * rng.uniform(0.8, 1.6), 2) for _ in features]
    return {
        "model": f"{model}-{rng.choice(('nightly', 'weekly', 'auto'))}", "features": list(features), "total": total, "weights": weights,
        "holdout_days": rng.choice((3, 4)), "least_rows": rng.choice((40, 45, 50)), "least_holdout": rng.choice((60, 70, 80)),
        "margin": rng.choice((0.002, 0.004)), "most_gaps": 0.2, "limit": rng.choice((25, 40)), "seed": rng.randrange(2**31),
        "faults": [], "feature_list": ", ".join(f"`{name}`" for name in features), "first": features[0], "second": features[1], "gap": features[2],
    }  # fmt: skip


def inject(workspace: Path, parameters: dict) -> None:
    """Nothing is broken: there is something to build."""


def everywhere(parameters: dict) -> dict[str, bytes]:
    made = Batches(parameters)
    keys = ("features", "total", "holdout_days", "least_rows", "least_holdout", "margin", "most_gaps", "limit")
    rules = {key: parameters[key] for key in keys} | {"may_be_missing": [made.gap], "sum_of": made.parts}
    return {"rules.json": json.dumps(rules, indent=1).encode()}


def stand_in(parameters: dict) -> dict[str, bytes]:
    """Two weeks of healthy days to work with; the grader's are others."""
    made = Batches({**parameters, "seed": parameters["seed"] + 1})
    return {f"data/day-{day:03d}.csv": made.csv(made.day(day)).encode() for day in range(1, 15)}
