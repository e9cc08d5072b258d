"""Offers written, approved, sent and opened. All people and all figures are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from tenfold.apps.candidates.models import Application
from tenfold.apps.decisions.models import Decision, Verdict
from tenfold.apps.decisions.services import sign
from tenfold.apps.interviews.models import InterviewKit, InterviewRound
from tenfold.apps.offers.models import Offer, OfferVersion
from tenfold.apps.offers.queries.terms import Terms
from tenfold.apps.offers.services.approving import approve_offer
from tenfold.apps.offers.services.sending import send_offer
from tenfold.apps.offers.services.writing import make_offer, revise_offer
from tenfold.core.models import User
from tests.company import NOW, Company
from tests.factories.interviews import asked, handed_in, kit_of

OPEN = NOW + timedelta(minutes=31)
"""When what was sent at NOW is on the candidate's page."""
UNTIL = date(2026, 11, 30)
REASONS = "They ran the rollback themselves and named its price"
PRIVATE = {
    "instrument": "iso",
    "units": 20_000.0,
    "strike_usd": 1.2,
    "fair_value_usd": 1.2,
    "preferred_price_usd": 4.0,
    "fully_diluted": 30_000_000.0,
    "vesting_years": 4.0,
    "cliff_months": 12.0,
    "share_price_usd": None,
    "volatility": None,
    "preferred_shares": None,
    "exits": [
        {
            "name": "Sold well",
            "probability": 0.2,
            "value_usd": 400e6,
            "years": 5.0,
            "preference_usd": 80e6,
            "rounds": ["series-b", "series-c"],
        }
    ],
}
TERMS = Terms(
    title="Senior MLOps Engineer",
    level="senior",
    base_year=190_000.0,
    currency="USD",
    place="Denver, CO",
    workplace="hybrid",
    start_date=date(2027, 1, 11),
    manager="Noor Invented",
    bonus_percent=10.0,
    sign_on=5_000.0,
    benefits="Health insurance",
)


def decided(company: Company, application: Application, verdict: Verdict = Verdict.OFFER) -> Decision:
    """A scorecard of the interviewer is in, and the hiring manager decided on it."""
    kit = InterviewKit.objects.filter(role=application.role).first() or kit_of(company, application.role)
    round_ = InterviewRound.objects.filter(kit=kit)[0]
    (card,) = asked(company, application, round_, company["interviewer"])
    handed_in(card)
    return sign(application=application, verdict=verdict, reasons=REASONS, by=company["hiring-manager"], now=NOW)


def offer_to(
    company: Company,
    application: Application,
    *,
    approvers: list[User] | None = None,
    until: date = UNTIL,
    **terms: Any,
) -> Offer:
    """Written by the hiring manager, for the administrator to approve; nothing is outside a range."""
    given: dict[str, Any] = {"why_outside": terms.pop("why_outside", "")}
    return make_offer(
        application=application,
        terms=replace(TERMS, **terms),
        expires_date=until,
        approvers=[company["administrator"]] if approvers is None else approvers,
        by=company["hiring-manager"],
        now=NOW,
        **given,
    )


def changed(company: Company, offer: Offer, *, now: datetime = NOW, until: date = UNTIL, **terms: Any) -> OfferVersion:
    offer.refresh_from_db()
    return revise_offer(
        offer=offer,
        terms=replace(TERMS, **terms),
        expires_date=until,
        approvers=[company["administrator"]],
        base_number=offer.latest_number,
        why="They asked for another figure",
        by=company["hiring-manager"],
        now=now,
    )


def sent(company: Company, offer: Offer, *, now: datetime = NOW) -> Offer:
    """Approved by everybody who is named, and sent; the candidate sees it half an hour after `now`."""
    offer.refresh_from_db()
    for person in offer.latest().approvers.all():
        approve_offer(offer=offer, number=offer.latest_number, by=User.objects.get(pk=person.pk), now=now)
    send_offer(offer=offer, number=offer.latest_number, by=company["hiring-manager"], now=now)
    offer.refresh_from_db()
    return offer
