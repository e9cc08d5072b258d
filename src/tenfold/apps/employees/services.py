"""Employees are added, changed and erased; HR lists come in without names and go again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tenfold.apps.employees.models import Employee, EmployeesEvent, HrList, HrListKind, Team
from tenfold.apps.employees.queries import GUESSES, figures_of, guess_column, people_who_differ
from tenfold.connectors.dates import is_stated
from tenfold.connectors.tables import Table
from tenfold.core.encryption import blind_index, blind_indexes
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import SYSTEM, record
from tenfold.core.typed import id_of
from tenfold.kit.errors import Place, UserError
from tenfold.stats.disclosure import LEAST

PLACE = "employees.hrlist.person"
MOST_ROWS = 100_000


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
    _publish(kept, _one_before(kept), now=now)
    record(kind=EmployeesEvent.LIST_IMPORTED, by=by, of=kept, now=now, data={"rows": len(parsed.rows)})
    return kept


def _one_before(listed: HrList) -> HrList | None:
    others = HrList.objects.filter(organisation=listed.organisation, kind=listed.kind).exclude(pk=listed.pk)
    return others.order_by("-imported_at").first()


def _publish(listed: HrList, before: HrList | None, *, now: datetime) -> None:
    """Works the figures out anew, unless fewer than five people differ from those of whom figures are shown.

    Then the old figures stay until more have changed: two of them that differ by one person would tell of that person.
    """
    if before is not None and before.figures:
        listed.changed = sorted({*before.changed, *people_who_differ(before, listed)})
        listed.figures = before.figures
    if not listed.figures or len(listed.changed) >= LEAST or (before is not None and not listed.changed):
        listed.figures, listed.changed = figures_of(listed, today=timezone.localdate(now)), []
    listed.save(update_fields=["figures", "changed"])


def parse_hr_table(table: Table, *, day: date) -> tuple[ParsedHrList, bool]:
    """What a table of an HR system is by its columns, and whether it is only who was there on `day`.

    Dated lists have a column of their dates. Contracts have ends, of which one at least is stated. Anything else is the
    people of the day on which it was read; many such days are snapshots.

    Raises:
        UserError: no column tells people apart.
    """
    found = {field: guess_column(table, field) for field in GUESSES}
    if found["person"] is None:
        raise UserError(
            "No column tells people apart.", remedy="Name one “person”, “id” or “employee”.", place=Place(table.name)
        )
    if found["snapshot"]:
        return _hr_list(table, HrListKind.SNAPSHOTS, found, ("snapshot", "person", "start")), False
    if found["start"] and found["end"] and any(is_stated(cell) for cell in table.column(found["end"])):
        return replace(_hr_list(table, HrListKind.STAYS, found, ("start", "end", "person", "cause")), as_of=day), False
    listed = _hr_list(table, HrListKind.SNAPSHOTS, found, ("person", "start"))
    rows = tuple((line, (day.isoformat(), *cells)) for line, cells in listed.rows)
    return replace(listed, columns=("snapshot", *listed.columns), rows=rows, person=1), True


def _hr_list(table: Table, kind: HrListKind, found: Mapping[str, str | None], fields: Sequence[str]) -> ParsedHrList:
    columns = tuple(field for field in fields if found[field])
    at = [table.position(str(found[field])) for field in columns]
    rows = tuple((row.line, tuple(row.cells[place][:100] for place in at)) for row in table.rows)
    return ParsedHrList(kind, table.name, columns, rows, columns.index("person"))


@transaction.atomic
def keep_read_list(
    *, kept: HrList | None, organisation: Organisation, parsed: ParsedHrList, is_of_day: bool, now: datetime
) -> HrList:
    """What a source has read as a list, made once and then kept up to date; who was erased does not come back.

    `is_of_day`: the rows are those of one day and are added to the days before; else they take their place.

    Raises:
        UserError: more rows than a list may hold.
    """
    held = HrList.objects.select_for_update().get(pk=kept.pk) if kept else HrList(organisation=organisation)
    before = copy(held) if kept else None
    rows: list[Any] = [[line, _hash(cells, parsed.person)] for line, cells in parsed.rows]
    if is_of_day and held.columns == list(parsed.columns):
        days = {cells[0] for _, cells in rows}
        rows = [*(row for row in held.rows if row[1][0] not in days), *rows]
    erased = set(held.erased)
    rows = [row for row in rows if erased.isdisjoint(row[1])]
    if len(rows) > MOST_ROWS:
        raise UserError(f"The list would hold more than {MOST_ROWS:,} rows.", remedy="Read it less often.")
    held.kind, held.name, held.columns, held.rows = parsed.kind, parsed.name[:200], list(parsed.columns), rows
    held.as_of_date, held.imported_at = parsed.as_of, now
    held.save()
    _publish(held, before, now=now)
    return held


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
            listed.erased = sorted({*listed.erased, *blind_indexes(found.reference.casefold(), place=PLACE)})
            listed.changed = sorted({*listed.changed, f"erased {len(listed.erased)}"})
            listed.save(update_fields=["rows", "erased", "changed"])
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
