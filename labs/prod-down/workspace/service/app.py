"""The routes of the @@model@@ service: the open inference protocol, by id."""

import json
import threading
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

from service import features
from service.model import NAME, Models, registry
from service.settings import serving

MOST_IDS = 256
models = Models()


@asynccontextmanager
async def life(_: FastAPI):
    threading.Thread(target=models.load, daemon=True).start()
    yield


app = FastAPI(title=NAME, lifespan=life)


class Tensor(BaseModel):
    name: str
    shape: list[int]
    datatype: str
    data: list[str]


class Question(BaseModel):
    inputs: list[Tensor]


@app.get("/v2/health/live")
def live() -> dict:
    return {"live": True}


@app.get("/v2/health/ready")
def ready() -> dict:
    if not _is_ready():
        raise HTTPException(503, "not ready")
    return {"ready": True}


def _is_ready() -> bool:
    probe = serving["probe"]
    if probe["ready_when"] == "listening":
        return True
    if models.serving is None:
        return False
    try:
        return bool(features.rows([probe["warm_up_id"]])) if probe["warm_up_id"] else True
    except features.UnknownIds:
        return False


@app.get("/v2/models/@@model@@")
def metadata() -> dict:
    return {"name": NAME, "versions": sorted(registry()["versions"], key=int), "platform": "scorelib"}


@app.post("/v2/models/@@model@@/infer")
def infer(question: Question) -> dict:
    return _answer(question, models.serving)


@app.post("/v2/models/@@model@@-shadow/infer")
def infer_shadow(question: Question) -> dict:
    return _answer(question, models.shadow)


def _answer(question: Question, model) -> dict:
    if model is None:
        raise HTTPException(503, "the model is not loaded")
    if len(question.inputs) != 1 or not 1 <= len(question.inputs[0].data) <= MOST_IDS:
        raise HTTPException(400, f"one tensor of 1 to {MOST_IDS} ids")
    try:
        rows = features.rows(question.inputs[0].data)
    except features.UnknownIds as error:
        raise HTTPException(404, f"unknown: {error}") from error
    scores = [model.score(row) for row in rows]
    outputs = [_tensor("score", scores)] + [_tensor(name, [row[name] for row in rows]) for name in features.FEATURES]
    return {"model_name": NAME, "model_version": model.version, "outputs": outputs}


def _tensor(name: str, data: list[float]) -> dict:
    return {"name": name, "datatype": "FP64", "shape": [len(data)], "data": data}


@app.get("/metrics.json")
def metrics() -> dict:
    store = json.loads((features.ROOT / "store" / "online.json").read_text("utf-8"))
    newest = max(written for held in store.values() for _, written in held.values())
    return {"entities": len(store), "newest_feature": newest, "copies": len(models.tables)}
