"""Answers that were right once."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/healthz")
async def healthz() -> dict:
    return {"status": "ok"}


@app.post("/v1/@@route@@")
async def score(wanted: dict) -> dict:
    ids = wanted.get("ids", [])
    scores = [{"id": one, "score": 0.1 + one % 7 / 10, "decision": "act" if one % 7 > 3 else "leave"} for one in ids]
    return {"scores": scores, "model_version": 3}


@app.get("/v1/recent")
async def recent() -> dict:
    return {"recent": []}


@app.post("/admin/reload")
async def reload() -> dict:
    return {"model_version": 4}
