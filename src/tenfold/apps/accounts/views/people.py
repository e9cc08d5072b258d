"""The start, invitations, people."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tenfold.apps.accounts import services as people
from tenfold.apps.accounts.forms.people import ChangeMember, FirstAdministrator, InvitePerson, NewPassword
from tenfold.apps.accounts.models import IdentityProvider, Invitation
from tenfold.apps.accounts.views.sign_in import INVITED
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.middleware import ORGANISATION
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.models import Membership, Organisation, User
from tenfold.core.permissions import require
from tenfold.core.tokens import new_token
from tenfold.kit.errors import UserError

START_SALT = "tenfold.start"
START_LASTS = timedelta(days=1)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ENTRIES_ON_A_PAGE = 50


def start_token(user_id: str = "") -> str:
    """For the link that the server prints: makes the first administrator, or signs in the person of the example.

    It works once, for a day.
    """
    return signing.dumps([user_id, new_token()], salt=START_SALT)


@login_not_required
@rate_limit(30, per_minutes=1)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponse:
    """The first page of all. The token comes from the server's own output, so it is the operator who stands here."""
    try:
        person, _ = signing.loads(token, salt=START_SALT, max_age=START_LASTS)
    except signing.BadSignature:
        raise Http404 from None
    if person:
        return _sign_in_example(request, person, token)
    if User.objects.filter(is_example=False).exists():
        return redirect("account_login")
    if people.is_used_link(token):
        return _link_used(request)
    form = FirstAdministrator(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not people.use_link(token=token, lasts=START_LASTS, now=timezone.now()):
            return _link_used(request)
        given = form.cleaned_data
        user = people.make_first_administrator(**given, now=timezone.now())
        _sign_in(request, user)
        return redirect("plans")
    return render(request, "accounts/start.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@rate_limit(30, per_minutes=1)
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    found = people.open_invitation(token=token, now=now)
    if found is None:
        return render(request, "accounts/invitation_closed.html", status=410)
    has_account = User.objects.filter(email__iexact=found.email).exists()
    if has_account:
        return _join(request, token, found)
    request.session[INVITED] = token
    form = NewPassword(request.POST or None, initial={"email": found.email})
    if request.method == "POST" and form.is_valid():
        member = people.accept_invitation(token=token, now=now, **form.cleaned_data)
        _sign_in(request, member.user)
        return redirect("plans")
    providers = IdentityProvider.objects.filter(organisation=found.organisation)
    context = {"form": form, "invitation": found, "providers": providers}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def _join(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    user = request.user
    if isinstance(user, User) and user.email.lower() == found.email.lower():
        people.join(token=token, user=user, now=timezone.now())
        request.session[ORGANISATION] = str(found.organisation_id)
        return redirect("plans")
    return render(request, "accounts/invitation_sign_in.html", {"invitation": found})


@require_http_methods(["GET", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """Who is here; administrators invite."""
    organisation = require_organisation(request)
    user = signed_in(request)
    form, link = InvitePerson(request.POST or None), ""
    if request.method == "POST":
        require(user, "organisation.manage", organisation)
        if form.is_valid():
            try:
                invited = people.invite(organisation=organisation, by=user, now=timezone.now(), **form.cleaned_data)
            except UserError as error:
                form.add_error("email", f"{error.what} {error.remedy}")
            else:
                link = request.build_absolute_uri(f"/invitation/{invited.token}/")
                form = InvitePerson()
    context = {
        "members": Membership.objects.visible_to(user).filter(organisation=organisation).select_related("user"),
        "invitations": Invitation.objects.visible_to(user).filter(organisation=organisation).open_at(timezone.now()),
        "form": form,
        "link": link,
        "roles": ChangeMember().fields["role"].choices,  # type: ignore[attr-defined]  # a choice field has choices
    }
    return render(request, "accounts/members.html", context, status=422 if form.errors else 200)


@require_POST
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a person's role, or takes the person out."""
    user = signed_in(request)
    own = get_object_or_404(Membership.objects.visible_to(user).select_related("user", "organisation"), pk=pk)
    require(user, "organisation.manage", own)
    form = ChangeMember(request.POST)
    try:
        if request.POST.get("do") == "remove":
            people.remove_member(membership=own, by=user, now=timezone.now())
            messages.success(request, f"{own.user} is no longer a member.")
        elif form.is_valid():
            people.change_membership(membership=own, by=user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, f"{own.user} is changed.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("members")


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    require(user, "organisation.manage", require_organisation(request))
    found = get_object_or_404(Invitation.objects.visible_to(user), pk=pk)
    people.withdraw_invitation(invitation=found, by=user, now=timezone.now())
    messages.success(request, f"The invitation to {found.email} is withdrawn.")
    return redirect("members")


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Shows another of the user's organisations."""
    try:
        asked_for = uuid.UUID(request.POST.get("organisation", ""))
    except ValueError:
        raise Http404 from None
    chosen = get_object_or_404(Organisation.objects.visible_to(request.user), pk=asked_for)
    request.session[ORGANISATION] = str(chosen.pk)
    return redirect("plans")


@require_POST
def remove_example(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    organisation = require_organisation(request)
    try:
        founded = people.remove_example(organisation=organisation, by=user, now=timezone.now())
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
        return redirect("plans")
    request.session.pop(ORGANISATION, None)
    if not User.objects.filter(pk=user.pk).exists():
        request.session.flush()
        if founded is None:
            return redirect("start", token=start_token())
        first = founded.memberships.select_related("user").earliest("pk").user
        messages.success(request, f"The example is gone. {first} is now the administrator of “{founded}”; sign in.")
        return redirect("account_login")
    messages.success(request, "The example company is gone, with everything in it.")
    return redirect("plans")


def _sign_in(request: HttpRequest, user: User) -> None:
    login(request, user, backend=BACKEND)


def _link_used(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/start_used.html", status=410)


def _sign_in_example(request: HttpRequest, person: str, token: str) -> HttpResponse:
    """The link that the demonstration prints; it opens the example and nothing else, for the browser that comes first.

    That browser may follow it again while it is signed in.
    """
    user = get_object_or_404(User, pk=person, is_example=True, is_active=True)
    if request.user == user:
        return redirect("front")
    if not people.use_link(token=token, lasts=START_LASTS, now=timezone.now()):
        return _link_used(request)
    login(request, user, backend=BACKEND)
    return redirect("front")
