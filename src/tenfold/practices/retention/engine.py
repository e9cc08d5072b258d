"""On-call and toil, weighed: values in, frozen answers out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp

NIGHT_SHARE = 8 / 12
DAYS_PER_MONTH = 30.4375


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


@dataclass(frozen=True, slots=True)
class ExpectedPages:
    """What an average of pages means if they come by chance; nights are None where nobody is on call."""

    chance_more_than_two: float
    disturbed_nights_per_person_month: float | None


def expect_pages(per_shift: float, people: int) -> ExpectedPages:
    """The Poisson closed form for `per_shift` pages in twelve hours, eight of each night's twelve asleep.

    Written out, so that a check needs no statistics library; `stats.rates` is what it is held against.
    """
    more_than_two = 1 - exp(-per_shift) * (1 + per_shift + per_shift**2 / 2)
    if not people:
        return ExpectedPages(more_than_two, None)
    woken = 1 - exp(-per_shift * NIGHT_SHARE)
    return ExpectedPages(more_than_two, DAYS_PER_MONTH * woken / people)


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
