"""What has to be looked up again, and by when: figures, rows of law, the status of certificates and tools."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenfold.kit.calendar_days import add_months
from tenfold.kit.facts import Evidence, Fact, FactBook

FIGURES_CHECKED = date(2026, 11, 22)
"""The day on which every figure shipped was looked up; a figure's own date is that of what it measures."""


class Subject(StrEnum):
    """What sort of thing is looked up again; each has a term of its own (`kit.review_months_…`)."""

    FACT = "fact"
    LAW = "law"
    CERTIFICATE = "certificate"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Review:
    """One thing with the day of its status and the day by which somebody looks again.

    `says` is what stands now, in a sentence; `source` where to look first.
    """

    subject: Subject
    id: str
    says: str
    status_date: date
    review_by: date
    evidence: Evidence
    source: str

    def is_due(self, as_of: date) -> bool:
        return self.review_by <= as_of


def due(reviews: Iterable[Review], as_of: date) -> tuple[Review, ...]:
    """Those whose day has come, the longest overdue first."""
    return tuple(sorted((review for review in reviews if review.is_due(as_of)), key=_when))


def _when(review: Review) -> tuple[date, Subject, str]:
    return review.review_by, review.subject, review.id


def review_months(subject: Subject, evidence: Evidence, facts: FactBook) -> int:
    """The term of a sort of thing; shorter where no page confirms it."""
    if subject is Subject.LAW:
        return int(facts.number("kit.review_months_law"))
    if subject is Subject.CERTIFICATE:
        return int(facts.number("kit.review_months_certificate"))
    if subject is Subject.FACT and not evidence.may_decide:
        return int(facts.number("kit.review_months_unconfirmed"))
    if subject is Subject.TOOL:
        return int(facts.number("kit.review_months_tool"))
    return int(facts.number("kit.review_months_fact"))


def review_by(subject: Subject, evidence: Evidence, since: date, facts: FactBook) -> date:
    return add_months(since, review_months(subject, evidence, facts))


def fact_reviews(facts: FactBook) -> tuple[Review, ...]:
    """Every figure with its term; one that the operator edited is the operator's to look after."""
    return tuple(_fact_review(fact, facts) for fact in facts.values() if not fact.edited)


def _fact_review(fact: Fact, facts: FactBook) -> Review:
    return Review(
        subject=Subject.FACT,
        id=fact.key,
        says=fact.statement,
        status_date=fact.as_of,
        review_by=review_by(Subject.FACT, fact.evidence, max(fact.as_of, FIGURES_CHECKED), facts),
        evidence=fact.evidence,
        source=fact.url or fact.source,
    )
