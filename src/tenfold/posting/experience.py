"""Years of experience and the level that a posting asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tenfold.posting.model import Cited, SectionKind, SourceText
from tenfold.posting.patterns import Pattern
from tenfold.posting.sections import Layout

_NUMBER_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
}
_SPELT = "|".join(_NUMBER_WORDS)
_FIGURE = rf"(?P<n>\d{{1,2}}|{_SPELT})(?:\s*\(\s*\d{{1,2}}\s*\+?\s*\))?"
_YEARS = re.compile(
    rf"(?<![\d.,$€£-])\b{_FIGURE}\s*(?P<plus>\+|plus)?\s*(?:(?:-|–|—|to|or)\s*(?:\d{{1,2}}|{_SPELT})\s*\+?\s*)?"
    r"(?:or more |\(?\+\)? ?)?(?:(?:full|solid|consecutive|professional|relevant|"
    r"calendar)\s)?(?P<unit>years?|yrs?\.?)\b(?:['’]s?)?|"
    r"(?<![\d.,$€£-])\b(?P<bare>\d{1,2})\s?\+\s+(?=(?:\w+\s){0,3}?experience\b)",
    re.IGNORECASE,
)
_EXPERIENCE = Pattern("experience.experience")
_NOT_EXPERIENCE = Pattern("experience.not_experience")
_NOT_BEFORE = Pattern("experience.not_before")
_HIGHER_DEGREE = re.compile(
    r"\b(?:master|m\.?s\.?c?\b|phd|ph\.d|doctora|advanced degree|graduate degree)", re.IGNORECASE
)
_BASE_DEGREE = re.compile(r"\b(?:bachelor|b\.?s\.?c?\b|b\.?a\.?\b|undergraduate|degree)", re.IGNORECASE)
_NO_DEGREE = re.compile(r"\b(?:without a degree|no degree|in lieu|high school|associate)", re.IGNORECASE)
_OR_YEARS = re.compile(r"(?:degree|bachelor\S*|\bBS\b|diploma)[^.;]{0,40}\bor\b[^.;]{0,20}$", re.IGNORECASE)
DEGREE_REACH = 120
_GENERAL = Pattern("experience.general")
_IDEALLY = re.compile(r"\W*(?:ideally|preferably)", re.IGNORECASE)
_MINIMUM = Pattern("experience.minimum")
_NO_DEMANDS = (
    SectionKind.NICE, SectionKind.BENEFITS, SectionKind.EEO, SectionKind.ABOUT, SectionKind.PROCESS, SectionKind.PAY,
)  # fmt: skip
_YEAR_WORDS = Pattern("experience.year_words")
_MOST_YEARS = 25
_LEVEL_PATTERNS = tuple(
    (level, Pattern(f"level.{level}")) for level in ("principal", "staff", "senior", "junior", "mid")
)
_ORDER = ("junior", "mid", "senior", "staff", "principal")
_ALTERNATIVE = Pattern("experience.alternative")
_TEXT_LEVEL = Pattern("experience.text_level")
_SENIORITY = Pattern("experience.seniority")
_LEVEL_LABEL = Pattern("experience.level_label")
_TECHNICAL_STAFF = re.compile(r"\bmembers?\s+of\s+(?:the\s+|our\s+)?technical\s+staff\b", re.IGNORECASE)
_IS_SOMEBODY_ELSE = re.compile(
    r"\b(?:report(?:s|ing)?\b[^.;]{0,30}\bto|(?:work|works|working|partner|partners|partnering|collaborate|collaborates"
    r"|collaborating)(?: closely)? (?:with|alongside|under|for)|alongside|(?:led|managed|mentored|supervised|guided"
    r"|supported|coached) by|under (?:the )?(?:guidance|supervision|direction|lead) of|support(?:s|ing)?"
    r"|mentor(?:s|ing)?|manag(?:e|es|ing)|lead(?:s|ing)?|help(?:s|ing)?|learn from)\s+(?:\w+\s+){0,3}?"
    r"(?:as an?|for an?|an?|the|our|your|other)?\s*(?:\w+[\s,-]+){0,3}?"
    r"(?:senior|sr\.|junior|staff|lead|principal|mid[- ]level)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
"""The level of whom one reports to, works with or leads is not the role's."""


@dataclass(frozen=True, slots=True)
class _Years:
    years: int
    general: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Option:
    """One figure of a sentence with the words before and after it, up to the next figure."""

    years: _Years
    before: str
    after: str

    @property
    def names_degree(self) -> bool:
        words = self.before + self.after
        return bool(_HIGHER_DEGREE.search(words) or _BASE_DEGREE.search(words))


def years_of(source: SourceText, layout: Layout) -> Cited[int] | None:
    """The general requirement: the longest demanded of a bachelor or of anyone, in ranges the lower end.

    Years under "Minimum qualifications" count before years elsewhere; years that are only preferred do not count.
    """
    lines = layout.lines_with(_YEAR_WORDS)
    minimum = set(_minimum_lines(source, layout))
    for chosen in ([index for index in lines if index in minimum], lines):
        found = [years for index in chosen for years in _demanded(source, layout, index)]
        general = [years for years in found if years.general] or found
        if general:
            most = max(general, key=lambda years: years.years)
            return Cited(most.years, most.start, most.end)
    return None


def _minimum_lines(source: SourceText, layout: Layout) -> list[int]:
    """Lines under a heading that says these are the minimum."""
    return [
        index
        for section in layout.sections
        if section.kind is SectionKind.MUST and _MINIMUM.search(section.heading)
        for index, line in enumerate(source.lines)
        if section.start <= line.start < section.end
    ]


