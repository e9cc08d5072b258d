"""Mail to candidates, meetings with them, and notes of colleagues."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router

from tenfold.apps.candidates.api.asking import KEY, TAG, application_for, mail_text_for, write_once
from tenfold.apps.candidates.models import Application, MailTemplate, Meeting, OutgoingMail, TemplateKind
from tenfold.apps.candidates.queries.mailtext import hide_own_link, written_from
from tenfold.apps.candidates.schemas import (
    FilledMail,
    MadeRow,
    Mails,
    MailState,
    MailTexts,
    MeetingInList,
    Meetings,
    NewMail,
    NewMeeting,
    NewNote,
    NewTime,
    Notes,
)
from tenfold.apps.candidates.schemas.roles import NewMailText
from tenfold.apps.candidates.services import mail, meetings, notes
from tenfold.core.http.api_access import Caller, caller
from tenfold.core.http.operations import operation
from tenfold.core.http.schemas import Words
from tenfold.core.models import Membership, User
from tenfold.core.scopes import Scope
from tenfold.core.services.api import note_write
from tenfold.kit.errors import Place, UserError

router = Router()
READ, WRITE = Scope.CANDIDATES_READ, Scope.CANDIDATES_WRITE


@operation(router, "GET", "/mail-texts", MailTexts, tag=TAG, scope=READ)
def list_mail_texts(request: HttpRequest) -> dict[str, Any]:
    """Texts with placeholders that mails of this organisation are written from."""
    asking = caller(request)
    texts = MailTemplate.objects.visible_to(asking.user).filter(organisation=asking.organisation).distinct()
    return {"items": list(texts.values("id", "name", "kind", "subject", "body"))}


@operation(router, "POST", "/mail-texts", MadeRow, tag=TAG, scope=WRITE, status=201, conflicts=True)
def create_mail_text(request: HttpRequest, new: NewMailText, key: Words | None = KEY) -> Any:
    """Keeps a new text. A placeholder that nothing fills is refused."""
    return write_once(request, key, "mail-text.saved", lambda now: _save_text(request, None, new, now))


@operation(router, "PUT", "/mail-texts/{mail_text_id}", MadeRow, tag=TAG, scope=WRITE)
def change_mail_text(request: HttpRequest, mail_text_id: uuid.UUID, new: NewMailText) -> dict[str, Any]:
    """Replaces a text; mails that were written from it stay as they are."""
    text, now = mail_text_for(request, mail_text_id), timezone.now()
    with transaction.atomic():
        _, body = _save_text(request, text, new, now)
        note_write(token=caller(request).token, did="mail-text.saved", of_id=str(text.pk), now=now)
    return body


def _save_text(
    request: HttpRequest, text: MailTemplate | None, new: NewMailText, now: datetime
) -> tuple[uuid.UUID, dict[str, Any]]:
    given: dict[str, Any] = {**new.model_dump(), "kind": TemplateKind(new.kind)}
    asking = caller(request)
    made = mail.save_template(organisation=asking.organisation, template=text, by=asking.user, now=now, **given)
    return made.pk, {"id": str(made.pk)}


@operation(router, "POST", "/applications/{application_id}/mails/preview", FilledMail, tag=TAG, scope=READ)
def preview_mail(request: HttpRequest, application_id: uuid.UUID, new: NewMail) -> Any:
    """What this person would get, but for the link to their own page; nothing is sent or kept."""
    row, sender = application_for(request, application_id), str(caller(request).user)
    text = written_from(row, subject=new.subject, body=new.body, sender=sender)
    return replace(text, body=hide_own_link(text.body))


@operation(
    router, "POST", "/applications/{application_id}/mails", MadeRow, tag=TAG, scope=WRITE, status=201, conflicts=True
)
def write_mail(request: HttpRequest, application_id: uuid.UUID, new: NewMail, key: Words | None = KEY) -> Any:
    """Writes to a candidate. The mail waits a minute, in which it can be taken back."""
    row, by = application_for(request, application_id), caller(request).user

    def write(now: datetime) -> tuple[uuid.UUID, dict[str, Any]]:
        made = mail.write_mail(application=row, subject=new.subject, body=new.body, by=by, now=now)
        return made.pk, {"id": str(made.pk)}

    return write_once(request, key, "mail.held", write)


@operation(router, "GET", "/applications/{application_id}/mails", Mails, tag=TAG, scope=READ)
def list_mails(request: HttpRequest, application_id: uuid.UUID) -> dict[str, Any]:
    """Mails to this candidate, newest first, and what became of each; without the link to their own page."""
    rows = application_for(request, application_id).mails.filter(to_user=None)
    names = ("id", "state", "subject", "body", "send_after", "sent_at", "move_id")
    return {"items": [{**row, "body": hide_own_link(row["body"])} for row in rows.values(*names)]}


@operation(router, "POST", "/mails/{mail_id}/take-back", MailState, tag=TAG, scope=WRITE)
def take_back_mail(request: HttpRequest, mail_id: uuid.UUID) -> dict[str, Any]:
    """Takes back a mail that still waits; it is never sent."""
    found: OutgoingMail = get_object_or_404(_of_candidates(OutgoingMail, caller(request)), pk=mail_id)
    now = timezone.now()
    with transaction.atomic():
        mail.take_back(mail=found, by=caller(request).user, now=now)
        note_write(token=caller(request).token, did="mail.taken-back", of_id=str(found.pk), now=now)
    return {"id": found.pk, "state": "taken-back"}


@operation(router, "GET", "/applications/{application_id}/meetings", Meetings, tag=TAG, scope=READ)
def list_meetings(request: HttpRequest, application_id: uuid.UUID) -> dict[str, Any]:
    """Meetings with this candidate, and times that wait for their choice."""
    rows = application_for(request, application_id).meetings.prefetch_related("attendees__user", "slots")
    return {"items": [_meeting(row) for row in rows]}


def _meeting(row: Meeting) -> dict[str, Any]:
    names = ("title", "state", "starts_at", "minutes", "place", "zone", "candidate_answer")
    slots = [{"id": one.pk, "starts_at": one.starts_at, "is_chosen": bool(one.chosen_at)} for one in row.slots.all()]
    panel = [one.user.email for one in row.attendees.all()]
    return {"id": row.pk, **{name: getattr(row, name) for name in names}, "panel": panel, "slots": slots}


@operation(
    router, "POST", "/applications/{application_id}/meetings", MadeRow, tag=TAG, scope=WRITE, status=201,
    conflicts=True,
)  # fmt: skip
def plan_meeting(request: HttpRequest, application_id: uuid.UUID, new: NewMeeting, key: Words | None = KEY) -> Any:
    """Sets a meeting, or offers times to choose from. Candidate and panel are asked by mail and calendar."""
    row, by, panel = application_for(request, application_id), caller(request).user, _panel(new.panel, caller(request))

    def write(now: datetime) -> tuple[uuid.UUID, dict[str, Any]]:
        made = _plan(row, new, panel, by=by, now=now)
        return made.pk, {"id": str(made.pk)}

    return write_once(request, key, "meeting.planned", write)


def _plan(row: Application, new: NewMeeting, panel: list[User], *, by: User, now: datetime) -> Meeting:
    """A meeting at the one time, or a choice of several."""
    if len(new.times) > 1:
        return meetings.offer_slots(
            application=row,
            title=new.title,
            starts=new.times,
            minutes=new.minutes,
            place=new.place,
            panel=panel,
            by=by,
            now=now,
        )
    return meetings.set_meeting(
        application=row,
        title=new.title,
        starts_at=new.times[0],
        minutes=new.minutes,
        place=new.place,
        panel=panel,
        by=by,
        now=now,
    )


def _panel(addresses: list[str], asking: Caller) -> list[User]:
    """Raises UserError where an address is none of a colleague."""
    members = Membership.objects.filter(organisation=asking.organisation, user__is_active=True).select_related("user")
    people = {one.user.email.casefold(): one.user for one in members}
    wanted = list(dict.fromkeys(address.strip().casefold() for address in addresses))
    if set(wanted) - set(people):
        where = Place(field="panel")
        raise UserError("Not all of these are colleagues.", remedy="Send their e-mail addresses.", place=where)
    return [people[one] for one in wanted]


@operation(router, "POST", "/meetings/{meeting_id}/move", MeetingInList, tag=TAG, scope=WRITE)
def move_meeting(request: HttpRequest, meeting_id: uuid.UUID, new: NewTime) -> dict[str, Any]:
    """Moves a meeting: candidate and panel get the new time for the same event."""
    found: Meeting = get_object_or_404(_of_candidates(Meeting, caller(request)), pk=meeting_id)
    now = timezone.now()
    with transaction.atomic():
        meetings.move_meeting(meeting=found, starts_at=new.starts_at, by=caller(request).user, now=now)
        note_write(token=caller(request).token, did="meeting.moved", of_id=str(found.pk), now=now)
    found.refresh_from_db()
    return _meeting(found)


@operation(router, "POST", "/meetings/{meeting_id}/cancel", MeetingInList, tag=TAG, scope=WRITE)
def cancel_meeting(request: HttpRequest, meeting_id: uuid.UUID) -> dict[str, Any]:
    """Cancels a meeting in everybody's calendar."""
    found: Meeting = get_object_or_404(_of_candidates(Meeting, caller(request)), pk=meeting_id)
    now = timezone.now()
    with transaction.atomic():
        meetings.cancel_meeting(meeting=found, by=caller(request).user, now=now)
        note_write(token=caller(request).token, did="meeting.cancelled", of_id=str(found.pk), now=now)
    return _meeting(found)


