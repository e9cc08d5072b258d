"""Roles, applications and moves, as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from tenfold.core.http.schemas import Input, Words

ShortText = Annotated[Words, Field(max_length=200)]


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
    """Exactly one of: a stage to move to, or a reason to reject for. No mail is written by the API."""

    stage_id: Annotated[UUID, Field(strict=False)] | None = None
    reject_for: (
        Literal["must-haves", "lab", "interview", "other-chosen", "pay", "place", "role-closed", "spam"] | None
    ) = None


class MoveDone(Schema):
    application_id: UUID
    stage_id: UUID
    state: str
    moves: list[UUID]


class ErasureDone(Schema):
    """`due`: the day on which it is carried out, where a law wants the records kept until then."""

    erased: bool
    due: str | None
    law: str
