"""Years of experience and the level that a posting asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tenfold.posting.demand import wording
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
_GENERAL = Pattern("experience.general")
_MOST_YEARS = 25
_LEVEL_WORDS: tuple[tuple[str, str], ...] = (
    ("principal", r"\b(?:principal|distinguished|architect|fellow)\b"),
    ("staff", r"\b(?:staff|lead|l6)\b(?!ing| generation)"),
    ("senior", r"\b(?:senior|sr\.?|snr|sen\.|iii|experienced|l5)\b(?:(?= )|\b|$)|\bengineer,? 3\b|\b3$"),
    (
        "junior",
        r"\b(?:junior|jr\.?|entry[- ]level|graduate|intern(?:ship)?|early career|new grad|trainee|"
        r"werkstudent|working student|apprentice)\b|\bengineer,? (?:1|i)\b",
    ),
    ("mid", r"\b(?:mid[- ]?(?:level)?|middle|intermediate|medior|regular|ii)\b|\bengineer,? 2\b|\b2$"),
)
_LEVEL_PATTERNS = tuple((level, re.compile(pattern, re.IGNORECASE)) for level, pattern in _LEVEL_WORDS)
_ORDER = ("junior", "mid", "senior", "staff", "principal")
_ALTERNATIVE = Pattern("experience.alternative")
_TEXT_LEVEL = Pattern("experience.text_level")
_SENIORITY = Pattern("experience.seniority")


@dataclass(frozen=True, slots=True)
class _Years:
    years: int
    general: bool
    start: int
    end: int


def years_of(source: SourceText, layout: Layout) -> Cited[int] | None:
    """The general requirement: the longest demanded of a bachelor or of anyone, in ranges the lower end."""
    found = list(_demanded(source, layout))
    if not found:
        return None
    general = [years for years in found if years.general] or found
    most = max(general, key=lambda years: years.years)
    return Cited(most.years, most.start, most.end)


def _demanded(source: SourceText, layout: Layout) -> Iterator[_Years]:
    for index, line in enumerate(source.lines):
        kind = layout.kinds[index]
        if kind in (
            SectionKind.NICE,
            SectionKind.BENEFITS,
            SectionKind.EEO,
            SectionKind.ABOUT,
            SectionKind.PROCESS,
            SectionKind.PAY,
        ):
            continue
        text = source.text[line.start : line.end]
        if not _YEARS.search(text):
            continue
        words = wording(text)
        for low, high in words.sentences:
            yield from _in_sentence(text, low, high, line.start, words.is_soft, needs_word=kind is not SectionKind.MUST)


def _in_sentence(text: str, low: int, high: int, offset: int, is_soft: object, *, needs_word: bool) -> Iterator[_Years]:
    options: list[tuple[_Years, str, bool]] = []
    matches = [match for match in _YEARS.finditer(text, low, high) if _is_experience(text, match, high)]
    for position, match in enumerate(matches):
        figure = match["n"] or match["bare"]
        years = _NUMBER_WORDS.get(figure.lower()) or int(figure) if not figure.isdigit() else int(figure)
        until = matches[position + 1].start() if position + 1 < len(matches) else high
        after = text[match.end() : until]
        since = matches[position - 1].end() if position else low
        before = text[since : match.start()]
        if years > _MOST_YEARS or _OR_YEARS.search(text[low : match.start()]):
            continue
        if needs_word and not _EXPERIENCE.search(text[match.end() : match.end() + 80]):
            continue
        if (
            callable(is_soft)
            and is_soft(match.start(), match.end())
            and not re.match(r"ideally|preferably", text[low:], re.IGNORECASE)
        ):
            continue
        general = bool(_GENERAL.search(after[:60]) or not after.strip(" .,;"))
        options.append(
            (
                _Years(years, general, offset + match.start(), offset + match.end()),
                f"{before} | {after}",
                bool(_HIGHER_DEGREE.search(before + after)),
            )
        )
    degrees = [option for option in options if option[2] or _BASE_DEGREE.search(option[1])]
    if len(options) > 1 and degrees:
        yield _for_bachelor(options)
        return
    for years, _, _ in options:
        yield years


def _for_bachelor(options: list[tuple[_Years, str, bool]]) -> _Years:
    """Of alternatives by degree, the one for the degree most people have."""
    for years, words, _ in options:
        before, _, after = words.partition(" | ")
        nearest = before[-60:] if _BASE_DEGREE.search(before) and not _HIGHER_DEGREE.search(before) else after[:60]
        if _BASE_DEGREE.search(nearest) and not _HIGHER_DEGREE.search(nearest) and not _NO_DEGREE.search(nearest):
            return years
    return options[0][0]


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
    found = _level_in_text(source, layout)
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
    """Senior Staff is staff; Senior/Staff, two levels in one title, is the lower."""
    hits = [(level, match) for level, pattern in _LEVEL_PATTERNS if (match := pattern.search(title.value))]
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


def _level_in_text(source: SourceText, layout: Layout) -> Cited[str] | None:
    """The level at which the text speaks of the job ("as a Senior Engineer, you will …")."""
    for index in layout.lines_with(_TEXT_LEVEL):
        if layout.kinds[index] in (SectionKind.EEO, SectionKind.BENEFITS, SectionKind.NICE):
            continue
        line = source.lines[index]
        match = _SENIORITY.search(source.text, line.start, line.end) or _TEXT_LEVEL.search(
            source.text, line.start, line.end
        )
        if match is None:
            continue
        word = (match["level"] or match.groupdict().get("level2") or "").lower()
        level = next((level for level, pattern in _LEVEL_PATTERNS if pattern.search(word)), None)
        if level is not None:
            return Cited(level, match.start(), match.end())
    return None
