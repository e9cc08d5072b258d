"""All that the reader of one posting can be told without a plan: remarks, worst first, each with its words.

The practices say more (they know the plan, the market and the law); this is what stands in the text itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tenfold.catalogue.model import Status
from tenfold.catalogue.store import catalogue
from tenfold.kit.facts import load
from tenfold.kit.findings import Severity
from tenfold.kit.words import join
from tenfold.posting.base_rates import ALL, base_rates
from tenfold.posting.contradictions import contradictions
from tenfold.posting.deep_names import DEEP_NAMES, fields_of_depth
from tenfold.posting.details import is_still_studied
from tenfold.posting.family import contradicted_title, is_named_behind, neighbours
from tenfold.posting.model import Demand, MoneyKind, PostingReading
from tenfold.posting.pay_history import pay_history_questions
from tenfold.posting.round_the_clock import round_the_clock_on_call
from tenfold.posting.stated.alternatives import alternative_groups
from tenfold.posting.vagueness import vague_duties
from tenfold.posting.wording import exclusionary
from tenfold.posting.young_fields import field_years

SEVERITIES = tuple(severity.value for severity in Severity)
UNUSUAL_LEVEL = 90
VAGUE_SHARE = 0.67
FEWEST_DUTIES = 6


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing to mend or to look at again; `quote` stands at [start, end) of the reading's text, if any."""

    rule: str
    severity: Severity
    what: str
    why: str
    fix: str
    quote: str = ""
    start: int | None = None
    end: int | None = None


def lint_posting(reading: PostingReading) -> tuple[LintFinding, ...]:
    """Remarks, worst first, in the order of the checks."""
    order = list(Severity)
    checks = (
        *(_title, _pay_history, _young_fields, _around_the_clock, _contradictions, _dead_tools, _length, _depth),
        *(_rare, _shuts_out, _vague, _degree, _pay, _pay_not_read, _open_places),
    )
    remarks = [remark for check in checks for remark in check(reading)]
    return tuple(sorted(remarks, key=lambda remark: order.index(remark.severity)))


def _peers(reading: PostingReading) -> str:
    """The postings to compare with: of the same family, or all where the family cannot be told."""
    return reading.family.value if reading.family.is_certain else ALL


def _title(reading: PostingReading) -> Iterator[LintFinding]:
    titled = contradicted_title(reading.title.value, reading.family) if reading.title else None
    if titled is None or reading.title is None:
        return
    near = neighbours(titled, reading.family.value)
    if near and is_named_behind(reading.title.value, titled):
        return
    roles = catalogue().roles
    yield LintFinding(
        "title-differs",
        Severity.REVIEW if near else Severity.FIX,
        f"The title says {roles[titled].name}; the text describes {roles[reading.family.value].name}.",
        f"By its duties and requirements this is {reading.family.value} with a chance of {reading.family.chance:.0%}.",
        "Change the title, or the duties.",
        reading.title.value,
        reading.title.start,
        reading.title.end,
    )


def _contradictions(reading: PostingReading) -> Iterator[LintFinding]:
    for found in contradictions(reading):
        yield LintFinding(
            found.kind,
            Severity.FIX if found.kind in ("remote-and-office", "pay-stated-twice") else Severity.REVIEW,
            found.what,
            f"Elsewhere it says “{found.first.value}”.",
            "Keep the one that is true.",
            reading.text[found.second.start : found.second.end],
            found.second.start,
            found.second.end,
        )


def _dead_tools(reading: PostingReading) -> Iterator[LintFinding]:
    spine = catalogue()
    for tool in reading.tools:
        skill = spine.skills[tool.skill_id]
        if skill.status is Status.ALIVE or tool.demand is Demand.CONTEXT:
            continue
        successor = spine.successor(skill)
        mention = tool.mentions[0]
        yield LintFinding(
            "dead-tool",
            Severity.REVIEW,
            f"{skill.name} is {skill.status.value}.",
            skill.status_note,
            f"Ask for {successor.name} instead." if successor else "Ask for what it does, not for the tool.",
            mention.text,
            mention.start,
            mention.end,
        )


