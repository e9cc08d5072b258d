"""What is asked and answered about one posting: its facts, and one part of one rule held against them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenfold.kit.facts import Evidence, Fact
from tenfold.law.dated import NOT_LEGAL_ADVICE, Certainty, day
from tenfold.law.rules import Part


class Status(StrEnum):
    """What a posting has of what a rule asks. `asked` and `not asked` answer what a rule bars.

    `not in our table` is the answer for a place without a row: nobody has read its law, which says nothing about it.
    """

    PRESENT = "present"
    MISSING = "missing"
    OPEN_ENDED = "open-ended"
    UNUSUALLY_WIDE = "unusually wide"
    NOT_REQUIRED = "not required"
    UNKNOWN = "unknown"
    NOT_IN_TABLE = "not in our table"
    ASKED = "asked"
    NOT_ASKED = "not asked"

    @property
    def wanting(self) -> bool:
        """Whether something should be mended if the rule reaches the job."""
        return self in (Status.MISSING, Status.OPEN_ENDED, Status.UNUSUALLY_WIDE, Status.ASKED)


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """What a posting says that pay-transparency rules look at. None: nobody has looked.

    has_range: None where a figure looks like pay and could not be read, which is not the same as none stated.
    minimum, maximum: amounts in `currency` (ISO 4217) per `period` (year, month, week, day, hour).
    both_ends: a range with bottom and top, or one fixed amount; False for "up to" and "from".
    by_link: the range stands behind a link, not in the text. hiring_range: the range is what is paid on
    hiring.
    """

    has_range: bool | None
    both_ends: bool | None = None
    minimum: float | None = None
    maximum: float | None = None
    currency: str = ""
    period: str = "year"
    by_link: bool = False
    hiring_range: bool | None = None
    benefits_stated: bool | None = None
    bonus_equity_stated: bool | None = None
    deadline_stated: bool | None = None
    description_stated: bool | None = None
    gender_neutral_title: bool | None = None
    ai_used: bool | None = None
    ai_notice: bool | None = None
    vacancy_stated: bool | None = None
    canadian_experience_asked: bool | None = None
    history_asked: bool | None = None

    @property
    def width_ratio(self) -> float | None:
        """Top over bottom, None where there is no range with two ends; without bound where it begins at nothing."""
        if self.minimum is None or not self.maximum:
            return None
        return self.maximum / self.minimum if self.minimum else math.inf


@dataclass(frozen=True, slots=True)
class LawAnswer:
    """One part of one rule against one posting.

    `reaches` with `conditions` tells whether the rule covers the job; `says` is what the rule asks,
    `because` why the status is what it is. `rule_id` is empty where no rule speaks: a place without one, or
    the comparison with real ranges.
    """

    part: Part
    status: Status
    place: str
    name: str
    says: str
    because: str
    rule_id: str = ""
    law: str = ""
    reaches: Certainty = Certainty.YES
    conditions: tuple[str, ...] = ()
    evidence: Evidence = Evidence.SECONDARY
    sources: tuple[str, ...] = ()
    since: date | None = None
    enforced_from: date | None = None
    checked: date | None = None
    conflict: str = ""
    advice: str = NOT_LEGAL_ADVICE

    @property
    def decides(self) -> bool:
        """Whether this may count against a posting: something is wanting, surely covered, by a source that was read."""
        return self.status.wanting and bool(self.rule_id) and self.reaches is Certainty.YES and self.evidence.may_decide

    @property
    def sentence(self) -> str:
        """Colorado: pay range missing (in force since 1 January 2021)."""
        head = f"{self.name}: {self.part.words} {self.status}"
        when = f" (since {day(self.since)})" if self.since and self.rule_id else ""
        if self.status is Status.NOT_IN_TABLE:
            return f"{self.name}: {self.because}."
        reason = f" because {self.because}" if self.status is Status.UNKNOWN else ""
        if_words = f", if {' and '.join(self.conditions)}" if self.conditions and self.status.wanting else ""
        return f"{head}{reason}{when}{if_words}."

    def as_fact(self) -> Fact:
        """This answer's rule as a fact, to stand among the sources of a finding."""
        return Fact(
            key=f"law.{self.rule_id or self.place}.{self.part}",
            value=self.says or self.because,
            unit="",
            statement=f"{self.name}: {self.says or self.because} {self.advice}",
            as_of=self.checked or date.min,
            source=self.law or "pay-transparency table",
            evidence=self.evidence,
            url=self.sources[0] if self.sources else "",
        )
