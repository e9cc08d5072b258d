"""Employees are added, changed and erased; HR lists come in without names and go again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tenfold.apps.employees.models import Employee, EmployeesEvent, HrList, HrListKind, Team
from tenfold.core.encryption import blind_index, blind_indexes
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import SYSTEM, record
from tenfold.core.typed import id_of
from tenfold.kit.errors import UserError

PLACE = "employees.hrlist.person"


@dataclass(frozen=True, slots=True)
class ParsedHrList:
    """A list in the columns that are needed; `person` is the place of the column that tells people apart."""

    kind: HrListKind
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    person: int | None
    date_order: str = ""
    as_of: date | None = None
    observed_from: date | None = None


@transaction.atomic
def create_team(*, organisation: Organisation, name: str, by: User, now: datetime) -> Team:
    """Raises UserError where there is no name, or a team of that name already."""
    require(by, "employees.keep", organisation)
    if not name:
        raise UserError("A team needs a name.", remedy="Write one.")
    if Team.objects.filter(organisation=organisation, name=name).exists():
        raise UserError(f"There is a team “{name}” already.", remedy="Choose another name.")
    team = Team.objects.create(organisation=organisation, name=name, created_at=now)
    record(kind=EmployeesEvent.TEAM_CREATED, by=by, of=team, now=now)
    return team


@transaction.atomic
def save_employee(*, employee: Employee, by: User, now: datetime) -> Employee:
    """Adds an employee, or keeps what was changed.

    Raises:
        NotAllowed: only those who keep the records.
        UserError: the person left before they started, or the account is another employee's.
    """
    require(by, "employees.keep", employee.organisation)
    if employee.left_date and employee.started_date and employee.left_date < employee.started_date:
        raise UserError("The last day is before the first.", remedy="Check both dates.")
    taken = Employee.objects.filter(organisation=employee.organisation, user=employee.user).exclude(pk=employee.pk)
    if employee.user is not None and taken.exists():
        raise UserError("This account belongs to another employee.", remedy="Choose another one, or none.")
    is_new = employee._state.adding  # noqa: SLF001 - Django's documented attribute
    employee.save()
    record(kind=EmployeesEvent.ADDED if is_new else EmployeesEvent.CHANGED, by=by, of=employee, now=now)
    return employee


@transaction.atomic
def import_hr_list(*, organisation: Organisation, parsed: ParsedHrList, by: User, now: datetime) -> HrList:
    """Keeps a list with its people hashed.

    Raises:
        NotAllowed: only those who keep the records.
    """
    require(by, "employees.keep", organisation)
    kept = HrList.objects.create(
        organisation=organisation,
        kind=parsed.kind,
        name=parsed.name[:200],
        columns=list(parsed.columns),
        rows=[[line, _hash(cells, parsed.person)] for line, cells in parsed.rows],
        date_order=parsed.date_order,
        as_of_date=parsed.as_of,
        observed_from_date=parsed.observed_from,
        imported_by=by,
        imported_at=now,
    )
    record(kind=EmployeesEvent.LIST_IMPORTED, by=by, of=kept, now=now, data={"rows": len(parsed.rows)})
    return kept


@transaction.atomic
def remove_hr_list(*, listed: HrList, by: User, now: datetime) -> None:
    """Raises NotAllowed for whoever does not keep the records."""
    require(by, "employees.keep", listed.organisation)
    record(kind=EmployeesEvent.LIST_REMOVED, by=by, of=listed, now=now)
    listed.delete()


def export_employee(person_id: str) -> Any:
    """What is kept about an employee: their record, and the rows of lists that are theirs."""
    found = Employee.objects.filter(pk=id_of(person_id)).select_related("team", "manager").first()
    if found is None:
        return {}
    rows = [
        {"list": listed.name, **dict(zip(listed.columns, cells, strict=True))}
        for listed in HrList.objects.filter(organisation=found.organisation)
        for _, cells in listed.rows
        if _is_of(found, listed, cells)
    ]
    return {
        "name": found.name,
        "reference": found.reference,
        "team": str(found.team or ""),
        "manager": str(found.manager or ""),
        "role": found.role,
        "level": found.level,
        "started": found.started_date.isoformat() if found.started_date else None,
        "left": found.left_date.isoformat() if found.left_date else None,
        "list_rows": rows,
    }


@transaction.atomic
def erase_employee(person_id: str, now: datetime) -> int:
    """Removes the record and the person's rows in every list; answers how many rows were touched."""
    found = Employee.objects.filter(pk=id_of(person_id)).first()
    if found is None:
        return 0
    touched = 1
    for listed in HrList.objects.filter(organisation=found.organisation).select_for_update():
        kept = [row for row in listed.rows if not _is_of(found, listed, row[1])]
        if len(kept) < len(listed.rows):
            touched += len(listed.rows) - len(kept)
            listed.rows = kept
            listed.save(update_fields=["rows"])
    record(kind=EmployeesEvent.ERASED, by=SYSTEM, of=found, now=now)
    found.delete()
    return touched


def _hash(cells: Sequence[str], person: int | None) -> list[str]:
    return [
        blind_index(cell.casefold(), place=PLACE) if place == person and cell else cell
        for place, cell in enumerate(cells)
    ]


def _is_of(employee: Employee, listed: HrList, cells: Sequence[str]) -> bool:
    if not employee.reference or "person" not in listed.columns:
        return False
    return cells[listed.columns.index("person")] in blind_indexes(employee.reference.casefold(), place=PLACE)
