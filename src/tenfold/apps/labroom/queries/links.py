"""The signed link that opens a candidate's lab: no account, one person, until a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import signing
from django.urls import reverse

from tenfold.apps.candidates.queries.mailtext import site_url
from tenfold.apps.labroom.models import LabInvitation

SALT = "labroom.invitation"


def lab_token(invitation: LabInvitation) -> str:
    return signing.dumps({"i": str(invitation.pk), "v": invitation.link_version}, salt=SALT)


def lab_link(invitation: LabInvitation) -> str:
    """The whole address, as it is sent."""
    return site_url() + reverse("lab-invitation", args=[lab_token(invitation)])


def invitation_named_by(token: str) -> LabInvitation | None:
    """The invitation of a link; None where it was changed or replaced, or the person was erased."""
    try:
        held = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return invitation_of(held)


def invitation_of(held: dict[str, Any]) -> LabInvitation | None:
    """The invitation that a signed value names: `i` its id, `v` the version of its link."""
    rows = LabInvitation.objects.select_related("organisation", "team", "application__candidate", "application__role")
    found = rows.filter(pk=held["i"], link_version=held["v"], erased_at=None, tried_by=None).first()
    if found is None or (found.application is not None and found.application.candidate.erased_at is not None):
        return None
    return found


def is_open_link(invitation: LabInvitation, now: datetime) -> bool:
    """Whether work may begin or go on by it."""
    return invitation.is_open(now)
