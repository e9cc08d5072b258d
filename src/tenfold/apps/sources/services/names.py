"""Names in other systems are reviewed by somebody; merged changes belong to their authors and become evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from tenfold.apps.employees.models import Employee
from tenfold.apps.growth.models import EvidencePiece
from tenfold.apps.growth.services import add_evidence
from tenfold.apps.sources.models import DataSource, NameState, OutsideChange, OutsideName, SourcesEvent
from tenfold.connectors.people import PeopleMap
from tenfold.connectors.records import Change
from tenfold.core.encryption import blind_index, blind_indexes
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.core.typed import id_of
from tenfold.kit.errors import UserError

PLACE = "sources.outsidename.name"


def keep_changes(source: DataSource, changes: Sequence[Change], *, now: datetime) -> None:
    """Merged changes by their authors' names; those of ignored names are not kept."""
    host = urlsplit(source.url).hostname or ""
    for change in changes:
        if not change.author or change.merged_at is None:
            continue
        author = _name(source.organisation, host, change.author, now)
        if author.state != NameState.IGNORED:
            link = change.url if change.url.startswith("https://") else ""
            OutsideChange.objects.update_or_create(
                source=source,
                key=change.id[:60],
                defaults={"author": author, "link": link[:500], "merged_at": change.merged_at},
            )


@transaction.atomic
def review_name(*, name: OutsideName, employee: Employee | None, by: User, now: datetime) -> OutsideName:
    """Says whose name it is, or with no employee that it is a program's or an outsider's and is to be ignored.

    Raises:
        NotAllowed: only those who keep the records.
        UserError: the employee is of another organisation.
    """
    require(by, "sources.manage", name.organisation)
    if employee is not None and employee.organisation_id != name.organisation_id:
        raise UserError("This employee is not of this organisation.", remedy="Choose one of the list.")
    name.state = NameState.ACCEPTED if employee else NameState.IGNORED
    name.employee, name.reviewed_by, name.reviewed_at = employee, by, now
    name.save(update_fields=["state", "employee", "reviewed_by", "reviewed_at"])
    if employee is None:
        name.changes.all().delete()
    record(kind=SourcesEvent.NAME_REVIEWED, by=by, of=name, now=now, data={"as": str(name.state)})
    return name


@transaction.atomic
def apply_people_map(
    *, organisation: Organisation, people: PeopleMap, by: User, now: datetime
) -> tuple[int, list[str]]:
    """Reviews names by a table that somebody made; answers how many rows were taken, and whose employee is not known.

    The table's system is the host (`github.com`); employees stand in it by their number in the HR system.
    """
    require(by, "sources.manage", organisation)
    by_reference = {
        each.reference.casefold(): each for each in Employee.objects.filter(organisation=organisation) if each.reference
    }
    taken, missing = 0, []
    for (host, said), reference in people.employees.items():
        found = by_reference.get(reference.casefold())
        if found is None:
            missing.append(reference)
            continue
        review_name(name=_name(organisation, host, said, now), employee=found, by=by, now=now)
        taken += 1
    for host, said in sorted(people.ignored):
        review_name(name=_name(organisation, host, said, now), employee=None, by=by, now=now)
        taken += 1
    return taken, missing


@transaction.atomic
def use_change(*, change: OutsideChange, cell: str, by: User, now: datetime) -> EvidencePiece:
    """Takes a merged change as evidence at one entry of the ladder, as if it had been typed.

    Raises:
        NotAllowed: neither the author nor their manager.
        UserError: nobody has said whose it is, no such entry, or it is used already.
    """
    held = OutsideChange.objects.select_for_update(of=("self",)).select_related("author").get(pk=change.pk)
    employee = held.author.employee
    if employee is None or held.author.state != NameState.ACCEPTED:
        raise UserError("Nobody has said yet whose change this is.", remedy="Ask whoever keeps the records.")
    if held.is_used:
        raise UserError("This change is used as evidence already.", remedy="Open the ladder to see where.")
    piece = add_evidence(
        employee=employee,
        cell=cell,
        kind="merged-change",
        link=held.link,
        on=held.merged_at.date(),
        note=f"Change {held.key}",
        by=by,
        now=now,
    )
    held.is_used = True
    held.save(update_fields=["is_used"])
    return piece


def export_names(person_id: str) -> Any:
    """The names that an employee has in other systems, and their merged changes."""
    names = OutsideName.objects.filter(employee_id=id_of(person_id)).order_by("host")
    return [
        {
            "system": each.host,
            "name": each.name,
            "merged_changes": [
                {"change": change.key, "link": change.link, "merged_at": change.merged_at.isoformat()}
                for change in each.changes.all()
            ],
        }
        for each in names
    ]


@transaction.atomic
def erase_names(person_id: str, now: datetime) -> int:  # noqa: ARG001 - the registry's shape
    """Removes an employee's merged changes and names; a keyed hash stays, so that no reading brings them back."""
    names = OutsideName.objects.filter(employee_id=id_of(person_id))
    touched = OutsideChange.objects.filter(author__in=names).delete()[0]
    return touched + names.update(name="", state=NameState.IGNORED, employee=None, reviewed_by=None)


def _name(organisation: Organisation, host: str, said: str, now: datetime) -> OutsideName:
    folded = said.casefold()
    found = OutsideName.objects.filter(
        organisation=organisation, host=host, name_index__in=blind_indexes(folded, place=PLACE)
    ).first()
    if found is not None:
        return found
    return OutsideName.objects.create(
        organisation=organisation, host=host, name=said, name_index=blind_index(folded, place=PLACE), seen_at=now
    )
