"""Where one engineer stands: seen by that person and their manager."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.employees.models import Employee
from tenfold.apps.growth import services as service
from tenfold.apps.growth.forms import EvidenceForm, ItemForm, PlanForm
from tenfold.apps.growth.models import (
    CheckInRecord,
    EvidencePiece,
    GrowthItem,
    Step,
    StoredGrowthPlan,
    StoredLadder,
)
from tenfold.apps.growth.queries import PersonOnLadder, parse_ladder, person_on_ladder, plan_warnings
from tenfold.core.http.sign_in import signed_in
from tenfold.core.models import User
from tenfold.core.permissions import may, require
from tenfold.kit.errors import UserError
from tenfold.practices.growth.placement import Judgement
from tenfold.practices.growth.presenters import render_packet

VIEWS = ((Judgement.SHOWN, "Shown"), (Judgement.PARTLY, "Partly"), (Judgement.NOT_YET, "Not yet"))


@require_GET
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Evidence entry by entry at the present and the next level, what has none, and what to do next."""
    employee, user = _person(request, pk)
    placed = person_on_ladder(employee, today=timezone.localdate())
    ladders = StoredLadder.objects.visible_to(user).filter(organisation=employee.organisation)
    context: dict[str, Any] = {
        "person": employee,
        "placed": placed,
        "ladders": [(each, parse_ladder(each.text(), each.name).levels) for each in ladders],
        "may_place": may(user, "growth.place", employee),
        "check_in": CheckInRecord.objects.visible_to(user).filter(employee=employee).first(),
        "items": GrowthItem.objects.visible_to(user).filter(employee=employee),
    }
    if placed:
        context["form"] = EvidenceForm(ladder=placed.ladder)
        context["grid"] = _grid(placed)
        context["pieces"] = _pieces_by_cell(employee, user)
    return render(request, "growth/person.html", context)