def _length(reading: PostingReading) -> Iterator[LintFinding]:
    musts = reading.tools_with(Demand.MUST)
    standing = base_rates().standing("must_tools", len(musts), family=_peers(reading))
    if standing.low < UNUSUAL_LEVEL:
        return
    yield LintFinding(
        "long-must-list",
        Severity.REVIEW,
        f"{len(musts)} named tools are required, more than in nine of ten such postings.",
        f"Half of {standing.n:,} real postings ({standing.group}) require {standing.median:g} or fewer, nine in ten "
        f"{standing.ninth_decile:g} or fewer.",
        "Keep what the first months cannot do without; move the rest to nice to have.",
    )


def _depth(reading: PostingReading) -> Iterator[LintFinding]:
    fields = fields_of_depth(reading)
    standing = base_rates().standing("deep_areas", len(fields), family=_peers(reading))
    if len(fields) < 3 or standing.low < UNUSUAL_LEVEL:
        return
    areas = join([DEEP_NAMES.get(area.value, area.value) for area in fields])
    first = fields[0]
    yield LintFinding(
        "several-people",
        Severity.REVIEW,
        f"One person is asked for depth in {areas} at once.",
        f"Nine in ten of {standing.n:,} real postings ask for it in {standing.ninth_decile:g} areas or fewer.",
        "Say which one matters most, and hire for that.",
        reading.text[first.start : first.end],
        first.start,
        first.end,
    )


def _rare(reading: PostingReading) -> Iterator[LintFinding]:
    rates = base_rates()
    spine = catalogue()
    alone = [group[0] for group in alternative_groups(reading, Demand.MUST) if len(group) == 1]
    for pair in rates.rare_pairs(alone)[:2]:
        seen = f"in {pair.together}" if pair.together is not None else f"in fewer than {rates.fewest_together}"
        yield LintFinding(
            "rare-pair",
            Severity.NOTE,
            f"{spine.skills[pair.first].name} and {spine.skills[pair.second].name} are rarely asked of one person.",
            f"Together {seen} of {pair.n:,} real postings; chance alone would give {pair.expected:g}.",
            "Require one of them, if one is enough.",
        )


def _shuts_out(reading: PostingReading) -> Iterator[LintFinding]:
    for phrase in exclusionary(reading):
        yield LintFinding(
            f"shuts-out-{phrase.kind}",
            Severity.REVIEW,
            f"“{phrase.text}” {phrase.what}.",
            "Readers who do not see themselves in it do not apply.",
            phrase.instead,
            phrase.text,
            phrase.start,
            phrase.end,
        )


def _vague(reading: PostingReading) -> Iterator[LintFinding]:
    duties = vague_duties(reading)
    if duties.total >= FEWEST_DUTIES and duties.share is not None and duties.share >= VAGUE_SHARE:
        first = duties.vague[0]
        yield LintFinding(
            "vague-duties",
            Severity.REVIEW,
            f"{len(duties.vague)} of {duties.total} duties could be in any posting.",
            "They name no tool, figure, product or project of this job.",
            "Write two real projects and an ordinary week.",
            first.value,
            first.start,
            first.end,
        )


def _pay_history(reading: PostingReading) -> Iterator[LintFinding]:
    for asked in pay_history_questions(reading):
        yield LintFinding(
            "asks-pay-history",
            Severity.REVIEW,
            "Applicants are asked what they earn.",
            "Past pay says nothing about the worth of this job, and asking is barred in many places.",
            "Ask what they expect, after stating your range.",
            asked.value,
            asked.start,
            asked.end,
        )


def _young_fields(reading: PostingReading) -> Iterator[LintFinding]:
    this_year = date.today().year  # noqa: DTZ011  the reader's own day
    for found in field_years(reading):
        impossible = found.is_impossible(this_year)
        if impossible or found.is_rare(this_year):
            yield LintFinding(
                "older-than-the-field",
                Severity.FIX if impossible else Severity.REVIEW,
                f"{found.years.value} years of {found.field.name} are {'impossible' if impossible else 'rare'}.",
                f"Of this field {found.field.because}.",
                "Say what the person should have built or run, instead of the years.",
                reading.text[found.years.start : found.years.end],
                found.years.start,
                found.years.end,
            )


