"""A growth plan: what someone will do to close gaps, each item with a date, and what in it does not hold together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from tenfold.practices.growth.placement import Placement, PlacementWarning, Strict

Day = date


class ItemKind(StrEnum):
    """What an item is."""

    STRETCH_PROJECT = "stretch-project"
    OPEN_SOURCE = "open-source"
    CERTIFICATE = "certificate"
    CONFERENCE = "conference"
    COURSE = "course"
    MENTORING = "mentoring"
    OWN_TIME = "own-time"


class PlanItem(Strict):
    """One thing to do by a date, for entries of the ladder; `cost` in the plan's currency."""

    kind: ItemKind
    what: str = Field(min_length=1)
    by: Day
    cells: list[str] = Field(default_factory=list)
    cost: float = Field(0, ge=0)
    certificate_checked_at: Day | None = None
    done_at: Day | None = None


class GrowthPlan(Strict):
    """Budget and time for a year, and the items. Money is spent within the budget."""

    tenfold_growth_plan: int = 1
    person: str | None = None
    budget: float | None = Field(None, ge=0)
    time_percent: float | None = Field(None, ge=0, le=100)
    until: Day
    items: list[PlanItem] = Field(min_length=1)

    @model_validator(mode="after")
    def _dates_lie_within(self) -> GrowthPlan:
        late = next((item for item in self.items if item.by > self.until), None)
        if late is not None:
            raise ValueError(f"“{late.what}” is due on {late.by}, after the plan ends on {self.until}")
        return self


CERTIFICATE_CHECK_DAYS = 365


def review_plan(plan: GrowthPlan, placement: Placement, *, today: date) -> list[PlacementWarning]:
    """What does not hold together: gaps that no item is for, unknown entries, money, dates, stale certificates."""
    return [*_gaps(plan, placement), *_items(plan, placement, today), *_money(plan)]


def _gaps(plan: GrowthPlan, placement: Placement) -> Iterator[PlacementWarning]:
    aimed = {cell for item in plan.items for cell in item.cells}
    for gap in placement.gaps:
        if gap.id not in aimed:
            yield PlacementWarning("gap-without-item", f"No item is for: {gap.summary}.", gap.id)
    if all(item.kind in (ItemKind.CERTIFICATE, ItemKind.COURSE, ItemKind.CONFERENCE) for item in plan.items):
        text = "Courses and certificates alone show what was learnt; a project shows what somebody does with it."
        yield PlacementWarning("no-practice", text, "items")


def _items(plan: GrowthPlan, placement: Placement, today: date) -> Iterator[PlacementWarning]:
    for number, item in enumerate(plan.items):
        where = f"items[{number}]"
        for cell in item.cells:
            if placement.ladder.cell(cell) is None:
                yield PlacementWarning("unknown-cell", f"The ladder has no entry “{cell}”.", where)
        if item.done_at is None and item.by < today:
            yield PlacementWarning("overdue", f"“{item.what}” was due on {item.by}.", where)
        checked = item.certificate_checked_at
        if item.kind is ItemKind.CERTIFICATE and (checked is None or (today - checked).days > CERTIFICATE_CHECK_DAYS):
            text = "Whether this certificate is still offered was not checked within a year; examinations are retired."
            yield PlacementWarning("certificate-unchecked", text, where)


def _money(plan: GrowthPlan) -> Iterator[PlacementWarning]:
    cost = sum(item.cost for item in plan.items)
    if plan.budget is None and cost:
        yield PlacementWarning("no-budget", f"Items cost {cost:,.0f} and no budget is stated.", "budget")
    elif plan.budget is not None and cost > plan.budget:
        yield PlacementWarning("over-budget", f"Items cost {cost:,.0f}; the budget is {plan.budget:,.0f}.", "budget")
    if plan.time_percent == 0:
        yield PlacementWarning("no-time", "No time is set aside; growth is then private business.", "time_percent")