@require_POST
def place_on_ladder(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """`on` is `ladder:level`, the level blank where people have not agreed on one."""
    employee, user = _person(request, pk)
    ladder_id, _, level = request.POST.get("on", "").partition(":")
    ladders = StoredLadder.objects.visible_to(user).filter(organisation=employee.organisation)
    chosen = next((each for each in ladders if str(each.pk) == ladder_id), None)
    require(user, "growth.place", employee)
    if chosen is None:
        messages.error(request, "Choose a ladder.")
    else:
        try:
            service.place_employee(employee=employee, ladder=chosen, level=level, by=user, now=timezone.now())
        except UserError as error:
            messages.error(request, f"{error.what} {error.remedy}")
    return redirect("growth-person", pk=pk)


@require_POST
def evidence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    employee, user = _person(request, pk)
    placed = person_on_ladder(employee, today=timezone.localdate())
    require(user, "growth.add-evidence", employee)
    if placed is None:
        messages.error(request, "Their manager chooses a ladder first.")
        return redirect("growth-person", pk=pk)
    form = EvidenceForm(request.POST, ladder=placed.ladder)
    if form.is_valid():
        given = form.cleaned_data
        try:
            service.add_evidence(
                employee=employee,
                cell=given["cell"],
                kind=given["kind"],
                link=given["link"],
                on=given["date"],
                note=given["note"],
                by=user,
                now=timezone.now(),
            )
            messages.success(request, "The evidence was added.")
        except UserError as error:
            messages.error(request, f"{error.what} {error.remedy}")
    else:
        messages.error(request, " ".join(f"{form.fields[name].label}: {said[0]}" for name, said in form.errors.items()))
    return redirect("growth-person", pk=pk)


@require_POST
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    piece = get_object_or_404(EvidencePiece.objects.visible_to(request.user).select_related("employee"), pk=pk)
    home = piece.employee_id
    service.remove_evidence(piece=piece, by=signed_in(request), now=timezone.now())
    return redirect("growth-person", pk=home)


@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Three steps: one's own view, the manager's, then both together. Views are shown once both are there."""
    employee, user = _person(request, pk)
    placed = person_on_ladder(employee, today=timezone.localdate())
    if placed is None:
        messages.error(request, "Nobody has chosen a ladder for this person yet.")
        return redirect("growth-person", pk=pk)
    found = CheckInRecord.objects.visible_to(user).filter(employee=employee).first()
    open_record = found if found and not found.is_finished else None
    step = _step(user, employee, open_record)
    if request.method == "POST":
        if step is None:
            messages.error(request, "It is not your turn. Wait for the other view.")
            return redirect("check-in", pk=pk)
        try:
            service.save_check_in_step(
                employee=employee, step=step, views=_views(request.POST), by=user, now=timezone.now()
            )
            messages.success(request, "Your step is saved.")
        except UserError as error:
            messages.error(request, f"{error.what} {error.remedy}")
        return redirect("check-in", pk=pk)
    context = {
        "person": employee,
        "step": step,
        "steps_of_check_in": Step.choices,
        "record": open_record,
        "rows": _rows(placed, open_record),
        "choices": VIEWS,
        "finished": found if found and found.is_finished else None,
    }
    return render(request, "growth/check_in.html", context)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Budget, time and items with dates; what does not hold together is named."""
    employee, user = _person(request, pk)
    placed = person_on_ladder(employee, today=timezone.localdate())
    if placed is None:
        messages.error(request, "Nobody has chosen a ladder for this person yet.")
        return redirect("growth-person", pk=pk)
    stored = StoredGrowthPlan.objects.visible_to(user).filter(employee=employee).first()
    kept = (
        {"budget": stored.budget, "time_percent": stored.time_percent, "until_date": stored.until_date}
        if stored
        else {}
    )
    does = request.POST.get("do", "")
    frame = PlanForm(request.POST if does == "frame" else None, initial=kept)
    item = ItemForm(request.POST if does == "item" else None, ladder=placed.ladder)
    try:
        if does == "frame" and frame.is_valid():
            given = frame.cleaned_data
            service.save_growth_plan(
                employee=employee,
                budget=given["budget"],
                time_percent=given["time_percent"],
                until=given["until_date"],
                by=user,
                now=timezone.now(),
            )
            return redirect("growth-plan", pk=pk)
        if does == "item" and item.is_valid():
            _add_item(employee, item.cleaned_data, user)
            return redirect("growth-plan", pk=pk)
    except UserError as error:
        item.add_error(None, f"{error.what} {error.remedy}")
    items = GrowthItem.objects.visible_to(user).filter(employee=employee)
    context = {
        "person": employee,
        "plan": stored,
        "frame": frame,
        "form": item,
        "items": items,
        "ladder": placed.ladder,
        "spent": sum(each.cost for each in items),
        "warnings": plan_warnings(employee, placed, today=timezone.localdate()),
        "today": timezone.localdate(),
    }
    return render(request, "growth/plan.html", context, status=422 if frame.errors or item.errors else 200)


@require_POST
def done(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    item = get_object_or_404(GrowthItem.objects.visible_to(request.user).select_related("employee"), pk=pk)
    service.finish_growth_item(item=item, by=signed_in(request), now=timezone.now())
    return redirect("growth-plan", pk=item.employee_id)


@require_GET
def packet(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The promotion packet in Markdown: evidence, what is open, what to settle first."""
    employee, _user = _person(request, pk)
    placed = person_on_ladder(employee, today=timezone.localdate())
    if placed is None:
        messages.error(request, "Nobody has chosen a ladder for this person yet.")
        return redirect("growth-person", pk=pk)
    headers = {"Content-Disposition": 'attachment; filename="promotion-packet.md"'}
    text = render_packet(placed.answer, employee.name)
    return HttpResponse(text, content_type="text/markdown; charset=utf-8", headers=headers)


def _person(request: HttpRequest, pk: uuid.UUID) -> tuple[Employee, User]:
    """The employee, for that person and their manager; those who keep records see no evidence."""
    user = signed_in(request)
    employee = get_object_or_404(Employee.objects.visible_to(user).select_related("team", "manager"), pk=pk)
    require(user, "growth.see", employee)
    return employee, user


def _grid(placed: PersonOnLadder) -> list[dict[str, Any]]:
    """For each theme what is shown and what is open at the present and the next level; entries, never a sum."""
    levels = [level for level in (placed.answer.level, placed.answer.next_level) if level]
    shown = {each.cell.id: each for each in placed.answer.cells}
    rows = []
    for theme in placed.ladder.themes:
        cells = [
            {"cell": cell, "placed": shown.get(cell.id), "level": cell.level}
            for level in levels
            for cell in placed.ladder.current
            if (cell.theme, cell.level) == (theme.id, level)
        ]
        if cells:
            rows.append({"theme": theme, "cells": cells})
    return rows


def _pieces_by_cell(employee: Employee, user: User) -> dict[str, list[EvidencePiece]]:
    found: dict[str, list[EvidencePiece]] = defaultdict(list)
    for piece in EvidencePiece.objects.visible_to(user).filter(employee=employee):
        found[piece.cell].append(piece)
    return dict(found)


def _step(user: User, employee: Employee, record: CheckInRecord | None) -> Step | None:
    """Whose turn it is, if it is this user's."""
    done = set(record.finished) if record else set()
    if may(user, "check-in.self", employee) and Step.SELF not in done:
        return Step.SELF
    if may(user, "check-in.manager", employee) and Step.MANAGER not in done:
        return Step.MANAGER
    if may(user, "check-in.together", employee) and {Step.SELF, Step.MANAGER} <= done:
        return Step.TOGETHER
    return None


def _views(posted: QueryDict) -> dict[str, str]:
    return {
        key.removeprefix("view:"): str(value) for key, value in posted.items() if key.startswith("view:") and str(value)
    }


def _rows(placed: PersonOnLadder, record: CheckInRecord | None) -> list[dict[str, Any]]:
    levels = {placed.answer.level, placed.answer.next_level}
    both = record.views if record and record.is_open_together else {}
    evidence = {each.cell.id: len(each.evidence) for each in placed.answer.cells}
    return [
        {
            "cell": cell,
            "has_evidence": bool(evidence.get(cell.id)),
            "self": both.get("self", {}).get(cell.id, ""),
            "manager": both.get("manager", {}).get(cell.id, ""),
        }
        for cell in placed.ladder.current
        if cell.level in levels and (evidence.get(cell.id) or cell.level == placed.answer.next_level)
    ]


def _add_item(employee: Employee, given: dict[str, Any], user: User) -> None:
    service.add_growth_item(
        employee=employee,
        kind=given["kind"],
        what=given["what"],
        by_date=given["by_date"],
        cells=[given["cell"]] if given["cell"] else [],
        cost=given["cost"] or 0.0,
        checked=given["checked_date"],
        by=user,
        now=timezone.now(),
    )
