"""Keys by which other hiring systems order labs for a role's team."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenfold.apps.candidates.queries.mailtext import site_url
from tenfold.apps.candidates.views.access import role_for
from tenfold.apps.labroom.models import PartnerKey, System
from tenfold.apps.labroom.services import partners
from tenfold.core.http.sign_in import signed_in
from tenfold.core.permissions import require
from tenfold.kit.errors import UserError


@never_cache
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The keys there are, and a new one, which is shown once."""
    role, user = role_for(request, pk, "role.run"), signed_in(request)
    require(user, "webhook.manage", role.organisation)
    problem, secret = "", ""
    rows = PartnerKey.objects.visible_to(user).filter(team=role.team, removed_at=None)
    if request.method == "POST" and (given := request.POST.get("remove", "")):
        found = get_object_or_404(rows, pk=_uuid(given))
        partners.remove_key(key=found, by=user, now=timezone.now())
        return redirect("lab-partner-keys", pk=pk)
    if request.method == "POST":
        system, theirs = request.POST.get("system", ""), request.POST.get("their_key", "")
        try:
            _, secret = partners.make_key(team=role.team, system=system, their_key=theirs, by=user, now=timezone.now())
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    context = {
        "role": role,
        "tab": "labs",
        "may_run": True,
        "keys": rows,
        "systems": System.choices,
        "secret": secret,
        "address": site_url() + "/partners/",
        "problem": problem,
    }
    return render(request, "labroom/partner_keys.html", context, status=422 if problem else 200)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
