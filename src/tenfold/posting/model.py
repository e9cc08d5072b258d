"""What a reading of a posting holds. Every value points to its place in the text that the reader emits.

"Not stated" is None; what is stated but doubtful carries its chance (`Uncertain`) or its interval (`Share`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Literal, NamedTuple, TypeVar

from tenfold.posting.language import UNTOLD, Language

T_co = TypeVar("T_co", covariant=True)


class LineKind(StrEnum):
    HEADING = "heading"
    BULLET = "bullet"
    PARAGRAPH = "paragraph"


class Line(NamedTuple):
    """One block of the extracted text, `text[start:end]`. `level` is 1 to 6 for headings (7: bold words as heading)."""

    start: int
    end: int
    kind: LineKind
    level: int = 0


@dataclass(frozen=True, slots=True)
class SourceText:
    """Text taken out of a document, with its structure. Spans count code points of `text`.

    `labels` are values that the document states beside the text (JSON-LD in a page, fields of a job board); `unused`
    are fields that hold text and were not read, each with its beginning.
    """

    text: str
    lines: tuple[Line, ...]
    labels: Mapping[str, str]
    unused: tuple[tuple[str, str], ...] = ()


class SectionKind(StrEnum):
    HEADER = "header"
    DUTIES = "duties"
    MUST = "must"
    NICE = "nice"
    STACK = "stack"
    BENEFITS = "benefits"
    PAY = "pay"
    ABOUT = "about"
    PLACE = "place"
    PROCESS = "process"
    EEO = "eeo"
    OTHER = "other"


class Demand(StrEnum):
    """How strongly a tool is asked for. `context`: only in the stack, the day-to-day work or about the company."""

    MUST = "must"
    NICE = "nice"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Cited(Generic[T_co]):
    """A value and the words it rests on: code points [start, end) of the reading's text."""

    value: T_co
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Uncertain(Generic[T_co]):
    """A value judged from the whole text: the likeliest, its chance, and the runner-up with its own.

    Where it is not certain, nothing may rest on it: the reader cannot tell. `chances` holds every value's.
    """

    value: T_co
    chance: float
    runner_up: T_co
    runner_up_chance: float
    evidence: tuple[Cited[str], ...] = ()
    is_certain: bool = True
    chances: tuple[tuple[T_co, float], ...] = ()

    def chance_of(self, value: object) -> float:
        """The chance of one value; 0 for one that was not weighed."""
        return next((chance for other, chance in self.chances if other == value), 0.0)


@dataclass(frozen=True, slots=True)
class Share:
    """A share in percent with an interval that held nine in ten labelled postings when it was fitted."""

    value: int
    low: int
    high: int
    evidence: tuple[Cited[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    text: str
    start: int
    end: int
    demand: Demand = Demand.CONTEXT


@dataclass(frozen=True, slots=True)
class ToolDemand:
    skill_id: str
    name: str
    demand: Demand
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the text of one kind; `heading` is empty where the kind was judged from the words alone."""

    kind: SectionKind
    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place as written, and what it was understood as (ISO 3166 country, 3166-2 subdivision, "" where it has none).

    `id` is the place's id in the law's tables, which also have cities and counties with rules of their own; `city` the
    town, where one is named.
    """

    text: str
    country: str
    subdivision: str
    start: int
    end: int
    id: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A place whose name may mean several: which one is a question for whoever wrote the posting."""

    text: str
    candidates: tuple[str, ...]
    start: int
    end: int
    question: str


Period = Literal["YEAR", "MONTH", "WEEK", "DAY", "HOUR"]


class MoneyKind(StrEnum):
    """What a sum in a posting is. `other`: no pay of the person hired (funding, savings, budgets, stipends, …)."""

    BASE = "base"
    TOTAL = "total"
    BONUS = "bonus"
    SIGN_ON = "sign_on"
    EQUITY = "equity"
    RELOCATION = "relocation"
    OTHER = "other"


class OpenEnd(StrEnum):
    """Where only one end of pay is given: the lowest ("from 65,000") or the highest ("up to 95,000")."""

    FROM = "from"
    UP_TO = "upto"


@dataclass(frozen=True, slots=True)
class Money:
    """One sum or range that a posting names, and what it is. `currency` and `period` None where neither can be said.

    `unread`: why a figure that is named as pay was not understood; empty where it was.
    """

    kind: MoneyKind
    min: float
    max: float
    currency: str | None
    period: Period | None
    start: int
    end: int
    open_end: OpenEnd | None = None
    named: bool = False
    unread: str = ""
    assumed: str = ""
    """Why the currency is taken to be this one, where the posting does not write it out."""


@dataclass(frozen=True, slots=True)
class PostedPay:
    """Base pay as stated; the widest span where zones or levels differ. `open_ended`: only one end was given.

    With one end, `min` and `max` are that end and `open_end` says which. `kind` is `total` where only total or
    on-target pay is stated. `currency_assumed` says why, where the currency is not written out.
    """

    min: float
    max: float
    currency: str
    period: Period
    start: int
    end: int
    open_ended: bool = False
    from_badge: bool = False
    open_end: OpenEnd | None = None
    kind: MoneyKind = MoneyKind.BASE
    currency_assumed: str = ""


@dataclass(frozen=True, slots=True)
class DegreeDemand:
    """A degree that is asked for. `or_equivalent`: experience counts instead, in the posting's own words."""

    value: str
    demand: Demand
    or_equivalent: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PostingReading:
    """All that a posting states, as far as the reader could tell."""

    name: str
    text: str
    text_hash: str
    lines: tuple[Line, ...]
    line_kinds: tuple[SectionKind, ...]
    sections: tuple[Section, ...]
    title: Cited[str] | None
    employer: Cited[str] | None
    places: tuple[PlaceMention, ...]
    open_places: tuple[OpenPlace, ...]
    workplace: Cited[str] | None
    employment_type: Cited[str] | None
    tools: tuple[ToolDemand, ...]
    explicit_split: bool
    years_min: Cited[float] | None
    level: Cited[str] | None
    degree: DegreeDemand | None
    certifications: tuple[Cited[str], ...]
    pay: PostedPay | None
    money: tuple[Money, ...]
    equity_or_bonus: Cited[bool] | None
    benefits: tuple[Cited[str], ...]
    on_call: Cited[bool] | None
    travel: Cited[str] | None
    visa: Cited[str] | None
    leadership: Cited[bool] | None
    family: Uncertain[str]
    infra_share: Share | None
    ml_ops_areas: tuple[Cited[str], ...]
    deep_areas: tuple[Cited[str], ...]
    day_to_day: Cited[bool] | None
    language: Language = UNTOLD
    """In one that is not read, what is absent here may well be stated."""
    fields_not_read: tuple[tuple[str, str], ...] = ()
    """Fields of a board or of JSON-LD that hold text and were not read: name and beginning."""

    def quote(self, cited: Cited[object] | Mention | PostedPay | Money | PlaceMention | DegreeDemand | Section) -> str:
        """The words a value rests on."""
        return self.text[cited.start : cited.end]

    @property
    def pay_not_read(self) -> tuple[Money, ...]:
        """Figures that look like pay and were not understood: not the same as no pay stated."""
        return tuple(money for money in self.money if money.unread)

    def tools_with(self, demand: Demand) -> tuple[ToolDemand, ...]:
        return tuple(tool for tool in self.tools if tool.demand is demand)
