"""The training step, as colleagues hand it over: deterministic, whatever order rows come in. Not to be changed."""

import math
import os
import time
from pathlib import Path


class TransientError(Exception):
    """The cluster was busy; the next try may work."""


def train(rows: list[dict], features: list[str]) -> list[float]:
    """Weights of a logistic regression, the bias last. Rows hold floats by feature and `label` (0 or 1)."""
    _maybe_fail()
    size, count = len(features) + 1, len(rows)
    matrix = [[row[name] for name in features] + [1.0] for row in rows]
    weights = [0.0] * size
    for _ in range(120):
        slope = [1e-3 * weight for weight in weights]
        for values, row in zip(matrix, rows):
            gap = _sigmoid(sum(w * x for w, x in zip(weights, values))) - row["label"]
            for at, value in enumerate(values):
                slope[at] += gap * value / count
        weights = [weight - 0.8 * one for weight, one in zip(weights, slope)]
    return weights


def log_loss(weights: list[float], rows: list[dict], features: list[str]) -> float:
    _maybe_wait()
    total = 0.0
    for row in rows:
        p = _sigmoid(sum(w * x for w, x in zip(weights, [row[name] for name in features] + [1.0])))
        total -= math.log(max(1e-12, p if row["label"] else 1 - p))
    return total / len(rows)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _maybe_fail() -> None:
    """TRAINER_FAILS=2 makes the first two calls fail, counted in TRAINER_COUNT (a file)."""
    wanted, path = int(os.environ.get("TRAINER_FAILS", "0")), Path(os.environ.get("TRAINER_COUNT", "/tmp/trainer-count"))
    if wanted:
        seen = int(path.read_text()) if path.exists() else 0
        path.write_text(str(seen + 1))
        if seen < wanted:
            raise TransientError("the cluster is busy")


def _maybe_wait() -> None:
    """TRAINER_MEETS=FOLDER: a run waits there until there is another one, or for two seconds, as on a busy cluster."""
    folder = os.environ.get("TRAINER_MEETS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / str(os.getpid())).touch()
        until = time.monotonic() + 2
        while len(list(Path(folder).iterdir())) < 2 and time.monotonic() < until:
            time.sleep(0.02)
