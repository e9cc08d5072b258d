"""The pay-transparency rows as typed records, and which of them a place and a date call up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from tenfold.kit.facts import Evidence
from tenfold.law.dated import ALWAYS, Noted, Span, Standing, span, support, table, with_note


class Part(StrEnum):
    """What a rule can ask of a posting, in the order in which a reader wants it."""

    RANGE = "range"
    BOTH_ENDS = "both-ends"
    HIRING_RANGE = "hiring-range"
    WIDTH = "width"
    BENEFITS = "benefits"
    OTHER_PAY = "other-pay"
    DEADLINE = "deadline"
    JOB_DESCRIPTION = "job-description"
    GENDER_NEUTRAL = "gender-neutral"
    AI_STATEMENT = "ai-statement"
    VACANCY = "vacancy"
    NO_CANADIAN_EXPERIENCE = "no-canadian-experience"
    NO_PAY_HISTORY = "no-pay-history"

    @property
    def words(self) -> str:
        return _PART_WORDS[self]


_PART_WORDS = {
    Part.RANGE: "pay range",
    Part.BOTH_ENDS: "both ends of the range",
    Part.HIRING_RANGE: "range on hiring",
    Part.WIDTH: "width of the range",
    Part.BENEFITS: "benefits",
    Part.OTHER_PAY: "bonus, equity and other pay",
    Part.DEADLINE: "application deadline",
    Part.JOB_DESCRIPTION: "job description",
    Part.GENDER_NEUTRAL: "gender-neutral title",
    Part.AI_STATEMENT: "statement on the use of AI",
    Part.VACANCY: "statement whether the position is vacant",
    Part.NO_CANADIAN_EXPERIENCE: "Canadian experience",
    Part.NO_PAY_HISTORY: "past pay",
}


class Moment(StrEnum):
    """When a duty falls due."""

    POSTING = "posting"
    BEFORE_INTERVIEW = "before-interview"
    AFTER_INTERVIEW = "after-interview"
    ON_REQUEST = "on-request"
    AFTER_OFFER = "after-offer"
    BEFORE_HIRE = "before-hire"

    @property
    def words(self) -> str:
        return _MOMENT_WORDS[self]


_MOMENT_WORDS = {
    Moment.POSTING: "in the posting",
    Moment.BEFORE_INTERVIEW: "in the posting or before the interview",
    Moment.AFTER_INTERVIEW: "after an interview",
    Moment.ON_REQUEST: "on request",
    Moment.AFTER_OFFER: "on request after a conditional offer",
    Moment.BEFORE_HIRE: "before recruitment concludes",
}


class RemoteRule(StrEnum):
    """What ties a remote job to the place."""

    PERFORMABLE_HERE = "performable-here"
    PERFORMED_HERE = "performed-here"
    PERFORMED_OR_REPORTS_HERE = "performed-or-reports-here"
    OFFICE_HERE = "office-here"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that a rule asks.

    `limit` is yearly and in `currency`, as is `off_above`, above which the duty is off.
    """

    part: Part
    says: str
    evidence: Evidence
    sources: tuple[str, ...]
    moment: Moment = Moment.POSTING
    span: Span = ALWAYS
    limit: float | None = None
    off_above: float | None = None
    currency: str = ""
    minimum_suffices: bool = False
    link_suffices: bool = True
    only_if_any: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """From how many employees on the rule holds.

    `here` when only those in the place count; `here_at_least` when all count but some must be in the place.
    """

    at_least: int
    here: bool
    says: str
    evidence: Evidence
    sources: tuple[str, ...]
    here_at_least: int = 0
    here_evidence: Evidence = Evidence.SECONDARY


@dataclass(frozen=True, slots=True)
class Records:
    """How long records of pay and posting are kept: years after the employment, posting or filling."""

    years: int
    after: str
    noted: Noted


class Transposed(StrEnum):
    """How far an EU country's own law carries the directive: `partly` where the part on recruitment is in force."""

    YES = "transposed"
    PARTLY = "partly"
    NO = "not-transposed"
    NOT_CONFIRMED = "not-confirmed"

    @property
    def words(self) -> str:
        return _TRANSPOSED_WORDS[self]

    @property
    def binds_recruiters(self) -> bool:
        return self in (Transposed.YES, Transposed.PARTLY)


_TRANSPOSED_WORDS = {
    Transposed.YES: "transposed",
    Transposed.PARTLY: "partly transposed",
    Transposed.NO: "not transposed",
    Transposed.NOT_CONFIRMED: "not confirmed whether it is transposed",
}


