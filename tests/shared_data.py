"""Real data that is measured on and not shipped. Where the folder is absent, tests that need it skip and say so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("TENFOLD_SHARED", Path(__file__).resolve().parents[1].parent / "shared")) / "data"


def shared(name: str) -> Path:
    """A file of the data folder; skips the test where it is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"needs {name} of the data folder ($TENFOLD_SHARED), which is not part of the project")
    return path
