"""Roles, applications and moves, as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from tenfold.core.http.schemas import FIRST_DAY, LAST_DAY, Input, Words

ShortText = Annotated[Words, Field(max_length=200)]
Id = Annotated[UUID, Field(strict=False)]
Reason = Literal["must-haves", "lab", "interview", "other-chosen", "pay", "place", "role-closed", "spam"]
Comment = Annotated[Words, Field(max_length=2_000)]
MAX_LIST = 10_000_000


def _instant(value: object) -> object:
    """Only a text as RFC 3339 has it; numbers of seconds would be read as times else."""
    if not isinstance(value, str) or "T" not in value.upper():
        raise ValueError("a time such as 2026-12-01T14:30:00+01:00")
    return value


def _within_a_lifetime(value: datetime) -> datetime:
    if not FIRST_DAY.year < value.year < LAST_DAY.year:
        raise ValueError(f"a time from {FIRST_DAY.year + 1} to {LAST_DAY.year - 1}")
    return value


Instant = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_instant), AfterValidator(_within_a_lifetime)]


class StageInRole(Schema):
    id: UUID
    name: str
    kind: Literal["applied", "screen", "lab", "interview", "debrief", "offer"]


class RoleInList(Schema):
    id: UUID
    title: str
    is_open: bool
    opened_at: datetime
    stages: list[StageInRole]


class RolePage(Schema):
    items: list[RoleInList]
    next_cursor: str | None


class ApplicationInList(Schema):
    id: UUID
    candidate_id: UUID
    name: str
    stage_id: UUID
    state: Literal["open", "rejected", "withdrawn", "hired"]
    source: str
    applied_at: datetime
    stage_since: datetime


class ApplicationPage(Schema):
    items: list[ApplicationInList]
    next_cursor: str | None


class MoveMade(Schema):
    id: UUID
    number: int
    kind: Literal["applied", "moved", "rejected", "withdrawn", "hired", "undone"]
    to_stage_id: UUID
    to_state: str
    reason: str
    at: datetime
    undoes: UUID | None


class FullApplication(ApplicationInList):
    """One application with how its person is reached and every move; only by a token that may read candidates."""

    role_id: UUID
    emails: list[str]
    phones: list[str]
    links: list[str]
    location: str
    letter: str
    moves: list[MoveMade]


class NewApplication(Input):
    name: Annotated[Words, Field(min_length=1, max_length=200)]
    emails: Annotated[list[ShortText], Field(default_factory=list, max_length=5)]
    phones: Annotated[list[ShortText], Field(default_factory=list, max_length=5)]
    links: Annotated[list[Annotated[Words, Field(max_length=500)]], Field(default_factory=list, max_length=5)]
    location: ShortText = ""
    letter: Annotated[Words, Field(max_length=20_000)] = ""
    source: Literal["referral", "sourced", "agency", "job-board", "other"] = "other"


class Created(Schema):
    """Ids only: what a person sent is kept in no list of answers."""

    id: UUID
    candidate_id: UUID


class NewMove(Input):
    """Exactly one of: a stage to move to, or a reason to reject for. With a mail text, a rejection's mail waits."""

    stage_id: Id | None = None
    reject_for: Reason | None = None
    comment: Comment = ""
    mail_text_id: Id | None = None


class NewRejections(Input):
    """Applications of one role, rejected for one reason; with a mail text, each person's mail waits half an hour."""

    application_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    reason: Reason
    comment: Comment = ""
    mail_text_id: Id | None = None


class BatchDone(Schema):
    batch_id: UUID
    moves: list[UUID]
    mails: list[UUID]


class BatchTakenBack(Schema):
    """`kept`: applications where something happened since. `mails_gone`: mails that had been sent already."""

    undone: int
    kept: int
    mails_taken_back: int
    mails_gone: int


class MoveDone(Schema):
    application_id: UUID
    stage_id: UUID
    state: str
    moves: list[UUID]
    mails: list[UUID]


class ErasureDone(Schema):
    """`due`: the day on which it is carried out, where a law wants the records kept until then."""

    erased: bool
    due: str | None
    law: str


# Mail, meetings and notes -----------------------------------------------------------------------


class MadeRow(Schema):
    """The id alone: what was written is kept in no list of answers."""

    id: UUID


