"""What differs between two candidates: the trade, the names, the model, and which four faults. Never how much work."""

import io
import json
import shutil
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
TRADES = (
    ("customer", "customers", "churn", ("orders_30d", "basket_mean", "returns_rate", "days_since_order", "support_calls")),
    ("driver", "drivers", "acceptance", ("trips_7d", "rating_mean", "cancel_rate", "hours_online", "pickup_minutes")),
    ("merchant", "merchants", "fraud", ("payments_24h", "ticket_mean", "chargeback_rate", "account_days", "night_share")),
    ("listing", "listings", "conversion", ("views_7d", "photo_count", "price_ratio", "days_online", "reply_hours")),
    ("machine", "machines", "failure", ("cycles_24h", "vibration_mean", "heat_peak", "days_since_service", "alarms_7d")),
    ("reader", "readers", "renewal", ("articles_30d", "minutes_mean", "mail_opens", "days_since_visit", "shares_30d")),
)
EXTRA = ("region_code", "tenure_weeks", "season_index", "load_factor", "noise_level")
TRAFFIC = ("model-per-request", "look-up-per-row", "client-per-request")
WORK = ("row-by-row", "thread-churn")
ALWAYS = ("blocking-in-async", "unbounded-history")


def make(rng: Random) -> dict:
    entity, entities, model, features = rng.choice(TRADES)
    names = list(features) + rng.sample(EXTRA, 3)
    rng.shuffle(names)
    return {
        "entity": entity,
        "entities": entities,
        "model": f"{model}-{rng.choice(('forest', 'score', 'risk', 'v2'))}",
        "route": rng.choice(("score", "predict", "rate", "rank")),
        "features": ", ".join(names),
        "feature_list": names,
        "python_features": json.dumps(names),
        "faults": [rng.choice(TRAFFIC), rng.choice(WORK), *ALWAYS],
        "causes": "",
        "model_seed": rng.randrange(2**31),
    }


def derived(parameters: dict) -> dict:
    """Words for templates that follow from the others."""
    return {"causes": json.dumps(parameters["faults"])}


def inject(workspace: Path, parameters: dict) -> None:
    for fault in parameters["faults"]:
        break_it(workspace, fault)


def break_it(workspace: Path, fault: str) -> None:
    """Puts one fault in. Its files stand in lab/faults, rendered like the workspace."""
    for path in (HERE / "faults" / fault).rglob("*.py"):
        shutil.copyfile(path, workspace / path.relative_to(HERE / "faults" / fault))


def data(parameters: dict) -> dict[str, bytes]:
    """Two model versions and the features that the grader serves."""
    return _platform(parameters, parameters["model_seed"] + 1)


def stand_in(parameters: dict) -> dict[str, bytes]:
    """The same for the candidate to work with: the same models, other feature values."""
    files = _platform(parameters, parameters["model_seed"] + 2)
    files["platform_server.py"] = (HERE / "grader/platform_server.py").read_bytes()
    return {f"platform/{name}": content for name, content in files.items()}


def _platform(parameters: dict, feature_seed: int) -> dict[str, bytes]:
    import joblib
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier

    names = parameters["feature_list"]
    files = {}
    for version in (3, 4):
        rng = np.random.default_rng(parameters["model_seed"] + 10 * version)
        rows = rng.normal(size=(1200, len(names)))
        labels = (rows[:, 0] + rows[:, 1] * rows[:, 2] + rng.normal(scale=0.5, size=1200) > 0).astype(int)
        forest = RandomForestClassifier(30, max_depth=6, random_state=version).fit(rows, labels)
        held = io.BytesIO()
        joblib.dump(forest, held)
        files[f"model-{version}.joblib"] = held.getvalue()
    values = np.random.default_rng(feature_seed).normal(size=(400, len(names)))
    features = {str(one): dict(zip(names, map(float, row), strict=True)) for one, row in enumerate(values)}
    words = {"model": parameters["model"], "entity": parameters["entity"], "features": features}
    return files | {"platform.json": json.dumps(words).encode()}
