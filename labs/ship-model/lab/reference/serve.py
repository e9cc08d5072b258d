"""Serves @@model@@ by the open inference protocol: checked by the signature, ready once a model answers, and only then."""

import io
import json
import logging
import os
import threading
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import joblib
import pandas as pd
import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

NAME, ALIAS = "@@model@@", "champion"
PLATFORM_URL = os.environ.get("PLATFORM_URL", "http://127.0.0.1:8600")
SIGNATURE = json.loads((Path(__file__).parent / "signature.json").read_text())
COLUMNS = {one["name"]: one for one in SIGNATURE["inputs"]}
OUTPUT, MOST_ROWS = SIGNATURE["outputs"][0], SIGNATURE["most_rows"]
RETRY_S = 0.5
logger = logging.getLogger("serve")
state: dict = {"model": None, "version": None}
stopping = threading.Event()


class Refused(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def fetch() -> tuple[object, int]:
    with httpx.Client(base_url=PLATFORM_URL, timeout=30) as client:
        version = client.get(f"/registry/models/{NAME}/aliases/{ALIAS}").raise_for_status().json()["version"]
        content = client.get(f"/registry/models/{NAME}/versions/{version}/artifact").raise_for_status().content
    return joblib.load(io.BytesIO(content)), version


def load() -> None:
    """Tries until it has a model that answers; a first answer is part of being ready."""
    while not stopping.is_set():
        try:
            model, version = fetch()
            model.predict_proba(frame_of({name: [EXAMPLE[one["datatype"]]] for name, one in COLUMNS.items()}))
        except Exception:
            logger.exception("the model could not be loaded; trying again")
            stopping.wait(RETRY_S)
        else:
            state["version"] = version
            state["model"] = model
            return


EXAMPLE = {"FP64": 1.0, "INT64": 1, "BOOL": True, "BYTES": "x"}


@asynccontextmanager
async def lifespan(_: FastAPI):
    threading.Thread(target=load, daemon=True).start()
    yield
    stopping.set()


app = FastAPI(lifespan=lifespan)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


FITS = {
    "FP64": is_number,
    "INT64": lambda value: isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63,
    "BOOL": lambda value: isinstance(value, bool),
    "BYTES": lambda value: isinstance(value, str),
}


def checked(body: object) -> dict[str, list]:
    """The columns of a request. Raises `Refused`."""
    inputs = body.get("inputs") if isinstance(body, dict) else None
    if not isinstance(inputs, list) or not all(isinstance(one, dict) for one in inputs):
        raise Refused(400, "inputs must be a list of tensors")
    found: dict[str, list] = {}
    for one in inputs:
        name = one.get("name")
        if not isinstance(name, str) or name not in COLUMNS or name in found:
            raise Refused(400, f"input {str(name)[:60]!r} is unknown or comes twice")
        found[name] = column(one, COLUMNS[name])
    if missing := sorted(set(COLUMNS) - set(found)):
        raise Refused(400, f"input {missing[0]!r} is missing")
    sizes = {len(values) for values in found.values()}
    if len(sizes) != 1:
        raise Refused(400, "inputs have different numbers of rows")
    if (rows := sizes.pop()) > MOST_ROWS:
        raise Refused(413, f"{rows} rows, at most {MOST_ROWS} are taken")
    return found


def column(tensor: dict, wanted: dict) -> list:
    name, data, shape = wanted["name"], tensor.get("data"), tensor.get("shape")
    if tensor.get("datatype") != wanted["datatype"]:
        raise Refused(400, f"input {name!r} must be {wanted['datatype']}")
    if not isinstance(data, list) or not data:
        raise Refused(400, f"input {name!r} holds no data")
    if shape not in ([len(data)], [len(data), 1]) or any(isinstance(one, bool) for one in shape):
        raise Refused(400, f"input {name!r}: shape and data do not agree")
    for value in data:
        if value is None and wanted["nullable"]:
            continue
        if value is None or not FITS[wanted["datatype"]](value):
            raise Refused(400, f"input {name!r} holds a value that is no {wanted['datatype']}")
    return data


def frame_of(columns: dict[str, list]) -> pd.DataFrame:
    kinds = {"FP64": "float64", "INT64": "float64", "BOOL": "bool", "BYTES": "object"}
    return pd.DataFrame({name: pd.Series(columns[name], dtype=kinds[one["datatype"]]) for name, one in COLUMNS.items()})


def refuse(status: int, why: str) -> JSONResponse:
    return JSONResponse({"error": why}, status)


@app.get("/v2/health/live")
async def live() -> dict:
    return {"live": True}


@app.get("/v2/health/ready")
async def ready() -> JSONResponse:
    return JSONResponse({"ready": state["model"] is not None}, 200 if state["model"] is not None else 503)


@app.get("/v2/models/{name}/ready")
async def model_ready(name: str) -> JSONResponse:
    return await ready() if name == NAME else refuse(404, "there is no such model")


@app.get("/v2/models/{name}")
async def metadata(name: str) -> JSONResponse:
    if name != NAME:
        return refuse(404, "there is no such model")
    inputs = [{"name": one["name"], "datatype": one["datatype"], "shape": [-1]} for one in SIGNATURE["inputs"]]
    outputs = [{"name": OUTPUT["name"], "datatype": "FP64", "shape": [-1]}]
    versions = [] if state["version"] is None else [str(state["version"])]
    return JSONResponse({"name": NAME, "versions": versions, "platform": "sklearn", "inputs": inputs, "outputs": outputs})


def refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


@app.post("/v2/models/{name}/infer")
async def infer(name: str, request: Request) -> JSONResponse:
    if name != NAME:
        return refuse(404, "there is no such model")
    model, version = state["model"], state["version"]
    if model is None:
        return refuse(503, "the model is not loaded yet")
    try:
        body = json.loads(await request.body(), parse_constant=refuse_constant)
        columns = checked(body)
        scores = (await run_in_threadpool(lambda: model.predict_proba(frame_of(columns))[:, 1])).tolist()
    except Refused as refused:
        return refuse(refused.status, refused.why)
    except (ValueError, RecursionError):
        return refuse(400, "the body is no JSON that can be used")
    except Exception:
        logger.exception("a request could not be scored")
        return refuse(500, "the request could not be scored")
    output = {"name": OUTPUT["name"], "datatype": "FP64", "shape": [len(scores)], "data": scores}
    answer = {"model_name": NAME, "model_version": str(version), "outputs": [output]}
    if isinstance(body.get("id"), str):
        answer["id"] = body["id"]
    return JSONResponse(answer)


if __name__ == "__main__":
    address = os.environ.get("LAB_ADDRESS", "127.0.0.1")
    uvicorn.run(app, host=address, port=8000, log_level="warning", access_log=False, timeout_graceful_shutdown=6)
