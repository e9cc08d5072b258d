"""Signing in at an organisation's identity provider."""

from __future__ import annotations

import uuid

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tenfold.apps.accounts.models import IdentityProvider
from tenfold.apps.accounts.services.oidc import Begun, Client, address_to_sign_in, begin, complete, discover
from tenfold.apps.accounts.services.sign_in import person_for
from tenfold.apps.accounts.views.proofs import has_proof_of_own, note_vouched
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.middleware import ORGANISATION
from tenfold.core.json_service import JsonService
from tenfold.core.models import User
from tenfold.kit.errors import UserError

UNDER_WAY, INVITED = "sign_in_under_way", "invited"
"""Session keys: a sign-in that this browser began, and the invitation that it holds."""
LASTS_S = 600


@login_not_required
@never_cache
@rate_limit(30, per_minutes=1)
@require_POST
def begin_at_provider(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Sends the browser to the provider. By POST alone: no other site starts a sign-in here."""
    provider = get_object_or_404(IdentityProvider.objects.select_related("organisation"), pk=pk)
    try:
        endpoints = discover(provider.issuer, service=JsonService())
    except UserError as error:
        return _refuse(request, provider, error, status=502)
    begun, client = begin(), _client(request, provider)
    request.session[UNDER_WAY] = {
        "provider": str(provider.pk),
        "at": timezone.now().timestamp(),
        "next": request.POST.get("next", ""),
        **begun.to_dict(),
    }
    # A page that leads on, not a redirect: browsers hold a form's redirects to `form-action 'self'` as well.
    there = address_to_sign_in(client, endpoints, begun)
    return render(request, "accounts/sign_in_leaving.html", {"provider": provider, "there": there})


@login_not_required
@never_cache
@rate_limit(30, per_minutes=1)
@require_GET
def return_from_provider(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where the provider sends the browser back to; each beginning is answered once."""
    provider = get_object_or_404(IdentityProvider.objects.select_related("organisation"), pk=pk)
    under_way = request.session.pop(UNDER_WAY, None)
    if not _is_open(under_way, provider):
        return _refuse(request, provider, UserError("No sign-in was under way here.", remedy="Start again."))
    begun = Begun(under_way["state"], under_way["nonce"], under_way["verifier"])
    service = JsonService()
    here = request.user if isinstance(request.user, User) else None
    try:
        vouched = complete(
            _client(request, provider),
            discover(provider.issuer, service=service),
            begun,
            {name: value for name, value in request.GET.items() if isinstance(value, str)},
            groups_claim=provider.groups_claim,
            service=service,
        )
        user = person_for(
            provider=provider,
            vouched=vouched,
            now=timezone.now(),
            invitation=request.session.get(INVITED, ""),
            connecting=here if here and has_proof_of_own(request, here) else None,
        )
    except UserError as error:
        return _refuse(request, provider, error)
    request.session.pop(INVITED, None)
    then = _then(request, under_way["next"])
    if here is not None and here == user:
        note_vouched(request, user, provider.organisation, second_factor=vouched.used_second_factor)
        messages.success(request, f"You are signed in by {provider.name} as well.")
        return redirect(then or reverse("mfa_index"))
    if here is not None:
        request.session.flush()
    note_vouched(request, user, provider.organisation, second_factor=vouched.used_second_factor)
    request.session[ORGANISATION] = str(provider.organisation_id)
    response: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url=then or reverse("plans")
    )
    return response


def _client(request: HttpRequest, provider: IdentityProvider) -> Client:
    return Client(
        issuer=provider.issuer,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        redirect_uri=request.build_absolute_uri(reverse("return-from-provider", args=[provider.pk])),
    )


def _is_open(under_way: dict[str, str] | None, provider: IdentityProvider) -> bool:
    return (
        under_way is not None
        and under_way["provider"] == str(provider.pk)
        and timezone.now().timestamp() - float(under_way["at"]) <= LASTS_S
    )


def _then(request: HttpRequest, asked: str) -> str:
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if safe else ""


def _refuse(request: HttpRequest, provider: IdentityProvider, error: UserError, *, status: int = 403) -> HttpResponse:
    return render(request, "accounts/sign_in_refused.html", {"provider": provider, "error": error}, status=status)
