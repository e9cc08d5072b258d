"""What pay-transparency rules ask of a posting, by place and day, and what is missing from one.

The words are present, missing, open-ended, unusually wide, not required, unknown; a source is named for
each, and a part of a rule that no source confirms never counts against a posting. Not legal advice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenfold.kit.errors import UserError
from tenfold.kit.facts import Evidence, Fact, load
from tenfold.law.coverage import Coverage, Job, coverage, in_force_words
from tenfold.law.dated import NOT_LEGAL_ADVICE, Certainty, Standing, day
from tenfold.law.places import ancestors, contains, country_of, full_name, is_place
from tenfold.law.rules import Duty, Moment, Part, PayRule, pay_rules


class Status(StrEnum):
    """What a posting has of what a rule asks. `asked` and `not asked` answer what a rule bars."""

    PRESENT = "present"
    MISSING = "missing"
    OPEN_ENDED = "open-ended"
    UNUSUALLY_WIDE = "unusually wide"
    NOT_REQUIRED = "not required"
    UNKNOWN = "unknown"
    ASKED = "asked"
    NOT_ASKED = "not asked"

    @property
    def wanting(self) -> bool:
        """Whether something should be mended if the rule reaches the job."""
        return self in (Status.MISSING, Status.OPEN_ENDED, Status.UNUSUALLY_WIDE, Status.ASKED)


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """What a posting says that pay-transparency rules look at. None: nobody has looked.

    minimum, maximum: amounts in `currency` (ISO 4217) per `period` (year, month, week, day, hour).
    both_ends: a range with bottom and top, or one fixed amount; False for "up to" and "from".
    by_link: the range stands behind a link, not in the text. hiring_range: the range is what is paid on
    hiring.
    """

    has_range: bool
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


@dataclass(frozen=True, slots=True)
class CommonPart:
    """One thing the strictest common posting carries, with the rules that ask for it."""

    part: Part
    says: tuple[str, ...]
    rules: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class CommonPosting:
    """The strictest posting that satisfies every rule of the places at once, whether or not each surely applies.

    `width_limit` is a yearly amount with its currency, where a rule sets one. `open` names rules that may
    reach the job on a condition.
    """

    parts: tuple[CommonPart, ...]
    width_limit: tuple[float, str] | None
    keep_records_years: int
    rules: tuple[str, ...]
    open: Mapping[str, tuple[str, ...]]
    checked: date | None
    advice: str = NOT_LEGAL_ADVICE

    def asks(self, part: Part) -> bool:
        return any(common.part is part for common in self.parts)


def rules_for(
    places: Iterable[str],
    as_of: date,
    *,
    employees: int | None = None,
    employees_at: Mapping[str, int] | None = None,
    remote: bool | None = None,
    offices: Iterable[str] | None = None,
) -> tuple[PayRule, ...]:
    """The rules that reach a job on a day, surely or on a condition (`examine` tells which).

    Raises:
        UserError: an id is not a place's.

    Args:
        places: ids of where the work can be done; "US" for remote anywhere in the US, "WORLD" for anywhere.
        as_of: the day that decides what is in force.
        employees: all that the employer has; None where that is not known.
        employees_at: those in a place, by its id.
        remote: whether the job can be done remotely; None where that is not known.
        offices: ids of the office or supervisor the job reports to; None where that is not known.
    """
    job = _job(places, employees, employees_at, remote, offices)
    return tuple(rule for rule, _ in _reaching(job, as_of))


def coming_rules(places: Iterable[str], as_of: date) -> tuple[PayRule, ...]:
    """Rules of the places that are enacted and begin after the day, the nearest first."""
    asked = _known(places)
    later = [
        rule
        for rule in pay_rules().values()
        if rule.standing.may_bind and rule.span.begins_after(as_of) and _touches(rule, asked)
    ]
    return tuple(sorted(later, key=lambda rule: rule.span.first or date.max))


def rows_for(places: Iterable[str]) -> tuple[PayRule, ...]:
    """Every row of the table on these places, in force or not, for showing."""
    asked = _known(places)
    return tuple(rule for rule in pay_rules().values() if _touches(rule, asked))


def examine(
    facts: PostingFacts,
    places: Iterable[str],
    as_of: date,
    *,
    employees: int | None = None,
    employees_at: Mapping[str, int] | None = None,
    remote: bool | None = None,
    offices: Iterable[str] | None = None,
    wide: Fact | None = None,
) -> tuple[LawAnswer, ...]:
    """Every part of every rule that reaches a job, answered for its posting; arguments as `rules_for`.

    A place that no rule reaches gets one answer of its own: not required, or unknown where the table has no
    row. A range wider than nine in ten real ones (`wide`, by default the shipped figure) gets one that
    names no rule.
    """
    job = _job(places, employees, employees_at, remote, offices)
    wide = wide or load()["law.wide_range_ratio"]
    reaching = _reaching(job, as_of)
    look = _Look(facts, as_of, wide)
    answers = [answer for rule, reach in reaching for answer in _rule_answers(rule, reach, look)]
    rules = [rule for rule, _ in reaching]
    answers += [_without_rule(where, as_of) for where in job.places if not _spoken_for(where, rules)]
    if (ratio := facts.width_ratio) and ratio > wide.number:
        answers.append(_wider_than_real(ratio, wide, job.places))
    return tuple(answers)


def strictest_common(
    places: Iterable[str],
    as_of: date,
    *,
    employees: int | None = None,
    employees_at: Mapping[str, int] | None = None,
    remote: bool | None = None,
    offices: Iterable[str] | None = None,
) -> CommonPosting:
    """What one posting must carry to satisfy the rules of all the places at once; arguments as `rules_for`.

    What may be told later, before the interview say, is put into the posting too: that satisfies both.
    """
    job = _job(places, employees, employees_at, remote, offices)
    reaching = _reaching(job, as_of)
    asked = [(rule, duty) for rule, _ in reaching for duty in rule.duties_on(as_of)]
    limits = [(duty.limit, duty.currency) for _, duty in asked if duty.limit is not None]
    return CommonPosting(
        parts=tuple(common for part in Part if (common := _common_part(part, asked))),
        width_limit=min(limits, default=None),
        keep_records_years=keep_records_years([rule for rule, _ in reaching]),
        rules=tuple(rule.id for rule, _ in reaching),
        open={rule.id: reach.conditions for rule, reach in reaching if reach.conditions},
        checked=max((rule.checked for rule, _ in reaching), default=None),
    )


def keep_records_years(rules: Iterable[PayRule]) -> int:
    """How long to keep a posting and its pay scale: the house rule, or longer where a rule of these asks for it.

    Records that are kept for an employment and some years after belong to the employee's file, not to the
    posting.
    """
    asked = [rule.records.years for rule in rules if rule.records and rule.records.after != "employment"]
    return max([int(load().number("law.posting_records_years")), *asked])


# How an answer is found -------------------------------------------------------------------------------------


def _job(
    places: Iterable[str],
    employees: int | None,
    employees_at: Mapping[str, int] | None,
    remote: bool | None,
    offices: Iterable[str] | None,
) -> Job:
    return Job(_known(places), remote, None if offices is None else _known(offices), employees, employees_at)


def _known(places: Iterable[str]) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(places))
    for id_ in asked:
        if not is_place(id_):
            raise UserError(
                f"No place has the id “{id_}”.",
                remedy="Use ISO 3166-2 ids such as US-CO, CA-ON or DE; `place_ids` reads names.",
            )
    return asked


def _reaching(job: Job, as_of: date) -> list[tuple[PayRule, Coverage]]:
    covered = ((rule, coverage(rule, job, as_of)) for rule in pay_rules().values())
    return [(rule, reach) for rule, reach in covered if reach.reaches is not Certainty.NO]


def _touches(rule: PayRule, places: Iterable[str]) -> bool:
    return any(contains(rule.place, where) or contains(where, rule.place) for where in places)


def _spoken_for(where: str, rules: Iterable[PayRule]) -> bool:
    """Whether a rule that lies at, above or below the place reaches the job."""
    return any(_touches(rule, [where]) for rule in rules)


@dataclass(frozen=True, slots=True)
class _Look:
    """What every answer of one examination looks at."""

    facts: PostingFacts
    as_of: date
    wide: Fact


def _rule_answers(rule: PayRule, reach: Coverage, look: _Look) -> list[LawAnswer]:
    duties = [duty for duty in rule.duties_on(look.as_of) if duty.part is not Part.BOTH_ENDS]
    answers = [_answer(rule, duty, reach, look) for duty in duties]
    asked = {duty.part for duty in duties}
    answers += [_not_in_posting(rule, part, reach) for part in rule.not_in_posting if part not in asked]
    return answers


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look at the posting gives; `evidence` where it is weaker or other than the duty's own."""

    status: Status
    because: str = ""
    evidence: Evidence | None = None
    sources: tuple[str, ...] = ()


