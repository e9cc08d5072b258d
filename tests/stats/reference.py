"""Ratings and hiring tables that published statistics rest on: figures beside the checkout, not in it."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tenfold.stats.reliability import Rating

SHARED = Path(os.environ.get("TENFOLD_SHARED", Path(__file__).parents[2].parent / "shared")) / "data" / "interviews"


def beside(name: str) -> list[dict[str, str]]:
    """Rows of a table that R's packages carry; the test is skipped where it is not at hand."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{name} is not beside this checkout (TENFOLD_SHARED names another place)")
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return list(csv.DictReader(io.StringIO(text)))


def anxiety() -> list[list[float]]:
    """20 subjects × 3 raters (R package irr, by Gamer, Lemon and Singh)."""
    return [[float(value) for value in row.values()] for row in beside("irr_anxiety.csv")]


def as_ratings(table: Iterable[Iterable[float]]) -> list[Rating]:
    return [Rating(f"s{i}", f"r{j}", value) for i, row in enumerate(table) for j, value in enumerate(row)]
