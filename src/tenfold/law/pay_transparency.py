"""What pay-transparency rules ask of a posting, by place and day, and what is missing from one.

The words are present, missing, open-ended, unusually wide, not required, unknown; a source is named for
each, and a part of a rule that no source confirms never counts against a posting. Not legal advice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tenfold.kit.facts import Evidence, Fact, load
from tenfold.law.answers import LawAnswer, PostingFacts, Status
from tenfold.law.coverage import Coverage, Job, coverage, heading, in_force_words
from tenfold.law.dated import NOT_LEGAL_ADVICE, Certainty, Standing
from tenfold.law.lookup import coming_rules, known_places, places_not_in_table, rows_for, touches
from tenfold.law.rules import Duty, Moment, Part, PayRule, pay_rules
from tenfold.law.uncovered import answer_without_rule

__all__ = [
    "CommonPart",
    "CommonPosting",
    "LawAnswer",
    "PostingFacts",
    "Status",
    "coming_rules",
    "examine",
    "keep_records_years",
    "places_not_in_table",
    "rows_for",
    "rules_for",
    "strictest_common",
]


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

    A place that no rule reaches gets one answer of its own: not required where its row says so, or not in our
    table where it has no row, which is no answer about its law. A range wider than nine in ten real ones
    (`wide`, by default the shipped figure) gets one that names no rule.
    """
    job = _job(places, employees, employees_at, remote, offices)
    wide = wide or load()["law.wide_range_ratio"]
    reaching = _reaching(job, as_of)
    look = _Look(facts, as_of, wide, job.places)
    answers = [answer for rule, reach in reaching for answer in _rule_answers(rule, reach, look)]
    rules = [rule for rule, _ in reaching]
    answers += [answer_without_rule(where, as_of) for where in job.places if not _spoken_for(where, rules)]
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
    return Job(
        known_places(places), remote, None if offices is None else known_places(offices), employees, employees_at
    )


def _reaching(job: Job, as_of: date) -> list[tuple[PayRule, Coverage]]:
    covered = ((rule, coverage(rule, job, as_of)) for rule in pay_rules().values())
    return [(rule, reach) for rule, reach in covered if reach.reaches is not Certainty.NO]


def _spoken_for(where: str, rules: Iterable[PayRule]) -> bool:
    """Whether a rule that lies at, above or below the place reaches the job."""
    return any(touches(rule, [where]) for rule in rules)


@dataclass(frozen=True, slots=True)
class _Look:
    """What every answer of one examination looks at."""

    facts: PostingFacts
    as_of: date
    wide: Fact
    places: tuple[str, ...]


def _rule_answers(rule: PayRule, reach: Coverage, look: _Look) -> list[LawAnswer]:
    duties = [duty for duty in rule.duties_on(look.as_of) if duty.part is not Part.BOTH_ENDS]
    answers = [_answer(rule, duty, reach, look) for duty in duties]
    asked = {duty.part for duty in duties}
    answers += [_not_in_posting(rule, part, reach, look) for part in rule.not_in_posting if part not in asked]
    return answers


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look at the posting gives; `evidence` where it is weaker or other than the duty's own."""

    status: Status
    because: str = ""
    evidence: Evidence | None = None
    sources: tuple[str, ...] = ()


def _answer(rule: PayRule, duty: Duty, reach: Coverage, look: _Look) -> LawAnswer:
    found = _find(rule, duty, look)
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
        law=heading(rule, look.places),
        reaches=reach.reaches,
        conditions=reach.conditions,
        evidence=evidence,
        sources=found.sources or duty.sources,
        since=_since(rule, duty),
        enforced_from=rule.enforced_from,
        checked=rule.checked,
        conflict=rule.conflict,
    )


def _since(rule: PayRule, duty: Duty | None = None) -> date | None:
    """The first day of a duty; none for a directive, which binds employers from the day of each national law."""
    if rule.standing is Standing.DIRECTIVE:
        return None
    return (duty.span.first if duty else None) or rule.span.first


def _find(rule: PayRule, duty: Duty, look: _Look) -> _Found:
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
            return _bar(facts.history_asked)
        case Part.NO_CANADIAN_EXPERIENCE:
            return _bar(facts.canadian_experience_asked)
        case _:
            return _state(duty, facts)


def _switched_off(duty: Duty, facts: PostingFacts) -> _Found | None:
    """Above an amount a duty may be off: Ontario's pay duties above 200,000 Canadian dollars."""
    top = facts.maximum or facts.minimum
    if duty.off_above is None or top is None or top <= duty.off_above:
        return None
    if facts.period != "year" or facts.currency != duty.currency:
        return None
    return _Found(Status.NOT_REQUIRED, f"the pay is above {duty.currency} {duty.off_above:,.0f} a year")


def _range(duty: Duty, both_ends: Duty | None, facts: PostingFacts) -> _Found:
    if facts.has_range is None:
        return _later(duty) or _Found(Status.UNKNOWN, "a figure looks like pay and could not be read")
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


def _bar(asked: bool | None) -> _Found:
    if asked is None:
        return _Found(Status.UNKNOWN, "nobody has looked whether the posting asks for it")
    return _Found(Status.ASKED if asked else Status.NOT_ASKED)


def _state(duty: Duty, facts: PostingFacts) -> _Found:
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


def _not_in_posting(rule: PayRule, part: Part, reach: Coverage, look: _Look) -> LawAnswer:
    return LawAnswer(
        part=part,
        status=Status.NOT_REQUIRED,
        place=rule.place,
        name=rule.name,
        says="",
        because="the rule does not ask for it in the posting",
        rule_id=rule.id,
        law=heading(rule, look.places),
        reaches=reach.reaches,
        conditions=reach.conditions,
        evidence=rule.evidence,
        sources=rule.sources,
        since=_since(rule),
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
