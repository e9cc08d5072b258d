"""One's own account: second factors, connected providers, browsers that are signed in."""

from __future__ import annotations

import uuid

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tenfold.apps.accounts.models import ExternalIdentity, IdentityProvider, OpenSession
from tenfold.apps.accounts.services.sessions import end_sessions, open_sessions
from tenfold.apps.accounts.services.sign_in import unlink_identity
from tenfold.core.http.sign_in import signed_in
from tenfold.core.models import User
from tenfold.kit.errors import UserError


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """How one signs in, and where one is signed in."""
    user = signed_in(request)
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    context = {
        "passkeys": [one.wrap() for one in factors if one.type == Authenticator.Type.WEBAUTHN],
        "code": next((one for one in factors if one.type == Authenticator.Type.TOTP), None),
        "recovery": next((one.wrap() for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None),
        "identities": ExternalIdentity.objects.filter(user=user).select_related("provider__organisation"),
        "providers": _not_connected(user),
        "sessions": open_sessions(user=user, now=timezone.now()),
        "this_session": request.session.session_key,
    }
    return render(request, "accounts/account.html", context)


@require_POST
def end_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(OpenSession.objects.visible_to(user), pk=pk)
    end_sessions(of=user, sessions=[found], by=user, now=timezone.now())
    messages.success(request, f"{found.browser} is signed out.")
    return redirect("mfa_index")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    others = OpenSession.objects.visible_to(user).exclude(session_key=request.session.session_key)
    ended = end_sessions(of=user, sessions=others, by=user, now=timezone.now())
    messages.success(request, f"Signed out everywhere else ({ended}).")
    return redirect("mfa_index")


@require_POST
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    identity = get_object_or_404(ExternalIdentity.objects.visible_to(user).select_related("provider", "user"), pk=pk)
    try:
        unlink_identity(identity=identity, by=user, now=timezone.now())
        messages.success(request, f"{identity.user} no longer signs in by {identity.provider}.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("mfa_index")


def _not_connected(user: User) -> list[IdentityProvider]:
    held = ExternalIdentity.objects.filter(user=user).values("provider_id")
    own = IdentityProvider.objects.filter(organisation__memberships__user=user).exclude(pk__in=held)
    return list(own.select_related("organisation"))
