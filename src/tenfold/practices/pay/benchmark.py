"""The plan's offer on the market's distribution."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.checking.case import Case
from tenfold.kit.facts import Fact


@dataclass(frozen=True, slots=True)
class Benchmark:
    midpoint: float
    percentile: float
    median: float
    median_interval: str
    who: str
    basis: str
    sources: tuple[Fact, ...]

    def estimate_at(self, percentile: float) -> float:
        return percentile


def benchmark(case: Case) -> Benchmark | None:
    return None
