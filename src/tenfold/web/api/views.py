"""The guide to the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tenfold.core.scopes import Scope
from tenfold.web.api.root import api


@dataclass(frozen=True, slots=True)
class OperationView:
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


def _scopes() -> dict[str, str]:
    return {scope.value: scope.words for scope in Scope}


@cache
def _groups() -> dict[str, list[OperationView]]:
    """The operations by tag, in the document's order."""
    groups: dict[str, list[OperationView]] = {}
    for path, operations in api.get_openapi_schema(path_prefix="")["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    return groups


def _operation(path: str, method: str, operation: dict[str, Any]) -> OperationView:
    good = next(answer for status, answer in operation["responses"].items() if int(status) < 400)
    return OperationView(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        more=operation["description"].partition("\n")[2].partition("Needs the scope")[0].strip(),
        scope=operation.get("x-scope") or "",
        parameters=tuple(one for one in operation.get("parameters", ()) if one["in"] != "path"),
        takes=", ".join(_schema_names(operation.get("requestBody", {}))),
        gives=", ".join(_schema_names(good)),
    )


def _schema_names(told: dict[str, Any]) -> Iterator[str]:
    """The names of the shapes of a body."""
    for content in told.get("content", {}).values():
        schema = content["schema"]
        for one in schema.get("anyOf", [schema]):
            yield str(one.get("$ref", "")).rpartition("/")[2]
