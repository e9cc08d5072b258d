"""What the law of a role's places has the new colleague's team told once an offer is accepted, filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from tenfold.apps.offers.models import AnswerKind, Offer, OfferAnswer
from tenfold.intake.notices import Notice, Reader, render_notice, required_notices, templates
from tenfold.law.duties import duties_for
from tenfold.law.role_rules import Event

FROM_OUTSIDE = "not employed by us"
"""Their former title, where nobody typed one."""
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class TeamNotice:
    """A text to give to the team, by when, and under which law."""

    notice: Notice
    says: str
    due: date | None


def team_notices(
    offer: Offer, answer: OfferAnswer | None, *, former_title: str, now: datetime
) -> tuple[TeamNotice, ...]:
    """Texts that count from the first day at work, of the version that was accepted; none before that."""
    if answer is None or answer.kind != AnswerKind.ACCEPTED:
        return ()
    role, terms = offer.application.role, answer.version.terms
    found = duties_for(
        role.places,
        localdate(role.opened_at),
        uses_automated_tool=role.uses_automated_tool,
        as_of=localdate(now),
        employees=role.employees,
        events={Event.STARTED: date.fromisoformat(terms["start_date"])},
    )
    owed = [one for one in found.duties if one.event is Event.STARTED]
    employer = role.employer or role.organisation.name
    values = {
        "employer": employer,
        "hired": str(offer.application.candidate),
        "role": terms["title"],
        "former_title": former_title.strip()[:LONGEST_TITLE] or FROM_OUTSIDE,
        "contact": terms.get("manager") or employer,
    }
    return tuple(
        TeamNotice(render_notice(id_, duties, values), duties[0].says, duties[0].due)
        for id_, duties in required_notices(owed).items()
        if templates()[id_].to is Reader.EMPLOYEES and set(templates()[id_].fields) <= set(values)
    )
