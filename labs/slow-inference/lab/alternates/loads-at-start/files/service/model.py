"""The model that the registry's alias names."""

import io
import os
from dataclasses import dataclass

import httpx
import joblib

PLATFORM_URL = os.environ.get("PLATFORM_URL", "http://127.0.0.1:8600")
NAME, ALIAS = "@@model@@", "champion"


@dataclass(frozen=True)
class Model:
    version: int
    estimator: object


class ModelStore:
    def __init__(self) -> None:
        self._model = fetch()

    def current(self) -> Model:
        return self._model

    def reload(self) -> Model:
        self._model = fetch()
        return self._model


def fetch() -> Model:
    """Downloads the version that the alias names now."""
    with httpx.Client(base_url=PLATFORM_URL, timeout=15) as client:
        version = client.get(f"/registry/models/{NAME}/aliases/{ALIAS}").raise_for_status().json()["version"]
        artifact = client.get(f"/registry/models/{NAME}/versions/{version}/artifact").raise_for_status().content
    return Model(version, joblib.load(io.BytesIO(artifact)))