class MailTextInList(Schema):
    id: UUID
    name: str
    kind: Literal["received", "rejection", "invitation", "offer", "offer-ended", "feedback", "other"]
    subject: str
    body: str


class MailTexts(Schema):
    items: list[MailTextInList]


class NewMail(Input):
    """Texts with placeholders in braces, as on the page; none may stay without a value."""

    subject: Annotated[Words, Field(min_length=1, max_length=200)]
    body: Annotated[Words, Field(min_length=1, max_length=8_000)]


class FilledMail(Schema):
    """Exactly what this person would get."""

    to: str
    subject: str
    body: str


class MailInList(Schema):
    id: UUID
    state: Literal["held", "sending", "sent", "delivered", "bounced", "failed", "taken-back"]
    subject: str
    body: str
    send_after: datetime
    sent_at: datetime | None
    move_id: UUID | None


class Mails(Schema):
    items: list[MailInList]


class MailState(Schema):
    id: UUID
    state: str


class SlotOffered(Schema):
    id: UUID
    starts_at: datetime
    is_chosen: bool


class MeetingInList(Schema):
    id: UUID
    title: str
    state: Literal["offered", "set", "cancelled"]
    starts_at: datetime | None
    minutes: int
    place: str
    zone: str
    candidate_answer: str
    panel: list[str]
    slots: list[SlotOffered]


class Meetings(Schema):
    items: list[MeetingInList]


class NewMeeting(Input):
    """One time is a meeting; from several the candidate chooses. `panel`: e-mail addresses of colleagues."""

    title: Annotated[Words, Field(min_length=1, max_length=120)]
    times: Annotated[list[Instant], Field(min_length=1, max_length=20)]
    minutes: Annotated[int, Field(ge=5, le=480)]
    place: Annotated[Words, Field(max_length=300)] = ""
    panel: Annotated[list[ShortText], Field(min_length=1, max_length=12)]


class NewTime(Input):
    starts_at: Instant


class NewNote(Input):
    text: Annotated[Words, Field(min_length=1, max_length=5_000)]


class NoteInList(Schema):
    id: UUID
    text: str
    written_by: str
    written_at: datetime


class Notes(Schema):
    items: list[NoteInList]


# Duplicates, imports and exports ----------------------------------------------------------------


class PersonOfPair(Schema):
    candidate_id: UUID
    name: str


class Pair(Schema):
    """Two rows that may be one person, and why; the surest reasons come first."""

    one: PersonOfPair
    other: PersonOfPair
    reasons: list[str]


class Pairs(Schema):
    items: list[Pair]


class TwoPeople(Input):
    one_id: Id
    other_id: Id


class NewMerge(Input):
    """`kept_id` stands for both. Nothing is changed in either row, and taking it back leaves both as they were."""

    kept_id: Id
    merged_id: Id


class NewImport(Input):
    """A list: CSV or a JSON export of Greenhouse Harvest v3 or Ashby as text, XLSX as base64. The name says which."""

    file_name: Annotated[Words, Field(min_length=5, max_length=200, pattern=r"\.(csv|json|xlsx)$")]
    text: Annotated[Words, Field(min_length=1, max_length=MAX_LIST)] | None = None
    content_base64: Annotated[Words, Field(min_length=1, max_length=MAX_LIST * 4 // 3 + 4)] | None = None


class FieldProblem(Schema):
    field: str
    what: str
    value: str


class LineProblems(Schema):
    line: int
    problems: list[FieldProblem]


class ImportPreview(Schema):
    """What would be imported, and every line that stands in the way of being imported."""

    id: UUID
    shape: str
    usable: int
    unusable: int
    lines: list[LineProblems]
    imported: int
    skipped: int
    committed_at: datetime | None


class Correction(Input):
    line: Annotated[int, Field(ge=1, le=1_000_000)]
    field: Literal["name", "email", "phone", "link", "location", "stage", "source", "applied", "letter"]
    value: Annotated[Words, Field(max_length=5_000)]


class Corrections(Input):
    changes: Annotated[list[Correction], Field(min_length=1, max_length=5_000)]


class PersonExported(Schema):
    application_id: UUID
    name: str
    emails: list[str]
    phones: list[str]
    location: str
    stage: str
    state: str
    source: str
    applied_at: datetime


class CandidatesExported(Schema):
    people: list[PersonExported]
