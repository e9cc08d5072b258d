"""How an organisation's people sign in: providers, demands, what groups mean, the directory's tokens."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.accounts.forms.sign_in import ChangeProvider, Demands, GroupMeaning, NewDirectoryToken, NewProvider
from tenfold.apps.accounts.models import DirectoryPerson, DirectoryToken, GroupRole, IdentityProvider
from tenfold.apps.accounts.services import directory_tokens, groups, sign_in
from tenfold.apps.accounts.views.proofs import is_vouched_by
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require
from tenfold.kit.errors import UserError


@never_cache
@require_GET
def policy(request: HttpRequest) -> HttpResponse:
    """Everything on one page; each part is changed by its own address."""
    return _page(request, _own_organisation(request))


@require_POST
def set_demands(request: HttpRequest) -> HttpResponse:
    organisation, user = _own_organisation(request), signed_in(request)
    form = Demands(request.POST)
    if form.is_valid():
        came = is_vouched_by(request, user, organisation.pk)
        _try(
            request,
            lambda: sign_in.set_sign_in_policy(
                organisation=organisation, by=user, now=timezone.now(), came_by_provider=came, **form.cleaned_data
            ),
            "The requirements are saved and apply from the next page.",
        )
    return redirect("sign-in-policy")


@rate_limit(20, per_minutes=1)
@require_POST
def add_provider(request: HttpRequest) -> HttpResponse:
    organisation, user = _own_organisation(request), signed_in(request)
    form = NewProvider(request.POST)
    if form.is_valid():
        try:
            sign_in.add_provider(organisation=organisation, by=user, now=timezone.now(), **form.cleaned_data)
        except UserError as error:
            form.add_error("issuer", f"{error.what} {error.remedy}".strip())
        else:
            messages.success(request, "The provider is added. Sign in with it once yourself.")
            return redirect("sign-in-policy")
    return _page(request, organisation, new_provider=form)


@never_cache
@require_http_methods(["GET", "POST"])
def provider(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Changes one provider, or takes it away."""
    user = signed_in(request)
    found = get_object_or_404(IdentityProvider.objects.visible_to(user).select_related("organisation"), pk=pk)
    if request.POST.get("do") == "remove":
        return _remove(request, found, user)
    held = {name: getattr(found, name) for name in ("name", "client_id", "groups_claim", "default_role")}
    form = ChangeProvider(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        sign_in.change_provider(provider=found, by=user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, f"{found.name} is changed.")
        return redirect("sign-in-policy")
    back = request.build_absolute_uri(f"/sign-in/with/{found.pk}/back/")
    context = {"provider": found, "form": form, "back": back, "people": found.identities.count()}
    return render(request, "accounts/provider.html", context, status=422 if form.errors else 200)


@require_POST
def set_group(request: HttpRequest) -> HttpResponse:
    organisation, user = _own_organisation(request), signed_in(request)
    form = GroupMeaning(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        _try(
            request,
            lambda: groups.set_group_role(organisation=organisation, by=user, now=timezone.now(), **given),
            f"“{given['group']}” applies from the next sign-in.",
        )
        return redirect("sign-in-policy")
    return _page(request, organisation, new_group=form)


@require_POST
def remove_group(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(GroupRole.objects.visible_to(user), pk=pk)
    groups.remove_group_role(group_role=found, by=user, now=timezone.now())
    messages.success(request, f"“{found.group}” no longer gives a role here.")
    return redirect("sign-in-policy")


@never_cache
@rate_limit(20, per_minutes=1)
@require_POST
def make_directory_token(request: HttpRequest) -> HttpResponse:
    """Makes a token and shows it once."""
    organisation, user = _own_organisation(request), signed_in(request)
    form = NewDirectoryToken(request.POST)
    if not form.is_valid():
        return _page(request, organisation, new_token=form)
    made = directory_tokens.make_directory_token(
        organisation=organisation,
        default_role=form.cleaned_data["default_role"],
        lasts=timedelta(days=form.cleaned_data["days"]),
        by=user,
        now=timezone.now(),
    )
    return _page(request, organisation, made=made)


@require_POST
def revoke_directory_token(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(DirectoryToken.objects.visible_to(user), pk=pk)
    directory_tokens.revoke_directory_token(token=found, by=user, now=timezone.now())
    messages.success(request, f"The token {found.hint}… is closed.")
    return redirect("sign-in-policy")


def _own_organisation(request: HttpRequest) -> Organisation:
    organisation = require_organisation(request)
    require(signed_in(request), "organisation.manage", organisation)
    return organisation


def _page(
    request: HttpRequest,
    organisation: Organisation,
    *,
    new_provider: Form | None = None,
    new_group: Form | None = None,
    new_token: Form | None = None,
    made: directory_tokens.MadeDirectoryToken | None = None,
) -> HttpResponse:
    user, now = signed_in(request), timezone.now()
    held = {"single_sign_on_only": organisation.single_sign_on_only, "second_factor": organisation.second_factor}
    given = [form for form in (new_provider, new_group, new_token) if form is not None]
    context: dict[str, Any] = {
        "providers": IdentityProvider.objects.visible_to(user).filter(organisation=organisation),
        "demands": Demands(initial=held),
        "came_by_provider": is_vouched_by(request, user, organisation.pk),
        "group_roles": GroupRole.objects.visible_to(user).filter(organisation=organisation),
        "tokens": DirectoryToken.objects.visible_to(user).filter(organisation=organisation).open_at(now),
        "directory_people": DirectoryPerson.objects.filter(organisation=organisation).count(),
        "new_provider": new_provider or NewProvider(),
        "new_group": new_group or GroupMeaning(),
        "new_token": new_token or NewDirectoryToken(),
        "made": made,
        "scim_address": request.build_absolute_uri("/scim/v2"),
    }
    return render(request, "accounts/sign_in_policy.html", context, status=422 if given else 200)


def _remove(request: HttpRequest, found: IdentityProvider, user: User) -> HttpResponse:
    name = found.name
    _try(
        request,
        lambda: sign_in.remove_provider(provider=found, by=user, now=timezone.now()),
        f"Nobody signs in by {name} any more.",
    )
    return redirect("sign-in-policy")


def _try(request: HttpRequest, change: Callable[[], object], done: str) -> None:
    try:
        change()
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    else:
        messages.success(request, done)
