"""Meetings set, moved and cancelled; times offered and chosen; answers of calendars taken in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction

from tenfold.apps.candidates.models import (
    Application,
    CandidateEvent,
    MailTemplate,
    Meeting,
    MeetingAttendee,
    MeetingState,
    OfferedSlot,
    TemplateKind,
)
from tenfold.apps.candidates.models.meetings import CalendarAnswer
from tenfold.apps.candidates.queries.calendars import (
    Audience,
    CalendarReply,
    Method,
    Seat,
    in_zone,
    invitation,
)
from tenfold.apps.candidates.queries.contact import plain_email
from tenfold.apps.candidates.queries.mailtext import MailText, address_of, status_link
from tenfold.apps.candidates.services.actors import CANDIDATE, Actor, colleague
from tenfold.apps.candidates.services.duties import refresh_application_tasks
from tenfold.apps.candidates.services.mail import hold, hold_from_template
from tenfold.apps.candidates.services.roles import known_zone
from tenfold.apps.candidates.services.webhooks import announce
from tenfold.core.models import Membership, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

LONGEST = 8 * 60
MAX_SLOTS, MAX_PANEL = 20, 12


@transaction.atomic
def set_meeting(
    *,
    application: Application,
    title: str,
    starts_at: datetime,
    minutes: int,
    place: str,
    panel: Sequence[User],
    by: User,
    now: datetime,
) -> Meeting:
    """A meeting at a fixed time; candidate and panel are asked by mail and calendar.

    Raises:
        NotAllowed: the user does not run this role's hiring.
        UserError: the application is closed, the time has passed, the length is odd, or nobody is asked.
    """
    meeting = _new_meeting(application, title=title, minutes=minutes, place=place, panel=panel, by=by, now=now)
    _settle(meeting, starts_at, actor=colleague(by), now=now)
    return meeting


@transaction.atomic
def offer_slots(
    *,
    application: Application,
    title: str,
    starts: Sequence[datetime],
    minutes: int,
    place: str,
    panel: Sequence[User],
    by: User,
    now: datetime,
) -> Meeting:
    """Times from which the candidate chooses on their own page; they are written to.

    Raises:
        NotAllowed, UserError: as for a meeting at a fixed time; or no time, too many, or one that has passed.
    """
    times = sorted(set(starts))
    if not 0 < len(times) <= MAX_SLOTS or times[0] <= now:
        raise UserError("Offer times that are still to come.", remedy=f"Between one and {MAX_SLOTS}.")
    meeting = _new_meeting(application, title=title, minutes=minutes, place=place, panel=panel, by=by, now=now)
    for at in times:
        OfferedSlot.objects.create(meeting=meeting, starts_at=at)
    texts = MailTemplate.objects.filter(organisation=application.role.organisation_id, kind=TemplateKind.INVITATION)
    if template := texts.first():
        hold_from_template(application=application, template=template, by=by, now=now, after=now)
    _record(CandidateEvent.SLOTS_OFFERED, meeting, actor=colleague(by), now=now)
    return meeting


@transaction.atomic
def choose_slot(*, slot: OfferedSlot, now: datetime) -> Meeting:
    """The candidate takes one of the times.

    Raises:
        UserError: it has passed, or the meeting is set or cancelled already.
    """
    meeting = (
        Meeting.objects.select_for_update(of=("self",)).select_related("application__role").get(pk=slot.meeting_id)
    )
    if meeting.state != MeetingState.OFFERED or slot.starts_at <= now or not meeting.application.is_open:
        raise UserError("This time can no longer be chosen.", remedy="Reload the page; choose another, or write to us.")
    slot.chosen_at = now
    slot.save(update_fields=["chosen_at"])
    _settle(meeting, slot.starts_at, actor=CANDIDATE, now=now)
    meeting.candidate_answer = CalendarAnswer.ACCEPTED
    meeting.save(update_fields=["candidate_answer"])
    return meeting


@transaction.atomic
def move_meeting(*, meeting: Meeting, starts_at: datetime, by: User, now: datetime) -> None:
    """Another time: the same events, one version on, so that calendars replace what they have."""
    require(by, "application.work", meeting)
    if meeting.state != MeetingState.SET or starts_at <= now:
        raise UserError("Only a meeting that is set can be moved, and only to a time to come.", remedy="Set a new one.")
    meeting.sequence += 1
    MeetingAttendee.objects.filter(meeting=meeting).update(answer=CalendarAnswer.NONE)
    meeting.candidate_answer = CalendarAnswer.NONE
    _settle(meeting, starts_at, actor=colleague(by), now=now, kind=CandidateEvent.MEETING_MOVED)


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User, now: datetime) -> None:
    """Cancels in everybody's calendar; nobody is reminded of it afterwards."""
    require(by, "application.work", meeting)
    if meeting.state == MeetingState.CANCELLED:
        return
    was_set = meeting.state == MeetingState.SET
    meeting.state, meeting.sequence = MeetingState.CANCELLED, meeting.sequence + 1
    meeting.save(update_fields=["state", "sequence"])
    if was_set:
        _ask_all(meeting, Method.CANCEL, by=by, now=now)
    _record(CandidateEvent.MEETING_CANCELLED, meeting, actor=colleague(by), now=now)
    announce(CandidateEvent.MEETING_CANCELLED, application=meeting.application, now=now, meeting_id=str(meeting.pk))
    refresh_application_tasks(meeting.application, now=now)


