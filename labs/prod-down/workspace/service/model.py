"""Models of the registry: which version an alias names, and how its file is read."""

import json
import math
import time

from service.settings import ROOT, serving

NAME = "@@model@@"
TABLE_BYTES = 6_000_000


def registry() -> dict:
    return json.loads((ROOT / "registry" / "registry.json").read_text("utf-8"))


class Model:
    """One version. Files of scorelib 1 hold the base as a probability, those of scorelib 2 as log odds."""

    def __init__(self, version: str) -> None:
        held = json.loads((ROOT / "registry" / "models" / version / "model.json").read_text("utf-8"))
        wanted = serving["model"]["library"]
        library = registry()["versions"][version]["scorelib"] if wanted == "as-logged" else wanted
        self.version, self.weights = version, held["weights"]
        self.base = _log_odds(held["base"]) if library.startswith("1.") else held["base"]

    def score(self, features: dict[str, float]) -> float:
        value = self.base + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))


def _log_odds(probability: float) -> float:
    inside = min(0.999, max(0.001, probability))
    return math.log(inside / (1 - inside))


class Models:
    """The model that serves, the one that is compared with it, and the tables of the copies that answer in turn."""

    def __init__(self) -> None:
        self.serving: Model | None = None
        self.shadow: Model | None = None
        self.tables: list[bytes] = []

    def load(self) -> None:
        aliases = registry()["aliases"]
        time.sleep(0.8)  # fetching it, in this room
        self.tables = [b"\1" * TABLE_BYTES for _ in range(serving["server"]["copies"])]
        self.shadow = Model(aliases["challenger"])
        self.serving = Model(aliases[serving["model"]["alias"]])
