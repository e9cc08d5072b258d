"""Real postings to compare with: where a figure of this one stands, in words, with the fact that the words rest on."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.catalogue.store import catalogue
from tenfold.checking.case import Case
from tenfold.kit.facts import Evidence, Fact
from tenfold.posting.base_rates import ALL, Standing, base_rates

UNUSUAL_PERCENT = 75
"""From here on a figure is set against most postings; below, what is usual is told as it is."""
_SAID = {
    "must_tools": "half require {half:g} named tools or fewer, nine in ten {nine:g} or fewer",
    "deep_areas": "half demand depth in {half:g} areas or fewer, nine in ten in {nine:g} or fewer",
    "vague_duties": "in half up to {half:.0%} of the duties could stand anywhere, in nine of ten up to {nine:.0%}",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """A standing among real postings, as sentences can use it. `low`: at least this percent of them have less."""

    standing: Standing
    fact: Fact

    @property
    def among(self) -> str:
        """`356 real postings for ML engineers`."""
        return f"{self.standing.n:,} real postings{_for_role(self.standing.group)}"

    @property
    def is_unusual(self) -> bool:
        return self.standing.low >= UNUSUAL_PERCENT

    def in_words(self, subject: str) -> str:
        """`14 named tools are more than in 90 % of 356 real postings for ML engineers.`; else what is usual there."""
        if self.is_unusual:
            return f"{subject} more than in {self.standing.low} % of {self.among}."
        return f"{self.fact.statement}."


def compare_with_postings(case: Case, measure: str, value: float) -> Compared:
    """Where the value stands among real postings of the plan's role, or of all kinds where too few were counted."""
    standing = base_rates().standing(measure, value, family=case.plan.role.family or ALL)
    return Compared(standing, _fact(standing))


def postings_fact(key: str, value: object, unit: str, statement: str, n: int) -> Fact:
    """A figure computed from the real postings, with their number, months and the day of computing."""
    rates = base_rates()
    return Fact(
        key=f"posting.{key}",
        value=value,
        unit=unit,
        statement=statement,
        as_of=rates.computed,
        source=f"{rates.source}, {rates.first_month} to {rates.last_month}",
        evidence=Evidence.DERIVED,
        n=n,
    )


def _fact(standing: Standing) -> Fact:
    return postings_fact(
        f"{standing.measure}.{standing.group}",
        "",
        "",
        f"Of {standing.n:,} real postings{_for_role(standing.group)}, "
        + _SAID[standing.measure].format(half=standing.median, nine=standing.ninth_decile),
        standing.n,
    )


def _for_role(group: str) -> str:
    return "" if group == ALL else f" for {catalogue().roles[group].name}s"
