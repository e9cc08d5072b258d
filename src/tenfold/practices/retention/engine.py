"""On-call and toil, weighed: values in, frozen answers out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Load(StrEnum):
    FINE = "fine"
    THIN = "thin"
    BREAKING = "breaking"


@dataclass(frozen=True, slots=True)
class Rotation:
    """How a rotation stands: its load, the people it would need, percent of the time that each is on call."""

    load: Load
    needed: int
    percent_on_call: float


def weigh_rotation(
    people: int, *, round_the_clock: bool, with_secondary: bool, needed_with_secondary: int, needed_alone: int
) -> Rotation:
    """A round-the-clock rotation against the sizes that leave each person enough weeks off.

    Business hours need two people, so that one may be away.
    """
    needed = (needed_with_secondary if with_secondary else needed_alone) if round_the_clock else 2
    percent = min(100.0, 100 * (2 if with_secondary else 1) / people) if people else 100.0
    if people >= needed:
        return Rotation(Load.FINE, needed, percent)
    breaking = people <= 1 or (round_the_clock and people < needed_alone)
    return Rotation(Load.BREAKING if breaking else Load.THIN, needed, percent)
