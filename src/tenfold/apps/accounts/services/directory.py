"""What an organisation's directory does here over SCIM: people come, change and leave; groups give roles."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from scim2_models import InvalidValueException, UniquenessException

from tenfold.apps.accounts.models import AccountEvent, DirectoryGroup, DirectoryPerson, ExternalIdentity
from tenfold.apps.accounts.services.directory_resources import Group, address_of, kept_of, name_of
from tenfold.apps.accounts.services.directory_resources import User as ScimUser
from tenfold.apps.accounts.services.directory_tokens import Directory
from tenfold.apps.accounts.services.groups import apply_groups, end_membership, groups_of
from tenfold.apps.accounts.services.people import new_user
from tenfold.apps.accounts.services.sessions import end_every_session
from tenfold.core.models import ApiToken, User
from tenfold.core.services.trail import record


@transaction.atomic
def add_person(*, directory: Directory, given: ScimUser, now: datetime) -> DirectoryPerson:
    """A person with an account, and a membership where the groups or the default give a role.

    Raises:
        UniquenessException: the user name, or the address, is taken.
        InvalidValueException: no address.
    """
    user_name = _free_user_name(directory, given, None)
    person = DirectoryPerson.objects.create(
        organisation=directory.organisation,
        user=_account_for(directory, given),
        user_name=user_name,
        external_id=given.external_id or "",
        is_active=given.active is not False,
        document=kept_of(given),
        created_at=now,
        changed_at=now,
    )
    _record(AccountEvent.DIRECTORY_PERSON_ADDED, directory, person, now)
    _follow(directory, person, now)
    return person


@transaction.atomic
def change_person(*, directory: Directory, person: DirectoryPerson, given: ScimUser, now: datetime) -> DirectoryPerson:
    """Writes the whole resource anew. Whoever is no longer active is out at once, in every browser.

    Raises:
        UniquenessException, InvalidValueException: as `add_person`. UserError: the last administrator would leave.
    """
    was_active = person.is_active
    person.user_name = _free_user_name(directory, given, person)
    person.external_id, person.document = given.external_id or "", kept_of(given)
    person.is_active, person.changed_at = given.active is not False, now
    person.save()
    _rename_account(directory, person, given)
    left = was_active and not person.is_active
    _record(
        AccountEvent.DIRECTORY_PERSON_DEACTIVATED if left else AccountEvent.DIRECTORY_PERSON_CHANGED,
        directory,
        person,
        now,
    )
    _follow(directory, person, now)
    return person


@transaction.atomic
def remove_person(*, directory: Directory, person: DirectoryPerson, now: datetime) -> None:
    """The entry goes, and with it access; what the person wrote stays. Raises UserError for the last administrator."""
    person.is_active = False
    _follow(directory, person, now)
    _record(AccountEvent.DIRECTORY_PERSON_REMOVED, directory, person, now)
    ExternalIdentity.objects.filter(user=person.user, provider__organisation=directory.organisation).delete()
    person.delete()


@transaction.atomic
def write_group(*, directory: Directory, group: DirectoryGroup | None, given: Group, now: datetime) -> DirectoryGroup:
    """Makes or changes a group; the roles of everybody who was or is in it follow.

    Raises:
        UniquenessException: another group has that name.
        InvalidValueException: a member is nobody of this directory.
    """
    name = (given.display_name or "").strip()
    others = DirectoryGroup.objects.filter(organisation=directory.organisation, name=name)
    if any(other != group for other in others):
        raise UniquenessException(detail=f"There is a group “{name}” already.", attribute="displayName")
    people = _members(directory, given)
    kind = AccountEvent.DIRECTORY_GROUP_CHANGED if group else AccountEvent.DIRECTORY_GROUP_ADDED
    group = group or DirectoryGroup(organisation=directory.organisation, created_at=now)
    before = list(group.people.all()) if kind == AccountEvent.DIRECTORY_GROUP_CHANGED else []
    group.name, group.external_id, group.changed_at = name, given.external_id or "", now
    group.save()
    group.people.set(people)
    record(kind=kind, by=directory.by, of=group, now=now, data={"group": name, "people": len(people)})
    _follow_all(directory, {*before, *people}, now)
    return group


@transaction.atomic
def remove_group(*, directory: Directory, group: DirectoryGroup, now: datetime) -> None:
    people = list(group.people.all())
    record(kind=AccountEvent.DIRECTORY_GROUP_REMOVED, by=directory.by, of=group, now=now, data={"group": group.name})
    group.delete()
    _follow_all(directory, people, now)


def _follow_all(directory: Directory, people: Iterable[DirectoryPerson], now: datetime) -> None:
    for person in people:
        _follow(directory, person, now)


def _follow(directory: Directory, person: DirectoryPerson, now: datetime) -> None:
    """Account, membership and sessions as the entry says."""
    user, here = person.user, directory.organisation
    if person.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        apply_groups(
            organisation=here,
            user=user,
            groups=groups_of(here, user),
            default_role=directory.token.default_role,
            by=directory.by,
            now=now,
        )
        return
    end_every_session(of=user, by=directory.by, now=now)
    end_membership(organisation=here, user=user, by=directory.by, now=now)
    ApiToken.objects.filter(organisation=here, user=user, revoked_at=None).update(revoked_at=now)
    user.is_active = user.memberships.exists()
    user.save(update_fields=["is_active"])


def _free_user_name(directory: Directory, given: ScimUser, person: DirectoryPerson | None) -> str:
    name = (given.user_name or "").strip()[:254]
    others = DirectoryPerson.objects.filter(organisation=directory.organisation, user_name__iexact=name)
    if any(other != person for other in others):
        raise UniquenessException(detail=f"The user name {name} is taken.", attribute="userName")
    return name


def _account_for(directory: Directory, given: ScimUser) -> User:
    """The account of an address that is this organisation's alone, or a new one."""
    address = address_of(given)
    if not address:
        raise InvalidValueException(detail="A person needs an e-mail address: in emails, or as userName.")
    user = User.objects.filter(email__iexact=address).first()
    if user is None:
        return new_user(name=name_of(given), email=address, password=None)
    if not _is_of_this_organisation_alone(directory, user) or user.directory_entries.exists():
        raise UniquenessException(detail=f"{address} has an account already; invite the person instead.")
    return user


