"""What differs between two candidates: the trade, names and order of columns, which may be missing, limits, the model.

Nothing is broken here: there is something to build. Never differs how many kinds of columns there are.
"""

import io
import json
import os
from pathlib import Path
from random import Random

from tenfold_grader import platforms

TRADES = (
    ("churn", "customers", ("months", "basket", "visits", "tickets", "is_member", "plan"), ("basic", "plus", "pro")),
    ("no-show", "patients", ("days_ahead", "minutes_away", "visits_before", "calls", "is_new", "clinic"), ("north", "south", "river")),
    ("default", "loans", ("income_ratio", "amount_k", "loans_open", "late_days", "is_secured", "purpose"), ("car", "home", "study")),
    ("failure", "machines", ("vibration", "heat", "cycles", "alarms", "is_indoor", "line"), ("press", "lathe", "mill")),
    ("delay", "parcels", ("km_left", "weight", "stops", "queue", "is_express", "depot"), ("harbour", "east", "hill")),
)
TYPES = ("FP64", "FP64", "INT64", "INT64", "BOOL", "BYTES")


def make(rng: Random) -> dict:
    model, things, names, words = rng.choice(TRADES)
    columns = [{"name": name, "datatype": kind, "nullable": False} for name, kind in zip(names, TYPES, strict=True)]
    columns[rng.choice((0, 1))]["nullable"] = True
    columns[rng.choice((2, 3))]["nullable"] = True
    return {
        "model": f"{model}-{rng.choice(('forest', 'risk', 'v2', 'night'))}", "things": things, "columns_made": columns, "categories": list(words),
        "most_rows": rng.choice((64, 128, 200)), "output": rng.choice(("score", "probability", "risk")), "seed": rng.randrange(2**31),
        "version": rng.randint(3, 30), "faults": [], "columns": "", "first": columns[0]["name"], "text": columns[5]["name"],
    }  # fmt: skip


def derived(parameters: dict) -> dict:
    rows = [f"| `{one['name']}` | {one['datatype']} | {'yes' if one['nullable'] else 'no'} |" for one in parameters["columns_made"]]
    return {"columns": "\n".join(rows)}


def inject(workspace: Path, parameters: dict) -> None:
    """Nothing is broken: there is something to build."""


def signature(parameters: dict) -> dict:
    return {"inputs": parameters["columns_made"], "outputs": [{"name": parameters["output"], "datatype": "FP64"}], "most_rows": parameters["most_rows"]}


def data(parameters: dict) -> dict[str, bytes]:
    """The registry that the grader serves, with two versions."""
    return _registry(parameters)


def stand_in(parameters: dict) -> dict[str, bytes]:
    """The same registry to work with, and examples with the model's own answers."""
    files = {f"platform/{name}": content for name, content in _registry(parameters).items()}
    files["platform/platform_server.py"] = Path(platforms.__file__).read_bytes()
    return files


def everywhere(parameters: dict) -> dict[str, bytes]:
    return {"signature.json": json.dumps(signature(parameters), indent=1).encode()}


def _registry(parameters: dict) -> dict[str, bytes]:
    first = parameters["version"]
    files = {f"model-{version}.joblib": _model(parameters, version) for version in (first, first + 1)}
    words = {"model": parameters["model"], "entity": "row", "features": {}}
    return files | {"platform.json": json.dumps(words).encode()}


def _model(parameters: dict, version: int) -> bytes:
    """A scikit-learn pipeline over a frame of the signature's columns, as colleagues hand it over."""
    os.environ["OMP_NUM_THREADS"] = "1"  # on a busy machine threads that wait for one another take minutes
    import joblib
    import numpy as np
    import pandas as pd
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    rng = np.random.default_rng(parameters["seed"] + version)
    names = [one["name"] for one in parameters["columns_made"]]
    count = 900
    frame = pd.DataFrame({
        names[0]: rng.normal(10, 4, count), names[1]: rng.lognormal(1, 0.6, count), names[2]: rng.integers(0, 40, count).astype(float),
        names[3]: rng.integers(0, 9, count).astype(float), names[4]: rng.random(count) < 0.4, names[5]: rng.choice(parameters["categories"], count),
    })  # fmt: skip
    value = frame[names[0]] / 4 - frame[names[1]] / 2 + (frame[names[2]] % 7) / 3 + frame[names[4]] + (frame[names[5]] == parameters["categories"][0]) * 1.5
    label = (value + rng.normal(0, 0.7, count) > value.median()).astype(int)
    for one in parameters["columns_made"]:
        if one["nullable"]:
            frame.loc[rng.random(count) < 0.15, one["name"]] = np.nan
    encode = ColumnTransformer([("words", OneHotEncoder(handle_unknown="ignore", sparse_output=False), [names[5]])], remainder="passthrough")
    held = io.BytesIO()
    joblib.dump(make_pipeline(encode, HistGradientBoostingClassifier(max_iter=30, random_state=version)).fit(frame, label), held)
    return held.getvalue()