def _around_the_clock(reading: PostingReading) -> Iterator[LintFinding]:
    if said := round_the_clock_on_call(reading):
        yield LintFinding(
            "around-the-clock",
            Severity.NOTE,
            "The person is on call around the clock.",
            "Candidates want to know how often, with whom and for what.",
            "Say how many share the rotation, how often a turn comes, and how it is paid.",
            said.value,
            said.start,
            said.end,
        )


def _degree(reading: PostingReading) -> Iterator[LintFinding]:
    degree = reading.degree
    if degree is None or degree.demand is not Demand.MUST or degree.or_equivalent or is_still_studied(reading):
        return
    seen = base_rates().observed("degree_without_equivalent", family=_peers(reading))
    yield LintFinding(
        "degree-only",
        Severity.REVIEW,
        "A degree is required and nothing counts instead.",
        f"So do {seen.share:.0%} of {seen.n:,} real postings ({seen.group}).",
        "Add “or equivalent experience”.",
        reading.text[degree.start : degree.end],
        degree.start,
        degree.end,
    )


def _pay_not_read(reading: PostingReading) -> Iterator[LintFinding]:
    for money in reading.pay_not_read:
        quote = reading.quote(money)
        yield LintFinding(
            "pay-not-read",
            Severity.REVIEW,
            f"“{quote}” looks like pay and could not be read: {money.unread}.",
            "What we cannot read, a candidate or a job board may misread.",
            "Write both ends with currency and time, such as “USD 150,000–180,000 a year”.",
            quote,
            money.start,
            money.end,
        )


def _open_places(reading: PostingReading) -> Iterator[LintFinding]:
    employer = reading.employer.value if reading.employer else ""
    for place in reading.open_places:
        if place.text.casefold() == employer.casefold():
            continue  # the company's name
        yield LintFinding(
            "place-open",
            Severity.REVIEW,
            place.question,
            "Which law on pay applies, and which currency is meant, follows the place.",
            "Name the state or the country beside it.",
            place.text,
            place.start,
            place.end,
        )


def _pay(reading: PostingReading) -> Iterator[LintFinding]:
    pay, rates = reading.pay, base_rates()
    if pay is None and reading.pay_not_read:
        return
    if pay is None or pay.from_badge:
        seen = rates.observed("pay_stated", family=_peers(reading))
        what = "No pay is stated." if pay is None else "Pay stands only in the board's badge, not in the text."
        fix = "State the lowest and highest base pay; some places require it."
        yield LintFinding(
            "no-pay", Severity.REVIEW, what, f"{seen.share:.0%} of {seen.n:,} real postings state it.", fix
        )
    elif pay.kind is MoneyKind.TOTAL:
        words = reading.text[pay.start : pay.end]
        yield LintFinding(
            "only-total-pay", Severity.REVIEW, "Only total or on-target pay is stated, no base pay.",
            "How much is guaranteed and how much depends on targets is not stated.",
            "State the base pay by itself.", words,
            pay.start, pay.end,
        )  # fmt: skip
    elif pay.open_ended:
        words = reading.text[pay.start : pay.end]
        yield LintFinding(
            "open-ended-pay", Severity.REVIEW, "Only one end of the pay range is stated.",
            "A range with one end tells candidates nothing about the other.", "State both ends.", words,
            pay.start, pay.end,
        )  # fmt: skip
    elif pay.min == 0:
        words = reading.text[pay.start : pay.end]
        yield LintFinding(
            "wide-pay", Severity.REVIEW, "The pay range begins at nothing.",
            "Nobody is offered nothing: the bottom is not meant.", "State the lowest pay that you would offer.", words,
            pay.start, pay.end,
        )  # fmt: skip
    elif pay.min < pay.max:
        standing = rates.standing("pay_range_width", pay.max / pay.min)
        usual = load()["law.wide_range_ratio"]
        if pay.max > float(usual.value) * pay.min:
            words = reading.text[pay.start : pay.end]
            yield LintFinding(
                "wide-pay", Severity.REVIEW,
                f"The highest pay is {pay.max / pay.min:.1f} times the lowest: wider than nine in ten real ranges.",
                f"Half of {standing.n:,} stated ranges are within {standing.median:.2f} times; nine in ten of "
                f"{usual.n:,} US ranges stay under {usual.value:g} times.",
                "Split the range by level or place.", words, pay.start, pay.end,
            )  # fmt: skip