def _answer(rule: PayRule, duty: Duty, reach: Coverage, look: _Look) -> LawAnswer:
    found = _found(rule, duty, look)
    evidence = found.evidence or duty.evidence
    if found.status.wanting and not duty.evidence.may_decide:
        found = _Found(Status.UNKNOWN, "no source that was read confirms this part of the rule")
    return LawAnswer(
        part=duty.part,
        status=found.status,
        place=rule.place,
        name=rule.name,
        says=duty.says,
        because=found.because or in_force_words(rule, look.as_of),
        rule_id=rule.id,
        law=rule.law,
        reaches=reach.reaches,
        conditions=reach.conditions,
        evidence=evidence,
        sources=found.sources or duty.sources,
        since=duty.span.first or rule.span.first,
        enforced_from=rule.enforced_from,
        checked=rule.checked,
        conflict=rule.conflict,
    )


def _found(rule: PayRule, duty: Duty, look: _Look) -> _Found:
    facts = look.facts
    if off := _switched_off(duty, facts):
        return off
    match duty.part:
        case Part.RANGE:
            return _range(duty, rule.duty(Part.BOTH_ENDS, look.as_of), facts)
        case Part.WIDTH:
            return _width(duty, facts, look.wide)
        case Part.HIRING_RANGE:
            return _hiring_range(facts)
        case Part.AI_STATEMENT:
            return _ai_statement(facts)
        case Part.NO_PAY_HISTORY:
            return _barred(facts.history_asked)
        case Part.NO_CANADIAN_EXPERIENCE:
            return _barred(facts.canadian_experience_asked)
        case _:
            return _stated(duty, facts)


