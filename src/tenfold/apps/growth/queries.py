"""Where somebody stands, as the engine sees it: evidence and check-in laid on the ladder in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tenfold.apps.employees.models import Employee
from tenfold.apps.growth.models import (
    CalibrationSession,
    CheckInRecord,
    EvidencePiece,
    GrowthItem,
    Placement,
    StoredGrowthPlan,
)
from tenfold.practices.growth.calibration import Calibration, Vote, calibrate
from tenfold.practices.growth.growth_plan import GrowthPlan, review_plan
from tenfold.practices.growth.ladder import Ladder, load_ladder
from tenfold.practices.growth.ladder_diff import PlacementEffect, diff_ladders, effects_on
from tenfold.practices.growth.placement import CheckIn, Evidence, EvidenceFile, Judgement, PlacementWarning, place
from tenfold.practices.growth.placement import Placement as PlacedEvidence


@dataclass(frozen=True)
class PersonOnLadder:
    """The stored placement with the engine's answer, and what edits of the ladder since then mean for them."""

    stored: Placement
    ladder: Ladder
    answer: PlacedEvidence
    effects: tuple[PlacementEffect, ...]


@lru_cache(maxsize=32)
def parse_ladder(text: str, name: str) -> Ladder:
    """A ladder's text, read once: a page shows it often."""
    return load_ladder(text, name=name)


def person_on_ladder(employee: Employee, *, today: date) -> PersonOnLadder | None:
    """None where nobody has placed them yet."""
    stored = Placement.objects.filter(employee=employee).select_related("ladder").first()
    if stored is None:
        return None
    ladder = parse_ladder(stored.ladder.text(), stored.ladder.name)
    answer = place(evidence_file(employee, stored), ladder, today=today)
    effects: tuple[PlacementEffect, ...] = ()
    if stored.ladder_number < stored.ladder.latest_number:
        before = parse_ladder(stored.ladder.text(stored.ladder_number), stored.ladder.name)
        effects = tuple(effects_on([each.cell.id for each in answer.cells], diff_ladders(before, ladder)))
    return PersonOnLadder(stored, ladder, answer, effects)


def evidence_file(employee: Employee, stored: Placement) -> EvidenceFile:
    """What the engine reads: pieces, and the views of the latest check-in that both have given."""
    latest = CheckInRecord.objects.filter(employee=employee).first()
    return EvidenceFile(
        person=employee.name,
        level=stored.level or None,
        evidence=[
            Evidence(cell=p.cell, kind=p.kind, link=p.link or None, date=p.date, note=p.note or None)
            for p in EvidencePiece.objects.filter(employee=employee)
        ],
        check_in=check_in_views(latest) if latest and latest.is_open_together else [],
    )


def check_in_views(found: CheckInRecord) -> list[CheckIn]:
    cells = sorted({cell for views in found.views.values() for cell in views})

    def view(step: str, cell: str) -> Judgement | None:
        said = found.views.get(step, {}).get(cell)
        return Judgement(said) if said else None

    return [
        CheckIn(cell=cell, self=view("self", cell), manager=view("manager", cell), together=view("together", cell))
        for cell in cells
    ]


def plan_warnings(employee: Employee, placed: PersonOnLadder, *, today: date) -> list[PlacementWarning]:
    """What in the plan does not hold together; nothing where there is no plan."""
    plan = StoredGrowthPlan.objects.filter(employee=employee).first()
    items = list(GrowthItem.objects.filter(employee=employee))
    if plan is None or not items:
        return []
    written = GrowthPlan.model_validate(
        {
            "person": employee.name,
            "budget": plan.budget,
            "time_percent": plan.time_percent,
            "until": plan.until_date,
            "items": [
                {
                    "kind": item.kind,
                    "what": item.what,
                    "by": item.by_date,
                    "cells": item.cells,
                    "cost": item.cost,
                    "certificate_checked_at": item.certificate_checked_date,
                    "done_at": item.done_date,
                }
                for item in items
            ],
        }
    )
    return review_plan(written, placed.answer, today=today)


def agreement(session: CalibrationSession) -> Calibration | None:
    """How far the judges agree; None until two have judged, so that nobody is led by another's view."""
    votes = list(session.votes.all().select_related("judge"))
    if len({vote.judge_id for vote in votes}) < 2:
        return None
    return calibrate([Vote(str(v.judge), f"case {v.case + 1}", v.cell, Judgement(v.view)) for v in votes])
