"""Places where a posting contradicts itself: each with the two passages that cannot both be true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenfold.catalogue.store import catalogue
from tenfold.kit.words import plural
from tenfold.posting.model import Cited, LineKind, PostingReading, SectionKind
from tenfold.posting.patterns import Pattern

_FULLY_REMOTE = re.compile(
    r"\b(?:fully|100\s?%|completely|entirely)[- ]remote\b|\bremote[- ]only\b|\bwork from anywhere\b", re.IGNORECASE
)
_IN_OFFICE = re.compile(
    r"\b(?:\d|two|three|four|five)\s*(?:-\s*\d\s*)?(?:\+\s*)?days?\s*(?:(?:a|per|each|/)\s*week\s*)?"
    r"(?:in|at|from|on)[- ]"
    r"(?:the |our |an? )?(?:\w+\s)?(?:office|site)\b|\bon-?site (?:role|position|only|required)\b|"
    r"\bnot (?:a )?remote (?:role|position|job)\b|\bno remote\b",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"\b(?:if you|or|option|optional|can choose|may choose|depending|choice|those|live within|near|commut\w+)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|never|no longer|isn['’]t|aren['’]t)\b[^.;\n]{0,40}$", re.IGNORECASE)
_LEVELS = tuple((level, Pattern(f"level.{level}")) for level in ("junior", "mid", "senior", "staff", "principal"))
_CALLED = re.compile(
    r"\b(?:as an?|seeking an?|looking for an?|hiring an?|need an?|this)\s+(?P<role>(?:[\w/-]+\s){0,3}?"
    r"(?:engineer|developer|scientist|architect|role|position))\b",
    re.IGNORECASE,
)
_TWO_LEVELS = re.compile(
    r"\b(?P<first>junior|jr\.?|mid(?:dle)?(?:[- ]level)?|senior|sr\.?|staff|lead)\s*(?:/|\bor\b|\band\b|,|&|\bto\b)\s*"
    r"(?P<second>mid(?:dle)?(?:[- ]level)?|senior|sr\.?|staff|lead|principal)\b",
    re.IGNORECASE,
)
_MANY_YEARS_FOR_JUNIOR = 4
_FEW_YEARS_FOR_SENIOR = 1
_LEVELS_APART = 2
SUMS_OF_ONE_RANGE = 2


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two passages and the sentence that says why they cannot both hold. `kind` is stable, for rules and tests."""

    kind: str
    what: str
    first: Cited[str]
    second: Cited[str]


def contradictions(reading: PostingReading) -> tuple[Contradiction, ...]:
    """All that were found, in the order of the checks."""
    return tuple(
        found
        for check in (_workplace, _two_levels_in_title, _title_against_text, _level_against_years, _pay_twice)
        for found in check(reading)
    )


def _workplace(reading: PostingReading) -> Iterator[Contradiction]:
    remote = _first(reading, _FULLY_REMOTE, needles=("remote", "anywhere"))
    office = _first(reading, _IN_OFFICE, needles=("office", "site", "remote")) if remote else None
    if remote and office and remote.start != office.start:
        yield Contradiction(
            "remote-and-office", f"“{remote.value}” and “{office.value}” cannot both hold for one job.", remote, office
        )


def _two_levels_in_title(reading: PostingReading) -> Iterator[Contradiction]:
    """One title, two levels: candidates cannot tell which pay and which expectations are theirs."""
    if reading.title is None or (two := _TWO_LEVELS.search(reading.title.value)) is None:
        return
    first, second = two["first"], two["second"]
    if first.casefold() == second.casefold():
        return
    offset = reading.title.start
    yield Contradiction(
        "two-levels-in-title",
        f"One title names two levels, {first} and {second}.",
        Cited(first, offset + two.start("first"), offset + two.end("first")),
        Cited(second, offset + two.start("second"), offset + two.end("second")),
    )


