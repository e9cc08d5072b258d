"""The page of one's API tokens."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tenfold.apps.accounts.forms.tokens import NewToken
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.models.api import ApiToken
from tenfold.core.permissions import may, require
from tenfold.core.scopes import Scope
from tenfold.core.services import api as services
from tenfold.kit.errors import UserError


@never_cache
@rate_limit(60, per_minutes=1)
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens here, and for administrators everyone's; a new one is shown once."""
    organisation, user = require_organisation(request), signed_in(request)
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
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    token = get_object_or_404(ApiToken.objects.visible_to(user).select_related("user", "organisation"), pk=pk)
    services.revoke_token(token=token, by=user, now=timezone.now())
    messages.success(request, f"The token “{token.name}” is closed; whatever uses it is turned away from now on.")
    return redirect("api-tokens")


def _scopes() -> dict[str, str]:
    return {scope.value: scope.words for scope in Scope}
