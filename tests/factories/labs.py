"""Invitations to labs, and reviews of them. All people and all they say are invented."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import datetime, timedelta
from typing import Any

from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.labroom.models import LabInvitation, LabReview
from tenfold.apps.labroom.queries.rubric import rubric_of
from tenfold.apps.labroom.services.inviting import give_consent, invite
from tenfold.apps.labroom.services.reviewing import ask_reviews, submit_review
from tenfold.core.models import User
from tenfold.labs import home, sessions
from tenfold.labs.lab import Criterion
from tenfold.labs.session_store import SCHEMA, State
from tenfold.labs.verdicts import Graded, Outcome, Verdict
from tests.company import NOW, Company

LAB = "slow-inference"
DAYS = timedelta(days=14)


def invited(company: Company, application: Application, *, lab: str = LAB, now: datetime = NOW) -> LabInvitation:
    """An applicant invited by the recruiter."""
    return invite(
        team=application.role.team, lab=lab, lasts=DAYS, application=application, by=company["recruiter"], now=now
    )


def invited_by_address(company: Company, role: OpenRole, *, now: datetime = NOW) -> LabInvitation:
    """Somebody without an application."""
    return invite(
        team=role.team,
        lab=LAB,
        lasts=DAYS,
        name="Quillon Vexworth",
        email="quillon@invented.example",
        by=company["recruiter"],
        now=now,
    )


def agreed(invitation: LabInvitation, *, now: datetime = NOW) -> LabInvitation:
    give_consent(invitation=invitation, now=now)
    invitation.refresh_from_db()
    return invitation


def submitted(invitation: LabInvitation, *, now: datetime = NOW) -> LabInvitation:
    """As the database says it once the work is in; the engine has no session of it."""
    LabInvitation.objects.filter(pk=invitation.pk).update(begun_at=now, submitted_at=now)
    invitation.refresh_from_db()
    return invitation


def review_ratings(rating: int = 2, words: str = "Profiled one request at 04:10, then changed one thing") -> Any:
    return {scale.id: {"rating": rating, "evidence": words} for scale in rubric_of(LAB)}


def asked_reviews(company: Company, invitation: LabInvitation, *people: User) -> list[LabReview]:
    made = ask_reviews(invitation=invitation, reviewers=people, by=company["recruiter"], now=NOW)
    return sorted(made, key=lambda one: [person.pk for person in people].index(one.reviewer_id))


def handed_in_review(review: LabReview, rating: int = 2) -> None:
    by = User.objects.get(pk=review.reviewer_id)
    submit_review(review=review, ratings=review_ratings(rating), by=by, now=NOW)


def graded(invitation: LabInvitation, shares: dict[str, float]) -> LabInvitation:
    """As the engine leaves it after a grading: a session's folder with a verdict; criteria not named are met."""
    name, tar = f"{invitation.lab}-{invitation.pk.hex[:10]}", "0" * 64
    folder = home.home().sessions / name
    (folder / "recordings").mkdir(parents=True)
    lab = sessions.lab_named(invitation.lab)
    found = tuple(_graded(one, shares.get(one.id, 1.0)) for one in lab.criteria)
    verdict = Verdict(
        Outcome.PARTIAL, sum(one.earned for one in found), 100, found, lab.edition, seed="0", snapshot=tar, attempts=1,
        seconds=1.0, versions={},
    )  # fmt: skip
    facts = {"state": State.GRADED, "submitted": tar, "lab": lab.slug, "labs": str(lab.folder.parent), "candidate": "c"}
    with contextlib.closing(sqlite3.connect(folder / "session.sqlite")) as database:
        database.executescript(SCHEMA)
        database.executemany("insert into fact values (?, ?)", facts.items())
        row = (tar, lab.edition, NOW.isoformat(), json.dumps(verdict.to_dict()))
        database.execute("insert into verdict (snapshot, edition, again, at, body) values (?, ?, 0, ?, ?)", row)
        database.commit()
    LabInvitation.objects.filter(pk=invitation.pk).update(session=name, graded_at=NOW)
    invitation.refresh_from_db()
    return invitation


def _graded(criterion: Criterion, share: float) -> Graded:
    return Graded(criterion.id, criterion.kind, criterion.points, share, criterion.points * share, ("seen",))
