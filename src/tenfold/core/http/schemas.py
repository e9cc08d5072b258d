"""What every API operation takes and gives: strict input, texts and days that can be kept, problems."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from tenfold.audit.intake import MAX_BYTES
from tenfold.kit.words import is_storable

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


def _writable(text: str) -> str:
    if not is_storable(text):
        raise ValueError("a character in this text cannot be stored")
    return text


def _sensible(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"a day from {FIRST_DAY} to {LAST_DAY}")
    return day


Words = Annotated[str, AfterValidator(_writable)]
LongText = Annotated[str, Field(min_length=1, max_length=MAX_BYTES), AfterValidator(_writable)]
Day = Annotated[date, Field(strict=False), AfterValidator(_sensible)]
Year = Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]
Money = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]
State = Literal["fix", "review", "unanswered", "good"]
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


def exactly_one(given: Given, *names: str) -> Given:
    if sum(getattr(given, name) is not None for name in names) != 1:
        raise ValueError(f"exactly one of {', '.join(names)} is needed")
    return given
