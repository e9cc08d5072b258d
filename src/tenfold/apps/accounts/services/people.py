"""Organisations, members and invitations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tenfold.apps.accounts.models import AccountEvent, Invitation, UsedLink
from tenfold.apps.accounts.queries import hash_of_role
from tenfold.core.models import Membership, Organisation, Role, User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY
from tenfold.core.services.trail import record
from tenfold.core.tokens import hash_of, new_token
from tenfold.kit.errors import UserError

INVITATION_LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation and the token of its link, which is shown once and not kept."""

    invitation: Invitation
    token: str


@transaction.atomic
def found_organisation(
    *, name: str, administrator: User, now: datetime, is_example: bool = False, by: User | str | None = None
) -> Organisation:
    """A new organisation with its first administrator, who sees pay."""
    organisation = Organisation.objects.create(name=name, created_at=now, is_example=is_example)
    Membership.objects.create(
        organisation=organisation, user=administrator, role=Role.ADMINISTRATOR, sees_pay=True, created_at=now
    )
    record(
        kind=AccountEvent.ORGANISATION_FOUNDED, by=by or administrator, of=organisation, now=now, data={"name": name}
    )
    return organisation


@transaction.atomic
def make_first_administrator(*, name: str, email: str, password: str, organisation: str, now: datetime) -> User:
    """The person with whom everything starts.

    Raises:
        UserError: somebody real already exists.
    """
    if User.objects.filter(is_example=False).exists():
        raise UserError("There is an administrator already.", remedy="Sign in, or ask to be invited.")
    user = new_user(name=name, email=email, password=password)
    found_organisation(name=organisation, administrator=user, now=now)
    return user


def new_user(*, name: str, email: str, password: str | None, is_example: bool = False) -> User:
    """A user; without a password nobody can sign in as them by one."""
    user = User(email=email.strip().lower(), name=name.strip(), is_example=is_example)
    user.set_password(password)
    user.save()
    return user


@transaction.atomic
def invite(*, organisation: Organisation, email: str, role: str, sees_pay: bool, by: User, now: datetime) -> Invited:
    """Keeps a place for someone; an earlier open invitation to the same address is withdrawn.

    Raises:
        NotAllowed: only administrators invite.
        UserError: this person is a member already.
    """
    require(by, "organisation.manage", organisation)
    email = email.strip().lower()
    if Membership.objects.filter(organisation=organisation, user__email__iexact=email).exists():
        raise UserError(f"{email} is a member already.", remedy="Change the role in the list of people.")
    earlier = Invitation.objects.filter(organisation=organisation, email=email).open_at(now)
    earlier.update(withdrawn_at=now)
    token = new_token()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=role,
        sees_pay=sees_pay,
        token_hash=hash_of(token),
        invited_by=by,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    data = {"email": email, "role": role, "sees_pay": sees_pay}
    record(kind=AccountEvent.PERSON_INVITED, by=by, of=invitation, now=now, data=data)
    return Invited(invitation, token)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    require(by, "organisation.manage", invitation)
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    record(kind=AccountEvent.INVITATION_WITHDRAWN, by=by, of=invitation, now=now, data={"email": invitation.email})


def open_invitation(*, token: str, now: datetime) -> Invitation | None:
    return Invitation.objects.filter(token_hash=hash_of(token)).open_at(now).select_related("organisation").first()


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, now: datetime) -> Membership:
    """Makes the person a member, and a user where they are none yet.

    Raises:
        UserError: the invitation has expired, was used or withdrawn; or the address has an account and signs in first.
    """
    found = Invitation.objects.select_for_update().filter(token_hash=hash_of(token)).open_at(now).first()
    if found is None:
        raise UserError("This invitation is no longer open.", remedy="Ask whoever invited you for a new one.")
    if User.objects.filter(email__iexact=found.email).exists():
        raise UserError("There is an account for this address.", remedy="Sign in first, then open the link again.")
    return _join(found, new_user(name=name, email=found.email, password=password), now)


@transaction.atomic
def join(*, token: str, user: User, now: datetime) -> Membership:
    """A user who is there already takes up an invitation to their own address.

    Raises:
        UserError: the invitation is not open, or is for another address.
    """
    found = Invitation.objects.select_for_update().filter(token_hash=hash_of(token)).open_at(now).first()
    if found is None or found.email.lower() != user.email.lower():
        raise UserError(
            "This invitation is not open, or is for another address.",
            remedy="Ask for one to the address you sign in with.",
        )
    return _join(found, user, now)


def _join(invitation: Invitation, user: User, now: datetime) -> Membership:
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    member = Membership.objects.create(
        organisation=invitation.organisation,
        user=user,
        role=invitation.role,
        sees_pay=invitation.sees_pay,
        created_at=now,
    )
    data = {"email": user.email, "role": member.role, "sees_pay": member.sees_pay, KEY: hash_of_role(member)}
    record(kind=AccountEvent.PERSON_JOINED, by=user, of=member, now=now, data=data)
    return member