def _demanded(source: SourceText, layout: Layout, index: int) -> Iterator[_Years]:
    line, text, kind = source.lines[index], layout.texts[index], layout.kinds[index]
    if kind in _NO_DEMANDS or not _YEARS.search(text):
        return
    words = layout.wording(index)
    options = [
        option
        for low, high in words.sentences
        for option in _options(text, low, high, line.start)
        if kind is SectionKind.MUST or _EXPERIENCE.search(option.after[:80])
        if _IDEALLY.match(text, low)
        or not words.is_soft(option.years.start - line.start, option.years.end - line.start)
    ]
    if len(options) > 1 and any(option.names_degree for option in options):
        yield _for_bachelor(options)
    else:
        yield from (option.years for option in options)


def _options(text: str, low: int, high: int, offset: int) -> Iterator[_Option]:
    matches = [match for match in _YEARS.finditer(text, low, high) if _is_experience(text, match, high)]
    ends = [*(match.start() for match in matches[1:]), high]
    starts = [low, *(match.end() for match in matches)]
    for match, until, since in zip(matches, ends, starts, strict=False):
        figure = (match["n"] or match["bare"]).lower()
        years = _NUMBER_WORDS.get(figure) or int(figure)
        if years > _MOST_YEARS or _OR_YEARS.search(text[max(low, match.start() - DEGREE_REACH) : match.start()]):
            continue
        after = text[match.end() : until]
        general = bool(_GENERAL.search(after[:60]) or not after.strip(" .,;"))
        span = _Years(years, general, offset + match.start(), offset + match.end())
        yield _Option(span, text[since : match.start()], after)


def _for_bachelor(options: list[_Option]) -> _Years:
    """Of alternatives by degree, the one for the degree most people have."""
    for option in options:
        before = option.before[-60:]
        is_before = _BASE_DEGREE.search(before) and not _HIGHER_DEGREE.search(before)
        nearest = before if is_before else option.after[:60]
        if _BASE_DEGREE.search(nearest) and not _HIGHER_DEGREE.search(nearest) and not _NO_DEGREE.search(nearest):
            return option.years
    return options[0].years


def _is_experience(text: str, match: re.Match[str], high: int) -> bool:
    before = text[max(0, match.start() - 24) : match.start()]
    if _NOT_EXPERIENCE.match(text[match.end() : high]):
        return False
    return not (_NOT_BEFORE.search(before) and not match["plus"])


def level_of(
    source: SourceText, layout: Layout, title: Cited[str] | None, years: Cited[int] | None
) -> Cited[str] | None:
    """From the title's words; else what the text calls the role; else 2 to 4 years mid, 7 or more senior."""
    if title is not None:
        found = _level_in_title(title)
        if found is not None:
            return found
    found = _level_labelled(source, layout) or _level_in_text(source, layout)
    if found is not None:
        return found
    if years is None:
        return None
    if 2 <= years.value <= 4:
        return Cited("mid", years.start, years.end)
    if years.value >= 7:
        return Cited("senior", years.start, years.end)
    return Cited("junior", years.start, years.end) if years.value <= 1 else None


def _level_in_title(title: Cited[str]) -> Cited[str] | None:
    """Senior Staff is staff; Senior/Staff, two levels in one title, is the lower; technical staff is no level."""
    plain = _TECHNICAL_STAFF.sub(lambda rank: " " * len(rank.group()), title.value)
    hits = [(level, match) for level, pattern in _LEVEL_PATTERNS if (match := pattern.search(plain))]
    if not hits:
        return None
    hits.sort(key=lambda hit: hit[1].start())
    first_level, first = hits[0]
    for level, match in hits[1:]:
        between = title.value[first.end() : match.start()]
        if _ALTERNATIVE.fullmatch(between):
            first_level = min(first_level, level, key=_ORDER.index)
        elif (
            first_level in ("senior", "mid", "junior") and level in ("staff", "principal") and len(between.split()) <= 3
        ):
            first_level, first = level, match
    return Cited(first_level, title.start + first.start(), title.start + first.end())


def _level_labelled(source: SourceText, layout: Layout) -> Cited[str] | None:
    """The level in a field of its own ("Karrierestufe: Berufserfahrene")."""
    for index in layout.lines_with(_LEVEL_LABEL):
        line = source.lines[index]
        match = _LEVEL_LABEL.search(source.text, line.start, line.end)
        named = match["named"] if match else ""
        level = next((level for level, pattern in _LEVEL_PATTERNS if pattern.search(named)), None)
        if match and level:
            return Cited(level, match.start("named"), match.end("named"))
    return None


def _level_in_text(source: SourceText, layout: Layout) -> Cited[str] | None:
    """The level at which the text speaks of the job ("as a Senior Engineer, you will …")."""
    for index in layout.lines_with(_TEXT_LEVEL):
        if layout.kinds[index] in (SectionKind.EEO, SectionKind.BENEFITS, SectionKind.NICE):
            continue
        line = source.lines[index]
        match = _SENIORITY.search(source.text, line.start, line.end) or _TEXT_LEVEL.search(
            source.text, line.start, line.end
        )
        if match is None or _IS_SOMEBODY_ELSE.search(source.text[line.start : match.end()]):
            continue
        word = (match["level"] or match.groupdict().get("level2") or "").lower()
        level = next((level for level, pattern in _LEVEL_PATTERNS if pattern.search(word)), None)
        if level is not None:
            return Cited(level, match.start(), match.end())
    return None
