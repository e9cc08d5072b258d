"""Ladders are imported and edited; evidence, check-ins, plans and votes are given by those whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tenfold.apps.employees.models import Employee
from tenfold.apps.growth.models import (
    CalibrationSession,
    CalibrationVote,
    CheckInRecord,
    EvidencePiece,
    GrowthEvent,
    GrowthItem,
    LadderVersion,
    Placement,
    Step,
    StoredGrowthPlan,
    StoredLadder,
)
from tenfold.apps.growth.queries import parse_ladder
from tenfold.core.errors import EditConflict
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import NotAllowed, require
from tenfold.core.services.trail import record
from tenfold.core.typed import id_of
from tenfold.kit.errors import UserError
from tenfold.practices.growth.growth_plan import ItemKind
from tenfold.practices.growth.ladder import Ladder, load_ladder, require_level
from tenfold.practices.growth.placement import EvidenceKind, Judgement
from tenfold.practices.growth.yaml_files import dump_yaml


@transaction.atomic
def import_stored_ladder(*, organisation: Organisation, ladder: Ladder, by: User, now: datetime) -> StoredLadder:
    """A new ladder with its first version.

    Raises:
        NotAllowed: hiring managers and administrators edit ladders.
    """
    require(by, "ladder.edit", organisation)
    stored = StoredLadder.objects.create(
        organisation=organisation, name=ladder.name[:120], latest_number=1, created_at=now
    )
    text = dump_yaml(ladder.to_dict())
    LadderVersion.objects.create(ladder=stored, number=1, text=text, why="Imported", saved_by=by, saved_at=now)
    record(kind=GrowthEvent.LADDER_IMPORTED, by=by, of=stored, now=now, data={"name": stored.name})
    return stored


@transaction.atomic
def save_ladder(
    *, ladder: StoredLadder, text: str, base_number: int, why: str, by: User, now: datetime
) -> LadderVersion:
    """The next version.

    Raises:
        EditConflict: another version was saved in between.
        UserError: the text is no ladder.
    """
    require(by, "ladder.edit", ladder)
    held = StoredLadder.objects.select_for_update().get(pk=ladder.pk)
    if held.latest_number != base_number:
        raise EditConflict(held.latest_number)
    parsed = load_ladder(text, name="the ladder")
    held.latest_number += 1
    held.name = parsed.name[:120]
    held.save(update_fields=["latest_number", "name"])
    version = LadderVersion.objects.create(
        ladder=held, number=held.latest_number, text=text, why=why[:500], saved_by=by, saved_at=now
    )
    record(kind=GrowthEvent.LADDER_SAVED, by=by, of=held, now=now, data={"version": version.number, "why": why[:500]})
    return version


@transaction.atomic
def place_employee(*, employee: Employee, ladder: StoredLadder, level: str, by: User, now: datetime) -> Placement:
    """Puts somebody on a ladder's latest version, at the level that was agreed; blank: not agreed yet.

    Raises:
        NotAllowed: only the manager.
        UserError: the ladder has no such level.
    """
    require(by, "growth.place", employee)
    if ladder.organisation_id != employee.organisation_id:
        raise NotAllowed("a ladder of another organisation")
    if level:
        require_level(parse_ladder(ladder.text(), ladder.name), level)
    placed, _ = Placement.objects.update_or_create(
        employee=employee,
        defaults={"ladder": ladder, "ladder_number": ladder.latest_number, "level": level, "placed_at": now},
    )
    record(kind=GrowthEvent.PLACED, by=by, of=employee, now=now, data={"version": placed.ladder_number})
    return placed


@transaction.atomic
def add_evidence(
    *, employee: Employee, cell: str, kind: str, link: str, on: date | None, note: str, by: User, now: datetime
) -> EvidencePiece:
    """Adds one piece.

    Raises:
        NotAllowed: only the person and their manager.
        UserError: an unknown entry or kind, or a date to come.
    """
    require(by, "growth.add-evidence", employee)
    if kind not in set(EvidenceKind):
        raise UserError(f"“{kind}” is not a kind of evidence.", remedy=f"Choose one of {', '.join(EvidenceKind)}.")
    if on is not None and on > now.date():
        raise UserError("This date is in the future.", remedy="Give the day on which it happened.")
    if _ladder_of(employee).cell(cell) is None:
        raise UserError("The ladder has no such entry.", remedy="Choose one from the list.")
    piece = EvidencePiece.objects.create(
        employee=employee, cell=cell, kind=kind, link=link, date=on, note=note[:500], added_by=by, added_at=now
    )
    record(kind=GrowthEvent.EVIDENCE_ADDED, by=by, of=employee, now=now)
    return piece


@transaction.atomic
def remove_evidence(*, piece: EvidencePiece, by: User, now: datetime) -> None:
    """Raises NotAllowed for anybody but the person and their manager."""
    require(by, "growth.add-evidence", piece.employee)
    record(kind=GrowthEvent.EVIDENCE_REMOVED, by=by, of=piece.employee, now=now)
    piece.delete()


@transaction.atomic
def save_check_in_step(
    *, employee: Employee, step: Step, views: Mapping[str, str], by: User, now: datetime
) -> CheckInRecord:
    """Gives one step of the check-in that is open, or begins one with one's own view.

    Raises:
        NotAllowed: it is another person's step.
        UserError: the step was given already, or both views are not there yet.
    """
    require(by, f"check-in.{step}", employee)
    ladder = _ladder_of(employee)
    kept = {cell: view for cell, view in views.items() if ladder.cell(cell) and view in set(Judgement)}
    if not kept:
        raise UserError("No entry was rated.", remedy="Rate at least one entry.")
    found = CheckInRecord.objects.select_for_update().filter(employee=employee).first()
    if found is None or found.is_finished:
        found = CheckInRecord(employee=employee, started_at=now)
    if step in found.finished:
        raise UserError("This step was already saved.", remedy="The next step is somebody else's, or together.")
    if step == Step.TOGETHER and not found.is_open_together:
        raise UserError("Both views come first.", remedy="Give yours, and wait for the other's.")
    found.views = {**found.views, step.value: kept}
    found.finished = [*found.finished, step.value]
    found.save()
    record(kind=GrowthEvent.CHECK_IN_STEP, by=by, of=employee, now=now, data={"step": step.value})
    return found


@transaction.atomic
def save_growth_plan(
    *,
    employee: Employee,
    budget: float | None,
    time_percent: float | None,
    until: date,
    by: User,
    now: datetime,
) -> StoredGrowthPlan:
    """What is set aside. Raises NotAllowed for anybody but the person and their manager."""
    require(by, "growth.plan", employee)
    plan, _ = StoredGrowthPlan.objects.update_or_create(
        employee=employee, defaults={"budget": budget, "time_percent": time_percent, "until_date": until}
    )
    record(kind=GrowthEvent.PLAN_SAVED, by=by, of=employee, now=now)
    return plan


@transaction.atomic
def add_growth_item(
    *,
    employee: Employee,
    kind: str,
    what: str,
    by_date: date,
    cells: Sequence[str],
    cost: float,
    checked: date | None,
    by: User,
    now: datetime,
) -> GrowthItem:
    """Adds an item.

    Raises:
        UserError: an unknown kind, no plan yet, or a day after the plan's end.
    """
    require(by, "growth.plan", employee)
    plan = StoredGrowthPlan.objects.filter(employee=employee).first()
    if plan is None:
        raise UserError("There is no plan yet.", remedy="Say until when it runs, and its budget.")
    if kind not in set(ItemKind) or not what.strip() or cost < 0:
        raise UserError("An item needs a kind, words, and a cost that is not negative.")
    if by_date > plan.until_date:
        raise UserError("This is due after the plan ends.", remedy=f"Choose a day up to {plan.until_date}.")
    item = GrowthItem.objects.create(
        employee=employee,
        kind=kind,
        what=what.strip()[:300],
        by_date=by_date,
        cells=list(cells),
        cost=cost,
        certificate_checked_date=checked,
    )
    record(kind=GrowthEvent.ITEM_ADDED, by=by, of=employee, now=now)
    return item


@transaction.atomic
def finish_growth_item(*, item: GrowthItem, by: User, now: datetime) -> None:
    require(by, "growth.plan", item.employee)
    item.done_date = now.date()
    item.save(update_fields=["done_date"])
    record(kind=GrowthEvent.ITEM_DONE, by=by, of=item.employee, now=now)


@transaction.atomic
def call_calibration(
    *,
    ladder: StoredLadder,
    name: str,
    cases: Sequence[str],
    cells: Sequence[str],
    judges: Sequence[User],
    by: User,
    now: datetime,
) -> CalibrationSession:
    """Calls a session.

    Raises:
        NotAllowed: hiring managers and administrators call sessions.
        UserError: no case, no entry, or fewer than two judges.
    """
    require(by, "calibration.call", ladder)
    if not cases or not cells or len(judges) < 2:
        raise UserError("A session needs a case, an entry and at least two reviewers.")
    session = CalibrationSession.objects.create(
        organisation=ladder.organisation,
        ladder=ladder,
        name=name[:120],
        cases=list(cases),
        cells=list(cells),
        called_by=by,
        called_at=now,
    )
    session.judges.set(judges)
    record(kind=GrowthEvent.CALIBRATION_STARTED, by=by, of=session, now=now)
    return session


@transaction.atomic
def vote(*, session: CalibrationSession, views: Mapping[tuple[int, str], str], by: User, now: datetime) -> None:
    """Keeps a judge's views; earlier ones are replaced.

    Raises:
        NotAllowed: not a reviewer of this session.
    """
    if not session.judges.filter(pk=by.pk).exists():
        raise NotAllowed("not a reviewer of this session")
    for (case, cell), view in views.items():
        if 0 <= case < len(session.cases) and cell in session.cells and view in set(Judgement):
            CalibrationVote.objects.update_or_create(
                session=session, judge=by, case=case, cell=cell, defaults={"view": view}
            )
    record(kind=GrowthEvent.CALIBRATION_VOTED, by=by, of=session, now=now)


def export_growth(person_id: str) -> Any:
    """Everything about an employee's growth."""
    found = _employee(person_id)
    if found is None:
        return {}
    placed = Placement.objects.filter(employee=found).select_related("ladder").first()
    return {
        "ladder": str(placed.ladder) if placed else None,
        "level": placed.level if placed else None,
        "evidence": [
            {"entry": p.cell, "kind": p.kind, "link": p.link, "date": str(p.date or ""), "note": p.note}
            for p in EvidencePiece.objects.filter(employee=found)
        ],
        "check_ins": [
            {"started": c.started_at.isoformat(), "views": c.views if c.is_open_together else c.views.get("self", {})}
            for c in CheckInRecord.objects.filter(employee=found)
        ],
        "plan": [
            {"kind": i.kind, "what": i.what, "by": str(i.by_date), "cost": i.cost, "done": str(i.done_date or "")}
            for i in GrowthItem.objects.filter(employee=found)
        ],
    }


@transaction.atomic
def erase_growth(person_id: str, now: datetime) -> int:  # noqa: ARG001 - the registry's shape
    """Removes everything about an employee's growth."""
    found = _employee(person_id)
    if found is None:
        return 0
    kinds = (Placement, EvidencePiece, CheckInRecord, StoredGrowthPlan, GrowthItem)
    return sum(kind.objects.filter(employee=found).delete()[0] for kind in kinds)


def _employee(person_id: str) -> Employee | None:
    return Employee.objects.filter(pk=id_of(person_id)).first()


def _ladder_of(employee: Employee) -> Ladder:
    placed = Placement.objects.filter(employee=employee).select_related("ladder").first()
    if placed is None:
        raise UserError("Nobody has placed this person on a ladder yet.", remedy="Their manager chooses one first.")
    return parse_ladder(placed.ladder.text(), placed.ladder.name)
