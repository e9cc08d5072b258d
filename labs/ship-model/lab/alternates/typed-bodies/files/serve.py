"""@@model@@ by the open inference protocol: Starlette, a loader on the event loop, one class for each type."""

import asyncio
import io
import json
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import joblib
import pandas as pd
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

NAME = "@@model@@"
logger = logging.getLogger(NAME)
WORDS = json.loads(Path(__file__).with_name("signature.json").read_text())
pool = ThreadPoolExecutor(2)


class BadInput(ValueError):
    status = 400


class TooLarge(BadInput):
    status = 413


@dataclass(frozen=True)
class Column:
    name: str
    datatype: str
    nullable: bool

    def fits(self, value: object) -> bool:
        match self.datatype, value:
            case _, None:
                return self.nullable
            case "BOOL", bool():
                return True
            case _, bool():
                return False
            case "INT64", int():
                return True
            case "FP64", int() | float():
                return True
            case "BYTES", str():
                return True
        return False

    def read(self, tensor: dict) -> list:
        data, shape = tensor.get("data"), tensor.get("shape")
        if tensor.get("datatype") != self.datatype:
            raise BadInput(f"{self.name} has another datatype")
        if not isinstance(data, list) or len(data) == 0:
            raise BadInput(f"{self.name} has no data")
        if shape != [len(data)] and shape != [len(data), 1]:
            raise BadInput(f"{self.name} has another shape than its data")
        if not all(self.fits(value) for value in data):
            raise BadInput(f"{self.name} has a value of another type")
        return data

    def series(self, data: list) -> pd.Series:
        if self.datatype == "BOOL":
            return pd.Series(data, dtype=bool)
        return pd.Series(data, dtype=object if self.datatype == "BYTES" else float)


COLUMNS = [Column(**one) for one in WORDS["inputs"]]


@dataclass
class Loaded:
    pipeline: object
    version: str

    def scores(self, body: object) -> list[float]:
        tensors = body.get("inputs") if isinstance(body, dict) else None
        if not isinstance(tensors, list) or not all(isinstance(one, dict) for one in tensors):
            raise BadInput("inputs are no tensors")
        by_name = {str(one.get("name")): one for one in tensors}
        known = {one.name for one in COLUMNS}
        if len(by_name) != len(tensors) or set(by_name) - known:
            raise BadInput("an input is unknown or comes twice")
        for column in COLUMNS:
            if column.name not in by_name:
                raise BadInput(f"{column.name} is missing")
        data = {column.name: column.read(by_name[column.name]) for column in COLUMNS}
        lengths = {len(values) for values in data.values()}
        if len(lengths) > 1:
            raise BadInput("inputs differ in length")
        if max(lengths) > WORDS["most_rows"]:
            raise TooLarge("too many rows")
        return self.of_frame(data)

    def of_frame(self, data: dict) -> list[float]:
        frame = pd.DataFrame({column.name: column.series(data[column.name]) for column in COLUMNS})
        return self.pipeline.predict_proba(frame)[:, 1].tolist()


loaded: list[Loaded] = []


async def load() -> None:
    async with httpx.AsyncClient(base_url=os.environ.get("PLATFORM_URL", "http://127.0.0.1:8600"), timeout=30) as client:
        while not loaded:
            try:
                reply = (await client.get(f"/registry/models/{NAME}/aliases/champion")).raise_for_status()
                version = str(reply.json()["version"])
                artifact = (await client.get(f"/registry/models/{NAME}/versions/{version}/artifact")).raise_for_status()
                loop = asyncio.get_running_loop()
                pipeline = await loop.run_in_executor(pool, joblib.load, io.BytesIO(artifact.content))
                fresh = Loaded(pipeline, version)
                one = {"FP64": [0.5], "INT64": [1], "BOOL": [True], "BYTES": ["none"]}
                await loop.run_in_executor(pool, fresh.of_frame, {column.name: one[column.datatype] for column in COLUMNS})
                loaded.append(fresh)
            except Exception:
                logger.exception("no model yet")
                await asyncio.sleep(0.7)


@asynccontextmanager
async def lifespan(_: Starlette):
    task = asyncio.create_task(load())
    yield
    task.cancel()


def answer(status: int, **words: object) -> JSONResponse:
    return JSONResponse(words, status)


async def live(_: Request) -> JSONResponse:
    return answer(200, live=True)


async def ready(request: Request) -> JSONResponse:
    if request.path_params.get("name", NAME) != NAME:
        return answer(404, error="unknown model")
    return answer(200 if loaded else 503, ready=bool(loaded))


async def about(request: Request) -> JSONResponse:
    if request.path_params["name"] != NAME:
        return answer(404, error="unknown model")
    inputs = [{"name": one.name, "datatype": one.datatype, "shape": [-1]} for one in COLUMNS]
    outputs = [{**WORDS["outputs"][0], "shape": [-1]}]
    return answer(200, name=NAME, versions=[one.version for one in loaded], platform="", inputs=inputs, outputs=outputs)


def strict(word: str) -> None:
    raise ValueError(word)


async def infer(request: Request) -> JSONResponse:
    if request.path_params["name"] != NAME:
        return answer(404, error="unknown model")
    if not loaded:
        return answer(503, error="not ready")
    content, model = await request.body(), loaded[0]
    try:
        body = json.loads(content, parse_constant=strict)
        scores = await asyncio.get_running_loop().run_in_executor(pool, model.scores, body)
    except BadInput as error:
        return answer(error.status, error=str(error))
    except (ValueError, RecursionError):
        return answer(400, error="no JSON")
    words = {"id": body["id"]} if "id" in body else {}
    output = {**WORDS["outputs"][0], "shape": [len(scores)], "data": scores}
    return answer(200, model_name=NAME, model_version=model.version, outputs=[output], **words)


app = Starlette(lifespan=lifespan, routes=[
    Route("/v2/health/live", live), Route("/v2/health/ready", ready), Route("/v2/models/{name}/ready", ready),
    Route("/v2/models/{name}", about), Route("/v2/models/{name}/infer", infer, methods=["POST"]),
])

if __name__ == "__main__":
    uvicorn.run(app, host=os.environ.get("LAB_ADDRESS", "127.0.0.1"), port=8000, log_level="warning", timeout_graceful_shutdown=5)
