"""Load from a seed: ids, duplicates, sizes, values that nobody can have by heart; and many requests at once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class Ids:
    """Batches of ids drawn from those that exist. The same seed gives the same batches in the same order."""

    def __init__(self, seed: int | str, population: Sequence[int]) -> None:
        self.rng = random.Random(f"ids {seed}")
        self.population = list(population)

    def batch(self, count: int) -> list[int]:
        """Different ids, in no order."""
        return self.rng.sample(self.population, count)

    def with_duplicates(self, count: int) -> list[int]:
        """Some ids twice or thrice, not beside one another; `count` in all (at least 4)."""
        few = self.rng.sample(self.population, max(2, count // 2))
        drawn = few + self.rng.choices(few, k=count - len(few))
        self.rng.shuffle(drawn)
        return drawn

    def sizes(self, largest: int, count: int) -> list[list[int]]:
        """Batches of one, of the largest size, and of sizes between."""
        between = [self.rng.randint(1, largest) for _ in range(max(0, count - 2))]
        return [self.batch(size) for size in (1, largest, *between)]

    def unknown(self, count: int = 1) -> list[int]:
        """Ids that do not exist, near to those that do and far away."""
        top = max(self.population)
        return [top + 1 + self.rng.randrange(10**6) for _ in range(count)]


def nonce_rows(seed: int | str, count: int, width: int, *, spread: float = 2.0) -> list[list[float]]:
    """Rows of values fresh for this seed: answers to them can only be computed."""
    rng = random.Random(f"rows {seed}")
    return [[round(rng.gauss(0, spread), 6) for _ in range(width)] for _ in range(count)]


@dataclass(frozen=True)
class Answered(Generic[T]):
    """What one of several calls gave: a value, or the error that it raised; and how long it took."""

    value: T | None
    error: Exception | None
    seconds: float

    @property
    def is_ok(self) -> bool:
        return self.error is None


def at_once(calls: Sequence[Callable[[], T]], *, limit_s: float = 30) -> list[Answered[T]]:
    """Starts all calls together and gives what each gave, in their order.

    One that has not ended within `limit_s` counts as a `TimeoutError`; its thread is left to end by itself.
    """
    gate = threading.Barrier(len(calls))
    held: list[Answered[T] | None] = [None] * len(calls)

    def one(number: int) -> None:
        gate.wait(10)
        began = time.perf_counter()
        try:
            held[number] = Answered(calls[number](), None, time.perf_counter() - began)
        except Exception as error:  # noqa: BLE001  whatever a call raises is its answer
            held[number] = Answered(None, error, time.perf_counter() - began)

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(len(calls))]
    until = time.monotonic() + limit_s
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    late = TimeoutError(f"no answer in {limit_s:.0f} s")
    return [one if one is not None else Answered(None, late, limit_s) for one in held]
