"""Latency as a ratio to a reference on the same host, measured in turns, with a bootstrap interval.

An absolute latency says as much about the neighbours as about the code: an unchanged service's median has been seen to
rise nearly fivefold on two busy cores. Both services suffer the same neighbours when they are measured in turns (ABBA).
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Bound(Enum):
    """Where the whole interval lies."""

    WITHIN = "within"
    BEYOND = "beyond"
    STRADDLES = "straddles"


@dataclass(frozen=True)
class Ratio:
    """Median of the candidate's times over the reference's, with a 95 % interval. `n`: pairs of measurements."""

    value: float
    low: float
    high: float
    n: int
    candidate_ms: float
    reference_ms: float

    def against(self, bound: float) -> Bound:
        if self.high <= bound:
            return Bound.WITHIN
        return Bound.BEYOND if self.low > bound else Bound.STRADDLES

    def __str__(self) -> str:
        return (
            f"{self.value:.2f} × the reference (95 % interval {self.low:.2f} to {self.high:.2f}, n = {self.n}; "
            f"medians {self.candidate_ms:.1f} and {self.reference_ms:.1f} ms here and now)"
        )


Block = tuple[list[float], list[float]]


def bootstrap(blocks: list[Block], *, draws: int = 800, seed: int = 7) -> Ratio:
    """The ratio of medians, resampling whole blocks, since a busy moment strikes all of a block."""
    rng = random.Random(seed)
    drawn = sorted(_ratio(rng.choices(blocks, k=len(blocks))) for _ in range(draws))
    candidate = [value for mine, _ in blocks for value in mine]
    reference = [value for _, theirs in blocks for value in theirs]
    return Ratio(
        value=_ratio(blocks),
        low=drawn[int(0.025 * draws)],
        high=drawn[min(draws - 1, int(0.975 * draws))],
        n=min(len(candidate), len(reference)),
        candidate_ms=statistics.median(candidate) * 1000,
        reference_ms=statistics.median(reference) * 1000,
    )


def _ratio(blocks: list[Block]) -> float:
    mine = statistics.median([value for one, _ in blocks for value in one])
    theirs = statistics.median([value for _, one in blocks for value in one])
    return mine / max(theirs, 1e-9)


def in_turns(
    candidate: Callable[[int], None],
    reference: Callable[[int], None],
    bound: float,
    *,
    blocks: int = 8,
    rounds: int = 4,
) -> Ratio:
    """Measures both in turns (ABBA a block); while the interval straddles the bound, up to `rounds` times as much."""
    measured: list[Block] = []
    for step in range(blocks * rounds):
        measured.append(_block(candidate, reference, step))
        if len(measured) % blocks == 0 and (ratio := bootstrap(measured)).against(bound) is not Bound.STRADDLES:
            return ratio
    return bootstrap(measured)


def _block(candidate: Callable[[int], None], reference: Callable[[int], None], step: int) -> Block:
    mine: list[float] = []
    theirs: list[float] = []
    for turn, (call, times) in enumerate(
        ((candidate, mine), (reference, theirs), (reference, theirs), (candidate, mine))
    ):
        # Both get the same pair of numbers in a block, so they can be asked the same questions.
        number = step * 2 + (turn > 1)
        began = time.perf_counter()
        call(number)
        times.append(time.perf_counter() - began)
    return mine, theirs
