"""The front door, health, metrics, the design system, the look, and pages for what went wrong."""

from __future__ import annotations

import ipaddress
import secrets
import sys
from typing import Any

import django_prometheus.exports
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST
from django_tasks_db.models import DBTaskResult
from prometheus_client import Gauge

from tenfold import __version__
from tenfold.audit.registry import PRACTICES
from tenfold.audit.wording import STATE_MEANINGS, STATE_WORDS
from tenfold.core.http.context import THEMES
from tenfold.core.http.refusals import NOT_NOW, busy
from tenfold.core.http.sign_in import current_organisation, signed_in
from tenfold.core.todo import todo_for
from tenfold.kit.findings import State
from tenfold.web.pages.help import figures_by_check, help_on_checks
from tenfold.web.pages.samples import samples

MAX_TODO = 12
A_YEAR_S = 365 * 24 * 3600
WAITING = Gauge("tenfold_work_waiting", "Tasks that no worker has begun")
MAX_WAIT = Gauge("tenfold_work_longest_wait_seconds", "How long the oldest of them waits")


@login_not_required
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What Tenfold is, the ten checks, a field to paste a posting; for whoever is signed in, what needs them."""
    organisation = current_organisation(request)
    todo = todo_for(signed_in(request), organisation, now=timezone.now()) if organisation else ()
    return render(request, "pages/front.html", {"todo": todo[:MAX_TODO], "practices": PRACTICES})


@login_not_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """The ten checks explained, each with its reasons and sources."""
    states = [(state.value, STATE_WORDS[state], STATE_MEANINGS[state]) for state in State]
    return render(request, "pages/help.html", {"checks": help_on_checks(), "states": states})


@login_not_required
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure that the checks rest on, by check, with its date and source."""
    return render(request, "pages/figures.html", {"parts": figures_by_check()})


@login_not_required
@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    """200 where the database answers and its migrations are applied; 503 otherwise."""
    try:
        executor = MigrationExecutor(connection)
        waiting = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    status = "migrations are waiting" if waiting else "ok"
    return JsonResponse({"status": status, "version": __version__}, status=503 if waiting else 200)


@login_not_required
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for the machine itself or for whoever has the token."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not ((token and secrets.compare_digest(given, token)) or (not token and _is_loopback(request))):
        raise Http404
    WAITING.set(len(waits := _waits_s()))
    MAX_WAIT.set(max(waits, default=0.0))
    answer: HttpResponse = django_prometheus.exports.ExportToDjangoView(request)
    return answer


@login_not_required
@require_GET
def design(request: HttpRequest) -> HttpResponse:
    """The design system on one living page: the same templates and styles that every other page uses."""
    return render(request, "pages/design.html", samples())


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system says; kept in a cookie that holds one word."""
    wanted, back = request.POST.get("theme", ""), request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "/")
    if wanted in THEMES:
        response.set_cookie(
            "theme", wanted, max_age=A_YEAR_S, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, exception)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404, exception)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Called while the error is handled. A database that is away has views told so already; this is around them."""
    if isinstance(sys.exception(), NOT_NOW):
        return busy()
    return render(request, "500.html", status=500)


def _error(request: HttpRequest, status: int, _exception: Any) -> HttpResponse:
    return render(request, f"{status}.html", status=status)


def _waits_s() -> list[float]:
    now = timezone.now()
    return [(now - at).total_seconds() for at in DBTaskResult.objects.ready().values_list("enqueued_at", flat=True)]


def _is_loopback(request: HttpRequest) -> bool:
    """Asked from this machine, and not on somebody's behalf by a proxy."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and "HTTP_X_FORWARDED_FOR" not in request.META
