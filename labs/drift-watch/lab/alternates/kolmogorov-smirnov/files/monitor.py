"""The monitor of @@model@@: Kolmogorov-Smirnov on values less their weekday's mean, by pandas and scipy."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from pydantic import BaseModel
from scipy import stats

WEEK = 7
DATA = Path(__file__).parent / "data"


class Labels(BaseModel):
    day: int
    values: list[int]


class Batch(BaseModel):
    day: int
    columns: dict[str, list]
    scores: list[float]
    labels: Labels | None = None


class Reference:
    """The reference days less their weekly rhythm."""

    def __init__(self) -> None:
        card = json.loads((DATA / "model_card.json").read_text())
        self.importance = card["importance"]
        self.threshold = card["threshold"]
        days = pd.read_csv(DATA / "reference.csv")
        self.rhythm = days.groupby(days["day"] % WEEK)[list(self.importance)].mean()
        self.rest = {
            name: (days[name] - (days["day"] % WEEK).map(self.rhythm[name])).dropna().to_numpy() for name in self.importance
        }
        self.accuracy = float(((days["score"] >= self.threshold) == (days["label"] == 1)).mean())
        self.nulls = days[list(self.importance)].isna().mean()


class Monitor:
    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.firing: dict[tuple[str, str | None], int] = {}
        self.scores: dict[int, np.ndarray] = {}
        self.hits: list[float] = []

    def take(self, batch: Batch) -> list[dict]:
        frame = pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in batch.columns.items()})
        self.scores[batch.day] = np.asarray(batch.scores)
        found: set[tuple[str, str | None]] = set()
        for name, weight in self.reference.importance.items():
            if name not in frame:
                found.add(("quality", name))
                continue
            values = pd.to_numeric(frame[name], errors="coerce")
            if values.isna().mean() > self.reference.nulls[name] + 0.12:
                found.add(("quality", name))
            elif weight > 0 and self.has_moved(name, values.dropna().to_numpy() - self.reference.rhythm[name][batch.day % WEEK]):
                found.add(("drift", name))
        if self.decays(batch):
            found.add(("performance", None))
        self.firing = {key: self.firing.get(key, batch.day) for key in found}
        return self.alerts()

    def has_moved(self, name: str, rest: np.ndarray) -> bool:
        test = stats.ks_2samp(rest, self.reference.rest[name], method="asymp")
        return bool(test.pvalue < 1e-7 and test.statistic > 0.2)

    def decays(self, batch: Batch) -> bool:
        if batch.labels and batch.labels.day in self.scores:
            said = self.scores[batch.labels.day] >= self.reference.threshold
            self.hits.append(float((said == (np.asarray(batch.labels.values) == 1)).mean()))
        return len(self.hits) >= 2 and float(np.mean(self.hits[-2:])) < self.reference.accuracy - 0.15

    def alerts(self) -> list[dict]:
        return [
            {"kind": kind, "feature": name, "since_day": since} for (kind, name), since in sorted(self.firing.items(), key=repr)
        ]


app = FastAPI()
reference = Reference()
monitor = Monitor(reference)
registry = CollectorRegistry()
batches = Counter("monitor_batches", "Batches seen", registry=registry)
gauge = Gauge("monitor_alert", "1 while an alert fires", ["kind", "feature"], registry=registry)


@app.get("/healthz")
def healthz() -> dict:
    return {"status": "ok"}


@app.post("/reset")
def reset() -> dict:
    global monitor
    monitor = Monitor(reference)
    gauge.clear()
    return {}


@app.post("/batches")
def take(batch: Batch) -> dict:
    found = monitor.take(batch)
    batches.inc()
    gauge.clear()
    for alert in found:
        gauge.labels(alert["kind"], alert["feature"] or "").set(1)
    return {"alerts": found}


@app.get("/alerts")
def alerts() -> dict:
    return {"alerts": monitor.alerts()}


@app.get("/metrics", response_class=PlainTextResponse)
def metrics() -> str:
    return generate_latest(registry).decode()


if __name__ == "__main__":
    uvicorn.run(app, host=os.environ.get("LAB_ADDRESS", "127.0.0.1"), port=9090, log_level="warning", access_log=False)
