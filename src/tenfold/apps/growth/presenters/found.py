"""Growth in the search, in what waits for somebody, and on an employee's record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from tenfold.apps.growth.models import CheckInRecord, Placement, Step
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit
from tenfold.core.todo import ToDo

CHECK_IN_EVERY = timedelta(days=183)
"""Half a year, as check P9 asks for (`growth.review_months`)."""


def growth_actions(user: User, organisation: Organisation, _path: str) -> Iterator[Hit]:
    yield Hit("Page", "Growth", "The ladder, evidence, check-ins and plans", reverse("growth"))
    if may(user, "ladder.edit", organisation):
        yield Hit("Action", "Import a ladder", "Ours, or another company's form", reverse("new-ladder"))


def check_ins_waiting(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    """Check-ins in which it is this user's turn, and those that are due to be begun."""
    yield from _check_ins_due(user, organisation, localdate(now))
    found = CheckInRecord.objects.visible_to(user).filter(employee__organisation=organisation)
    for record in found.select_related("employee"):
        own = Step.SELF if record.employee.user_id == user.pk else Step.MANAGER
        waits = own not in record.finished or (own == Step.MANAGER and record.is_open_together)
        if waits and not record.is_finished:
            yield ToDo("Check-in", record.employee.name, reverse("check-in", args=[record.employee_id]))


def _check_ins_due(user: User, organisation: Organisation, today: date) -> Iterator[ToDo]:
    """For the person and their manager, half a year after the last one began, or after they were placed."""
    placed = Placement.objects.visible_to(user).filter(employee__organisation=organisation, employee__left_date=None)
    for each in placed.select_related("employee").annotate(begun=Max("employee__check_ins__started_at")):
        due = localdate(each.begun or each.placed_at) + CHECK_IN_EVERY
        latest = CheckInRecord.objects.filter(employee=each.employee).first()
        if due <= today and (latest is None or latest.is_finished):
            yield ToDo("Check-in due", each.employee.name, reverse("check-in", args=[each.employee_id]), due)


def employee_link(request: HttpRequest, employee: Any) -> SafeString:
    if not may(request.user, "growth.see", employee):
        return SafeString("")
    address = reverse("growth-person", args=[employee.pk])
    return format_html('<a href="{}">Growth<span class="visually-hidden"> of {}</span></a>', address, employee.name)
