"""Offers made and changed: each change is another version, compared anew and approved anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from tenfold.apps.candidates.models import Application, StageKind
from tenfold.apps.candidates.services.moves import move_applications
from tenfold.apps.offers.models import Offer, OfferEvent, OfferSending, OfferVersion
from tenfold.apps.offers.queries.comparing import compare_terms, is_outside, is_rescue, role_plan
from tenfold.apps.offers.queries.standing import decision_for_offer, hash_of_version, people_who_approve, standing_offer
from tenfold.apps.offers.queries.terms import Terms, engine_offer
from tenfold.core.errors import EditConflict
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY
from tenfold.core.services.trail import record
from tenfold.kit.errors import Place, UserError

LEAST_REASON = 3
"""Words."""


@transaction.atomic
def make_offer(
    *,
    application: Application,
    terms: Terms,
    expires_date: date,
    approvers: Sequence[User],
    by: User,
    now: datetime,
    why_outside: str = "",
) -> Offer:
    """The first version of an offer, on a signed decision; the application goes to the stage of offers.

    Raises:
        NotAllowed: the user does not decide in this role, or sees no pay.
        UserError: no decision to offer stands, the application is closed, an offer stands already, or see `_check`.
    """
    require(by, "offer.write", application)
    held = Application.objects.select_for_update(of=("self",)).select_related("role__team").get(pk=application.pk)
    if not held.is_open:
        raise UserError("This application is closed.", remedy="Take the last move back first.")
    if decision_for_offer(held) is None:
        raise UserError("An offer rests on a signed decision.", remedy="Sign “Make an offer” in the debrief first.")
    if standing_offer(held) is not None:
        raise UserError("There is an offer to this person already.", remedy="Change that one, or withdraw it.")
    offer = Offer.objects.create(application=held, made_by=by, made_at=now)
    _write(offer, terms, expires_date, approvers, by=by, now=now, why_outside=why_outside)
    _move_to_offers(held, by=by, now=now)
    return offer


@transaction.atomic
def revise_offer(
    *,
    offer: Offer,
    terms: Terms,
    expires_date: date,
    approvers: Sequence[User],
    base_number: int,
    why: str,
    by: User,
    now: datetime,
    why_outside: str = "",
) -> OfferVersion:
    """Another version; the ones before stay, and what the candidate sees stays until this one is sent.

    Raises:
        NotAllowed: as for the first.
        EditConflict: somebody wrote a version in between.
        UserError: the offer is accepted or withdrawn, a version is on its way, no reason is given, or see `_check`.
    """
    require(by, "offer.write", offer)
    held = Offer.objects.select_for_update(of=("self",)).select_related("application__role__team").get(pk=offer.pk)
    if held.latest_number != base_number:
        raise EditConflict(held.latest_number)
    if not held.is_open:
        raise UserError(f"This offer is {held.get_state_display().lower()}.", remedy="It can no longer be changed.")
    if OfferSending.objects.standing().filter(version__offer=held, opens_at__gt=now).exists():
        raise UserError("A version is on its way.", remedy="Take it back first, or wait until it has been sent.")
    _require_reason(why, "Say what changed and why.", "why")
    held.latest_number += 1
    held.save(update_fields=["latest_number"])
    return _write(held, terms, expires_date, approvers, by=by, now=now, why=why, why_outside=why_outside)


def _write(
    offer: Offer,
    terms: Terms,
    expires_date: date,
    approvers: Sequence[User],
    *,
    by: User,
    now: datetime,
    why: str = "",
    why_outside: str = "",
) -> OfferVersion:
    role = offer.application.role
    _check(offer, terms, expires_date, approvers, by=by, now=now)
    comparisons = compare_terms(terms, role, now=now)
    kept: Any = [one.to_dict() for one in comparisons]
    plain: Any = terms.to_dict()
    outside = is_outside(comparisons)
    if outside:
        _require_reason(why_outside, "This offer is outside a range. Say why it is made all the same.", "why_outside")
    version = OfferVersion.objects.create(
        offer=offer,
        number=offer.latest_number,
        terms=plain,
        comparisons=kept,
        is_outside=outside,
        why_outside=why_outside.strip()[:2_000] if outside else "",
        why=why.strip()[:2_000],
        expires_date=expires_date,
        written_by=by,
        written_name=str(by)[:120],
        written_at=now,
    )
    version.approvers.set(approvers)
    data = {"application": str(offer.application_id), "role": str(role.pk), "version": version.number}
    data |= {"outside": outside, "approvers": [str(one.pk) for one in approvers], KEY: hash_of_version(version)}
    record(kind=OfferEvent.WRITTEN, by=by, of=offer, now=now, data=data)
    return version


def _check(
    offer: Offer, terms: Terms, expires_date: date, approvers: Sequence[User], *, by: User, now: datetime
) -> None:
    """Raises UserError, naming the field, for terms that cannot be meant, days in the past, or nobody who approves."""
    today, role = localdate(now), offer.application.role
    engine_offer(terms)
    if expires_date < today:
        raise UserError("This day is over.", remedy="Give the candidate a day to answer by.", place=_at("expires_date"))
    if terms.start_date < today:
        raise UserError("The work would begin in the past.", remedy="Choose a later day.", place=_at("start_date"))
    found = role_plan(role)
    if found is not None and is_rescue(found.plan, today) and not terms.rescue.strip():
        raise UserError(
            "The plan describes a platform in trouble, and the offer does not say so.",
            remedy="Say what is broken, and what the hire may change.",
            place=_at("rescue"),
        )
    allowed = {one.pk for one in people_who_approve(role)}
    if not approvers or {one.pk for one in approvers} - allowed:
        raise UserError("Name who approves.", remedy="Somebody who may approve offers here.", place=_at("approvers"))
    if {one.pk for one in approvers} == {by.pk}:
        raise UserError(
            "Nobody approves an offer alone that they wrote.", remedy="Name somebody else.", place=_at("approvers")
        )


def _require_reason(words: str, what: str, field: str) -> None:
    if len(words.split()) < LEAST_REASON:
        raise UserError(what, remedy="A few words are enough; they stay with the version.", place=_at(field))


def _at(field: str) -> Place:
    return Place(field=field)


def _move_to_offers(application: Application, *, by: User, now: datetime) -> None:
    """To the role's stage for offers, where it has one."""
    stage = application.role.stages.kept().filter(kind=StageKind.OFFER).first()
    if stage is not None:
        move_applications(applications=[application], stage=stage, by=by, now=now)