def _is_of_this_organisation_alone(directory: Directory, user: User) -> bool:
    """No directory decides on an account that another organisation trusts. A closed one may come back."""
    homes = set(user.memberships.values_list("organisation_id", flat=True))
    return homes == {directory.organisation.pk} or not (homes or user.is_active)


def _rename_account(directory: Directory, person: DirectoryPerson, given: ScimUser) -> None:
    """Name and address of the account follow, where no other organisation knows the person."""
    user, address = person.user, address_of(given)
    if user.memberships.exclude(organisation=directory.organisation).exists():
        return
    if address and address != user.email.lower():
        if User.objects.filter(email__iexact=address).exclude(pk=user.pk).exists():
            raise UniquenessException(detail=f"{address} has another account.", attribute="emails")
        user.email = address
    user.name = name_of(given) or user.name
    user.save(update_fields=["email", "name"])


def _members(directory: Directory, given: Group) -> list[DirectoryPerson]:
    asked = [str(member.value) for member in given.members or [] if member.value]
    known = DirectoryPerson.objects.filter(organisation=directory.organisation, pk__in=ids_among(asked))
    found = {str(person.pk): person for person in known.select_related("user")}
    missing = [one for one in asked if one not in found]
    if missing:
        raise InvalidValueException(detail=f"There is nobody here with the id {missing[0]}.")
    return list(found.values())


def ids_among(values: Collection[str]) -> list[uuid.UUID]:
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return found


def _record(kind: AccountEvent, directory: Directory, person: DirectoryPerson, now: datetime) -> None:
    data = {"person": person.user.email, "active": person.is_active}
    record(kind=kind, by=directory.by, of=person, now=now, data=data)
