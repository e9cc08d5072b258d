"""Identity providers, whom they may vouch for, and what an organisation demands of its members' sessions."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenfold.apps.accounts.models import AccountEvent, ExternalIdentity, IdentityProvider
from tenfold.apps.accounts.services.groups import apply_groups, groups_of
from tenfold.apps.accounts.services.oidc import Vouched, discover
from tenfold.apps.accounts.services.people import join, new_user, open_invitation
from tenfold.core.json_service import JsonService
from tenfold.core.models import Membership, Organisation, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

BY = "single sign-on"


class SignInRefused(UserError):
    """The provider vouched for somebody who does not come in by that."""


def add_provider(
    *,
    organisation: Organisation,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str,
    groups_claim: str,
    default_role: str,
    by: User,
    now: datetime,
    service: JsonService | None = None,
) -> IdentityProvider:
    """Adds a provider once its discovery document was read and says that it is this issuer.

    Raises:
        NotAllowed: only administrators do this.
        UserError: it was not reached, calls itself otherwise, or is here already.
    """
    require(by, "organisation.manage", organisation)
    if IdentityProvider.objects.filter(organisation=organisation, issuer=issuer).exists():
        raise UserError("This provider is here already.", remedy="Change it in the list.")
    discover(issuer, service=service or JsonService())
    with transaction.atomic():
        provider = IdentityProvider.objects.create(
            organisation=organisation,
            name=name,
            issuer=issuer,
            client_id=client_id,
            client_secret=client_secret,
            groups_claim=groups_claim,
            default_role=default_role,
            created_at=now,
        )
        data = {"name": name, "issuer": issuer, "default_role": default_role}
        record(kind=AccountEvent.PROVIDER_ADDED, by=by, of=provider, now=now, data=data)
    return provider


@transaction.atomic
def change_provider(
    *,
    provider: IdentityProvider,
    name: str,
    client_id: str,
    client_secret: str,
    groups_claim: str,
    default_role: str,
    by: User,
    now: datetime,
) -> None:
    """Everything but the issuer; an empty secret keeps the one that is held."""
    require(by, "organisation.manage", provider)
    provider.name, provider.client_id, provider.groups_claim = name, client_id, groups_claim
    provider.default_role = default_role
    provider.client_secret = client_secret or provider.client_secret
    provider.save()
    data = {"name": name, "default_role": default_role, "new_secret": bool(client_secret)}
    record(kind=AccountEvent.PROVIDER_CHANGED, by=by, of=provider, now=now, data=data)


@transaction.atomic
def remove_provider(*, provider: IdentityProvider, by: User, now: datetime) -> None:
    """Takes a provider away, with what it knew of people; they sign in otherwise.

    Raises:
        NotAllowed: only administrators do this.
        UserError: the organisation lets people in by single sign-on only, and this is its last provider.
    """
    require(by, "organisation.manage", provider)
    others = IdentityProvider.objects.filter(organisation=provider.organisation).exclude(pk=provider.pk)
    if provider.organisation.single_sign_on_only and not others.exists():
        raise UserError("No one could sign in without it.", remedy="Allow other ways of signing in first.")
    data = {"name": provider.name, "issuer": provider.issuer}
    record(kind=AccountEvent.PROVIDER_REMOVED, by=by, of=provider, now=now, data=data)
    provider.delete()


@transaction.atomic
def set_sign_in_policy(
    *,
    organisation: Organisation,
    single_sign_on_only: bool,
    second_factor: str,
    by: User | str,
    now: datetime,
    came_by_provider: bool = False,
) -> None:
    """What every session of a member must show.

    `came_by_provider`: whether whoever asks is signed in by the organisation's own provider: the proof that it works.

    Raises:
        NotAllowed: only administrators do this, and the operator (`by` a text).
        UserError: single sign-on is demanded by somebody who did not come in by it.
    """
    if isinstance(by, User):
        require(by, "organisation.manage", organisation)
    if single_sign_on_only and not organisation.single_sign_on_only and not came_by_provider:
        raise UserError(
            "Sign in through your provider yourself first: that shows that it works.",
            remedy="Then choose single sign-on only, and nobody is locked out.",
        )
    before = {"single_sign_on_only": organisation.single_sign_on_only, "second_factor": organisation.second_factor}
    after = {"single_sign_on_only": single_sign_on_only, "second_factor": second_factor}
    organisation.single_sign_on_only, organisation.second_factor = single_sign_on_only, second_factor
    organisation.save(update_fields=["single_sign_on_only", "second_factor"])
    data = {"before": before, "after": after}
    record(kind=AccountEvent.SIGN_IN_POLICY_CHANGED, by=by, of=organisation, now=now, data=data)


def person_for(
    *,
    provider: IdentityProvider,
    vouched: Vouched,
    now: datetime,
    invitation: str = "",
    connecting: User | None = None,
) -> User:
    """Who comes in: known by issuer and subject, else linked now where that takes nobody's account away.

    `invitation` is the token of an open invitation that this browser holds; `connecting` who is signed in here by means
    of their own, and asks to sign in this way as well.

    Raises:
        SignInRefused: nobody comes in by this; it is in the trail with its reason.
    """
    try:
        user = _admit(provider, vouched, invitation, connecting, now)
        _require_membership(provider, user)
    except SignInRefused as refused:
        data = {"reason": refused.what, "subject": vouched.subject, "email": vouched.email}
        record(kind=AccountEvent.SIGN_IN_REFUSED, by=BY, of=provider, now=now, data=data)
        raise
    return user


@transaction.atomic
def unlink_identity(*, identity: ExternalIdentity, by: User, now: datetime) -> None:
    """Whoever it is, or an administrator, takes a way of signing in away."""
    if identity.user_id != by.pk:
        require(by, "organisation.manage", identity.provider)
    elif not by.has_usable_password():
        raise UserError(
            "You could not sign in afterwards.", remedy="Choose a password first, by “Forgotten your password?”."
        )
    data = {"person": identity.user.email, "issuer": identity.issuer, "subject": identity.subject}
    record(kind=AccountEvent.IDENTITY_UNLINKED, by=by, of=identity.provider, now=now, data=data)
    identity.delete()


@transaction.atomic
def _admit(
    provider: IdentityProvider, vouched: Vouched, invitation: str, connecting: User | None, now: datetime
) -> User:
    """Who it is. What their groups change stands, also where they have no role any more and are refused."""
    known = (
        ExternalIdentity.objects.select_related("user")
        .filter(provider=provider, issuer=vouched.issuer, subject=vouched.subject)
        .first()
    )
    if known is not None and connecting is not None and known.user_id != connecting.pk:
        raise SignInRefused("This sign-in belongs to another account here.", remedy="Sign out, then sign in with it.")
    user = known.user if known else _newly_linked(provider, vouched, invitation, connecting, now)
    if not user.is_active:
        raise SignInRefused("This account is closed.", remedy="Ask your administrator.")
    if known is not None:
        known.used_at = now
        known.save(update_fields=["used_at"])
    if vouched.groups is not None:
        _apply(provider, user, vouched.groups, now)
    return user


def _require_membership(provider: IdentityProvider, user: User) -> None:
    if not Membership.objects.filter(organisation=provider.organisation, user=user).exists():
        raise SignInRefused(f"You have no role at {provider.organisation}.", remedy="Ask your administrator.")


def _newly_linked(
    provider: IdentityProvider, vouched: Vouched, invitation: str, connecting: User | None, now: datetime
) -> User:
    if connecting is not None:
        _require_membership(provider, connecting)
        return _link(provider, vouched, connecting, now)
    invited = open_invitation(token=invitation, now=now) if invitation else None
    if invited is not None and invited.organisation_id == provider.organisation_id:
        if User.objects.filter(email__iexact=invited.email).exists():
            raise SignInRefused("There is an account for this address.", remedy="Sign in to it first, then connect.")
        user = new_user(name=vouched.name or invited.email.partition("@")[0], email=invited.email, password=None)
        join(token=invitation, user=user, now=now)
        return _link(provider, vouched, user, now)
    if not vouched.email or not vouched.is_email_verified:
        raise SignInRefused(
            "Your provider has not verified your e-mail address.",
            remedy="Open your invitation, or sign in with your password, and connect the two there.",
        )
    return _link(provider, vouched, _by_verified_address(provider, vouched, now), now)


def _by_verified_address(provider: IdentityProvider, vouched: Vouched, now: datetime) -> User:
    """An account that is this organisation's alone, or a new one. No provider opens an account that others trust."""
    user = User.objects.filter(email__iexact=vouched.email).first()
    if user is not None:
        homes = set(user.memberships.values_list("organisation_id", flat=True))
        if homes != {provider.organisation_id}:
            raise SignInRefused(
                "There is an account for this address that this provider does not decide on.",
                remedy="Sign in to it first, then connect the two under “Your account”.",
            )
        return user
    user = new_user(name=vouched.name or vouched.email.partition("@")[0], email=vouched.email, password=None)
    if _apply(provider, user, vouched.groups or (), now) is None:
        raise SignInRefused("None of your groups has a role here.", remedy="Ask your administrator.")
    return user


def _apply(provider: IdentityProvider, user: User, groups: tuple[str, ...], now: datetime) -> Membership | None:
    return apply_groups(
        organisation=provider.organisation,
        user=user,
        groups={*groups, *groups_of(provider.organisation, user)},
        default_role=provider.default_role,
        by=f"{BY}, {provider.name}",
        now=now,
    )


def _link(provider: IdentityProvider, vouched: Vouched, user: User, now: datetime) -> User:
    if ExternalIdentity.objects.filter(provider=provider, user=user).exists():
        raise SignInRefused(
            "Your account is connected to another person of this provider.",
            remedy="Disconnect that one first, under “Your account”.",
        )
    ExternalIdentity.objects.create(
        provider=provider, issuer=vouched.issuer, subject=vouched.subject, user=user, linked_at=now, used_at=now
    )
    data = {"person": user.email, "issuer": vouched.issuer, "subject": vouched.subject}
    record(kind=AccountEvent.IDENTITY_LINKED, by=user, of=provider, now=now, data=data)
    return user
