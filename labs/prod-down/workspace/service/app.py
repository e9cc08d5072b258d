"""The routes of the @@model@@ service: the open inference protocol, by id."""

import threading
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, generate_latest
from pydantic import BaseModel

from service import features
from service.model import NAME, Models, registry

MOST_IDS = 256
ANSWERS = Counter("answers_total", "Answers to questions", ["role", "status"])
QUESTION_IDS = Counter("question_ids_total", "Ids that were asked for")
ENTITIES = Gauge("store_entities", "What the online store knows")
NEWEST = Gauge("store_newest_value_seconds", "Time of the newest value in the online store")
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
    return models.is_ready() and features.warm_up()


@app.get("/v2/models/@@model@@")
def metadata() -> dict:
    return {"name": NAME, "versions": sorted(registry()["versions"], key=int), "platform": "scorelib"}


@app.post("/v2/models/@@model@@/infer")
def infer(question: Question) -> dict:
    return _counted("champion", question)


@app.post("/v2/models/@@model@@-shadow/infer")
def infer_shadow(question: Question) -> dict:
    return _counted("challenger", question)


def _counted(role: str, question: Question) -> dict:
    try:
        answer = _answer(question, models.by_role.get(role))
    except HTTPException as error:
        ANSWERS.labels(role, error.status_code).inc()
        raise
    ANSWERS.labels(role, 200).inc()
    return answer


def _answer(question: Question, model) -> dict:
    if model is None:
        raise HTTPException(503, "the model is not loaded")
    if len(question.inputs) != 1 or not 1 <= len(question.inputs[0].data) <= MOST_IDS:
        raise HTTPException(400, f"one tensor of 1 to {MOST_IDS} ids")
    QUESTION_IDS.inc(len(question.inputs[0].data))
    try:
        rows = features.rows(question.inputs[0].data)
    except features.UnknownIds as error:
        raise HTTPException(404, f"unknown: {error}") from error
    scores = [model.score(row) for row in rows]
    outputs = [_tensor("score", scores)] + [_tensor(name, [row[name] for row in rows]) for name in features.FEATURES]
    return {"model_name": NAME, "model_version": model.version, "outputs": outputs}


def _tensor(name: str, data: list[float]) -> dict:
    return {"name": name, "datatype": "FP64", "shape": [len(data)], "data": data}


@app.get("/metrics")
def metrics() -> Response:
    store = features.stored()
    ENTITIES.set(len(store))
    NEWEST.set(max(held[1] for values in store.values() for held in values.values()) / 1000)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