@dataclass(frozen=True, slots=True)
class Transposition:
    """Whether one EU country had carried the directive into its law on the day `as_of`, and who says so."""

    state: Transposed
    as_of: date
    noted: Noted


@dataclass(frozen=True, slots=True)
class PayRule:
    """One row: a place's pay-transparency rule as it stood when it was checked.

    `transposition` is given for the countries of the European Union, and for them only.
    """

    id: str
    place: str
    name: str
    law: str
    standing: Standing
    span: Span
    from_evidence: Evidence
    enforced_from: date | None
    evidence: Evidence
    sources: tuple[str, ...]
    checked: date
    duties: tuple[Duty, ...]
    not_in_posting: tuple[Part, ...]
    threshold: Threshold | None = None
    remote: RemoteRule = RemoteRule.SILENT
    remote_note: Noted | None = None
    good_faith: Noted | None = None
    penalty: Noted | None = None
    records: Records | None = None
    note: str = ""
    conflict: str = ""
    transposition: Transposition | None = None

    def duty(self, part: Part, as_of: date) -> Duty | None:
        """This rule's duty of that part on that day, None where it has none."""
        return next((duty for duty in self.duties_on(as_of) if duty.part is part), None)

    def duties_on(self, as_of: date) -> tuple[Duty, ...]:
        """The duties that hold on a day; a duty without a first day holds as long as its rule."""
        return tuple(duty for duty in self.duties if duty.span.first is None or duty.span.first <= as_of)


@cache
def pay_rules() -> dict[str, PayRule]:
    """Every pay-transparency row by id, in the order of the table."""
    rows = table("pay_transparency")
    return {key: _rule(key, row, rows.checked) for key, row in rows.rows.items()}


def _rule(key: str, row: Mapping[str, Any], checked: date) -> PayRule:
    remote = row.get("remote")
    from_source = row.get("from_source")
    return PayRule(
        id=key,
        place=row["place"],
        name=row["name"],
        law=row["law"],
        standing=Standing(row["standing"]),
        span=span(row),
        from_evidence=Evidence(row.get("from_evidence", "secondary")),
        enforced_from=row.get("enforced_from"),
        evidence=Evidence(row["evidence"]),
        sources=tuple(row["sources"]) + ((from_source,) if from_source else ()),
        checked=checked,
        duties=tuple(_duty(duty, row) for duty in row.get("duties", ())),
        not_in_posting=tuple(Part(part) for part in row.get("not_in_posting", ())),
        threshold=_threshold(row["employees"], row) if "employees" in row else None,
        remote=RemoteRule(remote["rule"]) if remote else RemoteRule.SILENT,
        remote_note=with_note(remote, row) if remote else None,
        good_faith=with_note(row["good_faith"], row) if "good_faith" in row else None,
        penalty=with_note(row["penalty"], row) if "penalty" in row else None,
        records=_records(row["records"], row) if "records" in row else None,
        note=row.get("note", ""),
        conflict=row.get("conflict", ""),
        transposition=_transposition(row["transposition"], row) if "transposition" in row else None,
    )


def _transposition(field: Mapping[str, Any], row: Mapping[str, Any]) -> Transposition:
    return Transposition(Transposed(field["state"]), field["as_of"], with_note(field, row))


@cache
def transpositions() -> dict[str, PayRule]:
    """The rows that say how far a country of the European Union has carried the directive, by the country's id."""
    return {rule.place: rule for rule in pay_rules().values() if rule.transposition}


def _duty(duty: Mapping[str, Any], row: Mapping[str, Any]) -> Duty:
    evidence, sources = support(duty, row)
    return Duty(
        part=Part(duty["part"]),
        says=duty["says"],
        evidence=evidence,
        sources=sources,
        moment=Moment(duty.get("moment", "posting")),
        span=span(duty),
        limit=duty.get("limit"),
        off_above=duty.get("off_above"),
        currency=duty.get("currency", ""),
        minimum_suffices=duty.get("minimum_suffices", False),
        link_suffices=duty.get("link_suffices", True),
        only_if_any=duty.get("only_if_any", False),
    )


def _threshold(employees: Mapping[str, Any], row: Mapping[str, Any]) -> Threshold:
    evidence, sources = support(employees, row)
    return Threshold(
        at_least=employees["at_least"],
        here=employees["counted"] == "here",
        says=employees["says"],
        evidence=evidence,
        sources=sources,
        here_at_least=employees.get("here_at_least", 0),
        here_evidence=Evidence(employees.get("here_evidence", evidence)),
    )


def _records(records: Mapping[str, Any], row: Mapping[str, Any]) -> Records:
    return Records(years=records["years"], after=records["after"], noted=with_note(records, row))
