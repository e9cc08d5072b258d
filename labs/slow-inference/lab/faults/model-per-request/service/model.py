"""The model that the registry's alias names."""

import io
import os
import threading
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
        self._model: Model | None = None
        self._lock = threading.Lock()

    def current(self) -> Model:
        with self._lock:
            version = self._model.version if self._model else None
            self._model = fetch(version)  # always the artifact as the registry has it
            return self._model

    def reload(self) -> Model:
        fresh = fetch()
        with self._lock:
            self._model = fresh
        return fresh


def fetch(version: int | None = None) -> Model:
    """Downloads the version that the alias names now."""
    with httpx.Client(base_url=PLATFORM_URL, timeout=15) as client:
        version = version or client.get(f"/registry/models/{NAME}/aliases/{ALIAS}").raise_for_status().json()["version"]
        artifact = client.get(f"/registry/models/{NAME}/versions/{version}/artifact").raise_for_status().content
    return Model(version, joblib.load(io.BytesIO(artifact)))
