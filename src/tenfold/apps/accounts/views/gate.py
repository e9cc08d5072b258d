"""The gate before every page: what organisations demand of their members' sessions, and the note of each session.

A person sees all their organisations in one session, so a session shows what each of them demands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from tenfold.apps.accounts.models import IdentityProvider
from tenfold.apps.accounts.services.sessions import NOTED_EVERY, note_session
from tenfold.apps.accounts.views.proofs import (
    lacks_proof_of_own,
    lacks_second_factor,
    lacks_single_sign_on,
    method_of,
)
from tenfold.core.http.browsers import browser_words
from tenfold.core.http.middleware import PUBLIC
from tenfold.core.models import User

Answer = Callable[[HttpRequest], HttpResponse]
NOTED = "noted"
OPEN_ADDRESSES = (
    *PUBLIC,
    "/api/v1/",
    "/scim/",
    "/metrics",
    "/sign-in/",
    "/sign-out/",
    "/password/",
    "/theme/",
    "/help/",
)
"""Answered without a session's proofs: they show nothing of an organisation, or ask for a token."""
ENROLMENT = "/account/second-factor/"


def sign_in_gate(answer: Answer) -> Answer:
    """Leads whoever lacks a proof to the page that asks for it; notes the session of whoever lacks none."""

    def ask(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or request.path.startswith(OPEN_ADDRESSES):
            return answer(request)
        if _lacks_something(request, user):
            return redirect(f"/sign-in/more/?{urlencode({'next': _back(request)})}")
        response = answer(request)
        _note(request)
        return response

    return ask


@login_not_required
@require_GET
def more(request: HttpRequest) -> HttpResponse:
    """Says what is lacking, and leads there."""
    user = request.user
    if not isinstance(user, User):
        return redirect("account_login")
    then = request.GET.get("next", "/")
    then = then if then.startswith("/") and not then.startswith("//") else "/"
    context: dict[str, Any] = {
        "next": then,
        "single_sign_on": lacks_single_sign_on(request, user),
        "second_factor": lacks_second_factor(request, user),
        "proof_of_own": lacks_proof_of_own(request, user),
        "has_password": user.has_usable_password(),
    }
    if not any(context[lack] for lack in ("single_sign_on", "second_factor", "proof_of_own")):
        return redirect(then)
    if wanted := context["single_sign_on"]:
        context["providers"] = IdentityProvider.objects.filter(organisation=wanted)
    context["factors"] = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return render(request, "accounts/sign_in_more.html", context)


def _lacks_something(request: HttpRequest, user: User) -> bool:
    if lacks_single_sign_on(request, user) or lacks_proof_of_own(request, user):
        return True
    return bool(lacks_second_factor(request, user)) and not request.path.startswith(ENROLMENT)


def _back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else "/"


def _note(request: HttpRequest) -> None:
    """Once in ten minutes, and whenever the session has a new key."""
    user, now = request.user, timezone.now()
    key = request.session.session_key
    if not isinstance(user, User) or not key:
        return
    noted = request.session.get(NOTED) or ["", 0.0]
    if noted[0] == key and now.timestamp() - noted[1] < NOTED_EVERY.total_seconds():
        return
    note_session(
        user=user,
        session_key=key,
        browser=browser_words(request.headers.get("User-Agent", "")),
        address=request.META.get("REMOTE_ADDR") or None,
        method=method_of(request, user),
        now=now,
    )
    request.session[NOTED] = [key, now.timestamp()]
