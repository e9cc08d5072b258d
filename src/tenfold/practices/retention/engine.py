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
    """How a rotation stands: its load, the people it would need, the share of weeks each is on call."""

    load: Load
    needed: int
    share_on_call: float


def weigh_rotation(
    people: int, *, round_the_clock: bool, with_secondary: bool, needed_with_secondary: int, needed_alone: int
) -> Rotation:
    """A round-the-clock rotation against the sizes that leave each person enough weeks off.

    Business hours need two people, so that one may be away.
    """
    needed = (needed_with_secondary if with_secondary else needed_alone) if round_the_clock else 2
    share = (2 if with_secondary else 1) / people if people else 1.0
    if people >= needed:
        return Rotation(Load.FINE, needed, min(share, 1.0))
    breaking = people <= 1 or (round_the_clock and people < needed_alone)
    return Rotation(Load.BREAKING if breaking else Load.THIN, needed, min(share, 1.0))
