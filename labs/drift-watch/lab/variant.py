"""What differs between two candidates: trade, names, scales and shapes of the data, which features suffer, how and when.

Never how many streams. The data look like data: skewed, in two groups, counts, heavy tails, rows of a day that move together,
gaps of their own in every column.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from random import Random

from tenfold_grader import streams
from tenfold_grader.streams import Harm

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "grader"))
import hidden  # noqa: E402

TRADES = (
    ("churn-forest", "customers", ("basket_mean", "orders_30d", "days_quiet", "support_calls", "page_views")),
    ("eta-boost", "deliveries", ("distance_km", "rain_mm", "queue_length", "courier_age_days", "parcel_kg")),
    ("credit-line", "applications", ("income_ratio", "open_loans", "account_age", "late_payments", "form_minutes")),
    ("wear-watch", "machines", ("vibration", "oil_temp", "load_share", "cycles", "room_humidity")),
    ("seat-price", "bookings", ("days_ahead", "route_demand", "rival_price", "seats_left", "search_depth")),
)


def make(rng: Random) -> dict:
    model, thing, names = rng.choice(TRADES)
    names = list(names)
    rng.shuffle(names)
    used, unused = names[:4], names[4]
    seasonal = used[3]
    made = streams.columns_for(rng, names, seasonal)
    return {
        "model": model,
        "thing": thing,
        "used_list": used,
        "used": ", ".join(used),
        "unused": unused,
        "seasonal": seasonal,
        "columns_made": [asdict(one) for one in made],
        "noise": round(rng.uniform(1.3, 1.6), 2),
        "delay": rng.randint(3, 5),
        "harms": _harms(rng, used[:3], unused, seasonal),
        "stream_seed": rng.randrange(2**31),
        "columns": "",
        "features_table": ", ".join(f"`{name}`" for name in sorted(names)),
        "example_feature": rng.choice(used[:3]),
        "example_onset": rng.randint(10, 14),
    }


def _harms(rng: Random, calm: list[str], unused: str, seasonal: str) -> dict:
    """What goes wrong in each hidden stream. One shift goes up and the other down."""
    sign = rng.choice((-1, 1))

    def onset() -> int:
        return rng.randint(9, 14)

    shifted, missing = rng.sample(calm, 2)
    begin, turn, seen, both = onset(), onset(), onset(), onset()
    found = {
        "none": [],
        "none-again": [],
        "seasonal": [Harm("season", seasonal, onset=0, size=1.15)],
        "abrupt": [Harm("shift", rng.choice(calm), onset=begin, ends=begin + 7, size=1.0 * sign)],
        "gradual": [Harm("creep", rng.choice(calm), onset=onset(), size=-1.5 * sign, days=12)],
        "baseline": [Harm("shift", rng.choice(calm), onset=0, size=rng.choice((-1.0, 1.0)))],
        "irrelevant": [Harm("shift", unused, onset=onset(), size=2.0 * rng.choice((-1, 1)))],
        "schema": [_schema(rng, rng.choice(calm), seen)],
        "nulls": [Harm("nulls", rng.choice(calm), onset=onset(), size=rng.choice((0.3, 0.4, 1.0)))],
        "concept": [Harm("concept", onset=turn, ends=turn + 7, size=0.45)],
        "several": [
            Harm("shift", shifted, onset=both, size=rng.choice((-1.0, 1.0))),
            Harm("nulls", missing, onset=both, size=0.35),
        ],
    }
    return {kind: [asdict(one) for one in harms] for kind, harms in found.items()}


def _schema(rng: Random, feature: str, onset: int) -> Harm:
    kind, share = rng.choice((("renamed", 1.0), ("text", 1.0), ("text", 0.5)))
    return Harm(kind, feature, onset=onset, ends=onset + 5, size=share)


def inject(workspace: Path, parameters: dict) -> None:
    """Nothing is broken here: there is something to build."""


def stand_in(parameters: dict) -> dict[str, bytes]:
    """Reference days, the model card and three example streams."""
    world, seed = hidden.world(parameters), f"{parameters['stream_seed']}/reference"
    names = sorted(one.name for one in world.columns)
    lines = [",".join(["day", *names, "score", "label"])]
    for day in world.days(seed, hidden.REFERENCE_DAYS):
        for row, (score, label) in enumerate(zip(day["scores"], day["labels"], strict=True)):
            values = ["" if day["columns"][name][row] is None else str(day["columns"][name][row]) for name in names]
            lines.append(",".join([str(day["day"]), *values, str(score), str(label)]))
    importance = dict.fromkeys(names, 0.0) | dict(zip(parameters["used_list"], (0.41, 0.33, 0.2, 0.06)))
    card = {"model": parameters["model"], "threshold": 0.5, "importance": importance}
    files = {"data/reference.csv": "\n".join(lines) + "\n", "data/model_card.json": json.dumps(card, indent=1)}
    feature, onset = parameters["example_feature"], parameters["example_onset"]
    for name, harms in (
        ("healthy", []),
        ("abrupt", [Harm("shift", feature, onset=onset, ends=onset + 6, size=1.0)]),
        ("concept", [Harm("concept", onset=onset, ends=onset + 6, size=0.45)]),
    ):
        one = harms[0] if harms else None
        truth = {"kind": name, "feature": one.column or None, "onset": one.onset, "ends": one.ends} if one else "healthy"
        batches = hidden.sent(world, f"{seed}/{name}", 30, harms, parameters["delay"])
        files[f"data/example_{name}.json"] = json.dumps({"truth": truth, "batches": batches})
    return {name: text.encode() for name, text in files.items()}


def everywhere(parameters: dict) -> dict[str, bytes]:
    """What every solution needs of it to run."""
    return {name: content for name, content in stand_in(parameters).items() if "example" not in name}
