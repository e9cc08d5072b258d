"""The page of one's tokens, and the guide to the API."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.hiring.models import Organisation
from tenfold.hiring.permissions import may, require
from tenfold.kit.errors import UserError
from tenfold.web.api import services
from tenfold.web.api.forms import NewToken
from tenfold.web.api.models import ApiToken
from tenfold.web.api.root import api
from tenfold.web.api.scopes import Scope
from tenfold.web.limits import at_most
from tenfold.web.middleware import current_organisation
from tenfold.web.plans.access import signed_in


@dataclass(frozen=True, slots=True)
class Told:
    """One operation as the guide shows it."""

    id: str
    method: str
    path: str
    summary: str
    more: str
    scope: str
    parameters: tuple[dict[str, Any], ...]
    takes: str
    gives: str


@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """How to use the API, made from its own OpenAPI document."""
    context = {"groups": _groups(), "root": request.build_absolute_uri("/api/v1"), "scopes": _scopes()}
    return render(request, "api/guide.html", context)


@never_cache
@at_most(60, per_minutes=1)
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens here, and for administrators everyone's; a new one is shown once."""
    organisation, user = _organisation(request), signed_in(request)
    require(user, "organisation.view", organisation)
    form = NewToken(request.POST or None, sees_pay=may(user, "pay.see", organisation))
    made: services.MadeToken | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.make_token(
                organisation=organisation,
                name=given["name"],
                scopes=given["scopes"],
                lasts=timedelta(days=given["days"]),
                by=user,
                now=timezone.now(),
            )
            form = NewToken(sees_pay=may(user, "pay.see", organisation))
        except UserError as error:
            form.add_error(None, f"{error.what} {error.remedy}")
    held = ApiToken.objects.visible_to(user).filter(organisation=organisation, revoked_at=None).select_related("user")
    context = {"form": form, "made": made, "tokens": held, "now": timezone.now(), "scopes": _scopes()}
    return render(request, "api/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    token = get_object_or_404(ApiToken.objects.visible_to(user).select_related("user", "organisation"), pk=pk)
    services.revoke_token(token=token, by=user, now=timezone.now())
    messages.success(request, f"The token “{token.name}” is closed; whatever uses it is turned away from now on.")
    return redirect("api-tokens")


def _organisation(request: HttpRequest) -> Organisation:
    organisation = current_organisation(request)
    if organisation is None:
        raise Http404
    return organisation


def _scopes() -> dict[str, str]:
    return {scope.value: scope.words for scope in Scope}


@cache
def _groups() -> dict[str, list[Told]]:
    """The operations by tag, in the document's order."""
    groups: dict[str, list[Told]] = {}
    for path, operations in api.get_openapi_schema(path_prefix="")["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_told(path, method, operation))
    return groups


def _told(path: str, method: str, operation: dict[str, Any]) -> Told:
    good = next(answer for status, answer in operation["responses"].items() if int(status) < 400)
    return Told(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        more=operation["description"].partition("\n")[2].partition("Needs the scope")[0].strip(),
        scope=operation.get("x-scope") or "",
        parameters=tuple(one for one in operation.get("parameters", ()) if one["in"] != "path"),
        takes=", ".join(_named(operation.get("requestBody", {}))),
        gives=", ".join(_named(good)),
    )


def _named(told: dict[str, Any]) -> Iterator[str]:
    """The names of the shapes of a body."""
    for content in told.get("content", {}).values():
        schema = content["schema"]
        for one in schema.get("anyOf", [schema]):
            yield str(one.get("$ref", "")).rpartition("/")[2]
