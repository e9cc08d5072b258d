"""The law panel: what pay-transparency rules ask of a posting, place by place, in the words of the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tenfold.checking.case import Case
from tenfold.kit.findings import State
from tenfold.law.dated import NOT_LEGAL_ADVICE, Certainty
from tenfold.law.pay_transparency import LawAnswer, Status, coming_rules
from tenfold.law.places import full_name, place_ids
from tenfold.law.rules import PayRule
from tenfold.plan.document import HiringPlan
from tenfold.posting.model import PostingReading
from tenfold.practices.pay.transparency import job_places, law_answers

_STATES = {Status.PRESENT: State.GOOD, Status.NOT_ASKED: State.GOOD, Status.UNKNOWN: State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Point:
    """One part of one rule: its state as the strip draws it (empty where nothing is asked)."""

    answer: LawAnswer
    state: str

    @property
    def only_if(self) -> str:
        return " and ".join(self.answer.conditions) if self.answer.reaches is Certainty.MAYBE else ""


@dataclass(frozen=True, slots=True)
class PlaceLaw:
    """What one place asks, worst first."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class LawPanel:
    """`asked`: the places as ids; `coming`: rules enacted that begin later."""

    asked: tuple[str, ...]
    names: tuple[str, ...]
    places: tuple[PlaceLaw, ...]
    coming: tuple[PayRule, ...]
    checked: date | None
    advice: str = NOT_LEGAL_ADVICE


def law_panel(plan: HiringPlan, reading: PostingReading, *, as_of: date, places: str = "") -> LawPanel:
    """The panel for the plan's places, or for those that a person typed (names or ids)."""
    if typed := place_ids(places):
        plan = _only_at(plan, typed)
    case = Case(plan=plan, reading=reading, as_of=as_of)
    asked = job_places(case)
    answers = law_answers(case)
    named = dict.fromkeys(answer.name for answer in answers)
    return LawPanel(
        asked=asked,
        names=tuple(full_name(id_) for id_ in asked),
        places=tuple(PlaceLaw(name, tuple(_points(answers, name))) for name in named),
        coming=coming_rules(asked, as_of) if asked else (),
        checked=max((answer.checked for answer in answers if answer.checked), default=None),
    )


def _only_at(plan: HiringPlan, ids: Iterable[str]) -> HiringPlan:
    """The plan as if people could be employed there and nowhere else."""
    company = plan.company.model_copy(update={"jurisdictions": list(ids)})
    return plan.model_copy(update={"company": company, "role": plan.role.model_copy(update={"places": None})})


def _points(answers: Iterable[LawAnswer], name: str) -> list[Point]:
    order = [State.WRONG.value, State.LOOK_AGAIN.value, State.UNKNOWN.value, State.GOOD.value, ""]
    points = [Point(answer, _state(answer)) for answer in answers if answer.name == name]
    return sorted(points, key=lambda point: order.index(point.state))


def _state(answer: LawAnswer) -> str:
    if answer.status.wanting:
        return (State.WRONG if answer.decides else State.LOOK_AGAIN).value
    known = _STATES.get(answer.status)
    return known.value if known else ""