@transaction.atomic
def change_membership(*, membership: Membership, role: str, sees_pay: bool, by: User, now: datetime) -> Membership:
    """Another role, or another right to see pay.

    Raises:
        NotAllowed: only administrators do this.
        UserError: the last administrator would be gone.
    """
    require(by, "organisation.manage", membership)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if role != Role.ADMINISTRATOR:
        _keep_one_administrator(held)
    before = {"role": held.role, "sees_pay": held.sees_pay}
    held.role, held.sees_pay, held.role_from_groups = role, sees_pay, False
    held.save(update_fields=["role", "sees_pay", "role_from_groups"])
    after = {"role": role, "sees_pay": sees_pay}
    record(
        kind=AccountEvent.MEMBERSHIP_CHANGED,
        by=by,
        of=held,
        now=now,
        data={"person": held.user.email, "before": before, "after": after, KEY: hash_of_role(held)},
    )
    return held


@transaction.atomic
def remove_member(*, membership: Membership, by: User, now: datetime) -> None:
    """The person loses access; what they wrote stays.

    Raises:
        NotAllowed: only administrators do this.
        UserError: the last administrator would be gone.
    """
    require(by, "organisation.manage", membership)
    _keep_one_administrator(membership)
    record(kind=AccountEvent.MEMBERSHIP_REMOVED, by=by, of=membership, now=now, data={"person": membership.user.email})
    membership.delete()


@transaction.atomic
def rename_organisation(*, organisation: Organisation, name: str, by: User, now: datetime) -> None:
    require(by, "organisation.manage", organisation)
    before, organisation.name = organisation.name, name
    organisation.save(update_fields=["name"])
    record(
        kind=AccountEvent.ORGANISATION_RENAMED, by=by, of=organisation, now=now, data={"before": before, "after": name}
    )


@transaction.atomic
def remove_example(*, organisation: Organisation, by: User, now: datetime) -> Organisation | None:
    """Takes the invented company away with everything in it, and its invented people. The trail keeps its entries.

    Real people who would belong nowhere then get an organisation of their own, which is the answer: who removed the
    example is its administrator, else whoever joined first.

    Raises:
        NotAllowed: only its administrators do this.
        UserError: it is a real organisation.
    """
    require(by, "organisation.manage", organisation)
    if not organisation.is_example:
        raise UserError("This is not the example company.", remedy="Only the example is removed by a button.")
    people = list(User.objects.filter(memberships__organisation=organisation, is_example=True))
    members = Membership.objects.filter(organisation=organisation, user__is_example=False).select_related("user")
    real = list(members.order_by("created_at", "pk"))
    record(kind=AccountEvent.EXAMPLE_REMOVED, by=by, of=organisation, now=now, data={"name": organisation.name})
    organisation.delete()
    User.objects.filter(pk__in=[person.pk for person in people], memberships=None).delete()
    return _house_who_stays(real, by=by, now=now)


def _house_who_stays(before: list[Membership], *, by: User, now: datetime) -> Organisation | None:
    """An organisation for those who belong to none any more, with the rights that they had."""
    homeless = [own for own in before if not own.user.memberships.exists()]
    if not homeless:
        return None
    first = next((own for own in homeless if own.user_id == by.pk), homeless[0])
    who = by if first.user_id == by.pk else by.email
    founded = found_organisation(name="Your organisation", administrator=first.user, now=now, by=who)
    for own in homeless:
        if own.user_id != first.user_id:
            add_member(organisation=founded, user=own.user, role=own.role, sees_pay=own.sees_pay, by=who, now=now)
    return founded


@transaction.atomic
def record_in_each_organisation(
    kind: AccountEvent, *, person: User, by: User | str, now: datetime, data: Mapping[str, Any] | None = None
) -> None:
    """What concerns a person rather than one organisation is in the trail of each that the person belongs to."""
    for own in person.memberships.select_related("organisation"):
        record(kind=kind, by=by, of=own, now=now, data={"person": person.email, **(data or {})})


@transaction.atomic
def add_member(
    *, organisation: Organisation, user: User, role: str, sees_pay: bool, by: User | str, now: datetime
) -> Membership:
    """Makes a user a member without an invitation: by the operator at the command line, or for the example."""
    member = Membership.objects.create(
        organisation=organisation, user=user, role=role, sees_pay=sees_pay, created_at=now
    )
    data = {"email": user.email, "role": role, "sees_pay": sees_pay, KEY: hash_of_role(member)}
    record(kind=AccountEvent.PERSON_JOINED, by=by, of=member, now=now, data=data)
    return member


@transaction.atomic
def set_password(*, user: User, password: str, by: User | str, now: datetime) -> None:
    """New password, set by the operator; in the trail of each organisation of that person."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record_in_each_organisation(AccountEvent.PASSWORD_SET, person=user, by=by, now=now)


def _keep_one_administrator(leaving: Membership) -> None:
    if leaving.role != Role.ADMINISTRATOR:
        return
    others = Membership.objects.filter(organisation_id=leaving.organisation_id, role=Role.ADMINISTRATOR)
    if not others.exclude(pk=leaving.pk).exists():
        raise UserError("An organisation needs one administrator.", remedy="Make someone else an administrator first.")


@transaction.atomic
def use_link(*, token: str, lasts: timedelta, now: datetime) -> bool:
    """Marks a link of the server's output as used; False where it was used before. Two at once: one of them."""
    UsedLink.objects.filter(used_at__lt=now - 2 * lasts).delete()
    _, is_first = UsedLink.objects.get_or_create(token_hash=hash_of(token), defaults={"used_at": now})
    return is_first


def is_used_link(token: str) -> bool:
    return UsedLink.objects.filter(token_hash=hash_of(token)).exists()
