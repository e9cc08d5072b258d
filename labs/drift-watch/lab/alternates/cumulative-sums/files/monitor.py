"""The monitor of @@model@@: cumulative sums of daily deviations (CUSUM), columns' health, late labels."""

import csv
import json
import math
import os
from collections import defaultdict
from pathlib import Path
from statistics import fmean, pstdev

import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from pydantic import BaseModel

WEEK = 7
LIMIT = 9.0
CAP = 15.0  # so that an alert ends some days after its cause, however large that was
MOST_NULLS = 0.1
LABELLED_DAYS = 3
FALL = 0.12
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
    """What healthy days look like."""

    def __init__(self) -> None:
        card = json.loads((DATA / "model_card.json").read_text())
        self.used = [name for name, weight in card["importance"].items() if weight > 0]
        self.names = list(card["importance"])
        self.threshold = card["threshold"]
        by_day: dict[str, dict[int, list[float]]] = {name: defaultdict(list) for name in self.names}
        right = []
        with (DATA / "reference.csv").open() as file:
            for row in csv.DictReader(file):
                right.append((float(row["score"]) >= self.threshold) == (row["label"] == "1"))
                for name in self.names:
                    if row[name]:
                        by_day[name][int(row["day"]) % WEEK].append(float(row[name]))
        self.accuracy = fmean(right)
        self.means = {name: {day: fmean(values) for day, values in days.items()} for name, days in by_day.items()}
        self.counts = {name: {day: len(values) for day, values in days.items()} for name, days in by_day.items()}
        self.spreads = {name: fmean(pstdev(values) for values in days.values()) for name, days in by_day.items()}


class Monitor:
    """One stream, from its reset on."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.sums: dict[str, tuple[float, float]] = {}
        self.since: dict[tuple[str, str | None], int] = {}
        self.scores: dict[int, list[float]] = {}
        self.right: list[float] = []

    def take(self, batch: Batch) -> list[dict]:
        self.scores[batch.day] = batch.scores
        firing: dict[tuple[str, str | None], int] = {}
        for name in self.reference.names:
            cause = self.column(name, batch)
            if cause:
                firing[cause, name] = self.since.get((cause, name), batch.day)
        if self.performs_badly(batch):
            firing["performance", None] = self.since.get(("performance", None), batch.labels.day if batch.labels else batch.day)
        self.since = firing
        return self.alerts()

    def column(self, name: str, batch: Batch) -> str | None:
        values = batch.columns.get(name)
        if not values:
            return "quality"
        numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        if len(numbers) < (1 - MOST_NULLS) * len(values):
            return "quality"
        weekday, reference = batch.day % WEEK, self.reference
        error = reference.spreads[name] * math.sqrt(1 / len(numbers) + 1 / reference.counts[name][weekday])
        z = (fmean(numbers) - reference.means[name][weekday]) / error
        up, down = self.sums.get(name, (0.0, 0.0))
        slack = 3.0 if self.swings(name) else 1.5
        self.sums[name] = (min(CAP, max(0.0, up + z - slack)), min(CAP, max(0.0, down - z - slack)))
        shift = max(self.sums[name])
        return "drift" if shift > LIMIT and name in reference.used else None

    def swings(self, name: str) -> bool:
        means = self.reference.means[name].values()
        return max(means) - min(means) > self.reference.spreads[name]

    def performs_badly(self, batch: Batch) -> bool:
        if batch.labels and batch.labels.day in self.scores:
            pairs = zip(self.scores[batch.labels.day], batch.labels.values)
            self.right.append(fmean((score >= self.reference.threshold) == (label == 1) for score, label in pairs))
        recent = self.right[-LABELLED_DAYS:]
        return len(recent) == LABELLED_DAYS and fmean(recent) < self.reference.accuracy - FALL

    def alerts(self) -> list[dict]:
        return [{"kind": kind, "feature": name, "since_day": day} for (kind, name), day in sorted(self.since.items(), key=str)]


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
