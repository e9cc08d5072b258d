"""Plans and audits, as the API takes and gives them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field, model_validator

from tenfold.core.http.schemas import Day, Document, Evidence, Input, LongText, State, Words, Yaml, exactly_one


class PlanInList(Schema):
    """A plan as lists show it. `states`: the ten practices when it was last saved."""

    id: uuid.UUID
    title: str
    state: Literal["draft", "approved", "archived"]
    version: int
    approved_version: int | None
    states: dict[str, State]
    opening: str
    facts_line: str
    created_at: datetime
    changed_at: datetime
    page: str = Field(description="Where people read it")


class PlanPage(Schema):
    items: list[PlanInList]
    next_cursor: str | None = Field(description="For the next page; null on the last")


class Plan(PlanInList):
    """A plan with its text. Without the right to see pay, the text is without its pay."""

    pay_shown: bool
    yaml: str
    document: dict[str, Any]


class NewPlan(Input):
    """One of yaml, document and posting. A posting becomes the plan that can be read from it."""

    yaml: Yaml | None = None
    document: Document | None = None
    posting: LongText | None = Field(None, description="A posting as Markdown, HTML or text")
    why: Words = Field("", max_length=500, description="Reason for the change, shown in the history")

    @model_validator(mode="after")
    def _one(self) -> NewPlan:
        return exactly_one(self, "yaml", "document", "posting")


class PlanChange(Input):
    """The whole plan as it shall be. `base_version` is the version that you changed."""

    yaml: Yaml | None = None
    document: Document | None = None
    base_version: int = Field(ge=1, le=2_000_000_000)
    why: Words = Field("", max_length=500)

    @model_validator(mode="after")
    def _one(self) -> PlanChange:
        return exactly_one(self, "yaml", "document")


class AuditRequest(Input):
    """One of yaml, document and posting; nothing is kept."""

    yaml: Yaml | None = None
    document: Document | None = None
    posting: LongText | None = Field(None, description="A posting as Markdown, HTML or text")
    as_of: Day | None = Field(None, description="The day for law and pay; today if absent")

    @model_validator(mode="after")
    def _one(self) -> AuditRequest:
        return exactly_one(self, "yaml", "document", "posting")


class Headline(Schema):
    opening: str
    points: list[str]
    closing: str
    sentence: str
    edits: list[dict[str, Any]]


class Quote(Schema):
    """Words that a finding rests on; `start` and `end` count code points of the posting's extracted text."""

    text: str
    field: str
    start: int | None
    end: int | None


class Finding(Schema):
    id: str
    rule: str
    severity: Literal["fix", "review", "note"]
    what: str
    why: str
    fix: str
    flips: str
    field: str
    line: int | None
    evidence: list[Quote]
    sources: list[int]


class Question(Schema):
    """An answer that is missing: its practice is unknown until it is given."""

    rule: str
    field: str
    ask: str
    why: str
    line: int | None


class Observation(Schema):
    text: str
    sources: list[int]


class Practice(Schema):
    id: str
    mission: str
    title: str
    state: State
    observations: list[Observation]
    findings: list[Finding]
    questions: list[Question]


class Figure(Schema):
    key: str
    statement: str
    value: str
    as_of: date
    evidence: Evidence


class Source(Schema):
    number: int
    name: str
    url: str
    figures: list[Figure]


class TextHash(Schema):
    hash: str


class Audit(Schema):
    """The report of `tenfold audit --json`, the same."""

    format: Literal["tenfold-audit/1"]
    tenfold: str
    name: str
    title: str
    as_of: date
    headline: Headline
    states: dict[str, State]
    counts: dict[str, int]
    answered: int
    practices: list[Practice]
    sources: list[Source]
    text: TextHash | None
