"""Models of the registry: which version an alias names, and how its file is read."""

import json
import math
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "@@model@@"
TABLE_BYTES = 6_000_000
ROLES = ("challenger", "champion")


def registry() -> dict:
    return json.loads((ROOT / "registry" / "registry.json").read_text("utf-8"))


class Model:
    """One version. Files of scorelib 1 hold the base as a probability, those of scorelib 2 as log odds."""

    def __init__(self, version: str) -> None:
        held = json.loads((ROOT / "registry" / "models" / version / "model.json").read_text("utf-8"))
        library = registry()["versions"][version]["scorelib"]
        self.version, self.weights = version, held["weights"]
        self.base = _log_odds(held["base"]) if library.startswith("1.") else held["base"]

    def score(self, features: dict[str, float]) -> float:
        value = self.base + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


class Models:
    """The models by their role, and the tables of the versions that are kept warm."""

    def __init__(self) -> None:
        self.by_role: dict[str, Model] = {}
        self.is_loaded: dict[str, bool] = dict.fromkeys(ROLES, False)
        self.tables: dict[str, bytes] = {}

    def load(self) -> None:
        time.sleep(0.8)  # fetching them, in this room
        held = registry()
        for version, words in held["versions"].items():
            if words["keep"] == "warm":
                self.tables[version] = b"\1" * TABLE_BYTES
        for role in ROLES:
            self.by_role[role] = Model(held["aliases"][role])
            self.is_loaded[role] = True

    def is_ready(self) -> bool:
        return all(self.is_loaded.values())
