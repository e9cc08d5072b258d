"""Invitations, identity providers and the people they vouch for, sessions, directories that are kept elsewhere."""

from tenfold.apps.accounts.models.directory import DirectoryGroup, DirectoryPerson, DirectoryToken
from tenfold.apps.accounts.models.events import AccountEvent
from tenfold.apps.accounts.models.invitations import Invitation, UsedLink
from tenfold.apps.accounts.models.sign_in import ExternalIdentity, GroupRole, IdentityProvider, OpenSession

__all__ = [
    "AccountEvent",
    "DirectoryGroup",
    "DirectoryPerson",
    "DirectoryToken",
    "ExternalIdentity",
    "GroupRole",
    "IdentityProvider",
    "Invitation",
    "OpenSession",
    "UsedLink",
]
