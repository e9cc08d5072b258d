"""What colleagues write about an application, and what they mean to do about it."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction

from tenfold.apps.candidates.models import Application, ApplicationNote, CandidateEvent, FollowUp
from tenfold.core.models import TeamMember, TeamRole, User
from tenfold.core.permissions import NotAllowed, may, require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

MAX_NOTE = 5_000


@transaction.atomic
def add_note(*, application: Application, text: str, by: User, now: datetime) -> ApplicationNote:
    """Keeps a note; `@name` of a colleague who runs this hiring tells them.

    Raises:
        NotAllowed: the user does not run this role's hiring.
        UserError: there is nothing in it, or it is too long.
    """
    require(by, "application.work", application)
    if not text.strip() or len(text) > MAX_NOTE:
        raise UserError("A note needs a text.", remedy=f"At most {MAX_NOTE:,} characters.")
    note = ApplicationNote.objects.create(application=application, text=text.strip(), written_by=by, written_at=now)
    note.mentioned.set(_find_mentions(application, text))
    data = {"role": str(application.role_id)}
    record(kind=CandidateEvent.NOTE_ADDED, by=by, of=application, now=now, data=data)
    return note


def _find_mentions(application: Application, text: str) -> list[User]:
    """Colleagues of the team that are named with an @: by first name, whole name or what stands before their @."""
    names = {found.casefold() for found in re.findall(r"@([\w.\-]+)", text)}
    members = TeamMember.objects.filter(team=application.role.team_id, role__in=_READERS).select_related("member__user")
    users = [one.member.user for one in members]
    return [user for user in users if names & _handles(user)]


_READERS = (TeamRole.LEAD, TeamRole.RECRUITER, TeamRole.COORDINATOR)


def _handles(user: User) -> set[str]:
    first = user.name.split()[0] if user.name.split() else ""
    return {one.casefold() for one in (first, user.name.replace(" ", "."), user.email.partition("@")[0]) if one}


@transaction.atomic
def set_follow_up(
    *, application: Application, text: str, of: User, due_date: date, by: User, now: datetime
) -> FollowUp:
    """Something to do by a day.

    Raises:
        NotAllowed: the user does not run this role's hiring.
        UserError: no text, or it is for somebody who could not see it.
    """
    require(by, "application.work", application)
    if not text.strip():
        raise UserError("Say what is to be done.", remedy="A few words are enough.")
    if not may(of, "application.work", application):
        raise UserError("This colleague does not see this application.", remedy="Add them to the hiring team first.")
    row = FollowUp.objects.create(application=application, text=text.strip()[:500], of=of, due_date=due_date)
    data = {"role": str(application.role_id), "until": due_date.isoformat()}
    record(kind=CandidateEvent.FOLLOW_UP_SET, by=by, of=application, now=now, data=data)
    return row


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, by: User, now: datetime) -> None:
    if follow_up.of_id != by.pk and not may(by, "application.work", follow_up.application):
        raise NotAllowed(f"{by} may not finish this")
    FollowUp.objects.filter(pk=follow_up.pk).update(done_at=now)
    record(kind=CandidateEvent.FOLLOW_UP_DONE, by=by, of=follow_up.application, now=now)
