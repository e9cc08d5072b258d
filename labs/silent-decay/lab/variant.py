"""What differs between two candidates: the trade, the model, which fault, where, since when. Never how much is logged.

One fault of seven kinds (one of which asks for nothing to be done), or none; beside it a feature that drifts and is not used, a
rhythm of weeks, and labels that come late.
"""

import json
import sys
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "grader"))
from world import CHANNELS, DAYS, DELAY, HEALTHY_DAYS, REGIONS, Fault, World  # noqa: E402

TRADES = (
    ("renewal", "readers", ("minutes_read", "visits_30d", "mails_opened", "pages_seen", "shares_30d"), ("daily", "weekend", "digital", "family")),
    ("no-show", "patients", ("days_ahead", "minutes_away", "visits_before", "calls_made", "hour_index"), ("check", "scan", "surgery", "therapy")),
    ("default", "loans", ("income_ratio", "months_open", "late_days", "amount_k", "forms_sent"), ("car", "home", "study", "phone")),
    ("failure", "machines", ("vibration", "oil_heat", "hours_run", "load_index", "room_dust"), ("press", "lathe", "mill", "saw")),
    ("delay", "parcels", ("km_left", "stops_left", "weight_kg", "queue_size", "photo_count"), ("letter", "box", "pallet", "tube")),
)
ACTIONS = {
    "unit-change": "fix-upstream", "missing-as-zero": "fix-upstream", "stale-features": "fix-upstream", "unknown-category": "retrain",
    "concept-drift": "retrain", "collapsed-scores": "roll-back", "population-shift": "nothing", "none": "nothing",
}  # fmt: skip
KINDS = ("unit-change", "missing-as-zero", "stale-features", "unknown-category", "concept-drift", "concept-drift", "collapsed-scores", "population-shift")
NOTHING_WRONG, GUARD_ROWS = 0.1, 560


def make(rng: Random) -> dict:
    model, things, names, products = rng.choice(TRADES)
    names, products = list(names), list(products)
    rng.shuffle(names)
    rng.shuffle(products)
    weights = [1.5, -1.2, 1.2, -0.7]
    if rng.random() < 0.5:
        weights = [-one for one in weights]
    kind = "none" if rng.random() < NOTHING_WRONG else rng.choice(KINDS)
    return {
        "model": model, "things": things, "used": names[:4], "unused": names[4], "weights": weights,
        "products": products[:3], "unseen": products[3], "effects": dict(zip(products[:3], (0.6, 0.0, -0.6), strict=True)),
        "seed": rng.randrange(2**31), "trap_onset": rng.randint(36, 44), "last_day": DAYS - 1, "delay": DELAY, "healthy": HEALTHY_DAYS,
        "fault": _fault(rng, kind, names, products[3]), "faults": [] if kind == "none" else [kind], "finding": "",
        "used_list": ", ".join(f"`{name}`" for name in sorted(names[:4])), "unused_name": names[4],
    }  # fmt: skip


def _fault(rng: Random, kind: str, names: list[str], unseen: str) -> dict:
    onset = rng.randint(46, 56)
    region, channel = ("region", rng.choice(REGIONS)), ("channel", rng.choice(CHANNELS[:2]))
    feature, segment = {
        "unit-change": (rng.choice(names[:2]), channel),
        "missing-as-zero": (names[2], rng.choice((region, ()))),
        "stale-features": ("", region),
        "unknown-category": ("product", ("product", unseen)),
        "concept-drift": (rng.choice(names[:2]), rng.choice((region, channel, ()))),
        "collapsed-scores": ("", ()),
        "population-shift": ("channel", ("channel", CHANNELS[2])),
        "none": ("", ()),
    }[kind]
    return {"kind": kind, "onset": onset, "feature": feature, "segment": list(segment)}


def fault(parameters: dict) -> Fault:
    words = parameters["fault"]
    return Fault(words["kind"], words["onset"], words["feature"], tuple(words["segment"]))


def derived(parameters: dict) -> dict:
    return {"finding": finding(parameters["fault"])}


def finding(words: dict, **changes: object) -> str:
    """As a candidate hands it in."""
    kind = words["kind"]
    told = {
        "kind": kind, "feature": words["feature"], "segment": "=".join(words["segment"]) or "all",
        "since_day": 0 if kind == "none" else words["onset"], "action": ACTIONS[kind],
    }  # fmt: skip
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in {**told, **changes}.items()) + '\nnotes = ""\n'


def inject(workspace: Path, parameters: dict) -> None:
    """Nothing is broken here: there is something to be found."""


def everywhere(parameters: dict) -> dict[str, bytes]:
    """The log of ten weeks, of which the first four were healthy."""
    world, found = World(parameters), fault(parameters)
    rows = [row for day in range(DAYS) for row in world.day(day, found)]
    card = {
        "model": parameters["model"], "uses": sorted([*parameters["used"], "product"]), "trained_on_products": sorted(parameters["products"]),
        "features_expire_after_h": 24, "healthy_days": [0, HEALTHY_DAYS - 1], "label_delay_days": DELAY, "threshold": 0.5,
        "missing_values": "left empty; the model takes the middle for them",
    }  # fmt: skip
    return {"data/log.csv": world.csv(rows, last_day=DAYS - 1).encode(), "data/model_card.json": json.dumps(card, indent=1).encode()}


def data(parameters: dict) -> dict[str, bytes]:
    """Days that nobody has seen, for the guard: healthy ones, and such as show the fault."""
    world, found = World(parameters), fault(parameters)
    is_harmless = found.kind in {"none", "population-shift"}
    files, healthy = {}, Fault("none", 0)
    for number in range(8):
        files[f"healthy-{number}.csv"] = world.csv(world.day(100 + number, healthy, salt="guard", rows=GUARD_ROWS, calm=number % 2 == 0, version=12 + number % 3 % 2))
        later = Fault(found.kind, 0, found.feature, found.segment)
        if not is_harmless or found.kind == "population-shift":
            files[f"later-{number}.csv"] = world.csv(world.day(200 + number, later, salt="guard", rows=GUARD_ROWS))
    return {name: text.encode() for name, text in files.items()}


def rewrite(workspace: Path, parameters: dict, how: str) -> None:
    """Findings by hand, right and wrong, made of this variant's truth."""
    words = parameters["fault"]
    other = "concept-drift" if words["kind"] != "concept-drift" else "unit-change"
    changes = {
        "blames-the-decoy": {"feature": parameters["unused"], "kind": other, "since_day": parameters["trap_onset"], "segment": "all", "action": ACTIONS[other]},
        "wrong-kind": {"kind": other, "action": ACTIONS[other]},
        "wrong-place": {"segment": "region=nowhere", "feature": parameters["unused"]},
        "too-late": {"since_day": words["onset"] + 9},
        "retrains": {"action": "retrain" if ACTIONS[words["kind"]] != "retrain" else "roll-back"},
        "sees-nothing": {"kind": "none", "feature": "", "segment": "all", "since_day": 0, "action": "nothing"} if words["kind"] != "none" else {"kind": "concept-drift", "action": "retrain"},
        "a-day-later": {"since_day": words["onset"] + 1 if words["kind"] != "none" else 0},
        "spelt-otherwise": {"segment": " = ".join(words["segment"]).upper() if words["segment"] else "ALL", "feature": words["feature"].upper()},
    }[how]
    (workspace / "finding.toml").write_text(finding(words, **changes))
