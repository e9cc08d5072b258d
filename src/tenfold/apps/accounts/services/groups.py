"""Roles that follow from the groups of an outside directory."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tenfold.apps.accounts.models import AccountEvent, DirectoryGroup, GroupRole
from tenfold.apps.accounts.queries import hash_of_role
from tenfold.apps.accounts.services.people import add_member
from tenfold.core.models import Membership, Organisation, Role, User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

STRONGEST_FIRST = (Role.ADMINISTRATOR, Role.HIRING_MANAGER, Role.RECRUITER, Role.PEOPLE_ANALYST, Role.INTERVIEWER)


@transaction.atomic
def set_group_role(
    *, organisation: Organisation, group: str, role: str, sees_pay: bool, by: User, now: datetime
) -> GroupRole:
    """Says what a group means here, from the next sign-in or message of the directory on.

    Raises:
        NotAllowed: only administrators do this.
        UserError: it would mean nothing.
    """
    require(by, "organisation.manage", organisation)
    if not role and not sees_pay:
        raise UserError("This group would give nothing.", remedy="Choose a role, or access to pay.")
    given, _ = GroupRole.objects.update_or_create(
        organisation=organisation, group=group.strip(), defaults={"role": role, "sees_pay": sees_pay}
    )
    data = {"group": given.group, "role": role, "sees_pay": sees_pay}
    record(kind=AccountEvent.GROUP_ROLE_SET, by=by, of=given, now=now, data=data)
    return given


@transaction.atomic
def remove_group_role(*, group_role: GroupRole, by: User, now: datetime) -> None:
    require(by, "organisation.manage", group_role)
    record(kind=AccountEvent.GROUP_ROLE_REMOVED, by=by, of=group_role, now=now, data={"group": group_role.group})
    group_role.delete()


@transaction.atomic
def apply_groups(
    *, organisation: Organisation, user: User, groups: Collection[str], default_role: str, by: str, now: datetime
) -> Membership | None:
    """Makes somebody's role what their groups say; None where they are no member afterwards.

    A role that was given by hand stays until a group says another one; a role that came from groups ends with them. The
    last administrator stays one.
    """
    meanings = list(GroupRole.objects.filter(organisation=organisation))
    held = [meaning for meaning in meanings if meaning.group in groups]
    said = {meaning.role for meaning in held}
    role = next((one.value for one in STRONGEST_FIRST if one in said), default_role)
    sees_pay = any(meaning.sees_pay for meaning in held)
    own = Membership.objects.select_for_update().filter(organisation=organisation, user=user).first()
    if own is None:
        return _new_member(organisation, user, role, sees_pay=sees_pay, by=by, now=now) if role else None
    if not (said - {""} or own.role_from_groups):
        return own
    if not role:
        return _end(own, by=by, now=now)
    gives_pay = any(meaning.sees_pay for meaning in meanings)
    return _change(own, role, sees_pay=sees_pay if gives_pay else own.sees_pay, by=by, now=now)


def end_membership(*, organisation: Organisation, user: User, by: str, now: datetime) -> None:
    """The directory says that somebody has left. Raises UserError where they are the last administrator."""
    own = Membership.objects.select_for_update().filter(organisation=organisation, user=user).first()
    if own is not None and _end(own, by=by, now=now) is not None:
        raise UserError("This is the last administrator.", remedy="Make someone else an administrator first.")


def groups_of(organisation: Organisation, user: User) -> list[str]:
    """The directory's groups of somebody, by name."""
    held = DirectoryGroup.objects.filter(organisation=organisation, people__user=user)
    return list(held.values_list("name", flat=True))


def is_last_administrator(own: Membership) -> bool:
    others = Membership.objects.filter(organisation_id=own.organisation_id, role=Role.ADMINISTRATOR)
    return own.role == Role.ADMINISTRATOR and not others.exclude(pk=own.pk).exists()


def _new_member(
    organisation: Organisation, user: User, role: str, *, sees_pay: bool, by: str, now: datetime
) -> Membership:
    own = add_member(organisation=organisation, user=user, role=role, sees_pay=sees_pay, by=by, now=now)
    own.role_from_groups = True
    own.save(update_fields=["role_from_groups"])
    return own


def _end(own: Membership, *, by: str, now: datetime) -> Membership | None:
    if is_last_administrator(own):
        return own
    record(kind=AccountEvent.MEMBERSHIP_REMOVED, by=by, of=own, now=now, data={"person": own.user.email})
    own.delete()
    return None


def _change(own: Membership, role: str, *, sees_pay: bool, by: str, now: datetime) -> Membership:
    if role != Role.ADMINISTRATOR and is_last_administrator(own):
        role = own.role
    before = {"role": own.role, "sees_pay": own.sees_pay}
    after = {"role": role, "sees_pay": sees_pay}
    own.role, own.sees_pay, own.role_from_groups = role, sees_pay, True
    own.save(update_fields=["role", "sees_pay", "role_from_groups"])
    if before != after:
        data = {"person": own.user.email, "before": before, "after": after, KEY: hash_of_role(own)}
        record(kind=AccountEvent.MEMBERSHIP_CHANGED, by=by, of=own, now=now, data=data)
    return own
