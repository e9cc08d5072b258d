"""Kits made, panels set, scorecards asked for, typed, handed in and edited; erased with the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tenfold.apps.candidates.models import Application, ApplicationState, OpenRole
from tenfold.apps.interviews.models import (
    InterviewEvent,
    InterviewKit,
    InterviewRound,
    Part,
    Scorecard,
    ScorecardVersion,
)
from tenfold.apps.interviews.queries import (
    LONGEST_EVIDENCE,
    LONGEST_LINK,
    RATINGS,
    WEB,
    hash_of_version,
    kit_content,
    latest_questions,
    people_of_team,
    require_complete,
)
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

Ratings = Mapping[str, Mapping[str, Any]]
"""By question: `rating` 1 to 4 or None, `evidence`, `link`, `skipped` where it was not asked."""


@transaction.atomic
def make_kit(*, role: OpenRole, by: User, now: datetime) -> InterviewKit:
    """A kit from the plan's approved version. Panels of rounds with the same name are taken over.

    Raises:
        NotAllowed: the user does not run this role's hiring.
        UserError: the plan is gone or gives nothing to ask.
    """
    require(by, "interviews.arrange", role)
    version, content = kit_content(role, now=now)
    before = InterviewKit.objects.select_for_update().filter(role=role).first()
    kit = InterviewKit.objects.create(
        role=role,
        number=before.number + 1 if before else 1,
        plan_version=version,
        content=content,
        made_by=by,
        made_at=now,
    )
    panels = {one.name: list(one.panel.all()) for one in before.rounds.all()} if before else {}
    for position, one in enumerate(content["rounds"]):
        made = InterviewRound.objects.create(kit=kit, position=position, name=one["name"][:200])
        made.panel.set(panels.get(made.name, ()))
    own = latest_questions(role.organisation)
    data = {"role": str(role.pk), "number": kit.number, "version": version, "questions": own.number if own else 0}
    record(kind=InterviewEvent.KIT_MADE, by=by, of=kit, now=now, data=data)
    return kit


@transaction.atomic
def set_panel(*, round_: InterviewRound, people: Sequence[User], by: User, now: datetime) -> None:
    """Says who usually holds a round. Raises UserError for somebody outside the hiring team."""
    require(by, "interviews.arrange", round_.kit)
    _require_team(round_.kit.role, people)
    round_.panel.set(people)
    data = {"role": str(round_.kit.role_id), "round": round_.position, "people": [str(one.pk) for one in people]}
    record(kind=InterviewEvent.PANEL_CHANGED, by=by, of=round_.kit, now=now, data=data)


@transaction.atomic
def ask_scorecards(
    *,
    application: Application,
    round_: InterviewRound,
    interviewers: Sequence[User],
    by: User,
    now: datetime,
    due_date: date | None = None,
    part: Part = Part.RATES,
    was_offered: bool = False,
) -> list[Scorecard]:
    """Asks each interviewer for a scorecard; who is asked already keeps theirs.

    Raises:
        NotAllowed: the user does not run this role's hiring.
        UserError: the application is closed, the round is another role's, public work was not offered,
             somebody is not in the hiring team, or could
            have read what others wrote of this person already.
    """
    require(by, "interviews.arrange", application)
    if not application.is_open or round_.kit.role_id != application.role_id:
        raise UserError("Scorecards are asked for open applications of the role.", remedy="Reload the page.")
    if round_.is_optional and not was_offered:
        raise UserError(
            "Public work is looked at only where the candidate offers it.",
            remedy="Say that they offered it, of their own accord. Never ask for it, never search for it.",
        )
    _require_team(application.role, interviewers)
    made = []
    for person in interviewers:
        if Scorecard.objects.filter(application=application, round=round_, interviewer=person).exists():
            continue
        _require_unread(application, person)
        values = {"due_date": due_date, "part": part, "asked_by": by, "asked_at": now}
        one = Scorecard.objects.create(application=application, round=round_, interviewer=person, **values)
        record(kind=InterviewEvent.ASKED, by=by, of=one, now=now, data=_data(one, who=str(person.pk)))
        made.append(one)
    return made


@transaction.atomic
def excuse(*, scorecard: Scorecard, by: User, now: datetime) -> None:
    """Takes back the asking; the draft goes with it.

    Raises:
        UserError: the scorecard is in; what was handed in stays.
    """
    require(by, "interviews.arrange", scorecard)
    held = Scorecard.objects.select_for_update(of=("self",)).get(pk=scorecard.pk)
    if held.is_in:
        raise UserError("This scorecard is in.", remedy="What was handed in stays; only its author can edit it.")
    record(kind=InterviewEvent.EXCUSED, by=by, of=held, now=now, data=_data(held, who=str(held.interviewer_id)))
    held.delete()


@transaction.atomic
def save_draft(
    *,
    scorecard: Scorecard,
    ratings: Ratings,
    by: User,
    now: datetime,
    versions: int | None = None,
    over: int | None = None,
    page: str = "",
) -> Scorecard:
    """Keeps what is typed. Only the interviewer ever sees it.

    `versions`: how many were handed in when the page was opened. What is typed in a page older than the last hand-in
    (a save that comes late, another tab) is not kept, so that it never reopens what is in. `over`: the number of the
    draft that the page goes on from; a newer one, typed on another `page` (any mark of its own), is not overwritten.
    """
    require(by, "scorecard.fill", scorecard)
    held: Scorecard = Scorecard.objects.select_for_update(of=("self",)).get(pk=scorecard.pk)
    if versions is not None and held.versions.count() != versions:
        return held
    if over is not None and held.draft_number != over and (not page or page != held.draft_page):
        return held
    held.draft, held.draft_number, held.saved_at = _clean(held.round, ratings), held.draft_number + 1, now
    held.draft_page = page[:40]
    held.save(update_fields=["draft", "draft_number", "draft_page", "saved_at"])
    return held


@transaction.atomic
def submit(*, scorecard: Scorecard, ratings: Ratings, by: User, now: datetime, why: str = "") -> ScorecardVersion:
    """Hands a scorecard in, or adds a version to one that is in. The draft is kept where it is refused.

    Raises:
        NotAllowed: it is somebody else's, or the user has left the team.
        UserError: a rating without evidence, a question without either, or a late edit without a reason.
    """
    require(by, "scorecard.fill", scorecard)
    held = Scorecard.objects.select_for_update(of=("self",)).get(pk=scorecard.pk)
    given: Any = _clean(held.round, ratings)
    require_complete(held.round, given)
    is_edit = held.is_in
    if is_edit and not why.strip():
        raise UserError("Say why you change it.", remedy="Both versions stay; a late change needs its reason.")
    others = Scorecard.objects.handed_in().filter(application=held.application_id).exclude(pk=held.pk)
    version = ScorecardVersion.objects.create(
        scorecard=held,
        number=held.versions.count() + 1,
        ratings=given,
        why=why.strip()[:1_000],
        after_reading=is_edit and others.exists(),
        at=now,
    )
    held.submitted_at, held.draft, held.saved_at = held.submitted_at or now, {}, None
    held.save(update_fields=["submitted_at", "draft", "saved_at"])
    kind = InterviewEvent.EDITED if is_edit else InterviewEvent.SUBMITTED
    data = _data(held, version=version.number, **{KEY: hash_of_version(version)})
    record(kind=kind, by=by, of=held, now=now, data=data)
    return version


def _clean(round_: InterviewRound, ratings: Ratings) -> dict[str, dict[str, Any]]:
    """What was said of the round's questions, and of nothing else, within bounds."""
    known = [question["id"] for question in round_.questions]
    return {name: _one(ratings[name]) for name in known if name in ratings}


