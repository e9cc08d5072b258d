"""What the law of a role's places asks, as dated tasks: of the role, and of an application once something happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    ApplicationState,
    CandidateEvent,
    Meeting,
    MeetingState,
    OpenRole,
    RoleTask,
)
from tenfold.apps.candidates.models.applications import MoveKind
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.law.duties import RoleDuty, Task, duties_for
from tenfold.law.role_rules import Event

OF_ONE_APPLICATION = frozenset({Event.FIRST_INTERVIEW, Event.LAST_INTERVIEW, Event.DECISION, Event.STARTED})
RECORDS = frozenset({Task.KEEP, Task.ERASE})
"""Shown as retention, not as tasks."""

_first_days: list[Callable[[Application], date | None]] = []


def register_first_day(find: Callable[[Application], date | None]) -> None:
    """Who knows the first day at work of somebody who was hired: duties towards colleagues count from it."""
    _first_days.append(find)


@transaction.atomic
def refresh_role_tasks(role: OpenRole, *, now: datetime) -> None:
    """The role's own tasks, by the law of its places as it is in our tables; what is done stays done."""
    closed = localdate(role.closed_at) if role.closed_at else None
    duties = _duties(role, closed=closed, events={}, today=localdate(now))
    _keep([one for one in duties if one.event not in OF_ONE_APPLICATION], role=role, application=None)


@transaction.atomic
def refresh_application_tasks(application: Application, *, now: datetime) -> None:
    """Tasks that count from held meetings, standing decisions and the first day at work that both sides agreed on."""
    role = application.role
    if not role.places:
        return
    events = _events(application, now=now)
    if not events and not RoleTask.objects.filter(application=application).exists():
        return
    duties = _duties(role, closed=None, events=events, today=localdate(now)) if events else ()
    _keep([one for one in duties if one.event in events], role=role, application=application)


@transaction.atomic
def complete_task(*, task: RoleTask, by: User, now: datetime) -> None:
    require(by, "role.run", task)
    task.done_at, task.done_by = now, by
    task.save(update_fields=["done_at", "done_by"])
    data = {"role": str(task.role_id), "duty": task.duty_id}
    record(kind=CandidateEvent.ROLE_TASK_DONE, by=by, of=task, now=now, data=data)


def _events(application: Application, *, now: datetime) -> dict[Event, date]:
    held = Meeting.objects.filter(application=application, state=MeetingState.SET, starts_at__lte=now)
    days = sorted(localdate(at) for at in held.values_list("starts_at", flat=True))
    events = {Event.FIRST_INTERVIEW: days[0], Event.LAST_INTERVIEW: days[-1]} if days else {}
    if application.state in (ApplicationState.REJECTED, ApplicationState.HIRED):
        decided = ApplicationMove.objects.filter(application=application, kind__in=(MoveKind.REJECTED, MoveKind.HIRED))
        events[Event.DECISION] = localdate(decided.latest("number").at)
    if application.state == ApplicationState.HIRED:
        agreed = [day for find in _first_days if (day := find(application)) is not None]
        if agreed:
            events[Event.STARTED] = agreed[-1]
    return events


def _duties(role: OpenRole, *, closed: date | None, events: Mapping[Event, date], today: date) -> tuple[RoleDuty, ...]:
    found = duties_for(
        role.places,
        localdate(role.opened_at),
        closed,
        uses_automated_tool=role.uses_automated_tool,
        as_of=today,
        employees=role.employees,
        events=events,
    )
    return tuple(one for one in found.duties if one.task not in RECORDS)


def _keep(duties: Iterable[RoleDuty], *, role: OpenRole, application: Application | None) -> None:
    """Rows as the duties are now: new ones added, changed days changed, what no longer holds removed unless done."""
    rows = {row.duty_id: row for row in RoleTask.objects.filter(role=role, application=application)}
    owed = {duty.id: duty for duty in duties}
    gone = [row.pk for key, row in rows.items() if key not in owed and row.done_at is None]
    if gone:
        RoleTask.objects.filter(pk__in=gone).delete()
    for key, duty in owed.items():
        row = rows.get(key)
        if row is None:
            RoleTask.objects.create(role=role, application=application, duty_id=key, **_values(duty))
        elif row.done_at is None and row.due_date != duty.due:
            RoleTask.objects.filter(pk=row.pk).update(due_date=duty.due)


def _values(duty: RoleDuty) -> dict[str, object]:
    return {
        "kind": duty.task.value,
        "name": duty.name,
        "law": duty.law,
        "says": duty.says,
        "timing": duty.timing,
        "event": duty.event.value,
        "due_date": duty.due,
        "begins": duty.begins,
        "is_sure": duty.is_sure,
        "conditions": list(duty.conditions),
        "evidence": duty.evidence.value,
        "sources": list(duty.sources),
        "checked": duty.checked,
    }
