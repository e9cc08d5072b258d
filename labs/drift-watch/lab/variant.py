"""What differs between two candidates: trade, names, scales, which features suffer, how and when. Never how many streams."""

import importlib.util
import json
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
TRADES = (
    ("churn-forest", "customers", ("basket_mean", "orders_30d", "days_quiet", "support_calls", "page_views")),
    ("eta-boost", "deliveries", ("distance_km", "rain_mm", "queue_length", "courier_age_days", "parcel_kg")),
    ("credit-line", "applications", ("income_ratio", "open_loans", "account_age", "late_payments", "form_minutes")),
    ("wear-watch", "machines", ("vibration", "oil_temp", "load_share", "cycles", "room_humidity")),
    ("seat-price", "bookings", ("days_ahead", "route_demand", "rival_price", "seats_left", "search_depth")),
)


def _streams():
    spec = importlib.util.spec_from_file_location("streams", HERE / "grader/streams.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make(rng: Random) -> dict:
    model, thing, names = rng.choice(TRADES)
    names = list(names)
    rng.shuffle(names)
    used, unused = names[:4], names[4]
    seasonal = used[3]
    calm = used[:3]
    harms = {}
    for kind in _streams().KINDS:
        harms[kind] = {
            "kind": kind,
            "feature": unused if kind == "irrelevant" else rng.choice(calm),
            "onset": 10_000 if kind in ("none", "none-again", "seasonal") else rng.randint(10, 16),
            "sign": rng.choice((-1, 1)),
            "form": rng.choice(("renamed", "text")),
        }
    scales = {name: [round(rng.uniform(-20, 200), 2), round(rng.uniform(0.5, 40), 2)] for name in names}
    parameters = {
        "model": model,
        "thing": thing,
        "used_list": used,
        "used": ", ".join(used),
        "unused": unused,
        "seasonal": seasonal,
        "scales": scales,
        "delay": rng.randint(3, 5),
        "harms": harms,
        "stream_seed": rng.randrange(2**31),
        "columns": "",
        "features_table": ", ".join(f"`{name}`" for name in sorted(names)),
        "example_feature": rng.choice(calm),
        "example_onset": rng.randint(10, 16),
    }
    return parameters


def inject(workspace: Path, parameters: dict) -> None:
    """Nothing is broken here: there is something to build."""


def stand_in(parameters: dict) -> dict[str, bytes]:
    """Reference days, the model card and three example streams."""
    streams = _streams()
    world = streams.World(parameters)
    lines = [",".join(["day", *world.names, "score", "label"])]
    for day in world.days(parameters["stream_seed"], streams.REFERENCE_DAYS, streams.HEALTHY):
        for row, (score, label) in enumerate(zip(day["scores"], day["labels"], strict=True)):
            values = ["" if day["columns"][name][row] is None else str(day["columns"][name][row]) for name in world.names]
            lines.append(",".join([str(day["day"]), *values, str(score), str(label)]))
    importance = dict.fromkeys(world.names, 0.0) | dict(zip(parameters["used_list"], (0.41, 0.33, 0.2, 0.06)))
    card = {"model": parameters["model"], "threshold": 0.5, "importance": importance}
    files = {"data/reference.csv": "\n".join(lines) + "\n", "data/model_card.json": json.dumps(card, indent=1)}
    feature, onset = parameters["example_feature"], parameters["example_onset"]
    for number, (name, harm) in enumerate(
        (
            ("healthy", streams.HEALTHY),
            ("abrupt", {"kind": "abrupt", "feature": feature, "onset": onset, "sign": 1, "form": ""}),
            ("concept", {"kind": "concept", "feature": feature, "onset": onset, "sign": 1, "form": ""}),
        )
    ):
        truth = {key: harm[key] for key in ("kind", "feature", "onset")} if harm["onset"] < 1000 else "healthy"
        batches = world.stream(parameters["stream_seed"] + 100 + number, harm)
        files[f"data/example_{name}.json"] = json.dumps({"truth": truth, "batches": batches})
    return {name: text.encode() for name, text in files.items()}


def everywhere(parameters: dict) -> dict[str, bytes]:
    """What every solution needs of it to run."""
    return {name: content for name, content in stand_in(parameters).items() if "example" not in name}
