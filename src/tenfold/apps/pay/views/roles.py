"""The five role pages: the same content as `tenfold pay role`, in the application's frame."""

from __future__ import annotations

from datetime import date

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from tenfold import __version__
from tenfold.catalogue.store import catalogue
from tenfold.core.http.sign_in import own_membership, signed_in
from tenfold.market.model import default_model
from tenfold.practices.pay import page

KEPT_S = 24 * 3600


@require_GET
def role(request: HttpRequest, role: str) -> HttpResponse:
    if role not in page.ROLES:
        raise Http404
    signed_in(request)
    own = own_membership(request)
    names = catalogue().roles
    context = {
        "role": names[role],
        "roles": [names[each] for each in page.ROLES],
        "model": default_model(),
        "body": body_of(role, reverse("new-pay-upload") if own and own.sees_pay else "", as_of=timezone.localdate()),
    }
    return render(request, "pay/role_page.html", context)


def body_of(role: str, help_link: str, *, as_of: date) -> SafeString:
    """The page's body, drawn once a day for each model."""
    key = f"pay-role:{role}:{as_of}:{default_model().snapshot}:{__version__}:{help_link}"
    kept: str | None = caches["local"].get(key)
    if kept is None:
        kept = str(page.body(page.role_page(role, as_of=as_of), help_link=help_link))
        caches["local"].set(key, kept, KEPT_S)
    return SafeString(kept)
