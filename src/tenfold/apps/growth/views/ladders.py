"""Ladders: shown, imported, edited, compared, downloaded."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from tenfold.apps.employees.models import Employee
from tenfold.apps.growth import services as service
from tenfold.apps.growth.forms import LadderImportForm
from tenfold.apps.growth.models import CalibrationSession, Placement, StoredLadder
from tenfold.apps.growth.queries import parse_ladder
from tenfold.core.http.sign_in import current_organisation, require_organisation, signed_in
from tenfold.core.permissions import may, require
from tenfold.core.typed import line_of, whole
from tenfold.kit.errors import UserError
from tenfold.practices.growth.ladder import lint_ladder, to_ft
from tenfold.practices.growth.ladder_diff import diff_ladders
from tenfold.practices.growth.yaml_files import dump_yaml


@require_GET
def growth(request: HttpRequest) -> HttpResponse:
    """Ladders, the people whose growth one sees, and calibration sessions."""
    user, organisation = signed_in(request), current_organisation(request)
    people = [
        person
        for person in Employee.objects.visible_to(user)
        .filter(organisation=organisation)
        .select_related("placement__ladder")
        if may(user, "growth.see", person)
    ]
    context = {
        "ladders": StoredLadder.objects.visible_to(user).filter(organisation=organisation),
        "people": people,
        "sessions": CalibrationSession.objects.visible_to(user).filter(organisation=organisation),
        "may_edit": organisation is not None and may(user, "ladder.edit", organisation),
    }
    return render(request, "growth/home.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user, organisation = signed_in(request), require_organisation(request)
    require(user, "ladder.edit", organisation)
    form = LadderImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            stored = service.import_stored_ladder(
                organisation=organisation, ladder=form.ladder(), by=user, now=timezone.now()
            )
            return redirect("ladder", pk=stored.pk)
        except UserError as error:
            form.add_error("file", f"{error.what} {error.remedy}".strip())
    return render(request, "growth/new_ladder.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def ladder(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One level of a ladder at a time, or all of it; who is placed on it is not told here."""
    stored = get_object_or_404(StoredLadder.objects.visible_to(request.user), pk=pk)
    shown = parse_ladder(stored.text(), stored.name)
    levels = {level.id: level for level in shown.levels}
    asked = request.GET.get("level", "")
    level = levels[asked] if asked in levels else shown.levels[min(1, len(shown.levels) - 1)]
    groups = [
        (theme, [cell for cell in shown.current if (cell.level, cell.theme) == (level.id, theme.id)])
        for theme in shown.themes
    ]
    context = {
        "stored": stored,
        "ladder": shown,
        "level": level,
        "groups": [(theme, cells) for theme, cells in groups if cells],
        "remarks": [remark for remark in lint_ladder(shown) if remark.severity in ("fix", "review")][:12],
        "versions": stored.versions.select_related("saved_by"),
        "may_edit": may(signed_in(request), "ladder.edit", stored),
    }
    return render(request, "growth/ladder.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The text as YAML; a version is kept for every save."""
    stored = get_object_or_404(StoredLadder.objects.visible_to(request.user), pk=pk)
    user = signed_in(request)
    require(user, "ladder.edit", stored)
    text, trouble = request.POST.get("text") or stored.text(), ""
    if request.method == "POST":
        try:
            version = service.save_ladder(
                ladder=stored,
                text=text,
                base_number=whole(request.POST.get("base")) or 0,
                why=line_of(request.POST.get("why"), 500),
                by=user,
                now=timezone.now(),
            )
            return redirect(f"{reverse('ladder-changes', args=[pk])}?from={version.number - 1}&to={version.number}")
        except UserError as error:
            line = f"Line {error.place.line}: " if error.place.line else ""
            trouble = f"{line}{error.what} {error.remedy}"
    context = {"stored": stored, "text": text, "trouble": trouble}
    return render(request, "growth/edit_ladder.html", context, status=422 if trouble else 200)


@require_GET
def changes(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What changed between two versions, and how many people placed on the older one it touches."""
    stored = get_object_or_404(StoredLadder.objects.visible_to(request.user), pk=pk)
    last = stored.latest_number
    after = min(last, whole(request.GET.get("to")) or last)
    before = max(1, min(after, whole(request.GET.get("from")) or max(1, after - 1)))
    edits = diff_ladders(parse_ladder(stored.text(before), stored.name), parse_ladder(stored.text(after), stored.name))
    own = Placement.objects.visible_to(request.user).filter(ladder=stored, ladder_number__lt=after)
    context = {
        "stored": stored,
        "before": before,
        "after": after,
        "edits": edits,
        "placed": own.select_related("employee"),
    }
    return render(request, "growth/changes.html", context)


@require_GET
def download(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The ladder as YAML, in our form or the Financial Times'."""
    stored = get_object_or_404(StoredLadder.objects.visible_to(request.user), pk=pk)
    form = request.GET.get("form", "tenfold")
    shown = parse_ladder(stored.text(), stored.name)
    values = to_ft(shown)[0] if form == "ft" else shown.to_dict()
    headers = {"Content-Disposition": f'attachment; filename="ladder-{"ft" if form == "ft" else "tenfold"}.yaml"'}
    return HttpResponse(dump_yaml(values), content_type="application/yaml; charset=utf-8", headers=headers)
