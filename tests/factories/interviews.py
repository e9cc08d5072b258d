"""Kits, scorecards asked for and filled in. All people and all they say are invented."""

from __future__ import annotations

from typing import Any

from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.interviews.models import InterviewKit, InterviewRound, Scorecard, ScorecardVersion
from tenfold.apps.interviews.services import ask_scorecards, make_kit, submit
from tenfold.core.models import Membership, TeamRole, User
from tenfold.core.services.teams import set_team_member
from tests.company import NOW, Company


def kit_of(company: Company, role: OpenRole) -> InterviewKit:
    return make_kit(role=role, by=company["recruiter"], now=NOW)


def join_team(company: Company, role: OpenRole, person: str, part: TeamRole = TeamRole.INTERVIEWER) -> User:
    """Somebody of the company as a part of the role's team."""
    member = Membership.objects.get(organisation=company.organisation, user=company[person])
    set_team_member(team=role.team, member=member, role=part, by=company.administrator, now=NOW)
    return company[person]


def said(round_: InterviewRound, rating: int = 3, words: str = "They drew the rollback and named who decides") -> Any:
    """Every question of a round rated alike, with the same evidence."""
    return {question["id"]: {"rating": rating, "evidence": words} for question in round_.questions}


def asked(company: Company, application: Application, round_: InterviewRound, *people: User) -> list[Scorecard]:
    made = ask_scorecards(application=application, round_=round_, interviewers=people, by=company["recruiter"], now=NOW)
    return sorted(made, key=lambda one: [person.pk for person in people].index(one.interviewer_id))


def handed_in(
    scorecard: Scorecard, rating: int = 3, words: str = "They drew the rollback and named who decides"
) -> ScorecardVersion:
    return submit(
        scorecard=scorecard,
        ratings=said(scorecard.round, rating, words),
        by=User.objects.get(pk=scorecard.interviewer_id),
        now=NOW,
    )
