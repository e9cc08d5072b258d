"""Growth in the search, in what waits for somebody, and on an employee's record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenfold.apps.growth.models import CheckInRecord, Step
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit
from tenfold.core.todo import ToDo


def growth_actions(user: User, organisation: Organisation, _path: str) -> Iterator[Hit]:
    yield Hit("Page", "Growth", "The ladder, evidence, check-ins and plans", reverse("growth"))
    if may(user, "ladder.edit", organisation):
        yield Hit("Action", "Import a ladder", "Ours, or another company's form", reverse("new-ladder"))


def check_ins_waiting(user: User, organisation: Organisation, _now: datetime) -> Iterator[ToDo]:
    """Check-ins in which it is this user's turn."""
    found = CheckInRecord.objects.visible_to(user).filter(employee__organisation=organisation)
    for record in found.select_related("employee"):
        own = Step.SELF if record.employee.user_id == user.pk else Step.MANAGER
        waits = own not in record.finished or (own == Step.MANAGER and record.is_open_together)
        if waits and not record.is_finished:
            yield ToDo("Check-in", record.employee.name, reverse("check-in", args=[record.employee_id]))


def employee_link(request: HttpRequest, employee: Any) -> SafeString:
    if not may(request.user, "growth.see", employee):
        return SafeString("")
    address = reverse("growth-person", args=[employee.pk])
    return format_html('<a href="{}">Growth<span class="visually-hidden"> of {}</span></a>', address, employee.name)
