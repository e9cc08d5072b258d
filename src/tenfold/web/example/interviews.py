"""The example's interviews: a kit, three interviewers on two people who do not exist, a debrief, a signed decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tenfold.apps.candidates.models import Application
from tenfold.apps.decisions.models import Verdict
from tenfold.apps.decisions.services import sign
from tenfold.apps.interviews.models import InterviewRound, Scorecard
from tenfold.apps.interviews.services import ask_scorecards, make_kit, save_draft, set_panel, submit
from tenfold.core.models import User

Team = Mapping[str, User]
PANEL = ("jonas", "teodor", "maren")
RATINGS = (
    {"jonas": (4, 3, 4), "teodor": (3, 3, 4), "maren": (4, 2, 3)},
    {"jonas": (2, 3, 2), "teodor": (4, 3, 2), "maren": (2, 2, 1)},
)
"""Of each person by interviewer, question after question and from the start again; they agree on most, not on all."""
REASONS = (
    "All three saw a rollback named before it was asked for, and the callers told. Maren's lower rating on the third "
    "question rests on one missing alert; the others heard it later in the talk."
)


def seed_interviews(applications: Sequence[Application], team: Team, *, now: datetime) -> None:
    """Scorecards of two people are in; of a third one is typed and one is not begun. The first gets an offer.

    Everything that anybody says in it is made of the descriptions in the kit: nobody said it.
    """
    role = applications[0].role
    kit = make_kit(role=role, by=team["priya"], now=now - timedelta(days=12))
    round_ = kit.rounds.all()[0]
    set_panel(round_=round_, people=[team[name] for name in PANEL], by=team["priya"], now=now - timedelta(days=12))
    for person, (application, ratings) in enumerate(zip(applications, RATINGS, strict=False)):
        cards = _ask(application, round_, team, now=now - timedelta(days=6))
        for name, given in ratings.items():
            at = now - timedelta(days=5 - person, hours=PANEL.index(name))
            submit(scorecard=cards[team[name].pk], ratings=_ratings(round_, given), by=team[name], now=at)
    waiting = _ask(applications[2], round_, team, now=now - timedelta(days=1))[team["jonas"].pk]
    save_draft(
        scorecard=waiting, ratings=_ratings(round_, (3,), only=1), by=team["jonas"], now=now - timedelta(hours=2)
    )
    sign(application=applications[0], verdict=Verdict.OFFER, reasons=REASONS, by=team["teodor"], now=now)


def _ask(application: Application, round_: InterviewRound, team: Team, *, now: datetime) -> dict[Any, Scorecard]:
    people = [team[name] for name in PANEL]
    made = ask_scorecards(
        application=application,
        round_=round_,
        interviewers=people,
        by=team["priya"],
        now=now,
        due_date=(now + timedelta(days=2)).date(),
    )
    return {one.interviewer_id: one for one in made}


def _ratings(round_: InterviewRound, ratings: Sequence[int], *, only: int | None = None) -> dict[str, dict[str, Any]]:
    """Ratings in turn, each with the description that earns it as what was seen."""
    return {
        question["id"]: {
            "rating": ratings[at % len(ratings)],
            "evidence": f"Invented note: {question['anchors'][str(ratings[at % len(ratings)])]}",
        }
        for at, question in enumerate(round_.questions[:only])
    }
