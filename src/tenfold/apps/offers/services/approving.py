"""Named people approve a version, or object to it with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenfold.apps.offers.models import Offer, OfferApproval, OfferEvent
from tenfold.apps.offers.queries.standing import hash_of_version
from tenfold.core.models import User
from tenfold.core.permissions import NotAllowed, require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError


@transaction.atomic
def approve_offer(
    *, offer: Offer, number: int, by: User, now: datetime, is_yes: bool = True, why: str = ""
) -> OfferApproval:
    """One named person's word on the version that they have read.

    Raises:
        NotAllowed: the user may not approve offers, or is not named for this version.
        UserError: a newer version was written since, the offer is over, the user said a word already, or an objection
            has no reason.
    """
    require(by, "offer.approve", offer)
    held = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    version = held.latest()
    if not Offer.objects.visible_to(by).filter(pk=offer.pk).exists():
        raise NotAllowed(f"{by} may not know of this offer")
    if not version.approvers.filter(pk=by.pk).exists():
        raise NotAllowed(f"{by} is not named to approve this version")
    if version.number != number:
        raise UserError("A newer version was written since.", remedy="Reload the page and read it first.")
    if not held.is_open:
        raise UserError(f"This offer is {held.get_state_display().lower()}.", remedy="There is nothing to approve.")
    if version.approvals.filter(by=by).exists():
        raise UserError("You have decided on this version already.", remedy="A change needs another version.")
    if not is_yes and not why.strip():
        raise UserError("Say what you object to.", remedy="Whoever wrote the offer reads it.")
    word = OfferApproval.objects.create(
        version=version, by=by, name=str(by)[:120], is_yes=is_yes, why=why.strip()[:2_000], at=now
    )
    kind = OfferEvent.APPROVED if is_yes else OfferEvent.OBJECTED
    data = {"application": str(held.application_id), "version": number, "sha256": hash_of_version(version)}
    record(kind=kind, by=by, of=held, now=now, data=data)
    return word
