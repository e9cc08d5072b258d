"""Errors as problem+json (RFC 9457), in the words of the pages: what was wrong, where, and what to try."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tenfold.core.errors import EditConflict
from tenfold.core.permissions import NotAllowed
from tenfold.core.services.api import KeyUsedForAnother
from tenfold.kit.errors import InputProblems, UserError

MEDIA_TYPE = "application/problem+json"
ROOT = "/api/v1/"
TITLES = {
    "bad-request": "The request cannot be read",
    "no-token": "A token is needed",
    "not-allowed": "Not allowed",
    "scope-missing": "The token lacks a scope",
    "nothing-here": "Page not found",
    "method": "Not this method",
    "version-conflict": "Someone saved in between",
    "key-reused": "The key was used for another request",
    "unusable-input": "The input cannot be used",
    "too-often": "Too many requests",
    "busy": "Busy just now",
    "our-fault": "Our fault",
}
_BY_STATUS = {
    400: ("bad-request", "The request cannot be read.", "Check the address, the headers and the JSON."),
    401: ("no-token", "A valid token is needed.", "Send `Authorization: Bearer …` with one of your tokens."),
    403: (
        "not-allowed",
        "The person who made the token may not do this.",
        "Ask an administrator of your organisation.",
    ),
    404: ("nothing-here", "There is nothing here that this token may see.", "Check the address and the id."),
    405: ("method", "This address does not allow that method.", "The Allow header lists those it does."),
    503: ("busy", "The database is busy; nothing was changed.", "Try again; Retry-After says when."),
    413: ("bad-request", "The request is too large.", "Send a smaller request."),
}
_OURS = ("our-fault", "Something went wrong on our side; nothing was changed.", "Try again; the log has the rest.")


class ScopeMissing(Exception):
    """The token was not made for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class TooOften(Exception):
    """More requests than a minute allows."""


def problem(
    status: int,
    kind: str,
    what: str,
    *,
    remedy: str = "",
    where: dict[str, Any] | None = None,
    problems: Iterable[dict[str, Any]] = (),
    **more: Any,
) -> HttpResponse:
    """One problem; `problems` are the single ones where there are several."""
    body = {
        "type": f"urn:tenfold:problem:{kind}",
        "title": TITLES[kind],
        "status": status,
        "detail": f"{what} {remedy}".strip(),
        "what": what,
        "where": where or {},
        "remedy": remedy,
        "problems": list(problems),
        **more,
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="tenfold"'
    return response


def of_user_error(error: UserError, *, status: int = 422, kind: str = "unusable-input", **more: Any) -> HttpResponse:
    several = error.problems if isinstance(error, InputProblems) else []
    return problem(
        status,
        kind,
        error.what,
        remedy=error.remedy,
        where=_where(error),
        problems=[{"what": one.what, "remedy": one.remedy, "where": _where(one)} for one in several],
        **more,
    )


def install(api: NinjaAPI) -> None:
    """Every exception that an operation may raise, as a problem."""
    told: dict[type[Exception], Callable[[Any], HttpResponse]] = {
        EditConflict: _edit_conflict,
        KeyUsedForAnother: lambda error: of_user_error(error, status=409, kind="key-reused"),
        UserError: of_user_error,
        NotAllowed: lambda _: by_status(403),
        Http404: lambda _: by_status(404),
        AuthenticationError: lambda _: by_status(401),
        ScopeMissing: _scope_missing,
        TooOften: _too_often,
        ValidationError: _invalid,
        HttpError: lambda error: by_status(error.status_code),
    }
    for kind, tell in told.items():
        api.add_exception_handler(kind, _handler(tell))


def _handler(tell: Callable[[Any], HttpResponse]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda _request, error: tell(error)


def by_status(status: int) -> HttpResponse:
    kind, what, remedy = _BY_STATUS.get(status, _BY_STATUS[400] if status < 500 else _OURS)
    return problem(status, kind, what, remedy=remedy)


def problems_for_programs(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what fails under the API's root before or after an operation is a problem, too, not a page."""

    def ask(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        ours = response.headers.get("Content-Type", "") == MEDIA_TYPE
        if response.status_code < 400 or ours or not request.path.startswith(ROOT):
            return response
        told = by_status(response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                told[name] = response[name]
        return told

    return ask


def _edit_conflict(error: EditConflict) -> HttpResponse:
    latest = error.latest_number
    return problem(
        409,
        "version-conflict",
        f"Version {latest} was saved since; nothing of yours was written.",
        remedy=f"Read the plan again, and send your change with base_version {latest}.",
        where={"field": "base_version"},
        latest_version=latest,
    )


def _scope_missing(error: ScopeMissing) -> HttpResponse:
    return problem(
        403, "scope-missing", f"This token lacks the scope {error.scope}.", remedy="Make a token that has it."
    )


def _too_often(_error: TooOften) -> HttpResponse:
    response = problem(429, "too-often", "Too many requests.", remedy="Wait a minute; Retry-After says how long.")
    response["Retry-After"] = "60"
    return response


def _invalid(error: ValidationError) -> HttpResponse:
    found = [_one_invalid(item) for item in error.errors]
    first = found[0]
    return problem(
        422, "unusable-input", first["what"], remedy=first["remedy"], where=first["where"], problems=found[:50]
    )


def _one_invalid(item: dict[str, Any]) -> dict[str, Any]:
    source, *path = (str(step) for step in item["loc"])
    steps = path[1:] if source == "body" and len(path) > 1 else path
    words = item["msg"].removeprefix("Value error, ")
    return {
        "what": words[:1].upper() + words[1:].rstrip(".") + ".",
        "remedy": "The OpenAPI document says what is taken: /api/v1/openapi.json.",
        "where": {"in": source, "field": ".".join(steps)},
    }


def _where(error: UserError) -> dict[str, Any]:
    place = error.place
    known = {"field": place.field, "line": place.line, "column": place.column}
    return {name: value for name, value in known.items() if value is not None}
