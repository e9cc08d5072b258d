"""What the API takes and gives of data sources. A token of another system goes in and never comes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from tenfold.core.http.schemas import Day, Input, Words

Kind = Literal[
    "deployments", "changes", "pagerduty", "pages", "alerts", "incident-io", "rootly", "mlflow", "requests", "tickets",
    "people", "git",
]  # fmt: skip


class SourceOut(Schema):
    """A source and how it stands; `trouble` says why the last reading failed, `remedy` what to try."""

    id: UUID
    kind: Kind
    name: str
    url: str
    team: str | None
    every_hours: int
    is_paused: bool
    has_token: bool
    state: Literal["good", "review", "unanswered"]
    words: str
    trouble: str
    remedy: str
    problems: list[str]
    entries: int
    last_whole_at: datetime | None
    next_at: datetime


class NewSource(Input):
    """An address to read on a schedule. `team` is a team's name; left out: all."""

    kind: Kind
    name: Annotated[Words, Field(min_length=1, max_length=120)]
    url: Annotated[Words, Field(min_length=1, max_length=1000)]
    token: Annotated[Words, Field(max_length=4000)] = ""
    team: Annotated[Words, Field(max_length=120)] | None = None
    zone: Annotated[Words, Field(max_length=60)] = "UTC"
    every_hours: Annotated[int, Field(ge=1, le=720)] = 24
    first_date: Day


class NameOut(Schema):
    """A name in another system; `employee` is the number in the HR system of whom somebody said it is."""

    id: UUID
    system: str
    name: str
    state: Literal["open", "accepted", "ignored"]
    employee: str | None


class NewReview(Input):
    """Whose name it is, by the number in the HR system; null: nobody here, ignore it."""

    employee: Annotated[Words, Field(min_length=1, max_length=60)] | None


class Done(Schema):
    id: UUID