def _one(said: Mapping[str, Any]) -> dict[str, Any]:
    rating, link = said.get("rating"), str(said.get("link") or "").strip()
    return {
        "rating": rating if rating in RATINGS and not said.get("skipped") else None,
        "evidence": str(said.get("evidence") or "").strip()[:LONGEST_EVIDENCE],
        "link": link if link.startswith(WEB) and len(link) <= LONGEST_LINK else "",
        "skipped": bool(said.get("skipped")),
    }


def _require_team(role: OpenRole, people: Iterable[User]) -> None:
    team = {one.pk for one in people_of_team(role)}
    outside = [one for one in people if one.pk not in team]
    if outside:
        raise UserError(f"{outside[0]} is not in the hiring team.", remedy="Add them on the page “Team” first.")


def _require_unread(application: Application, person: User) -> None:
    """Who could read others' scorecards of a person already can no longer judge that person unseen.

    Somebody who has handed in one of their own interviewed before; a second round by them is no secret to themselves.
    """
    seen = Scorecard.objects.visible_to(person).handed_in().filter(application=application)
    if seen.exclude(interviewer=person).exists():
        raise UserError(
            f"{person} can read others' scorecards of this person already.",
            remedy="Ask somebody who has not, or ask before the first scorecard is in.",
        )


def _data(scorecard: Scorecard, **more: Any) -> dict[str, Any]:
    return {"application": str(scorecard.application_id), "round": str(scorecard.round_id), **more}


# A person's data -----------------------------------------------------------------------------------------------


def export_person(person_id: str) -> list[dict[str, Any]]:
    """What interviewers handed in on a candidate: evidence and ratings, without who wrote them.

    While somebody of an open application still writes, nothing of it is told: the candidate's link stands in mails that
    colleagues can read, and would be a way round the blind.
    """
    rows = Scorecard.objects.handed_in().filter(application__candidate__pk=person_id)
    waiting = Scorecard.objects.filter(submitted_at=None, application__state=ApplicationState.OPEN)
    owed = set(waiting.values_list("application", flat=True))
    return [
        _to_export(one, is_whole=one.application_id not in owed)
        for one in rows.select_related("application__role", "round").prefetch_related("versions")
    ]


def _to_export(one: Scorecard, *, is_whole: bool) -> dict[str, Any]:
    said = [{"at": each.at.isoformat(), "ratings": each.ratings} for each in one.versions.all()]
    later = "Interviewers are still writing; this is here once all of them are done."
    return {"role": one.application.role.title, "round": one.round.name, "versions": said if is_whole else later}


def erase_person(person_id: str, now: datetime) -> int:
    """Removes every scorecard of a candidate, drafts too; kits say nothing of anybody."""
    del now
    return int(Scorecard.objects.filter(application__candidate__pk=person_id).delete()[0])
