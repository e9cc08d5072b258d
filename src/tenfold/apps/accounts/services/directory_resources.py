"""People and groups of a directory as SCIM 2.0 resources (RFC 7643): only the attributes that we have a use for.

What else a directory sends (telephone numbers, addresses, photos) is accepted and not kept.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import EmailStr, Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Filter,
    GroupMembership,
    Meta,
    Mutability,
    Name,
    Patch,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

from tenfold.apps.accounts.models import DirectoryGroup, DirectoryPerson

MOST_RESULTS = 200
KEPT = ("name", "displayName", "emails", "active")
"""What a person's row keeps of the resource as it came."""
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""As the large directories write (Entra's `remove` with a value, `emails[type eq "work"]` that is not there yet)."""


class Email(ComplexAttribute):
    """An address."""

    value: Annotated[EmailStr | None, Required.true] = None
    """The address itself."""

    display: str | None = None
    """The address as it is shown."""

    type: str | None = None
    """What it is for: work, home, …"""

    primary: bool | None = None
    """Whether it is the one to sign in with."""


class User(Resource[Any]):
    """A person."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """What the person is called in the directory, unique there."""

    name: Name | None = None
    """The parts of the person's name."""

    Name: ClassVar[type[ComplexAttribute]] = Name

    display_name: str | None = None
    """The name as it is shown."""

    emails: Annotated[list[Email] | None, Required.true] = None
    """Addresses; the primary one is what the person signs in with."""

    Emails: ClassVar[type[ComplexAttribute]] = Email

    active: bool | None = None
    """Whether the person works here still: otherwise every session ends."""

    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    """The person's groups; changed by changing the groups."""

    Groups: ClassVar[type[ComplexAttribute]] = GroupMembership


class GroupMember(ComplexAttribute):
    """Somebody in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The person's id."""

    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The person's address."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """That it is a person."""


class Group(Resource[Any]):
    """A group of people."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    """The group's name; what it means here is set under it."""

    members: list[GroupMember] | None = None
    """Who is in it."""

    Members: ClassVar[type[ComplexAttribute]] = GroupMember


CONFIG = ServiceProviderConfig(
    documentation_uri=None,
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=False),
    authentication_schemes=[
        AuthenticationScheme(
            type="oauthbearertoken",
            name="Bearer token",
            description="A token that an administrator made on the page “How people sign in”.",
            primary=True,
        )
    ],
)
PROVIDER = ScimProvider(models=[User, Group], config=CONFIG, policy=POLICY)


def as_user(person: DirectoryPerson, base: str) -> User:
    """A person's row as the resource that the directory wrote; `base` is the address of `/scim/v2`."""
    return User.model_validate(
        {
            **person.document,
            "schemas": [str(User.__schema__)],
            "id": str(person.pk),
            "externalId": person.external_id or None,
            "userName": person.user_name,
            "groups": [
                {"value": str(group.pk), "display": group.name, "$ref": f"{base}/Groups/{group.pk}"}
                for group in person.groups.all()
            ]
            or None,
            "meta": _meta("User", person, f"{base}/Users/{person.pk}"),
        }
    )


def as_group(group: DirectoryGroup, base: str) -> Group:
    return Group(
        id=str(group.pk),
        external_id=group.external_id or None,
        display_name=group.name,
        members=[
            GroupMember(value=str(person.pk), type="User", ref=f"{base}/Users/{person.pk}")
            for person in group.people.all()
        ]
        or None,
        meta=_meta("Group", group, f"{base}/Groups/{group.pk}"),
    )


def with_address(given: dict[str, Any]) -> dict[str, Any]:
    """A person whose user name is the address, as some directories write them, with the address where it belongs."""
    name = next((value for key, value in given.items() if key.lower() == "username"), None)
    has_addresses = any(key.lower() == "emails" and value for key, value in given.items())
    if has_addresses or not isinstance(name, str) or "@" not in name:
        return given
    return {**given, "emails": [{"value": name, "primary": True}]}


def kept_of(user: User) -> dict[str, Any]:
    said = user.model_dump(scim_ctx=None, mode="json", by_alias=True, exclude_none=True)
    return {key: said[key] for key in KEPT if said.get(key) not in (None, [], {})}


def address_of(user: User) -> str:
    """The primary e-mail address, else the first, else a user name that is one; "" where there is none."""
    addresses = [one for one in user.emails or [] if one.value]
    chosen = next((one for one in addresses if one.primary), addresses[0] if addresses else None)
    given = str(chosen.value) if chosen else (user.user_name or "")
    return given.strip().lower() if "@" in given else ""


def name_of(user: User) -> str:
    """As it is to be shown: the display name, else the formatted one, else its parts, else the user name."""
    name = user.name
    parts = " ".join(part for part in (name.given_name, name.family_name) if part) if name else ""
    formatted = (name.formatted or "") if name else ""
    return (user.display_name or formatted or parts or user.user_name or "").strip()[:120]


def _meta(kind: str, row: DirectoryPerson | DirectoryGroup, location: str) -> Meta:
    return Meta(resource_type=kind, created=row.created_at, last_modified=row.changed_at, location=location)
