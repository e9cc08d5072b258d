"""Kinds of events of accounts in the audit trail."""

from __future__ import annotations

from enum import StrEnum


class AccountEvent(StrEnum):
    """What happens to organisations, members, sign-ins and directories."""

    ORGANISATION_FOUNDED = "organisation.founded"
    ORGANISATION_RENAMED = "organisation.renamed"
    PERSON_INVITED = "person.invited"
    PERSON_JOINED = "person.joined"
    PERSON_SIGNED_IN = "person.signed-in"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    MEMBERSHIP_CHANGED = "membership.changed"
    MEMBERSHIP_REMOVED = "membership.removed"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - a kind of event
    PASSWORD_RESET = "password.reset"  # noqa: S105 - a kind of event
    PASSWORD_SET = "password.set"  # noqa: S105 - a kind of event
    EXAMPLE_REMOVED = "example.removed"
    PROVIDER_ADDED = "identity-provider.added"
    PROVIDER_CHANGED = "identity-provider.changed"
    PROVIDER_REMOVED = "identity-provider.removed"
    IDENTITY_LINKED = "identity.linked"
    IDENTITY_UNLINKED = "identity.unlinked"
    SIGN_IN_REFUSED = "sign-in.refused"
    SIGN_IN_POLICY_CHANGED = "sign-in-policy.changed"
    SECOND_FACTOR_ADDED = "second-factor.added"
    SECOND_FACTOR_REMOVED = "second-factor.removed"
    SESSION_ENDED = "session.ended"
    GROUP_ROLE_SET = "group-role.set"
    GROUP_ROLE_REMOVED = "group-role.removed"
    DIRECTORY_TOKEN_MADE = "directory-token.made"  # noqa: S105 - a kind of event
    DIRECTORY_TOKEN_REVOKED = "directory-token.revoked"  # noqa: S105 - a kind of event
    DIRECTORY_PERSON_ADDED = "directory-person.added"
    DIRECTORY_PERSON_CHANGED = "directory-person.changed"
    DIRECTORY_PERSON_DEACTIVATED = "directory-person.deactivated"
    DIRECTORY_PERSON_REMOVED = "directory-person.removed"
    DIRECTORY_GROUP_ADDED = "directory-group.added"
    DIRECTORY_GROUP_CHANGED = "directory-group.changed"
    DIRECTORY_GROUP_REMOVED = "directory-group.removed"
