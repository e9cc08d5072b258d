"""What is answered before a page is asked (a NUL in an address), and where the database cannot answer now."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_AFTER_S = 5
NOT_NOW = (OperationalError, InterfaceError)
"""What databases raise that are locked, full or away."""
Answer = Callable[[HttpRequest], HttpResponse]


def no_nul_in_addresses(answer: Answer) -> Answer:
    """No text that anybody means holds a NUL, and PostgreSQL takes none: 400 before anything reads it."""

    def ask(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "\x00" in unquote(request.META.get("QUERY_STRING", "")):
            return HttpResponse("The address contains a character that is not allowed.", status=400)
        return answer(request)

    return ask


class DatabaseBusy:
    """A database that is locked or away is 503 with Retry-After: nothing was changed, and trying again is right."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse | None:
        return busy() if isinstance(error, NOT_NOW) else None


def busy() -> HttpResponse:
    """The answer while the database is locked or away: a page that needs nothing from it."""
    response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response
