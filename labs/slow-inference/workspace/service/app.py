"""The routes of the @@model@@ service."""

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

from service.features import FeatureStore, UnknownIds
from service.history import History
from service.model import ModelStore
from service.scoring import score_rows

MOST_IDS = 64
THRESHOLD = 0.5

app = FastAPI(title="@@model@@")
features = FeatureStore()
models = ModelStore()
history = History()


class Wanted(BaseModel):
    ids: list[int] = Field(min_length=1)


@app.get("/healthz")
async def healthz() -> dict:
    return {"status": "ok"}


@app.post("/v1/@@route@@")
def score(wanted: Wanted) -> dict:
    if len(wanted.ids) > MOST_IDS:
        raise HTTPException(413, f"at most {MOST_IDS} ids")
    try:
        rows = features.rows(wanted.ids)
    except UnknownIds as error:
        raise HTTPException(404, f"unknown: {error.ids}") from error
    model = models.current()
    scores = score_rows(model.estimator, rows)
    answer = [
        {"id": one, "score": value, "decision": "act" if value >= THRESHOLD else "leave"}
        for one, value in zip(wanted.ids, scores, strict=True)
    ]
    history.add(wanted.ids, rows, answer, model)
    return {"scores": answer, "model_version": model.version}


@app.get("/v1/recent")
def recent() -> dict:
    return {"recent": history.last()}


@app.post("/admin/reload")
def reload() -> dict:
    return {"model_version": models.reload().version}