def _title_against_text(reading: PostingReading) -> Iterator[Contradiction]:
    """The title says one level and the text calls the same job by another, two or more ranks away."""
    if reading.title is None:
        return
    titled = _levels_named(reading.title.value)
    if len({level for level, _, _ in titled}) != 1:
        return
    ranks = catalogue().levels
    for line, kind in zip(reading.lines, reading.line_kinds, strict=True):
        if (
            kind not in (SectionKind.OTHER, SectionKind.DUTIES, SectionKind.ABOUT)
            or line.kind is not LineKind.PARAGRAPH
        ):
            continue
        for called in _CALLED.finditer(reading.text, line.start, line.end):
            named = _levels_named(called["role"])
            if len(named) == 1 and abs(ranks[named[0][0]].rank - ranks[titled[0][0]].rank) >= _LEVELS_APART:
                yield Contradiction(
                    "title-level-against-text",
                    f"The title says {ranks[titled[0][0]].name}, the text speaks of a {ranks[named[0][0]].name} role.",
                    _shift(titled[0], reading.title.start),
                    Cited(called["role"], called.start("role"), called.end("role")),
                )
                return


def _level_against_years(reading: PostingReading) -> Iterator[Contradiction]:
    level, years = reading.level, reading.years_min
    if level is None or years is None or level.start == years.start:
        return
    asked = Cited(reading.text[years.start : years.end], years.start, years.end)
    if level.value == "junior" and years.value >= _MANY_YEARS_FOR_JUNIOR:
        yield Contradiction("junior-with-many-years", f"A junior job that asks for {years.value} years.", level, asked)
    if level.value in ("staff", "principal") and years.value <= _FEW_YEARS_FOR_SENIOR:
        name = catalogue().levels[level.value].name.lower()
        yield Contradiction(
            "senior-with-few-years", f"A {name} job that asks for {plural(years.value, 'year')}.", level, asked
        )


def _pay_twice(reading: PostingReading) -> Iterator[Contradiction]:
    """Base pay stated once as so much, and elsewhere as less than half or more than twice of it."""
    from tenfold.posting.pay import all_ranges  # noqa: PLC0415 - only this check needs every figure

    pay = reading.pay
    if pay is None or pay.from_badge or _sums_named(reading.text) <= SUMS_OF_ONE_RANGE:
        return
    for other in all_ranges(reading):
        same_unit = (other.currency, other.period) == (pay.currency, pay.period)
        if same_unit and (other.max * 2 < pay.min or other.min > pay.max * 2):
            yield Contradiction(
                "pay-stated-twice",
                f"Pay is stated as {pay.min:,.0f}–{pay.max:,.0f} and as {other.min:,.0f}–{other.max:,.0f}.",
                Cited(reading.text[pay.start : pay.end], pay.start, pay.end),
                Cited(reading.text[other.start : other.end], other.start, other.end),
            )
            return


def _sums_named(text: str) -> int:
    """How often a currency is named: a look before every figure is read."""
    return sum(text.count(sign) for sign in ("$", "€", "£", "USD", "EUR", "GBP", "CAD"))


def _first(reading: PostingReading, pattern: re.Pattern[str], *, needles: Sequence[str]) -> Cited[str] | None:
    """The first place that is no option; one of the needles stands in lower case in whatever the pattern matches."""
    for line, kind in zip(reading.lines, reading.line_kinds, strict=True):
        lower = reading.text[line.start : line.end].lower()
        if kind is SectionKind.EEO or not any(needle in lower for needle in needles):
            continue
        for found in pattern.finditer(reading.text, line.start, line.end):
            around = reading.text[max(line.start, found.start() - 50) : min(line.end, found.end() + 50)]
            if not _OPTIONAL.search(around) and not _DENIED.search(reading.text[line.start : found.start()]):
                return Cited(found.group(), found.start(), found.end())
    return None


def _levels_named(words: str) -> list[tuple[str, int, int]]:
    """Levels in the order in which they are written."""
    found = [(level, *match.span()) for level, pattern in _LEVELS if (match := pattern.search(words))]
    return sorted(found, key=lambda hit: hit[1])


def _shift(hit: tuple[str, int, int], offset: int) -> Cited[str]:
    return Cited(hit[0], offset + hit[1], offset + hit[2])
