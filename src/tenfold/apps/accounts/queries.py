"""What the trail's entries about members hold, as it is today."""

from __future__ import annotations

from tenfold.apps.accounts.models import AccountEvent
from tenfold.core.models import AuditEntry, Membership, Organisation
from tenfold.core.seals import hash_of_content

ROLES_SET = (AccountEvent.PERSON_JOINED, AccountEvent.MEMBERSHIP_CHANGED)


def hash_of_role(own: Membership) -> str:
    """Of the role and the right to see pay, which no database change may raise unseen."""
    return hash_of_content({"role": own.role, "sees_pay": own.sees_pay})


def role_in_trail(entry: AuditEntry) -> str | None:
    """What the last entry about a membership must hold; None for earlier ones, and for members who left as told."""
    if entry.of != "membership":
        return None
    about = AuditEntry.objects.filter(of="membership", of_id=entry.of_id)
    if about.filter(n__gt=entry.n, kind__in=[*ROLES_SET, AccountEvent.MEMBERSHIP_REMOVED]).exists():
        return None
    own = Membership.objects.filter(pk=entry.of_id).first()
    if own is not None:
        return hash_of_role(own)
    home = entry.organisation_id
    return "" if home and Organisation.objects.filter(pk=home).exists() else None
