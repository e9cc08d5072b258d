"""The example's offers, all invented: one accepted, one with the candidate, each on a signed decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from tenfold.apps.candidates.models import Application
from tenfold.apps.decisions.models import Verdict
from tenfold.apps.decisions.services import sign
from tenfold.apps.interviews.models import InterviewRound, Scorecard
from tenfold.apps.interviews.services import ask_scorecards, submit
from tenfold.apps.offers.models import AnswerKind, Offer
from tenfold.apps.offers.queries.terms import Terms
from tenfold.apps.offers.services.answering import answer_offer, ask_question
from tenfold.apps.offers.services.approving import approve_offer
from tenfold.apps.offers.services.sending import send_offer
from tenfold.apps.offers.services.writing import make_offer
from tenfold.core.models import User

Team = Mapping[str, User]
HELD = timedelta(minutes=31)
EXITS = [
    {"name": "Sold well", "probability": 0.15, "value_usd": 420e6, "years": 5.0, "preference_usd": 90e6},
    {"name": "Sold for its team", "probability": 0.25, "value_usd": 110e6, "years": 3.0, "preference_usd": 60e6},
]
GRANT: dict[str, Any] = {
    "instrument": "iso",
    "units": 18_000.0,
    "strike_usd": 1.4,
    "fair_value_usd": 1.4,
    "preferred_price_usd": 4.2,
    "fully_diluted": 32_000_000.0,
    "exits": EXITS,
}


def seed_offers(*, accepting: Application, waiting: Application, team: Team, now: datetime) -> None:
    """Two people of one role that has a kit, in the days before `now`."""
    day = timedelta(days=1)
    for one, rating in ((accepting, 4), (waiting, 3)):
        _judge(one, rating, team, now=now - 3 * day)
    first = _offer(accepting, team, base=188_000.0, why_outside="", now=now - 3 * day)
    _send(first, team, now=now - 2 * day)
    number, name = first.latest_number, str(accepting.candidate)
    at = now - day
    answer_offer(application=accepting, number=number, kind=AnswerKind.ACCEPTED, name=name, now=at)
    words = "They hold an offer of 210,000 in writing, and the team agreed on the work sample."
    second = _offer(waiting, team, base=208_000.0, why_outside=words, now=now - day)
    _send(second, team, now=now - timedelta(hours=20))
    ask_question(application=waiting, text="How many pages does a week on call bring?", now=now - timedelta(hours=4))


def _judge(application: Application, rating: int, team: Team, *, now: datetime) -> None:
    """A scorecard of the interviewer, and the lead's decision on it."""
    round_ = InterviewRound.objects.filter(kit__role=application.role)[0]
    asked: list[Scorecard] = ask_scorecards(
        application=application, round_=round_, interviewers=[team["jonas"]], by=team["priya"], now=now
    )
    words = "Named who decides on a rollback before touching anything, and wrote down what they saw"
    said = {one["id"]: {"rating": rating, "evidence": words} for one in round_.questions}
    submit(scorecard=asked[0], ratings=said, by=team["jonas"], now=now + timedelta(hours=2))
    reasons = "The work sample ran, and the interview named the price of each way back unasked."
    sign(
        application=application,
        verdict=Verdict.OFFER,
        reasons=reasons,
        by=team["teodor"],
        now=now + timedelta(hours=4),
    )


def _offer(application: Application, team: Team, *, base: float, why_outside: str, now: datetime) -> Offer:
    terms = Terms(
        title=application.role.title,
        level="senior",
        base_year=base,
        currency="USD",
        place="Denver, CO",
        workplace="hybrid",
        start_date=localdate(now) + timedelta(days=45),
        manager=str(team["teodor"]),
        bonus_percent=10.0,
        bonus_payouts=(0.8, 1.0, 0.9),
        sign_on=10_000.0,
        benefits_year=16_000.0,
        benefits="Health, dental and vision insurance; 25 days of leave",
        grant=GRANT,
        conditions="You may work in the United States.",
    )
    return make_offer(
        application=application,
        terms=terms,
        expires_date=localdate(now) + timedelta(days=4),
        approvers=[team["maren"]],
        why_outside=why_outside,
        by=team["teodor"],
        now=now,
    )


def _send(offer: Offer, team: Team, *, now: datetime) -> None:
    approve_offer(offer=offer, number=1, by=team["maren"], now=now - HELD)
    send_offer(offer=offer, number=1, by=team["teodor"], now=now)
