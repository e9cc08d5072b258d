"""An approved version goes to the candidate, is taken back while it waits, or the whole offer is withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from tenfold.apps.candidates.models import MailTemplate, OutgoingMail, TemplateKind
from tenfold.apps.candidates.services.mail import HOLD, add_default_templates, hold_from_template
from tenfold.apps.candidates.services.mail import take_back as take_back_mail
from tenfold.apps.candidates.services.webhooks import announce
from tenfold.apps.offers.models import Offer, OfferEvent, OfferSending, OfferState
from tenfold.apps.offers.queries.standing import (
    decision_for_offer,
    hash_of_version,
    is_approved,
    shown_version,
    waiting_sending,
)
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError


@transaction.atomic
def send_offer(*, offer: Offer, number: int, by: User, now: datetime) -> OfferSending:
    """The latest version goes out: mail and page open together in half an hour, unless it is taken back.

    Raises:
        NotAllowed: the user does not write offers here.
        UserError: it is not approved by everybody named, was sent, is past its day, is not the latest, the decision was
            taken back, the application is closed, or the mail cannot be written.
    """
    require(by, "offer.write", offer)
    held = _lock(offer)
    version = held.latest()
    if version.number != number:
        raise UserError("A newer version was written since.", remedy="Reload the page and read it first.")
    if not held.is_open or not held.application.is_open:
        raise UserError("This offer can no longer be sent.", remedy="The offer or the application is closed.")
    if not is_approved(version):
        raise UserError("This version is not approved.", remedy="Everybody who is named has to approve it first.")
    if decision_for_offer(held.application) is None:
        raise UserError("The decision was taken back.", remedy="An offer rests on a decision that stands.")
    if version.expires_date < localdate(now):
        raise UserError("The day to answer by is over.", remedy="Write another version with a later day.")
    if version.sendings.standing().exists():
        raise UserError("This version was sent already.", remedy="Reload the page.")
    mail = _hold_mail(held, TemplateKind.OFFER, by=by, now=now)
    sending = OfferSending.objects.create(
        version=version, mail_id=mail.pk, sent_by=by, sent_at=now, opens_at=mail.send_after
    )
    held.state = OfferState.SENT
    held.save(update_fields=["state"])
    data = _data(held, version=number, sha256=hash_of_version(version))
    record(kind=OfferEvent.SENT, by=by, of=held, now=now, data=data)
    announce(OfferEvent.SENT, application=held.application, now=now, offer_id=str(held.pk))
    return sending


@transaction.atomic
def take_back_sending(*, offer: Offer, by: User, now: datetime) -> None:
    """The candidate never learns of it. Raises UserError where nothing waits any more."""
    require(by, "offer.write", offer)
    held = _lock(offer)
    sending = waiting_sending(held, now=now)
    if sending is None:
        raise UserError("Nothing waits any more.", remedy="Withdraw the offer, or write another version.")
    _take_back(sending, by=by, now=now)
    held.state = OfferState.SENT if shown_version(held, now=now) else OfferState.DRAFT
    held.save(update_fields=["state"])
    data = _data(held, version=sending.version.number)
    record(kind=OfferEvent.SENDING_TAKEN_BACK, by=by, of=held, now=now, data=data)


@transaction.atomic
def withdraw_offer(*, offer: Offer, why: str, by: User, now: datetime) -> None:
    """Ends an offer that is not accepted. Whoever has seen it is written to; what waits is never sent.

    Raises:
        UserError: no reason, or the offer is accepted or withdrawn.
    """
    require(by, "offer.write", offer)
    held = _lock(offer)
    if not held.is_open:
        raise UserError(
            f"This offer is {held.get_state_display().lower()}.",
            remedy="What was accepted is agreed: talk to the person, and to your counsel.",
        )
    if not why.strip():
        raise UserError(
            "Say why it is withdrawn.", remedy="The reason stays with the offer; the candidate is not told it."
        )
    waiting = waiting_sending(held, now=now)
    if waiting is not None:
        _take_back(waiting, by=by, now=now)
    if held.state != OfferState.DECLINED and held.application.is_open and shown_version(held, now=now) is not None:
        _hold_mail(held, TemplateKind.OFFER_ENDED, by=by, now=now)
    held.state, held.withdrawn_at, held.withdrawn_by = OfferState.WITHDRAWN, now, by
    held.withdrawn_why = why.strip()[:2_000]
    held.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_why"])
    record(kind=OfferEvent.WITHDRAWN, by=by, of=held, now=now, data=_data(held))
    announce(OfferEvent.WITHDRAWN, application=held.application, now=now, offer_id=str(held.pk))


def _take_back(sending: OfferSending, *, by: User, now: datetime) -> None:
    mail = OutgoingMail.objects.filter(pk=sending.mail_id).first()
    if mail is not None:
        take_back_mail(mail=mail, by=by, now=now)
    sending.taken_back_at = now
    sending.save(update_fields=["taken_back_at"])


def _hold_mail(offer: Offer, kind: TemplateKind, *, by: User, now: datetime) -> OutgoingMail:
    """The mail names no figure: they are on the candidate's page alone."""
    organisation = offer.application.role.organisation
    add_default_templates(organisation=organisation, by=by, now=now)
    template = MailTemplate.objects.filter(organisation=organisation, kind=kind).earliest("saved_at")
    return hold_from_template(application=offer.application, template=template, by=by, now=now, after=now + HOLD)


def _lock(offer: Offer) -> Offer:
    rows = Offer.objects.select_for_update(of=("self",))
    found: Offer = rows.select_related(
        "application__role__team", "application__role__organisation", "application__candidate", "application__stage"
    ).get(pk=offer.pk)
    return found


def _data(offer: Offer, **more: object) -> dict[str, object]:
    return {"application": str(offer.application_id), "role": str(offer.application.role_id), **more}
