"""Whether a rule reaches a job: by its place, by who works where, by how many they are, by the date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tenfold.kit.words import join
from tenfold.law.dated import Certainty, Standing, day
from tenfold.law.places import contains, country_of
from tenfold.law.rules import PayRule, RemoteRule, Threshold, transpositions


@dataclass(frozen=True, slots=True)
class Job:
    """Where a job can be done and by whom it is offered. What is None was not told, and then the answer may be maybe.

    places: ids of where the work can be done; `US` for "remote anywhere in the US".
    offices: ids of the places of the office or supervisor that the job reports to.
    employees: all of the employer's; `employees_at`: those in a place, by its id.
    """

    places: tuple[str, ...]
    remote: bool | None = None
    offices: tuple[str, ...] | None = None
    employees: int | None = None
    employees_at: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a rule reaches a job, and under which conditions where that is open."""

    reaches: Certainty
    conditions: tuple[str, ...] = ()


COVERED = Coverage(Certainty.YES)
NOT_COVERED = Coverage(Certainty.NO)


def coverage(rule: PayRule, job: Job, as_of: date) -> Coverage:
    """Whether a rule reaches a job on a day. One clear no is a no; else one open condition is a maybe."""
    if not rule.standing.may_bind:
        return NOT_COVERED
    place = _by_place(rule, job)
    if place is NOT_COVERED:  # most rules: nothing else needs to be asked of them
        return NOT_COVERED
    conditions: list[str] = []
    for aspect in _aspects(rule, job, as_of, place):
        if aspect.reaches is Certainty.NO:
            return NOT_COVERED
        conditions.extend(aspect.conditions)
    return Coverage(Certainty.MAYBE, tuple(conditions)) if conditions else COVERED


def _aspects(rule: PayRule, job: Job, as_of: date, place: Coverage) -> Iterator[Coverage]:
    yield _by_date(rule, as_of)
    yield _by_national_law(rule, job)
    yield place
    yield _by_size(rule, job)


def _maybe(condition: str) -> Coverage:
    return Coverage(Certainty.MAYBE, (condition,))


def _by_date(rule: PayRule, as_of: date) -> Coverage:
    holds = rule.span.holds(as_of)
    if holds is Certainty.NO:
        return NOT_COVERED
    if holds is Certainty.MAYBE:
        return _maybe("it holds on that day, on which the sources disagree")
    if not rule.from_evidence.may_decide:
        return _maybe("its date, which is unconfirmed, is right")
    return COVERED


def _by_national_law(rule: PayRule, job: Job) -> Coverage:
    """A directive binds employers through national law: where a country has one, that country's row speaks alone."""
    if rule.standing is not Standing.DIRECTIVE:
        return COVERED
    waiting = countries_waiting(rule, job.places)
    if not waiting and not any(contains(where, rule.place) for where in job.places):
        return NOT_COVERED
    notes = [f"{transposition_sentence(row)} {row.note}".rstrip() for row in waiting]
    return _maybe(" ".join(["national law carries it.", *notes]).rstrip("."))


def countries_waiting(rule: PayRule, places: Iterable[str]) -> list[PayRule]:
    """Rows of the places' countries whose law does not carry the directive, or of which that is not confirmed."""
    countries = {country_of(where) for where in places if contains(rule.place, where)}
    rows = [row for country, row in transpositions().items() if country in countries]
    return [row for row in rows if row.transposition and not row.transposition.state.binds_recruiters]


def transposition_sentence(row: PayRule) -> str:
    """Germany: not transposed (checked 5 July 2026)."""
    if row.transposition is None:
        return ""
    return f"{row.name}: {row.transposition.state.words} (checked {day(row.transposition.as_of)})."


def heading(rule: PayRule, places: Iterable[str]) -> str:
    """The law's name as it stands above an answer; a directive never without the countries that wait for their law."""
    if rule.standing is not Standing.DIRECTIVE:
        return rule.law
    names = [row.name for row in countries_waiting(rule, places)]
    waiting = f", not national law in {join(names)} when checked" if names else ""
    return f"{rule.law} (deadline for national law {day(rule.span.first or date.max)}{waiting})"


def _by_place(rule: PayRule, job: Job) -> Coverage:
    ways = [_from_place(rule, job, where) for where in job.places] + [_from_office(rule, job)]
    if COVERED in ways:
        return COVERED
    return next((way for way in ways if way.reaches is Certainty.MAYBE), NOT_COVERED)


def _from_place(rule: PayRule, job: Job, where: str) -> Coverage:
    """By a place where the work can be done: inside the rule's place it is covered, around it that depends."""
    if contains(rule.place, where):
        return COVERED
    if not contains(where, rule.place):
        return NOT_COVERED
    if job.remote is not True:
        return _maybe(f"the work may be done in {rule.name}")
    if rule.remote in (RemoteRule.PERFORMABLE_HERE, RemoteRule.SILENT):
        return COVERED
    if rule.remote is RemoteRule.OFFICE_HERE:
        if job.offices is None:
            return _maybe(f"the job belongs to an office in {rule.name}, or the person hired works there")
        return _maybe(f"the person hired works in {rule.name}")
    return _maybe(f"the person hired works in {rule.name}, at least partly")


def _from_office(rule: PayRule, job: Job) -> Coverage:
    """By the office the job reports to, for the rules that reach work done elsewhere."""
    if not _has_office(rule, job):
        return NOT_COVERED
    if rule.remote is RemoteRule.PERFORMED_OR_REPORTS_HERE:
        return COVERED
    if rule.remote is RemoteRule.OFFICE_HERE and job.remote is not False:
        return COVERED if job.remote else _maybe("the job can be done remotely")
    return NOT_COVERED


def _has_office(rule: PayRule, job: Job) -> bool:
    return any(contains(rule.place, office) for office in job.offices or ())


def _by_size(rule: PayRule, job: Job) -> Coverage:
    threshold = rule.threshold
    if threshold is None:
        return COVERED
    if not threshold.evidence.may_decide:
        return _maybe(f"you have {threshold.says} (an unconfirmed threshold)")
    if threshold.here:
        return _enough_here(threshold, threshold.at_least, rule, job)
    if job.employees is None and threshold.at_least > 1:
        return _maybe(f"you have {threshold.says}")
    if job.employees is not None and job.employees < threshold.at_least:
        return NOT_COVERED
    if not threshold.here_evidence.may_decide or not threshold.here_at_least:
        return COVERED
    return _enough_here(threshold, threshold.here_at_least, rule, job)


def _enough_here(threshold: Threshold, needed: int, rule: PayRule, job: Job) -> Coverage:
    """By those in the place. A job done on site there, or for an office there, means that at least one is."""
    told = job.employees_at or {}
    if sum(count for where, count in told.items() if contains(rule.place, where)) >= needed:
        return COVERED
    if rule.place in told:
        return NOT_COVERED
    if job.employees is not None and job.employees < needed:
        return NOT_COVERED
    on_site = job.remote is False and any(contains(rule.place, where) for where in job.places)
    if needed <= 1 and (on_site or _has_office(rule, job)):
        return COVERED
    return _maybe(f"you have {threshold.says}")


def in_force_words(rule: PayRule, as_of: date) -> str:
    """When a rule began, as words after its name: "in force since 1 January 2021"."""
    first = rule.span.first
    if first is None:
        return ""
    if rule.standing is Standing.DIRECTIVE:
        return "in force through national law only"
    words = f"in force since {day(first)}" if first <= as_of else f"in force from {day(first)}"
    if rule.enforced_from and rule.enforced_from > as_of:
        words += f", enforced from {day(rule.enforced_from)}"
    return words
