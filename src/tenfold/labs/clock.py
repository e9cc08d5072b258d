"""Time that counts: minutes in which the candidate was in the room, against what they were allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

HEARTBEAT_S = 10.0
"""How often someone in the room is noted. After a crash the clock stands at the last note: the loss is ours."""


@dataclass(frozen=True, slots=True)
class Interval:
    """One visit in the room."""

    began_at: datetime
    last_seen_at: datetime

    @property
    def seconds(self) -> float:
        return max(0.0, (self.last_seen_at - self.began_at).total_seconds())

    def without(self, gap: Interval) -> list[Interval]:
        """What of it lies before and after a gap."""
        parts = (
            Interval(self.began_at, min(self.last_seen_at, gap.began_at)),
            Interval(max(self.began_at, gap.last_seen_at), self.last_seen_at),
        )
        return [part for part in parts if part.seconds > 0]

    def after(self, moment: datetime) -> Interval:
        """What of it lies after a moment; empty where nothing does."""
        return Interval(max(self.began_at, moment), max(self.last_seen_at, moment))


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one candidate is given: the lab's minutes, times an accommodation, plus extensions and refunds."""

    minutes: int
    accommodation: float = 1.0
    extension_minutes: float = 0.0

    @property
    def seconds(self) -> float:
        return (self.minutes * self.accommodation + self.extension_minutes) * 60


@dataclass(frozen=True, slots=True)
class Clock:
    """How the time stands."""

    used_s: float
    allowed_s: float

    @property
    def left_s(self) -> float:
        return max(0.0, self.allowed_s - self.used_s)

    @property
    def is_over(self) -> bool:
        return self.left_s == 0

    def __str__(self) -> str:
        return f"{self.used_s / 60:.0f} of {self.allowed_s / 60:.0f} minutes used, {self.left_s / 60:.0f} left"


def clock(intervals: Iterable[Interval], allowance: Allowance) -> Clock:
    """Adds up the visits; two at once (a pair, two windows) count once."""
    used, until = 0.0, None
    for visit in sorted(intervals, key=lambda one: one.began_at):
        begin = visit.began_at if until is None else max(visit.began_at, until)
        used += max(0.0, (visit.last_seen_at - begin).total_seconds())
        until = visit.last_seen_at if until is None else max(until, visit.last_seen_at)
    return Clock(used, allowance.seconds)
