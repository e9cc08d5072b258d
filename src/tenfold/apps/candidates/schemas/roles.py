"""Roles, their stages, teams, tasks and figures, and what colleagues arrange, as the API takes and gives them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from tenfold.apps.candidates.schemas import Comment, Id, RoleInList, ShortText
from tenfold.core.http.schemas import Day, Input, Words

StageKindName = Literal["applied", "screen", "lab", "interview", "debrief", "offer"]
Part = Literal["lead", "recruiter", "coordinator", "interviewer", "reviewer"]
MailKind = Literal["received", "rejection", "invitation", "offer", "offer-ended", "feedback", "other"]


class TeamPart(Schema):
    email: str
    part: Part


class WaitingInStage(Schema):
    """`n` people wait in a stage for a part of the team, `late` of them for longer than agreed."""

    stage: str
    whom: str
    duty: str
    n: int
    late: int


class StageWithDuty(Schema):
    id: UUID
    name: str
    kind: StageKindName
    duty: str
    duty_of: Part
    duty_days: int | None


class FullRole(RoleInList):
    """A role with its settings, its team, and who waits for whom."""

    places: list[str]
    decide_by: date | None
    uses_automated_tool: bool | None
    zone: str
    closed_at: datetime | None
    duties: list[StageWithDuty]
    team: list[TeamPart]
    waiting: list[WaitingInStage]


class RoleSettings(Input):
    """All of them at once: what is left out would be lost, so nothing may be."""

    places: Annotated[list[ShortText], Field(max_length=20)]
    decide_by: Day | None
    uses_automated_tool: bool | None
    zone: Annotated[Words, Field(max_length=60)]


class NewStage(Input):
    """`id`: of a stage that stays; without one it is a new stage."""

    id: Id | None = None
    name: Annotated[Words, Field(min_length=1, max_length=60)]
    kind: StageKindName
    duty: Annotated[Words, Field(max_length=200)] = ""
    duty_of: Part = "recruiter"
    duty_days: Annotated[int, Field(ge=1, le=365)] | None = None


class NewStages(Input):
    stages: Annotated[list[NewStage], Field(min_length=1, max_length=20)]


class NewTeamPart(Input):
    """A colleague's part in the hiring team; null takes them out of it."""

    email: ShortText
    part: Part | None


class TaskOfLaw(Schema):
    """A duty of the law of one of the role's places. `is_sure`: it is surely owed; else its conditions decide."""

    id: UUID
    application_id: UUID | None
    law: str
    says: str
    due_date: date | None
    begins: date
    is_sure: bool
    conditions: list[str]
    done_at: datetime | None


class TasksOfLaw(Schema):
    items: list[TaskOfLaw]


class FigureOfStage(Schema):
    """`share` of those decided in the stage who went on, with its 95 % interval; null where they are too few."""

    stage: str
    reached: int
    went_on: int
    rejected: int
    withdrawn: int
    here: int
    share: float | None
    interval_95: tuple[float, float] | None
    median_days: float | None
    n_days: int


class FigureOfSource(Schema):
    source: str
    n: int
    beyond_first: int
    hired: int


class RoleFigures(Schema):
    n: int
    hired: int
    stages: list[FigureOfStage]
    sources: list[FigureOfSource]


class DueForErasure(Schema):
    application_id: UUID
    candidate_id: UUID
    closed_at: datetime


class DuePeople(Schema):
    items: list[DueForErasure]


class NewMoves(Input):
    """Open applications of one role, moved to one of its stages."""

    application_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    stage_id: Id
    comment: Comment = ""


class FileInList(Schema):
    id: UUID
    name: str
    media_type: str
    size: int


class Files(Schema):
    items: list[FileInList]


class FileContent(FileInList):
    content_base64: str


class FollowUpInList(Schema):
    id: UUID
    application_id: UUID
    text: str
    of: str
    due_date: date
    done_at: datetime | None


class FollowUps(Schema):
    items: list[FollowUpInList]


class NewFollowUp(Input):
    """`of`: e-mail address of the colleague who is to do it; without one it is whoever asks."""

    text: Annotated[Words, Field(min_length=1, max_length=500)]
    due_date: Day
    of: ShortText | None = None


class AccommodationInList(Schema):
    id: UUID
    application_id: UUID
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


class Accommodations(Schema):
    items: list[AccommodationInList]


class AccommodationAnswer(Input):
    answer: Annotated[Words, Field(min_length=1, max_length=2_000)]


class NewHold(Input):
    """Why a person's records are kept for now, such as a dispute; an empty reason lifts the hold."""

    reason: Annotated[Words, Field(max_length=500)]


class HoldState(Schema):
    candidate_id: UUID
    is_held: bool


class PersonFound(Schema):
    candidate_id: UUID
    name: str
    applications: list[UUID]


class PeopleFound(Schema):
    items: list[PersonFound]


class NewMailText(Input):
    """A text with placeholders in braces, as on the page."""

    name: Annotated[Words, Field(min_length=1, max_length=80)]
    kind: MailKind
    subject: Annotated[Words, Field(min_length=1, max_length=200)]
    body: Annotated[Words, Field(min_length=1, max_length=8_000)]


class WebhookInList(Schema):
    id: UUID
    url: str
    kinds: list[str]
    made_at: datetime


class Webhooks(Schema):
    items: list[WebhookInList]


class NewWebhook(Input):
    """No kinds: every kind."""

    url: Annotated[Words, Field(min_length=9, max_length=500)]
    kinds: Annotated[list[ShortText], Field(default_factory=list, max_length=40)]


class WebhookMade(Schema):
    """The secret is shown this once."""

    id: UUID
    secret: str


class DeliveryInList(Schema):
    id: UUID
    kind: str
    state: Literal["waiting", "done", "failed"]
    tries: int
    status: int | None
    created_at: datetime


class Deliveries(Schema):
    items: list[DeliveryInList]