def _of_candidates(model: Any, asking: Caller) -> Any:
    """Rows of applications whose hiring the token's person runs, without people who are erased or wait for it."""
    seen = Application.objects.run_by(asking.user).not_shut_away().filter(candidate__erased_at=None)
    rows = model.objects.filter(application__in=seen.filter(role__organisation=asking.organisation))
    return rows.select_related("application__role__team", "application__role__organisation", "application__candidate")


@operation(router, "GET", "/applications/{application_id}/notes", Notes, tag=TAG, scope=READ)
def list_notes(request: HttpRequest, application_id: uuid.UUID) -> dict[str, Any]:
    """What colleagues noted about an application, newest first."""
    rows = application_for(request, application_id).notes.select_related("written_by")
    items = [
        {"id": one.pk, "text": one.text, "written_by": str(one.written_by or ""), "written_at": one.written_at}
        for one in rows
    ]
    return {"items": items}


@operation(
    router, "POST", "/applications/{application_id}/notes", MadeRow, tag=TAG, scope=WRITE, status=201, conflicts=True
)
def add_note(request: HttpRequest, application_id: uuid.UUID, new: NewNote, key: Words | None = KEY) -> Any:
    """Keeps a note; colleagues of the team who are named with an @ are told."""
    row, by = application_for(request, application_id), caller(request).user

    def write(now: datetime) -> tuple[uuid.UUID, dict[str, Any]]:
        made = notes.add_note(application=row, text=new.text, by=by, now=now)
        return row.pk, {"id": str(made.pk)}

    return write_once(request, key, "note.added", write)
