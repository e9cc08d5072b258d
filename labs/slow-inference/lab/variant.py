"""What differs between two candidates: the trade, the names, the model, and which faults. Never how much work.

Four faults, one of each kind: what is asked of the platform, how the model is used, what waits for what, what is kept. In
one variant of ten nothing is wrong at all, and saying so is the answer.
"""

import io
import json
import shutil
from pathlib import Path
from random import Random

from tenfold_grader import platforms

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
KINDS = (
    ("model-per-request", "look-up-per-row", "client-per-request"),
    ("row-by-row", "thread-churn", "copies-model", "collects-garbage"),
    ("blocking-in-async", "lock-over-look-up", "pool-of-one"),
    ("unbounded-history", "label-per-request"),
)
NOTHING_WRONG = 0.1


def make(rng: Random) -> dict:
    entity, entities, model, features = rng.choice(TRADES)
    names = list(features) + rng.sample(EXTRA, 3)
    chosen, nothing_wrong = _faults(rng), rng.random() < NOTHING_WRONG
    rng.shuffle(names)
    return {
        "entity": entity,
        "entities": entities,
        "model": f"{model}-{rng.choice(('forest', 'score', 'risk', 'v2'))}",
        "route": rng.choice(("score", "predict", "rate", "rank")),
        "features": ", ".join(names),
        "feature_list": names,
        "python_features": json.dumps(names),
        "faults": [] if nothing_wrong else chosen,
        "mutant_faults": chosen,
        "causes": "",
        "model_seed": rng.randrange(2**31),
    }


def _faults(rng: Random) -> list[str]:
    chosen = [rng.choice(kind) for kind in KINDS]
    if chosen[0] == "client-per-request" and chosen[2] == "pool-of-one":
        chosen[2] = "lock-over-look-up"  # a client of its own for each request has a pool of its own
    return chosen


def derived(parameters: dict) -> dict:
    """Words for templates that follow from the others."""
    return {"causes": json.dumps(parameters["faults"] or ["none"])}


EDITS = {
    "pool-of-one": [("service/features.py", "timeout=15)", "timeout=15, limits=httpx.Limits(max_connections=1))")],
    "lock-over-look-up": [
        ("service/app.py", "        rows = features.rows(wanted.ids)\n",
         "        with turn:\n            rows = features.rows(wanted.ids)\n"),
        ("service/app.py", "from fastapi import", "from threading import Lock\n\nfrom fastapi import"),
        ("service/app.py", "history = History()\n", "history = History()\nturn = Lock()  # one at a time is kinder to the store\n"),
    ],
    "collects-garbage": [
        ("service/scoring.py", "import numpy", "import gc\n\nimport numpy"),
        ("service/scoring.py", "    return [float", "    for _ in range(3):\n        gc.collect()  # arrays are large\n    return [float"),
    ],
    "copies-model": [
        ("service/scoring.py", "import numpy", "from copy import deepcopy\n\nimport numpy"),
        ("service/scoring.py", "    return [float",
         "    copies = [deepcopy(estimator) for _ in rows]  # nobody may change another's model\n    return [float"),
        ("service/scoring.py", "estimator.predict_proba", "copies[0].predict_proba"),
    ],
}


def inject(workspace: Path, parameters: dict) -> None:
    for fault in parameters["faults"]:
        break_it(workspace, fault)


def break_it(workspace: Path, fault: str) -> None:
    """Puts one fault in. Its files stand in lab/faults, rendered like the workspace; some are an edit."""
    for name, old, new in EDITS.get(fault, ()):
        path = workspace / name
        text = path.read_text()
        if old not in text:
            raise ValueError(f"{fault} cannot be put into {name}")
        path.write_text(text.replace(old, new, 1))
    for path in (HERE / "faults" / fault).rglob("*.py"):
        shutil.copyfile(path, workspace / path.relative_to(HERE / "faults" / fault))


def data(parameters: dict) -> dict[str, bytes]:
    """Two model versions and the features that the grader serves."""
    return _platform(parameters, parameters["model_seed"] + 1)


def stand_in(parameters: dict) -> dict[str, bytes]:
    """The same for the candidate to work with: the same models, other feature values."""
    files = _platform(parameters, parameters["model_seed"] + 2)
    files["platform_server.py"] = Path(platforms.__file__).read_bytes()
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