def _switched_off(duty: Duty, facts: PostingFacts) -> _Found | None:
    """Above an amount a duty may be off: Ontario's pay duties above 200,000 Canadian dollars."""
    top = facts.maximum or facts.minimum
    if duty.off_above is None or top is None or top <= duty.off_above:
        return None
    if facts.period != "year" or facts.currency != duty.currency:
        return None
    return _Found(Status.NOT_REQUIRED, f"the pay is above {duty.currency} {duty.off_above:,.0f} a year")


def _range(duty: Duty, both_ends: Duty | None, facts: PostingFacts) -> _Found:
    if not facts.has_range:
        return _later(duty) or _Found(Status.MISSING)
    if facts.by_link and not duty.link_suffices:
        return _Found(Status.MISSING, "it stands behind a link, which does not replace it")
    if facts.both_ends is not False or duty.minimum_suffices:
        return _Found(Status.PRESENT)
    if duty.moment is not Moment.POSTING:
        return _Found(Status.PRESENT, "an amount is stated, with one end")
    if both_ends:
        return _Found(Status.OPEN_ENDED, both_ends.says, both_ends.evidence, both_ends.sources)
    reading = "it has one end; that a range needs two is our reading, no source says so for this place"
    return _Found(Status.OPEN_ENDED, reading, Evidence.UNCONFIRMED)


def _later(duty: Duty) -> _Found | None:
    if duty.moment is Moment.POSTING:
        return None
    return _Found(Status.NOT_REQUIRED, f"it is owed {duty.moment.words}")


def _width(duty: Duty, facts: PostingFacts, wide: Fact) -> _Found:
    if facts.minimum is None or facts.maximum is None:
        return _Found(Status.UNKNOWN, "the posting states no range with two ends")
    if duty.limit is None:
        if facts.width_ratio and facts.width_ratio > wide.number:
            return _Found(Status.UNUSUALLY_WIDE, _wide_words(facts.width_ratio, wide), Evidence.UNCONFIRMED)
        return _Found(Status.NOT_REQUIRED, "the rule sets no limit, and the range is not unusually wide")
    if (facts.period, facts.currency) != ("year", duty.currency):
        return _Found(Status.UNKNOWN, f"the limit is yearly and in {duty.currency}; the range is not")
    spread = facts.maximum - facts.minimum
    if spread > duty.limit:
        words = f"it spans {duty.currency} {spread:,.0f}; the rule allows {duty.currency} {duty.limit:,.0f}"
        return _Found(Status.UNUSUALLY_WIDE, words)
    return _Found(Status.PRESENT, f"it spans {duty.currency} {spread:,.0f}")


def _hiring_range(facts: PostingFacts) -> _Found:
    if not facts.has_range:
        return _Found(Status.UNKNOWN, "there is no range to judge")
    if facts.hiring_range is None:
        return _Found(Status.UNKNOWN, "a text cannot show that its range is the one paid on hiring")
    return _Found(Status.PRESENT if facts.hiring_range else Status.MISSING)


def _ai_statement(facts: PostingFacts) -> _Found:
    if facts.ai_notice:
        return _Found(Status.PRESENT)
    if facts.ai_used is None:
        return _Found(Status.UNKNOWN, "it was not told whether AI screens, assesses or selects applicants")
    return _Found(Status.MISSING) if facts.ai_used else _Found(Status.NOT_REQUIRED, "no AI is used")


