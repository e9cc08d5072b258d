"""Who is here and for which organisation; pages that set no cookie, and answers that no cache keeps."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse

from tenfold.core.models import Membership, Organisation

Answer = Callable[[HttpRequest], HttpResponse]
ORGANISATION = "organisation"
"""Session key: the organisation that lists show."""
PUBLIC = ("/jobs/", "/healthz", "/static/")
BY_LINK = ("/lab/",)
"""Pages that a signed link opens, for people without an account."""
API = "/api/"


def current_organisation_middleware(answer: Answer) -> Answer:
    """Reads the user's memberships once a request, and sets `request.organisation` to the one chosen or the first."""

    def ask(request: HttpRequest) -> HttpResponse:
        request.organisation = _current(request)  # type: ignore[attr-defined]  # ours, read by `current_organisation`
        return answer(request)

    return ask


def no_cookies_on_public_pages(answer: Answer) -> Answer:
    """Pages for candidates leave nothing behind in their browser."""

    def ask(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.path.startswith(PUBLIC):
            response.cookies.clear()
        return response

    return ask


def link_pages(answer: Answer) -> Answer:
    """What a signed link opens sets no cookie, stays in no cache and tells no other site its address."""

    def ask(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.path.startswith(BY_LINK):
            response.cookies.clear()
            response["Cache-Control"] = "no-store"
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex"
        return response

    return ask


def let_browsers_keep(response: HttpResponse, *, seconds: int) -> HttpResponse:
    """For what is the same for everybody (the catalogue, a schema): the browser may keep it."""
    response["Cache-Control"] = f"private, max-age={seconds}, immutable"
    response.is_of_nobody = True  # type: ignore[attr-defined]
    return response


def nothing_stored_of_people(answer: Answer) -> Answer:
    """What a signed-in person or a program with a token gets stays in no cache and no history on disk."""

    def ask(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if getattr(response, "is_of_nobody", False):
            return response
        if not request.path.startswith(PUBLIC) and (request.path.startswith(API) or _is_signed_in(request)):
            response["Cache-Control"] = "no-store"
        return response

    return ask


def _is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)  # not there where an earlier middleware has answered
    return user is not None and user.is_authenticated


def _current(request: HttpRequest) -> Organisation | None:
    if request.path.startswith((*PUBLIC, *BY_LINK)) or not request.user.is_authenticated:
        return None
    memberships = Prefetch("memberships", Membership.objects.select_related("organisation").order_by("pk"))
    prefetch_related_objects([request.user], memberships)
    own = list(request.user.memberships.all())
    chosen = request.session.get(ORGANISATION)
    return next((m.organisation for m in own if str(m.organisation_id) == chosen), own[0].organisation if own else None)
