"""The law panel: what pay-transparency rules ask of a posting, place by place, as the engine tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tenfold.checking.case import Case
from tenfold.kit.findings import State
from tenfold.law.panel import PlacePanel, TransparencyPanel
from tenfold.law.pay_transparency import LawAnswer, Status
from tenfold.law.places import place_ids
from tenfold.plan.document import HiringPlan
from tenfold.posting.model import PostingReading
from tenfold.practices.pay.transparency import pay_transparency

_STATES = {
    Status.PRESENT: State.GOOD,
    Status.NOT_ASKED: State.GOOD,
    Status.UNKNOWN: State.UNANSWERED,
    Status.NOT_IN_TABLE: State.UNANSWERED,
}
_ORDER = [State.FIX.value, State.REVIEW.value, State.UNANSWERED.value, State.GOOD.value, ""]
OPEN_AT_FIRST = 2


@dataclass(frozen=True, slots=True)
class LawPoint:
    """One part of one rule: its state as the strip draws it, empty where nothing is asked."""

    answer: LawAnswer
    state: str


@dataclass(frozen=True, slots=True)
class PlaceLaw:
    """What one rule asks, worst first."""

    panel: PlacePanel
    points: tuple[LawPoint, ...]
    opens: bool

    @property
    def state(self) -> str:
        return self.points[0].state if self.points else ""

    @property
    def only_if(self) -> str:
        return " and ".join(self.panel.conditions)


@dataclass(frozen=True, slots=True)
class Law:
    panel: TransparencyPanel
    places: tuple[PlaceLaw, ...]


def law_of(plan: HiringPlan, reading: PostingReading, *, as_of: date, places: str = "") -> Law | None:
    """The law for the plan's places, or for those that a person typed (names or ids); None where none is known."""
    if typed := place_ids(places):
        company = plan.company.model_copy(update={"jurisdictions": list(typed)})
        role = plan.role.model_copy(update={"places": None})
        plan = plan.model_copy(update={"company": company, "role": role})
    panel = pay_transparency(Case(plan=plan, reading=reading, as_of=as_of))
    return Law(panel, tuple(_places(panel))) if panel else None


def _places(panel: TransparencyPanel) -> Iterator[PlaceLaw]:
    for number, place in enumerate(panel.places):
        points = sorted(
            (LawPoint(answer, _state(answer)) for answer in place.answers), key=lambda point: _ORDER.index(point.state)
        )
        yield PlaceLaw(place, tuple(points), opens=number < OPEN_AT_FIRST)


def _state(answer: LawAnswer) -> str:
    if answer.status.wanting:
        return (State.FIX if answer.decides else State.REVIEW).value
    known = _STATES.get(answer.status)
    return known.value if known else ""
