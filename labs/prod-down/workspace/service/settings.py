"""What config/ says, read once when the service starts."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def read(name: str) -> dict:
    return tomllib.loads((ROOT / "config" / name).read_text("utf-8"))


serving = read("serving.toml")