@transaction.atomic
def take_reply(reply: CalendarReply, *, now: datetime) -> Meeting | None:
    """Notes what somebody's calendar answered; None where it is about no meeting of ours or an older version of it."""
    pk, _, audience = reply.uid.partition("@")[0].partition(".")
    try:
        meeting = Meeting.objects.select_related("application__role").get(pk=uuid.UUID(pk))
    except (ValueError, Meeting.DoesNotExist):
        return None
    if reply.sequence < meeting.sequence or meeting.state != MeetingState.SET:
        return None
    if audience == Audience.CANDIDATE:
        known = {plain_email(one.address) for one in meeting.application.candidate.emails.all()}
        if plain_email(reply.address) not in known:
            return None
        Meeting.objects.filter(pk=meeting.pk).update(candidate_answer=reply.answer)
        who = "candidate"
    else:
        seats = MeetingAttendee.objects.filter(meeting=meeting, user__email__iexact=reply.address)
        if not seats.update(answer=reply.answer):
            return None
        who = "panel"
    data = {"application": str(meeting.application_id), "answer": reply.answer.value, "who": who}
    record(kind=CandidateEvent.MEETING_ANSWERED, by=who, of=meeting, now=now, data=data)
    return meeting


# One meeting --------------------------------------------------------------------------------------------------


def _new_meeting(
    application: Application, *, title: str, minutes: int, place: str, panel: Sequence[User], by: User, now: datetime
) -> Meeting:
    require(by, "application.work", application)
    if not application.is_open:
        raise UserError("This application is closed.", remedy="Take the decision back first.")
    if not 5 <= minutes <= LONGEST or not title.strip():
        raise UserError("A meeting needs a name and a length.", remedy=f"Between 5 and {LONGEST} minutes.")
    address_of(application)
    members = Membership.objects.filter(organisation=application.role.organisation_id, user__in=panel)
    if not panel or len(panel) > MAX_PANEL or members.count() != len(set(panel)):
        raise UserError("A meeting needs people of your organisation.", remedy=f"Between one and {MAX_PANEL}.")
    role = application.role
    meeting = Meeting.objects.create(
        application=application,
        stage=application.stage,
        title=title.strip()[:120],
        minutes=minutes,
        place=place.strip()[:300],
        zone=known_zone(role.zone) or "UTC",
        created_by=by,
        created_at=now,
    )
    for user in dict.fromkeys(panel):
        MeetingAttendee.objects.create(meeting=meeting, user=user)
    return meeting


def _settle(
    meeting: Meeting,
    starts_at: datetime,
    *,
    actor: Actor,
    now: datetime,
    kind: CandidateEvent = CandidateEvent.MEETING_SET,
) -> None:
    if starts_at <= now:
        raise UserError("This time has passed.", remedy="Choose one that is still to come.")
    meeting.starts_at, meeting.state = starts_at, MeetingState.SET
    meeting.save()
    _ask_all(meeting, Method.REQUEST, by=actor.user or meeting.created_by, now=now)
    _record(kind, meeting, actor=actor, now=now)
    announce(CandidateEvent.MEETING_SET, application=meeting.application, now=now, meeting_id=str(meeting.pk))


def _record(kind: CandidateEvent, meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    data = {"application": str(meeting.application_id), "role": str(meeting.application.role_id)}
    record(kind=kind, by=actor.in_trail, of=meeting, now=now, data=data)


def _ask_all(meeting: Meeting, method: Method, *, by: User | None, now: datetime) -> None:
    """One mail to the candidate, one to each of the panel; neither names the other's addresses."""
    application = meeting.application
    role, when = application.role, _when(meeting)
    word = "is cancelled" if method is Method.CANCEL else "is set"
    to_candidate = MailText(
        to=address_of(application),
        subject=f"{meeting.title}: {role.title}" + (" – cancelled" if method is Method.CANCEL else ""),
        body=f"The interview “{meeting.title}” about the role {role.title} {word}:\n{when}\n"
        + (f"{meeting.place}\n" if meeting.place else "")
        + f"\nYour page: {status_link(application)}\n",
    )
    seats = [Seat("", to_candidate.to)]
    _ask(meeting, Audience.CANDIDATE, method, to_candidate, seats, by=by, now=now)
    people = [one.user for one in meeting.attendees.select_related("user")]
    panel = [Seat(user.name, user.email) for user in people]
    for user in people:
        text = MailText(
            to=user.email,
            subject=f"{meeting.title}: {role.title}" + (" – cancelled" if method is Method.CANCEL else ""),
            body=f"“{meeting.title}” for the role {role.title} {word}:\n{when}\n",
        )
        _ask(meeting, Audience.PANEL, method, text, panel, by=by, now=now, to_user=user)


def _ask(
    meeting: Meeting,
    audience: Audience,
    method: Method,
    text: MailText,
    seats: Sequence[Seat],
    *,
    by: User | None,
    now: datetime,
    to_user: User | None = None,
) -> None:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    calendar = invitation(
        meeting,
        audience=audience,
        method=method,
        summary=text.subject,
        description=text.body,
        seats=seats,
        organiser=Seat(name or meeting.application.role.employer, address),
        now=now,
    )
    hold(
        application=meeting.application,
        text=text,
        by=by,
        now=now,
        after=now,
        calendar=calendar,
        method=method.value,
        to_user=to_user,
    )


def _when(meeting: Meeting) -> str:
    if meeting.starts_at is None:
        return ""
    return f"{in_zone(meeting.starts_at, meeting.zone)}, {meeting.minutes} minutes"
