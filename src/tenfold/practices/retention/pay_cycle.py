"""The yearly pay round: where people stand in their ranges, a merit guideline within a budget, and what it costs.

Compa-ratio: pay over the middle of the range. Range penetration: how far pay is from the range's low to its high end.
The guideline raises those low in their range more than those high in it, at equal performance, and its raises stay
within the budget. Amounts are of one currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenfold.kit.errors import UserError


@dataclass(frozen=True, slots=True)
class PayRange:
    """The range of a level."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class PaidPerson:
    """Someone in the round: a pseudonym, pay a year, the level's range, and the rating (0 lowest)."""

    id: str
    pay: float
    range: PayRange
    rating: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """Where someone's pay stands in the range; penetration below 0 or above 1 is outside of it."""

    compa_ratio: float
    penetration: float
    quarter: int

    @property
    def is_below(self) -> bool:
        return self.penetration < 0


@dataclass(frozen=True, slots=True)
class Raise:
    """What the guideline gives one person; `is_capped` where the range's high end stops it."""

    id: str
    percent: float
    amount: float
    new_pay: float
    is_capped: bool


@dataclass(frozen=True)
class MeritCycle:
    """Raises within a budget; `guideline` gives percent by rating and quarter of the range (0 lowest)."""

    budget: float
    cost: float
    raises: tuple[Raise, ...]
    guideline: Mapping[tuple[int, int], float]
    to_range_low: float


WEIGHT_BY_QUARTER = (1.5, 1.15, 0.85, 0.5)
"""A house rule: someone in the lowest quarter is raised three times as much as someone in the highest."""
STEPS = 80


def stand_in_range(pay: float, range_: PayRange) -> Standing:
    """Raises `UserError` where the range or the pay cannot be one."""
    if not 0 < range_.low < range_.high or pay <= 0:
        raise UserError(
            f"Pay of {pay:,.0f} in a range of {range_.low:,.0f} to {range_.high:,.0f} makes no sense.",
            remedy="A range's low end is below its high end, and pay is above nothing.",
        )
    penetration = (pay - range_.low) / (range_.high - range_.low)
    return Standing(pay / range_.middle, penetration, min(3, max(0, int(penetration * 4))))


def run_merit_cycle(people: Sequence[PaidPerson], budget_percent: float) -> MeritCycle:
    """A guideline that spends the budget: percent = scale × rating weight × weight of the quarter.

    Nobody is raised beyond the high end of the range; what that leaves over goes to the others. The cost never exceeds
    the budget. Ratings count from 0, which is never raised.

    Raises:
        UserError: the budget is no percent, or there is nobody.
    """
    if not people or not 0 <= budget_percent <= 50:
        raise UserError("A round needs people and a budget from 0 to 50 percent.", remedy="Write --budget 3.5.")
    payroll = sum(person.pay for person in people)
    budget = payroll * budget_percent / 100
    scale = _scale(people, budget)
    raises = tuple(_raise(person, scale) for person in people)
    ratings = sorted({person.rating for person in people})
    guideline = {
        (rating, quarter): scale * rating * WEIGHT_BY_QUARTER[quarter] for rating in ratings for quarter in range(4)
    }
    lacking = sum(max(0.0, person.range.low - person.pay) for person in people)
    return MeritCycle(budget, sum(each.amount for each in raises), raises, guideline, lacking)


def _scale(people: Sequence[PaidPerson], budget: float) -> float:
    """The largest scale whose raises fit into the budget, by halving."""
    low, high = 0.0, 100.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if sum(_raise(person, middle).amount for person in people) <= budget:
            low = middle
        else:
            high = middle
    return low


def _raise(person: PaidPerson, scale: float) -> Raise:
    standing = stand_in_range(person.pay, person.range)
    percent = scale * person.rating * WEIGHT_BY_QUARTER[standing.quarter]
    room = max(0.0, person.range.high - person.pay)
    wished = person.pay * percent / 100
    amount = min(wished, room)
    return Raise(person.id, 100 * amount / person.pay, amount, person.pay + amount, wished > room)
