"""What comes in and goes out, as the OpenAPI document tells it. Input is taken to the letter: no unknown keys."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, model_validator

from tenfold.audit.intake import MOST_BYTES
from tenfold.web.api.scopes import Scope

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


def _writable(text: str) -> str:
    """Text that a database keeps: no NUL, no half of a surrogate pair."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("a character in this text cannot be kept")
    return text


def _sensible(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"a day from {FIRST_DAY} to {LAST_DAY}")
    return day


Words = Annotated[str, AfterValidator(_writable)]
LongText = Annotated[str, Field(min_length=1, max_length=MOST_BYTES), AfterValidator(_writable)]
Day = Annotated[date, Field(strict=False), AfterValidator(_sensible)]
Year = Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]
Money = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]
State = Literal["wrong", "look-again", "unknown", "good"]
Evidence = Literal["primary", "secondary", "derived", "house-rule", "unconfirmed"]
Role = Literal[
    "mlops", "ml-engineer", "ai-infrastructure", "data-engineer", "devops", "data-scientist", "software-engineer"
]
Level = Literal["junior", "mid", "senior", "staff", "principal"]
Workplace = Literal["remote", "hybrid", "onsite"]
Document = Annotated[dict[str, Any], Field(description="A plan as JSON; `tenfold plan schema` prints its format")]
Yaml = Annotated[LongText, Field(description="A plan as YAML; comments are kept")]


Given = TypeVar("Given", bound=Schema)


class Input(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)


class Problem(Schema):
    """RFC 9457, with what was wrong, where, and what to try."""

    type: str
    title: str
    status: int
    detail: str
    what: str
    where: dict[str, Any]
    remedy: str
    problems: list[dict[str, Any]]
    latest_version: int | None = Field(None, description="On a version conflict: the version that was saved")


class Me(Schema):
    """Whom this token stands for."""

    name: str
    email: str
    organisation: str
    role: str
    token: str
    scopes: list[Scope]
    sees_pay: bool
    expires_at: datetime


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
    why: Words = Field("", max_length=500, description="For those who read it later")

    @model_validator(mode="after")
    def _one(self) -> NewPlan:
        return _exactly_one(self, "yaml", "document", "posting")


class PlanChange(Input):
    """The whole plan as it shall be. `base_version` is the version that you changed."""

    yaml: Yaml | None = None
    document: Document | None = None
    base_version: int = Field(ge=1, le=2_000_000_000)
    why: Words = Field("", max_length=500)

    @model_validator(mode="after")
    def _one(self) -> PlanChange:
        return _exactly_one(self, "yaml", "document")


class AuditRequest(Input):
    """One of yaml, document and posting; nothing is kept."""

    yaml: Yaml | None = None
    document: Document | None = None
    posting: LongText | None = Field(None, description="A posting as Markdown, HTML or text")
    as_of: Day | None = Field(None, description="The day for law and pay; today if absent")

    @model_validator(mode="after")
    def _one(self) -> AuditRequest:
        return _exactly_one(self, "yaml", "document", "posting")


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
    severity: Literal["wrong", "look-again", "note"]
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


class Looked(Schema):
    text: str
    sources: list[int]


class Practice(Schema):
    id: str
    mission: str
    title: str
    state: State
    looked_at: list[Looked]
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


class ReadingRequest(Input):
    posting: LongText
    media_type: Literal["text/markdown", "text/html", "text/plain"] | None = Field(
        None, description="Told from the text if absent"
    )


class Mention(Schema):
    text: str
    start: int
    end: int
    demand: Literal["must", "nice", "context"]


class Tool(Schema):
    id: str
    name: str
    demand: Literal["must", "nice", "context"]
    mentions: list[Mention]


class Place(Schema):
    text: str
    country: str
    subdivision: str
    start: int
    end: int


class StatedPay(Schema):
    min: float
    max: float
    currency: str
    period: Literal["YEAR", "MONTH", "WEEK", "DAY", "HOUR"]


class Degree(Schema):
    value: str
    demand: Literal["must", "nice", "context"]
    or_equivalent: bool
    start: int
    end: int


class PostingSection(Schema):
    kind: str
    heading: str
    start: int
    end: int


class Remark(Schema):
    """What stands in the text itself and should be mended, worst first."""

    rule: str
    severity: Literal["wrong", "look-again", "note"]
    what: str
    why: str
    fix: str
    quote: str
    start: int | None
    end: int | None


class Reading(Schema):
    """All that a posting states; null is “not stated”. `spans` count code points of `text`."""

    title: str | None
    employer: str | None
    tools: list[Tool]
    explicit_split: bool
    years_min: int | None
    level: str | None
    family: str
    family_chance: float
    family_runner_up: str
    infra_share: int | None
    infra_share_interval: tuple[int, int] | None
    ml_ops_areas: list[str]
    deep_areas: list[str]
    day_to_day: bool
    pay: StatedPay | None
    pay_open_ended: bool | None
    pay_from_badge: bool | None
    equity_or_bonus: bool
    workplace: str | None
    places: list[Place]
    employment_type: str | None
    degree: Degree | None
    certifications: list[str]
    on_call: bool | None
    travel: str | None
    visa: str | None
    leadership: bool | None
    benefits: list[str]
    sections: list[PostingSection]
    spans: dict[str, Any]
    text_hash: str
    text: str
    remarks: list[Remark]


class Offer(Input):
    """A range of base pay, USD a year."""

    min: Money
    max: Money

    @model_validator(mode="after")
    def _ordered(self) -> Offer:
        if self.min > self.max:
            raise ValueError("the lowest pay is above the highest")
        return self


class EstimateRequest(Input):
    """Which job; either `level` or `years`. `place`: a US metro by name or CBSA code, or a country's code."""

    role: Role
    level: Level | None = None
    years: Year | None = None
    place: Annotated[Words, Field(max_length=100)] | None = None
    workplace: Workplace | None = None
    infra_share: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = Field(
        None, description="Infrastructure's part of the work in percent"
    )
    offer: Offer | None = None
    as_of: Day | None = None

    @model_validator(mode="after")
    def _level_or_years(self) -> EstimateRequest:
        return _exactly_one(self, "level", "years")


class PlacedOffer(Schema):
    """Where an offer's midpoint stands among such ads, 0 to 1, with its 95 % interval."""

    min: float
    max: float
    midpoint: float
    percentile: float
    percentile_interval_95: tuple[float, float]


class EstimateSource(Schema):
    key: str
    source: str
    as_of: date
    evidence: Evidence
    url: str


class Supported(Schema):
    """Yearly base pay of such ads in USD, midpoints of ranges, with n, dates and sources."""

    supported: Literal[True]
    role: str
    level: str
    workplace: str
    unit: str
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    median_interval_95: tuple[float, float]
    n: int
    n_effective: float
    first_date: date
    last_date: date
    pooled_from: str
    notes: list[str]
    sources: list[EstimateSource]
    snapshot: str
    metro: dict[str, Any] | None = None
    scope: dict[str, Any] | None = None
    offer: PlacedOffer | None = None


class NotSupported(Schema):
    """Not enough data: why, and what would help. `nearest` is another job, not an answer."""

    supported: Literal[False]
    reason: str
    what_would_help: str
    nearest: Supported | None


def _exactly_one(given: Given, *names: str) -> Given:
    if sum(getattr(given, name) is not None for name in names) != 1:
        raise ValueError(f"exactly one of {', '.join(names)} is needed")
    return given
