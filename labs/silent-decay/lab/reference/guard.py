"""Says of each day's file whether the model can be trusted on it: `python guard.py DAY.csv…`.

The first question is whether scores mean what they say, in the whole and in every segment: the loss of the day against the
loss that its own scores promise. Beside it what can be seen before labels come: old features, unknown words, new zeros.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent / "data"
SEGMENTS = ("region", "channel", "product")
LOSS_Z, SHARE = 4.5, 0.1
LEAST_ROWS = 30


def loss_z(scores: pd.Series, labels: pd.Series) -> float:
    """How many standard errors the loss lies above what these scores promise."""
    p = np.clip(scores.to_numpy(float), 1e-4, 1 - 1e-4)
    y = labels.to_numpy(float)
    odds = np.log(p / (1 - p))
    expected = -(p * np.log(p) + (1 - p) * np.log(1 - p))
    actual = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    spread = np.sqrt((p * (1 - p) * odds**2).sum())
    return float((actual - expected).sum() / max(spread, 1e-9))


def bias_z(scores: pd.Series, labels: pd.Series) -> float:
    """How far the number of events lies from what the scores promise."""
    p = scores.to_numpy(float)
    return float(abs((labels.to_numpy(float) - p).sum()) / max(np.sqrt((p * (1 - p)).sum()), 1e-9))


def flat_z(scores: pd.Series, labels: pd.Series) -> float:
    """Whether scores are too near to one another: high ones promise too little, low ones too much."""
    p = scores.to_numpy(float)
    side = np.sign(p - np.median(p))
    rest = labels.to_numpy(float) - p
    return float((side * rest).sum() / max(np.sqrt((p * (1 - p)).sum()), 1e-9))


def reasons(day: pd.DataFrame, card: dict, healthy: pd.DataFrame) -> list[str]:
    found = []
    if (day["age_h"] > card["features_expire_after_h"]).mean() > 0.02:
        found.append("features have expired")
    if (~day["product"].isin(card["trained_on_products"])).mean() > SHARE:
        found.append("a product that the model never saw")
    for name in card["uses"]:
        if name in day and day[name].dtype != object and (day[name] == 0).mean() > (healthy[name] == 0).mean() + 0.03:
            found.append(f"zeros in {name}")
    known = day.dropna(subset=["label"])
    parts = [("all", known)]
    parts += [(f"{name}={value}", rows) for name in SEGMENTS for value, rows in known.groupby(name)]
    for name, rows in parts:
        if len(rows) >= LEAST_ROWS:
            worst = max(f(rows["score"], rows["label"]) for f in (loss_z, bias_z, flat_z))
            if worst > LOSS_Z:
                found.append(f"scores of {name} do not mean what they say ({worst:.1f} standard errors)")
    return found


def main(paths: list[str]) -> int:
    card = json.loads((HERE / "model_card.json").read_text())
    log = pd.read_csv(HERE / "log.csv")
    healthy = log[log["day"] <= card["healthy_days"][1]]
    alarms = 0
    for path in paths:
        found = reasons(pd.read_csv(path), card, healthy)
        alarms += bool(found)
        print(path, f"alarm {'; '.join(found)}" if found else "ok")
    return int(alarms > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
