"""Who was hired, by team; each seen by themselves, their manager and those who keep the records."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.employees import services as service
from tenfold.apps.employees.forms import EmployeeForm
from tenfold.apps.employees.models import Employee, Team
from tenfold.core.http.sign_in import current_organisation, require_organisation, signed_in
from tenfold.core.permissions import may, require
from tenfold.core.personal_data import erase_person
from tenfold.core.typed import line_of
from tenfold.kit.errors import UserError


@require_GET
def employees(request: HttpRequest) -> HttpResponse:
    """Everybody whom the reader may see, by team."""
    user, organisation = signed_in(request), current_organisation(request)
    found = (
        Employee.objects.visible_to(user).filter(organisation=organisation) if organisation else Employee.objects.none()
    )
    context = {
        "people": found.select_related("team", "manager").order_by("team__name", "name"),
        "teams": Team.objects.visible_to(user).filter(organisation=organisation) if organisation else (),
        "may_keep": organisation is not None and may(user, "employees.keep", organisation),
        "may_see_tenure": organisation is not None and may(user, "employees.see-tenure", organisation),
    }
    return render(request, "employees/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user, organisation = signed_in(request), require_organisation(request)
    require(user, "employees.keep", organisation)
    return _edit(request, Employee(organisation=organisation, role="mlops", level="mid"), "Add an employee")


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The record; only those who keep records change it."""
    found = get_object_or_404(Employee.objects.visible_to(request.user), pk=pk)
    if request.method == "POST" or may(signed_in(request), "employees.keep", found):
        require(signed_in(request), "employees.keep", found)
        return _edit(request, found, found.name)
    return render(request, "employees/record.html", {"person": found})


@require_POST
def erase(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Erases a person from every store."""
    found = get_object_or_404(Employee.objects.visible_to(request.user), pk=pk)
    require(signed_in(request), "employees.keep", found)
    touched = erase_person(str(found.pk), now=timezone.now())
    messages.success(request, f"Everything about {found.name} was erased: {sum(touched.values())} rows.")
    return redirect("employees")


@require_POST
def teams(request: HttpRequest) -> HttpResponse:
    user, organisation = signed_in(request), require_organisation(request)
    name = line_of(request.POST.get("name"), 120)
    try:
        service.create_team(organisation=organisation, name=name, by=user, now=timezone.now())
        messages.success(request, f"The team {name} was added.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("employees")


def _edit(request: HttpRequest, employee: Employee, title: str) -> HttpResponse:
    form = EmployeeForm(request.POST or None, instance=employee, organisation=employee.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            service.save_employee(employee=form.instance, by=signed_in(request), now=timezone.now())
            messages.success(request, f"{form.instance.name} was saved.")
            return redirect("employees")
        except UserError as error:
            form.add_error(None, f"{error.what} {error.remedy}")
    is_new = Employee.objects.filter(pk=employee.pk).first() is None
    context = {"form": form, "title": title, "person": None if is_new else employee}
    return render(request, "employees/edit.html", context, status=422 if form.errors else 200)
