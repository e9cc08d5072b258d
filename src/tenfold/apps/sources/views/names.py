"""Whose names those are, reviewed one by one or by a table; merged changes for their authors."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tenfold.apps.employees.models import Employee
from tenfold.apps.growth.forms import grouped_cells
from tenfold.apps.growth.queries import person_on_ladder
from tenfold.apps.sources.forms import PeopleMapForm
from tenfold.apps.sources.models import NameState, OutsideChange, OutsideName
from tenfold.apps.sources.queries import offered_employee
from tenfold.apps.sources.services import names as service
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.permissions import require
from tenfold.core.typed import id_of
from tenfold.kit.errors import UserError
from tenfold.kit.words import join, plural

MOST_SHOWN = 200
IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name and, before its review, the employee of exactly that name."""

    name: OutsideName
    offered: Employee | None


@require_GET
def names(request: HttpRequest) -> HttpResponse:
    """Names to review first, then those that were."""
    user, organisation = signed_in(request), require_organisation(request)
    require(user, "sources.manage", organisation)
    employees = list(Employee.objects.filter(organisation=organisation).select_related("user"))
    found = OutsideName.objects.visible_to(user).filter(organisation=organisation)
    rows = [
        NameRow(each, offered_employee(each, employees) if each.state == NameState.OPEN else None)
        for each in found.select_related("employee", "reviewed_by").order_by("state", "host", "seen_at")[:MOST_SHOWN]
        if each.name
    ]
    rows.sort(key=lambda row: row.name.state != NameState.OPEN)
    return render(request, "sources/names.html", {"rows": rows, "employees": employees, "form": PeopleMapForm()})


@require_POST
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Accepts, changes or ignores a name."""
    user = signed_in(request)
    found = get_object_or_404(OutsideName.objects.visible_to(user), pk=pk)
    chosen = request.POST.get("employee", "")
    employee = None
    if chosen != IGNORE:
        employee = get_object_or_404(Employee.objects.filter(organisation=found.organisation), pk=id_of(chosen))
    service.review_name(name=found, employee=employee, by=user, now=timezone.now())
    said = f"{found.name} is {employee.name}." if employee else f"{found.name} is ignored."
    messages.success(request, said)
    return redirect("outside-names")


@rate_limit(20, per_minutes=1)
@require_POST
def table(request: HttpRequest) -> HttpResponse:
    """Reviews names by a table."""
    user, organisation = signed_in(request), require_organisation(request)
    require(user, "sources.manage", organisation)
    form = PeopleMapForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Choose a table first.")
        return redirect("outside-names")
    try:
        taken, missing = service.apply_people_map(
            organisation=organisation, people=form.parse(), by=user, now=timezone.now()
        )
    except UserError as error:
        line = f"Line {error.place.line}: " if error.place.line else ""
        messages.error(request, f"{line}{error.what} {error.remedy}".strip())
        return redirect("outside-names")
    messages.success(request, f"{plural(taken, 'name was', 'names were')} reviewed by the table.")
    if missing:
        messages.error(request, f"No employee has the number {join(missing[:5])}: add it to their record first.")
    return redirect("outside-names")


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """One's own merged changes and those of whom one manages, to be used as evidence."""
    user, organisation = signed_in(request), require_organisation(request)
    found = OutsideChange.objects.visible_to(user).filter(source__organisation=organisation)
    if asked := request.GET.get("employee"):
        found = found.filter(author__employee=id_of(asked))
    shown = list(found.select_related("author__employee", "source")[:MOST_SHOWN])
    cells = {each.author.employee: _cells(each.author.employee) for each in shown}
    rows = [{"change": each, "cells": cells[each.author.employee]} for each in shown]
    return render(request, "sources/changes.html", {"rows": rows})


@require_POST
def use(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(OutsideChange.objects.visible_to(user), pk=pk)
    try:
        piece = service.use_change(change=found, cell=request.POST.get("cell", ""), by=user, now=timezone.now())
        messages.success(request, f"The change is now evidence of {piece.employee.name}.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("outside-changes")


def _cells(employee: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Entries of the ladder that somebody is on; none where nobody has placed them."""
    placed = person_on_ladder(employee, today=timezone.localdate())
    return grouped_cells(placed.ladder) if placed else []
