"""Where asking for present or past pay is barred: bans that stand apart from a rule on pay in postings.

The others are duties of pay-transparency rules (`Part.NO_PAY_HISTORY`) and are answered with them. Not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from tenfold.kit.facts import Evidence, Fact
from tenfold.law.dated import NOT_LEGAL_ADVICE, table
from tenfold.law.places import contains
from tenfold.law.rules import Part, pay_rules


@dataclass(frozen=True, slots=True)
class PayHistoryRule:
    """One row. `bans` is False where asking is allowed and only its use is limited."""

    id: str
    place: str
    name: str
    law: str
    first: date
    bans: bool
    says: str
    evidence: Evidence
    sources: tuple[str, ...]
    checked: date

    def as_fact(self) -> Fact:
        """The row as a fact, to stand among the sources of a finding."""
        return Fact(
            key=f"law.pay_history.{self.id}",
            value=self.says,
            unit="",
            statement=f"{self.name}: {self.says} {NOT_LEGAL_ADVICE}",
            as_of=self.checked,
            source=self.law,
            evidence=self.evidence,
            url=self.sources[0] if self.sources else "",
        )


@cache
def pay_history_rules() -> dict[str, PayHistoryRule]:
    """Every row by id, in the order of the table."""
    rows = table("pay_history")
    return {
        key: PayHistoryRule(
            id=key,
            place=row["place"],
            name=row["name"],
            law=row["law"],
            first=row["from"],
            bans=row["bans"],
            says=row["says"],
            evidence=Evidence(row["evidence"]),
            sources=tuple(row["sources"]),
            checked=rows.checked,
        )
        for key, row in rows.rows.items()
    }


def pay_history_rules_for(places: Iterable[str], as_of: date) -> tuple[PayHistoryRule, ...]:
    """The rows of this table that hold in one of the places on a day."""
    asked = tuple(places)
    return tuple(
        row
        for row in pay_history_rules().values()
        if row.first <= as_of and any(contains(row.place, where) for where in asked)
    )


def places_without_ban(places: Iterable[str], as_of: date) -> tuple[str, ...]:
    """Those of the places of whose ban on such questions neither table knows; whether there is one is not known."""
    with_duty = {rule.place for rule in pay_rules().values() if rule.duty(Part.NO_PAY_HISTORY, as_of)}
    known = with_duty | {row.place for row in pay_history_rules().values()}
    return tuple(where for where in places if not any(contains(place, where) for place in known))