def _barred(asked: bool | None) -> _Found:
    if asked is None:
        return _Found(Status.UNKNOWN, "nobody has looked whether the posting asks for it")
    return _Found(Status.ASKED if asked else Status.NOT_ASKED)


def _stated(duty: Duty, facts: PostingFacts) -> _Found:
    stated = {
        Part.BENEFITS: facts.benefits_stated,
        Part.OTHER_PAY: facts.bonus_equity_stated,
        Part.DEADLINE: facts.deadline_stated,
        Part.JOB_DESCRIPTION: facts.description_stated,
        Part.GENDER_NEUTRAL: facts.gender_neutral_title,
        Part.VACANCY: facts.vacancy_stated,
    }[duty.part]
    if stated:
        return _Found(Status.PRESENT)
    if later := _later(duty):
        return later
    if stated is None:
        return _Found(Status.UNKNOWN, "nobody has looked for it in the posting")
    if duty.only_if_any:
        return _Found(Status.UNKNOWN, "it is owed only if there is any")
    return _Found(Status.MISSING)


def _not_in_posting(rule: PayRule, part: Part, reach: Coverage) -> LawAnswer:
    return LawAnswer(
        part=part,
        status=Status.NOT_REQUIRED,
        place=rule.place,
        name=rule.name,
        says="",
        because="the rule does not ask for it in the posting",
        rule_id=rule.id,
        law=rule.law,
        reaches=reach.reaches,
        conditions=reach.conditions,
        evidence=rule.evidence,
        sources=rule.sources,
        since=rule.span.first,
        checked=rule.checked,
    )


def _wide_words(ratio: float, wide: Fact) -> str:
    real = f"nine in ten real ranges stay under {wide.number:g} (n = {wide.n:,})"
    if math.isinf(ratio):
        return f"it begins at nothing; {real}"
    return f"its top is {ratio:.1f} times its bottom; {real}"


def _wider_than_real(ratio: float, wide: Fact, places: tuple[str, ...]) -> LawAnswer:
    return LawAnswer(
        part=Part.WIDTH,
        status=Status.UNUSUALLY_WIDE,
        place=places[0] if len(places) == 1 else "",
        name="Real postings",
        says="",
        because=_wide_words(ratio, wide),
        evidence=wide.evidence,
        sources=(wide.url,),
        checked=wide.as_of,
    )


def _without_rule(where: str, as_of: date) -> LawAnswer:
    """The answer for a place that no rule reaches on the day."""
    row = _nearest_row(where)
    status, because = _why_without(where, row, as_of)
    return LawAnswer(
        part=Part.RANGE,
        status=status,
        place=where,
        name=full_name(where),
        says="",
        because=because,
        law=row.law if row else "",
        evidence=row.evidence if row else Evidence.UNCONFIRMED,
        sources=row.sources if row else (),
        checked=row.checked if row else None,
    )


def _why_without(where: str, row: PayRule | None, as_of: date) -> tuple[Status, str]:
    if coming := [rule for rule in coming_rules([where], as_of) if contains(rule.place, where)]:
        words = f"{coming[0].law} begins on {day(coming[0].span.first or date.max)}"
        return Status.NOT_REQUIRED, words
    no_row = f"the table has no row for {full_name(where)}"
    if row is None or not (row.place == where or row.standing.may_bind or country_of(where) == "US"):
        return Status.UNKNOWN, no_row
    if row.standing.may_bind and row.threshold and row.span.holds(as_of) is not Certainty.NO:
        return Status.NOT_REQUIRED, f"{row.law} reaches employers who have {row.threshold.says}"
    return Status.NOT_REQUIRED, row.note if row.place == where else f"{no_row}. {row.note}"


def _nearest_row(where: str) -> PayRule | None:
    """The row of the place or of what it lies in. Of the US the table means to hold every posting duty."""
    by_place = {rule.place: rule for rule in pay_rules().values() if rule.standing is not Standing.DIRECTIVE}
    return next((by_place[above] for above in ancestors(where) if above in by_place), None)


def _common_part(part: Part, asked: list[tuple[PayRule, Duty]]) -> CommonPart | None:
    mine = [(rule, duty) for rule, duty in asked if duty.part is part]
    if not mine:
        return None
    strength = list(Evidence)
    return CommonPart(
        part=part,
        says=tuple(dict.fromkeys(duty.says for _, duty in mine)),
        rules=tuple(rule.id for rule, _ in mine),
        evidence=min((duty.evidence for _, duty in mine), key=strength.index),
    )
