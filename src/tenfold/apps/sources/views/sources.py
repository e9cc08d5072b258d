"""What is read on a schedule, how far it has come, and what to try where it cannot be read."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.sources.forms import SourceForm
from tenfold.apps.sources.models import DataSource, NameState, OutsideName, SourceKind
from tenfold.apps.sources.presenters.states import source_standing
from tenfold.apps.sources.queries import entry_count
from tenfold.apps.sources.services import keeping
from tenfold.apps.sources.services.reading import ADDRESSES, read_soon
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import current_organisation, require_organisation, signed_in
from tenfold.core.permissions import may, require
from tenfold.kit.errors import UserError

FIRST_READ = timedelta(days=365)


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with its state."""
    user, organisation = signed_in(request), current_organisation(request)
    if organisation is None:
        raise Http404
    require(user, "teams.see", organisation)
    found = DataSource.objects.visible_to(user).filter(organisation=organisation)
    names = OutsideName.objects.visible_to(user).filter(organisation=organisation)
    now = timezone.now()
    context = {
        "standings": [source_standing(each, now) for each in found.select_related("team")],
        "may_manage": may(user, "sources.manage", organisation),
        "open_names": names.filter(state=NameState.OPEN).count(),
    }
    return render(request, "sources/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user, organisation = signed_in(request), require_organisation(request)
    require(user, "sources.manage", organisation)
    first = timezone.localdate() - FIRST_READ
    return _edit(request, DataSource(organisation=organisation, zone="Europe/Berlin", first_date=first), "Add a source")


@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One source: its state, what was read, and its settings for those who manage it."""
    found = get_object_or_404(DataSource.objects.visible_to(request.user), pk=pk)
    if request.method == "POST" or may(signed_in(request), "sources.manage", found.organisation):
        require(signed_in(request), "sources.manage", found.organisation)
        return _edit(request, found, found.name)
    return render(request, "sources/edit.html", {"title": found.name, **_state(found)})


@rate_limit(20, per_minutes=1)
@require_POST
def read(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(DataSource.objects.visible_to(request.user), pk=pk)
    try:
        read_soon(source=found, by=signed_in(request), now=timezone.now())
        messages.success(request, f"{found.name} is being read. This page shows the result once it is there.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("source", pk=pk)


@require_POST
def pause(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(DataSource.objects.visible_to(request.user), pk=pk)
    keeping.pause_source(source=found, is_paused=not found.is_paused, by=signed_in(request), now=timezone.now())
    messages.success(request, f"{found.name} is {'read again' if found.is_paused else 'paused'}.")
    return redirect("source", pk=pk)


@require_POST
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(DataSource.objects.visible_to(request.user), pk=pk)
    keeping.remove_source(source=found, by=signed_in(request), now=timezone.now())
    messages.success(request, f"{found.name} was removed. The team’s record stays until you delete it.")
    return redirect("sources")


def _edit(request: HttpRequest, found: DataSource, title: str) -> HttpResponse:
    is_new = found._state.adding  # noqa: SLF001 - Django's documented attribute
    form = SourceForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keeping.save_source(source=form.instance, by=signed_in(request), now=timezone.now())
            follows = "its address is invented, so it is not read" if kept.is_invented else "it will be read soon"
            messages.success(request, f"{kept.name} was saved; {follows}.")
            return redirect("source", pk=kept.pk)
        except UserError as error:
            form.add_error("url", f"{error.what} {error.remedy}")
    context = {"form": form, "title": title, "examples": _examples(), **({} if is_new else _state(found))}
    return render(request, "sources/edit.html", context, status=422 if form.errors else 200)


def _state(found: DataSource) -> dict[str, object]:
    return {"source": found, "standing": source_standing(found, timezone.now()), "read_count": entry_count(found)}


def _examples() -> list[tuple[str, str]]:
    return [(kind.label, ADDRESSES[kind]) for kind in SourceKind]
