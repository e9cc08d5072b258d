"""Team records come in, 1:1s are noted, pulses open and close, pay rounds are approved by a second person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from tenfold.apps.employees.models import Employee, Team
from tenfold.apps.pay.models import PayUpload, UploadState
from tenfold.apps.retention.models import (
    OneOnOne,
    OneOnOneNote,
    PayRound,
    Pulse,
    PulseAnswer,
    PulseTicket,
    RecordKind,
    RetentionEvent,
    RoundState,
    TeamRecord,
    Topic,
)
from tenfold.apps.retention.queries import is_asked
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import NotAllowed, require
from tenfold.core.services.trail import record
from tenfold.core.typed import id_of
from tenfold.kit.errors import UserError
from tenfold.practices.retention.pulse import QUESTIONS, publish_pulse

MAX_RATING = 3


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """What a file said, as plain values without names, and what was noticed while reading it."""

    kind: RecordKind
    name: str
    values: Sequence[Any]
    notes: Sequence[str] = ()


@transaction.atomic
def import_record(
    *, organisation: Organisation, parsed: ParsedRecord, team: Team | None, by: User, now: datetime
) -> TeamRecord:
    """Raises NotAllowed for whoever sees no figures of teams."""
    require(by, "teams.keep", organisation)
    kept = TeamRecord.objects.create(
        organisation=organisation,
        team=team,
        kind=parsed.kind,
        name=parsed.name[:200],
        values=list(parsed.values),
        notes=list(parsed.notes),
        imported_by=by,
        imported_at=now,
    )
    record(kind=RetentionEvent.RECORD_IMPORTED, by=by, of=kept, now=now, data={"rows": len(parsed.values)})
    return kept


@transaction.atomic
def keep_read_values(
    *, kept: TeamRecord | None, organisation: Organisation, team: Team | None, parsed: ParsedRecord, now: datetime
) -> TeamRecord:
    """What a source has read as a record of the team, which is made once and then kept up to date."""
    held = kept or TeamRecord(organisation=organisation, kind=parsed.kind)
    held.team, held.name, held.imported_at = team, parsed.name[:200], now
    held.values, held.notes = list(parsed.values), list(parsed.notes)
    held.save()
    return held


@transaction.atomic
def remove_record(*, kept: TeamRecord, by: User, now: datetime) -> None:
    require(by, "teams.keep", kept.organisation)
    record(kind=RetentionEvent.RECORD_REMOVED, by=by, of=kept, now=now)
    kept.delete()


@transaction.atomic
def start_one_on_ones(*, employee: Employee, every_days: int, first: date, by: User, now: datetime) -> OneOnOne:
    """Begins the rhythm of a manager and somebody they manage.

    Raises:
        NotAllowed: only the manager begins it.
        UserError: it is there already, or no rhythm.
    """
    if employee.manager_id != by.pk:
        raise NotAllowed("only the manager sets up 1:1s")
    require(by, "organisation.view", employee.organisation)
    if not 1 <= every_days <= 180:
        raise UserError("A rhythm is from 1 to 180 days.", remedy="Two weeks is usual.")
    if OneOnOne.objects.filter(employee=employee, manager=by).exists():
        raise UserError("These 1:1s already exist.", remedy="Open them from the list.")
    meeting = OneOnOne.objects.create(employee=employee, manager=by, every_days=every_days, next_date=first)
    record(kind=RetentionEvent.ONE_ON_ONE_STARTED, by=by, of=employee, now=now)
    return meeting


@transaction.atomic
def add_note(
    *, meeting: OneOnOne, topic: str, text: str, action_by: date | None, by: User, now: datetime
) -> OneOnOneNote:
    """A note for the two; it moves the next date on from today.

    Raises:
        NotAllowed: somebody else.
        UserError: an empty note.
    """
    require(by, "one-on-one.write", meeting)
    if topic not in Topic.values or not text.strip():
        raise UserError("A note needs a topic and words.")
    note = OneOnOneNote.objects.create(
        meeting=meeting,
        topic=topic,
        text=text.strip()[:10_000],
        action_by_date=action_by,
        written_by=by,
        written_at=now,
    )
    if meeting.next_date <= now.date():
        meeting.next_date = now.date() + timedelta(days=meeting.every_days)
        meeting.save(update_fields=["next_date"])
    record(kind=RetentionEvent.ONE_ON_ONE_NOTED, by=by, of=meeting.employee, now=now)
    return note


@transaction.atomic
def finish_action(*, note: OneOnOneNote, by: User, now: datetime) -> None:
    require(by, "one-on-one.write", note.meeting)
    OneOnOneNote.objects.filter(pk=note.pk).update(done_date=now.date())


@transaction.atomic
def open_pulse(*, team: Team, by: User, now: datetime) -> Pulse:
    """Raises UserError where one is open."""
    require(by, "pulse.run", team)
    if Pulse.objects.filter(team=team, closed_at=None).exists():
        raise UserError("A pulse of this team is open.", remedy="Close it first.")
    pulse = Pulse.objects.create(team=team, opened_by=by, opened_at=now)
    record(kind=RetentionEvent.PULSE_OPENED, by=by, of=team, now=now)
    return pulse


@transaction.atomic
def answer_pulse(*, pulse: Pulse, choices: Mapping[str, int], by: User) -> None:
    """Keeps one person's answers apart from the fact that they answered. No entry of the history says when.

    Raises:
        NotAllowed: not of this team.
        UserError: closed, answered already, or no answer.
    """
    if not is_asked(by, pulse):
        raise NotAllowed("not of this team")
    held = Pulse.objects.select_for_update().get(pk=pulse.pk)
    if held.closed_at is not None:
        raise UserError("This pulse is closed.")
    known = {question.id for question in QUESTIONS}
    kept = {key: value for key, value in choices.items() if key in known and 1 <= value <= 5}
    if not kept:
        raise UserError("No question was answered.", remedy="Answer at least one.")
    try:
        with transaction.atomic():
            PulseTicket.objects.create(pulse=held, user=by)
    except IntegrityError:
        raise UserError(
            "You have answered already.", remedy="Answers cannot be changed, since nobody knows which are yours."
        ) from None
    PulseAnswer.objects.create(pulse=held, choices=json.dumps(kept))


@transaction.atomic
def close_pulse(*, pulse: Pulse, by: User, now: datetime) -> Pulse:
    """Publishes the result once and deletes every answer.

    Raises:
        NotAllowed: only those who run pulses.
        UserError: it is closed already.
    """
    require(by, "pulse.run", pulse.team)
    held = Pulse.objects.select_for_update().get(pk=pulse.pk)
    if held.closed_at is not None:
        raise UserError("This pulse is closed.")
    found = publish_pulse([json.loads(answer.choices) for answer in held.answers.all()])
    held.result = {"at_least": found.at_least, "fifths": {line.question: line.fifths for line in found.lines}}
    held.closed_at = now
    held.save(update_fields=["result", "closed_at"])
    held.answers.all().delete()
    held.tickets.all().delete()
    record(kind=RetentionEvent.PULSE_CLOSED, by=by, of=held.team, now=now)
    return held


@transaction.atomic
def start_round(
    *, upload: PayUpload, name: str, budget_percent: float, effective: date, by: User, now: datetime
) -> PayRound:
    """Raises UserError where the list is not imported, or the budget is no percent."""
    require(by, "pay-round.run", upload.organisation)
    if upload.state != UploadState.IMPORTED:
        raise UserError("This pay list is not imported yet.", remedy="Finish its import first.")
    if not 0 < budget_percent <= 50:
        raise UserError("A budget is from 0 to 50 percent of pay.", remedy="3.5 is a usual one.")
    found = PayRound.objects.create(
        organisation=upload.organisation,
        upload=upload,
        name=name[:120],
        budget_percent=budget_percent,
        effective_date=effective,
        started_by=by,
        started_at=now,
    )
    record(kind=RetentionEvent.ROUND_STARTED, by=by, of=found, now=now, data={"budget": budget_percent})
    return found


@transaction.atomic
def rate_lines(*, found: PayRound, ratings: Mapping[str, int], by: User) -> PayRound:
    """Ratings by line, given by whoever brought the list in.

    Raises:
        NotAllowed: somebody else.
        UserError: the round is approved.
    """
    require(by, "pay-round.run", found.organisation)
    if found.upload.uploaded_by_id != by.pk:
        raise NotAllowed("only the person who imported the list sees single people")
    if found.state == RoundState.APPROVED:
        raise UserError("This round is approved.", remedy="Start another one.")
    found.ratings = {**found.ratings, **{line: value for line, value in ratings.items() if 0 <= value <= MAX_RATING}}
    found.save(update_fields=["ratings"])
    return found


@transaction.atomic
def approve_round(*, found: PayRound, by: User, now: datetime) -> PayRound:
    """Approves a round that somebody else started.

    Raises:
        NotAllowed: the person who started it, or no decider who sees pay.
        UserError: approved already.
    """
    require(by, "pay-round.approve", found)
    held = PayRound.objects.select_for_update().get(pk=found.pk)
    if held.state == RoundState.APPROVED:
        raise UserError("This round is approved already.")
    held.state, held.approved_by, held.approved_at = RoundState.APPROVED, by, now
    held.save(update_fields=["state", "approved_by", "approved_at"])
    record(kind=RetentionEvent.ROUND_APPROVED, by=by, of=held, now=now, data={"budget": held.budget_percent})
    found.refresh_from_db()
    return found


def export_one_on_ones(person_id: str) -> Any:
    """Which 1:1s an employee has. Notes are of two people: they are read on the page only."""
    found = _employee(person_id)
    if found is None:
        return {}
    return [
        {"with": str(meeting.manager), "every_days": meeting.every_days, "next": meeting.next_date.isoformat()}
        for meeting in OneOnOne.objects.filter(employee=found).select_related("manager")
    ]


@transaction.atomic
def erase_one_on_ones(person_id: str, now: datetime) -> int:  # noqa: ARG001 - the registry's shape
    """Removes an employee's 1:1s with their notes. Pulses hold nothing of a person."""
    found = _employee(person_id)
    return OneOnOne.objects.filter(employee=found).delete()[0] if found else 0


def _employee(person_id: str) -> Employee | None:
    return Employee.objects.filter(pk=id_of(person_id)).first()
