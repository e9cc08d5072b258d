"""People over all roles: found, proposed as duplicates, imported from lists, exported to lists."""

from __future__ import annotations

import csv
import json
import re
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from tenfold.apps.candidates.models import Application, CandidateImport
from tenfold.apps.candidates.queries.duplicates import proposals
from tenfold.apps.candidates.queries.finding import matching
from tenfold.apps.candidates.queries.importing import MAX_BYTES, ImportRow, ReadList, check_rows, read_list
from tenfold.apps.candidates.services import duplicates as pairs
from tenfold.apps.candidates.services import imports
from tenfold.apps.candidates.views.access import candidate_for, role_for
from tenfold.apps.candidates.views.pipeline import as_uuid
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.kit.errors import UserError
from tenfold.kit.words import plural

FOUND_ON_A_PAGE, ROWS_SHOWN, DUPLICATES_SHOWN = 50, 50, 30
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@require_GET
def candidates(request: HttpRequest) -> HttpResponse:
    """People by a part of their name, or by a whole e-mail address."""
    user, organisation = signed_in(request), require_organisation(request)
    asked = request.GET.get("q", "").strip()[:100]
    found = matching(user, organisation, asked, limit=FOUND_ON_A_PAGE) if len(asked) > 1 else []
    seen = Application.objects.visible_to(user).filter(candidate__in=found).select_related("role", "stage")
    lines: dict[uuid.UUID, list[Application]] = {}
    for one in seen.order_by("-applied_at"):
        lines.setdefault(one.candidate_id, []).append(one)
    people = [(person, lines.get(person.pk, [])) for person in found]
    return render(request, "candidates/found.html", {"asked": asked, "people": people})


@require_http_methods(["GET", "POST"])
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one person, side by side: merge, or say that they are two."""
    user, organisation = signed_in(request), require_organisation(request)
    if request.method == "POST":
        ids = [as_uuid(request.POST.get(name, "")) or uuid.UUID(int=0) for name in ("one", "other")]
        one, other = (candidate_for(request, pk) for pk in ids)
        try:
            if request.POST.get("do") == "merge":
                pairs.merge(kept=one, merged=other, by=user, now=timezone.now())
                messages.success(request, "Merged. You can undo this on their card at any time.")
            else:
                pairs.say_distinct(one=one, other=other, by=user, now=timezone.now())
        except UserError as error:
            messages.error(request, f"{error.what} {error.remedy}")
        return redirect("duplicates")
    found = proposals(user, organisation)
    return render(request, "candidates/duplicates.html", {"pairs": found[:DUPLICATES_SHOWN], "n": len(found)})


@rate_limit(60, per_minutes=10)
@require_http_methods(["GET", "POST"])
def new_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A list to import: CSV, XLSX, or an export of Greenhouse or Ashby."""
    role, problem = role_for(request, pk, "candidate.import"), ""
    if request.method == "POST":
        try:
            read = _read(request)
            waiting = imports.create_import(
                role=role, rows=read.rows, shape=read.shape, by=signed_in(request), now=timezone.now()
            )
            return redirect("candidate-import", pk=waiting.pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    context = {"role": role, "problem": problem}
    return render(request, "candidates/new_import.html", context, status=422 if problem else 200)


def _read(request: HttpRequest) -> ReadList:
    given = request.FILES.get("file")
    if given is None:
        raise UserError("No file was chosen.", remedy="Choose a CSV, XLSX or JSON file.")
    if (given.size or 0) > MAX_BYTES:
        raise UserError(f"This is larger than {MAX_BYTES // 1_000_000} MB.", remedy="Split it.")
    return read_list(str(given.name), given.read())


@require_http_methods(["GET", "POST"])
def one_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A list looked over: what cannot be used is corrected here, and then everything that can is imported."""
    user = signed_in(request)
    rows = CandidateImport.objects.visible_to(user).select_related("role__team", "role__organisation")
    waiting = get_object_or_404(rows, pk=pk)
    role = role_for(request, waiting.role_id, "candidate.import")
    if request.method == "POST":
        return _step(request, waiting)
    checked = check_rows(json.loads(waiting.rows) if waiting.rows else [], role)
    bad = [row for row in checked if row.problems]
    context = {
        "role": role,
        "waiting": waiting,
        "bad": bad[:ROWS_SHOWN],
        "n_bad": len(bad),
        "good": [row for row in checked if not row.problems][:8],
        "n_good": len(checked) - len(bad),
        "stages": role.stages.kept(),
        "fields": ("name", "email", "stage", "applied", "link"),
    }
    return render(request, "candidates/import.html", context)


def _step(request: HttpRequest, waiting: CandidateImport) -> HttpResponse:
    user, do = signed_in(request), request.POST.get("do", "")
    try:
        if do == "discard":
            imports.discard(waiting=waiting, by=user)
            return redirect("role", pk=waiting.role_id)
        imports.repair(waiting=waiting, changes=_changes(request), by=user)
        if do == "import":
            done = imports.commit(waiting=waiting, by=user, now=timezone.now())
            said = f"{plural(done.imported, 'person', 'people')} imported, {done.skipped} left out."
            messages.success(request, said)
            return redirect("role", pk=waiting.role_id)
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("candidate-import", pk=waiting.pk)


def _changes(request: HttpRequest) -> dict[int, dict[str, str]]:
    """Corrected values, sent as `12:email`."""
    found: dict[int, dict[str, str]] = {}
    for key, value in request.POST.items():
        match = re.fullmatch(r"(\d{1,6}):([a-z_]+)", key)
        if match and match[2] in ImportRow.FIELDS:
            found.setdefault(int(match[1]), {})[match[2]] = str(value)[:5_000]
    return found


@require_GET
def export(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A role's applications as CSV. Nothing that a person typed runs in a spreadsheet."""
    role = role_for(request, pk, "candidate.export")
    rows = Application.objects.filter(role=role, candidate__erased_at=None).not_shut_away()
    rows = rows.select_related("candidate", "stage").prefetch_related("candidate__emails", "candidate__phones")
    found = list(rows.order_by("applied_at"))
    imports.note_export(role=role, people=len(found), by=signed_in(request), now=timezone.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(role.title) or "role"}-candidates.csv"'
    writer = csv.writer(response)
    writer.writerow(["Name", "E-mail", "Telephone", "Location", "Stage", "State", "Source", "Applied"])
    for one in found:
        writer.writerow([safe_cell(value) for value in _cells(one)])
    return response


def _cells(one: Application) -> list[str]:
    person = one.candidate
    emails, phones = [each.address for each in person.emails.all()], [each.number for each in person.phones.all()]
    return [
        person.name,
        "; ".join(emails),
        "; ".join(phones),
        person.location,
        one.stage.name,
        one.get_state_display(),
        one.get_source_display(),
        timezone.localtime(one.applied_at).date().isoformat(),
    ]


def safe_cell(value: str) -> str:
    return f"'{value}" if value.startswith(DANGEROUS) else value
