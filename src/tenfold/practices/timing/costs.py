"""What waiting costs beside what hiring now costs, from inputs that are all shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WaitingInputs:
    """`manual_share` and `removed_share` in percent; costs in money a month; `removed_share` is an assumption."""

    ml_engineers: int
    manual_share: float
    removed_share: float
    engineer_month: float
    hire_month: float


@dataclass(frozen=True, slots=True)
class WaitingCost:
    """After so many months: work done by hand, what of it the hire would have saved, and what the hire would cost."""

    months: int
    manual_months: float
    saved: float
    hire: float

    @property
    def balance(self) -> float:
        """What waiting costs more than hiring; below zero where it costs less."""
        return self.saved - self.hire


def cost_of_waiting(inputs: WaitingInputs, months: tuple[int, ...] = (3, 6, 12)) -> tuple[WaitingCost, ...]:
    """The comparison after each number of months. Delay, risk and what models earn are not in it."""
    lost = inputs.ml_engineers * inputs.manual_share / 100
    saved = lost * inputs.removed_share / 100 * inputs.engineer_month
    return tuple(WaitingCost(many, lost * many, saved * many, inputs.hire_month * many) for many in months)


def break_even_share(inputs: WaitingInputs) -> float | None:
    """The share of manual work that the hire must remove to pay for itself, in percent; None where more than all."""
    worth = inputs.ml_engineers * inputs.manual_share / 100 * inputs.engineer_month
    share = inputs.hire_month / worth * 100 if worth else float("inf")
    return share if share <= 100 else None
