"""What a departure costs, from the company's own figures, each with a range; never a percent of pay from elsewhere."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, fields

from tenfold.kit.errors import UserError

DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Range:
    """A figure as somebody can give it: at least, most likely, at most."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.likely <= self.high:
            raise UserError(
                f"{self.low:g}, {self.likely:g}, {self.high:g} is no range.",
                remedy="Write the least, the likely and the most, in this order, none below 0.",
            )


@dataclass(frozen=True, slots=True)
class DepartureInputs:
    """The company's own figures; months, hours, shares from 0 to 1, money in one currency.

    `vacancy_months`: until the successor starts · `cover_share`: part of the loaded pay that cover costs meanwhile ·
    `ramp_months`, `ramp_lost`: until fully productive, and the part of output lost on average · hours at `hourly_rate`.
    """

    loaded_pay_year: Range
    vacancy_months: Range
    cover_share: Range
    ramp_months: Range
    ramp_lost: Range
    interview_hours: Range
    recruiter_hours: Range
    handover_hours: Range
    hourly_rate: Range
    agency_fee: Range


@dataclass(frozen=True)
class DepartureCost:
    """Median and 90 % range over draws from the inputs' ranges; parts by name at the likely figures."""

    median: float
    low: float
    high: float
    parts: Mapping[str, float]
    formula: str


FORMULA = (
    "cover share × pay/12 × months vacant + share lost × pay/12 × months of ramp-up + (interview + recruiter + "
    "handover hours) × hourly rate + agency fee; work left undone is taken to be worth the pay saved meanwhile"
)


def departure_cost(inputs: DepartureInputs, *, seed: int = 1) -> DepartureCost:
    """The cost over triangular draws of each input; the same seed gives the same figures."""
    chance = random.Random(seed)  # noqa: S311 - draws, not secrets
    ranges = {field.name: getattr(inputs, field.name) for field in fields(inputs)}
    totals = sorted(
        sum(_parts({name: _draw(chance, each) for name, each in ranges.items()}).values()) for _ in range(DRAWS)
    )
    likely = _parts({name: each.likely for name, each in ranges.items()})
    return DepartureCost(
        median=totals[DRAWS // 2],
        low=totals[int(0.05 * DRAWS)],
        high=totals[int(0.95 * DRAWS)],
        parts=likely,
        formula=FORMULA,
    )


def _draw(chance: random.Random, given: Range) -> float:
    return given.low if given.low == given.high else chance.triangular(given.low, given.high, given.likely)


def _parts(x: Mapping[str, float]) -> dict[str, float]:
    month = x["loaded_pay_year"] / 12
    hours = x["interview_hours"] + x["recruiter_hours"] + x["handover_hours"]
    return {
        "cover": x["cover_share"] * month * x["vacancy_months"],
        "ramp": x["ramp_lost"] * month * x["ramp_months"],
        "time_of_people": hours * x["hourly_rate"],
        "agency": x["agency_fee"],
    }
