"""The monitor of @@model@@. It takes batches and never alerts: that is yours to write. `python monitor.py`"""

import os

import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

app = FastAPI()


class Labels(BaseModel):
    day: int
    values: list[int]


class Batch(BaseModel):
    day: int
    columns: dict[str, list]
    scores: list[float]
    labels: Labels | None = None


@app.get("/healthz")
def healthz() -> dict:
    return {"status": "ok"}


@app.post("/reset")
def reset() -> dict:
    return {}


@app.post("/batches")
def take(batch: Batch) -> dict:
    return {"alerts": []}


@app.get("/alerts")
def alerts() -> dict:
    return {"alerts": []}


@app.get("/metrics", response_class=PlainTextResponse)
def metrics() -> str:
    return ""


if __name__ == "__main__":
    uvicorn.run(app, host=os.environ.get("LAB_ADDRESS", "127.0.0.1"), port=9090, log_level="warning", access_log=False)
