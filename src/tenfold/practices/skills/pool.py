"""How many respondents of a survey have all must-haves, which demand costs most, and in which order to let go.

Respondents are bits: each skill, each answer is one whole number with a bit per respondent, so that any combination
is a few machine operations even with a hundred thousand of them. A share of respondents, never of people on earth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tenfold.stats.proportions import wilson

FEWEST_SHOWN = 10
"""Counts below this are told as "fewer than ten": they carry no information and may point at people."""


@dataclass(frozen=True)
class Respondents:
    """A survey's answers as bitmaps over the same n respondents.

    `asked` are the skills that the survey asked about at all; a skill outside it is unknown, not absent.
    `years` and `pay_usd_year` hold, in rising order of the threshold, who has at least that much.
    """

    n: int
    skills: Mapping[str, int]
    asked: frozenset[str]
    countries: Mapping[str, int]
    roles: Mapping[str, int]
    years: Sequence[tuple[float, int]]
    pay_usd_year: Sequence[tuple[float, int]]
    paid: int
    source: str

    def everyone(self) -> int:
        return (1 << self.n) - 1

    def with_years(self, years: float) -> int:
        """Who has at least so many professional years; who did not answer is not among them."""
        return _at_least(self.years, years)

    def paid_at_most(self, pay: float) -> int:
        """Who is paid at most so much; who did not say is not among them."""
        return self.paid & ~_at_least(self.pay_usd_year, pay + 0.01)


@dataclass(frozen=True, slots=True)
class Question:
    """Whom a posting would reach: all must-haves at once, within place, experience, pay and roles where given."""

    must: tuple[str, ...]
    years_min: float | None = None
    countries: tuple[str, ...] = ()
    pay_max_usd_year: float | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of` respondents, with the 95 % interval of the share (Wilson)."""

    count: int
    of: int

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.count, self.of)

    @property
    def is_too_small(self) -> bool:
        return self.count < FEWEST_SHOWN


@dataclass(frozen=True, slots=True)
class Cost:
    """What one demand costs: with it `with_it` remain, without it `without_it`."""

    demand: str
    with_it: int
    without_it: int

    @property
    def factor(self) -> float:
        """How many times larger the pool is without it; infinite where nobody has all."""
        return self.without_it / self.with_it if self.with_it else math.inf


@dataclass(frozen=True, slots=True)
class Step:
    """One demand let go, and the pool that then remains."""

    demand: str
    pool: Share


@dataclass(frozen=True, slots=True)
class PoolEstimate:
    """The answer. `unknown`: must-haves the survey never asked about; they are left out of the count and said so."""

    pool: Share
    eligible: Share
    costs: tuple[Cost, ...]
    relaxing: tuple[Step, ...]
    unknown: tuple[str, ...]
    source: str
    says: str


def estimate(respondents: Respondents, question: Question) -> PoolEstimate:
    """Counts, costs and the order of relaxing, each demand against all the others."""
    known = tuple(skill for skill in dict.fromkeys(question.must) if skill in respondents.asked)
    base = _base(respondents, question, without="")
    eligible = base.bit_count()
    return PoolEstimate(
        pool=Share(_all_of(respondents, base, known), eligible),
        eligible=Share(eligible, respondents.n),
        costs=tuple(sorted(_costs(respondents, question, known), key=lambda cost: -cost.factor)),
        relaxing=tuple(_relaxing(respondents, base, known, eligible)),
        unknown=tuple(skill for skill in question.must if skill not in respondents.asked),
        source=respondents.source,
        says="A share of those who answered this survey, not of all engineers: respondents choose themselves, name "
        "only what they were asked about, and say what they have worked with, not how well.",
    )


def _base(respondents: Respondents, question: Question, *, without: str) -> int:
    """Who is in reach by place, years, pay and role, one of them left out where it is named."""
    people = respondents.everyone()
    if question.years_min is not None and without != "years":
        people &= respondents.with_years(question.years_min)
    if question.countries and without != "countries":
        people &= _any_of(respondents.countries, question.countries)
    if question.pay_max_usd_year is not None and without != "pay":
        people &= respondents.paid_at_most(question.pay_max_usd_year)
    if question.roles and without != "roles":
        people &= _any_of(respondents.roles, question.roles)
    return people


def _costs(respondents: Respondents, question: Question, known: Sequence[str]) -> Iterable[Cost]:
    base = _base(respondents, question, without="")
    count = _all_of(respondents, base, known)
    for skill in known:
        yield Cost(skill, count, _all_of(respondents, base, [other for other in known if other != skill]))
    given = {
        "years": question.years_min is not None,
        "countries": bool(question.countries),
        "pay": question.pay_max_usd_year is not None,
        "roles": bool(question.roles),
    }
    for demand in (name for name, is_given in given.items() if is_given):
        yield Cost(demand, count, _all_of(respondents, _base(respondents, question, without=demand), known))


def _relaxing(respondents: Respondents, base: int, known: Sequence[str], eligible: int) -> Iterable[Step]:
    """Lets go of one skill at a time, each time the one whose going gains most (ties: as listed).

    The order is nested, so that it can be followed step by step; it need not be the best set for every length.
    """
    left = list(known)
    while left:
        counts = [_all_of(respondents, base, [other for other in left if other != skill]) for skill in left]
        best = max(range(len(left)), key=lambda at: counts[at])
        yield Step(left.pop(best), Share(counts[best], eligible))


def _all_of(respondents: Respondents, people: int, skills: Iterable[str]) -> int:
    for skill in skills:
        people &= respondents.skills.get(skill, 0)
    return people.bit_count()


def _any_of(answers: Mapping[str, int], wanted: Iterable[str]) -> int:
    people = 0
    for answer in wanted:
        people |= answers.get(answer, 0)
    return people


def _at_least(thresholds: Sequence[tuple[float, int]], least: float) -> int:
    return next((people for threshold, people in thresholds if threshold >= least), 0)
