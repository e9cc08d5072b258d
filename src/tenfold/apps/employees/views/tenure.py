"""How long people stay: the curve of a list with its traps, and what a departure costs."""

from __future__ import annotations

import uuid
from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.employees import services as service
from tenfold.apps.employees.forms import DepartureForm, HrListForm
from tenfold.apps.employees.models import HrList
from tenfold.apps.employees.queries import published_tenure
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import current_organisation, require_organisation, signed_in
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may, require
from tenfold.kit.errors import UserError
from tenfold.practices.retention.departure import DepartureCost, DepartureInputs, Range, departure_cost
from tenfold.practices.retention.pictures import curve_picture

PERCENT = ("cover_share", "ramp_lost")
PARTS = {
    "cover": "Cover while the post is vacant",
    "ramp": "Output lost while the successor learns",
    "time_of_people": "Time of interviewers, recruiters and colleagues",
    "agency": "Agency",
}


@require_GET
def tenure(request: HttpRequest) -> HttpResponse:
    """The curve of the latest list, or of the one asked for."""
    organisation, user = _reader(request)
    lists = (
        HrList.objects.visible_to(user).filter(organisation=organisation).defer("rows").select_related("imported_by")
    )
    asked = request.GET.get("list", "")
    chosen = next((each for each in lists if str(each.pk) == asked), lists.first())
    context: dict[str, Any] = {"lists": lists, "chosen": chosen, "may_keep": may(user, "employees.keep", organisation)}
    if chosen is not None:
        context |= _answer(chosen)
    return render(request, "employees/tenure.html", context)


@rate_limit(20, per_minutes=1)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A list from a file; where it has no curve, the page says why and nothing is kept."""
    user, organisation = signed_in(request), require_organisation(request)
    require(user, "employees.keep", organisation)
    form = HrListForm(request.POST or None, request.FILES or None, initial={"kind": "snapshots"})
    if request.method == "POST" and form.is_valid():
        try:
            listed = service.import_hr_list(organisation=organisation, parsed=form.parse(), by=user, now=timezone.now())
            return redirect(f"{reverse('tenure')}?list={listed.pk}")
        except UserError as error:
            line = f"Line {error.place.line}: " if error.place.line else ""
            form.add_error("file", f"{line}{error.what} {error.remedy}".strip())
    return render(request, "employees/new_list.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def cost(request: HttpRequest) -> HttpResponse:
    """What a departure costs, from figures that are entered and not kept."""
    _reader(request)
    form = DepartureForm(request.POST) if request.method == "POST" else DepartureForm()
    answer, trouble = None, ""
    if form.is_bound and form.is_valid():
        try:
            answer = _cost(form)
        except UserError as error:
            trouble = f"{error.what} {error.remedy}"
    context = {"form": form, "answer": answer, "trouble": trouble, "parts": _parts(answer) if answer else ()}
    return render(request, "employees/cost.html", context, status=422 if form.errors or trouble else 200)


@require_POST
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(HrList.objects.visible_to(request.user), pk=pk)
    service.remove_hr_list(listed=found, by=signed_in(request), now=timezone.now())
    messages.success(request, "The list was deleted.")
    return redirect("tenure")


def _reader(request: HttpRequest) -> tuple[Organisation, User]:
    user, organisation = signed_in(request), current_organisation(request)
    if organisation is None:
        raise Http404
    require(user, "employees.see-tenure", organisation)
    return organisation, user


def _answer(chosen: HrList) -> dict[str, Any]:
    try:
        found = published_tenure(chosen)
    except UserError as error:
        return {"trouble": f"{error.what} {error.remedy}"}
    picture = SafeString(curve_picture(found.curve)) if found.curve else ""
    shares = [(years, share) for years, share in found.survival().items()] if found.curve else []
    return {
        "waits": bool(chosen.changed),
        "answer": found,
        "picture": picture,
        "shares": shares,
        "median": found.median_years(),
    }


def _cost(form: DepartureForm) -> DepartureCost:
    ranges = {
        field.name: Range(*(part / 100 if field.name in PERCENT else part for part in form.cleaned_data[field.name]))
        for field in fields(DepartureInputs)
    }
    return departure_cost(DepartureInputs(**ranges))


def _parts(answer: DepartureCost) -> list[tuple[str, float]]:
    return [(PARTS[name], amount) for name, amount in answer.parts.items()]
