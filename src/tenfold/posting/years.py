"""Years of experience that a posting asks for: ranges by their lower end, months as years, and nobody else's years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tenfold.posting.model import Cited, SectionKind, SourceText
from tenfold.posting.patterns import Pattern
from tenfold.posting.sections import Layout

_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "zehn": 10,
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "dix": 10,
    "dos": 2, "tres": 3, "três": 3, "cuatro": 4, "quatro": 4, "cinco": 5, "seis": 6, "tre": 3, "cinque": 5,
    "twee": 2, "drie": 3, "vijf": 5,
}  # fmt: skip
_SPELT = "|".join(_NUMBER_WORDS)
_FIGURE = rf"(?P<n>\d{{1,3}}(?:[.,]5)?|{_SPELT})(?:\s*\(\s*(?:\d{{1,2}}|{_SPELT})\s*\+?\s*\))?"
_UNITS = (
    r"(?P<months>months?|monate?n?|mois|meses|mesi)|(?P<foreign>jahre?n?|ans|années?|años?|anos?|anni|jaar|lata?|års?|vuotta|vuoden|let|roky|év|ani)|"
    r"years?|yrs?\.?|yoe"
)
_UPPER = (
    r"(?:(?:years?|yrs?\.?)\s*)?(?:-(?:to|or|bis|à|a)-|-|–|—|~|〜|/|to|or|and|bis|à|a|y|e|et|und|och|og|en|i|tot|do|till|til)\s*"
    rf"(?:\d{{1,2}}|{_SPELT})(?:\s*\(\s*\w+\s*\))?\s*\+?\s*"
)
_DECADE = re.compile(r"(?:an?|one|half a|two)\s+decades?\b", re.IGNORECASE)
"""Outside requirements a decade is the employer's: “with a decade of experience, we …”."""
_DECADES = {"half a": 5, "two": 20}
_YEARS = re.compile(
    rf"(?<![\d.,$€£-])\b{_FIGURE}\s*(?P<plus>\+|-?plus|oder mehr|ou plus|o más)?\s*(?:{_UPPER})?"
    r"(?:or more |oder mehr |\(?\+\)? ?)?(?:(?:full|solid|consecutive|professional|relevant|calendar)\s)?"
    rf"(?P<unit>{_UNITS})(?![^\W\d_])(?:['’]s?)?|"
    r"(?<![\d.,$€£-])\b(?P<bare>\d{1,2})\s?\+\s+(?=(?:\w+\s){0,3}?experience\b)|"
    r"\b(?P<single>(?:half )?a)\s+year(?=\s+(?:or more\s+)?of\s+(?:[\w-]+\s){0,3}experience\b)|"
    r"\b(?P<decade>(?:(?:a|one|half a)\s+decade|two\s+decades))\b|"
    r"\b(?:(?:years?|yrs)['’]?(?: of)?(?: \w+){0,2} experience|experience\s*\(?(?:in )?(?:years|yrs)\)?|yoe)\s*"
    r"(?:required|needed)?\s*[:=–-]\s*(?:min(?:imum|\.)?\s*)?(?P<label>\d{1,2})",
    re.IGNORECASE,
)
_EXPERIENCE = Pattern("experience.experience")
_NOT_EXPERIENCE = Pattern("experience.not_experience")
_NOT_BEFORE = Pattern("experience.not_before")
_SOMEONE_ELSES = Pattern("experience.someone_elses")
_NOT_ASKED = Pattern("experience.not_asked")
_EXPERIENCE_ABROAD = re.compile(
    r"erfahrung|praxis|gearbeitet|tätig|expérience|experiencia|experiência|esperienza|ervaring|doświadczeni|erfarenhet|erfaring|kokemus|"
    r"zkušenost|praxe|tapasztalat|experiență",
    re.IGNORECASE,
)
_HIGHER_DEGREE = re.compile(
    r"\b(?:master|m\.?s\.?c?\b|phd|ph\.d|doctora|advanced degree|graduate degree)", re.IGNORECASE
)
_BASE_DEGREE = re.compile(r"\b(?:bachelor|b\.?s\.?c?\b|b\.?a\.?\b|undergraduate|degree)", re.IGNORECASE)
_NO_DEGREE = re.compile(r"\b(?:without a degree|no degree|in lieu|high school|associate)", re.IGNORECASE)
_OR_YEARS = re.compile(
    r"(?:degree|bachelor\S*|master\S*|\bBS\b|diploma)[^.;]{0,40}\bor\b"
    r"(?![^.;]*\b(?:bachelor|master|m\.?s\.?c?\b|b\.?s\.?c?\b|ph\.?d|degree))[^.;]{0,20}$",
    re.IGNORECASE,
)
_IDEALLY = re.compile(r"\b(?:ideally|preferably|idealerweise|idéalement|idealmente)\W+(?:\w+\W+){0,3}$", re.IGNORECASE)
_EMPLOYERS_LEAD = re.compile(r"\W*(?:with|having|backed by|drawing on|leveraging|after|thanks to)\b", re.IGNORECASE)
_EMPLOYERS_CLAUSE = re.compile(
    r"[^.;,]{0,60}\bexperience\b[^.;,]*,\s+(?!you\b|your\b|the (?:ideal|successful|right)|candidates?\b)"
    r"[^.;]*?\b(?:is|are|has|have|provides?|helps?|offers?|delivers?|serves?|builds?|leads?)\b",
    re.IGNORECASE,
)
"""“With 23+ years of experience, Acme is …”: the employer's."""
DEGREE_REACH = 120
_GENERAL = Pattern("experience.general")
_MINIMUM = Pattern("experience.minimum")
_NO_DEMANDS = (
    SectionKind.NICE, SectionKind.BENEFITS, SectionKind.EEO, SectionKind.ABOUT, SectionKind.PROCESS, SectionKind.PAY,
)  # fmt: skip
_YEAR_WORDS = Pattern("experience.year_words")
_MOST_YEARS = 25
_AT_MOST = re.compile(
    r"\b(?:up to|at most|no more than|not more than|max(?:imum|\.)?(?: of)?|"
    r"(?<!no )(?<!not )(?<!nothing )(?:less|fewer) than|"
    r"under|bis zu|höchstens|maximal|"
    r"jusqu['’]à|hasta|até|fino a)\s+(?:an? |the )?$",
    re.IGNORECASE,
)
"""An upper end asks for no years."""
_FEWEST_MONTHS = 6


@dataclass(frozen=True, slots=True)
class _Years:
    years: float
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

    @property
    def is_behind_degree(self) -> bool:
        return any(degree.search(self.before) for degree in (_HIGHER_DEGREE, _BASE_DEGREE, _NO_DEGREE))


def years_of(source: SourceText, layout: Layout) -> Cited[float] | None:
    """The general requirement: the longest demanded of a bachelor or of anyone, in ranges the lower end.

    Years under "Minimum qualifications" count before years elsewhere; years that are only preferred do not count.
    """
    lines = layout.lines_with(_YEAR_WORDS)
    minimum = set(_minimum_lines(source, layout))
    for chosen in ([index for index in lines if index in minimum], lines):
        found = [years for index in chosen for years in _demand(source, layout, index)]
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


def _demand(source: SourceText, layout: Layout, index: int) -> Iterator[_Years]:
    line, text, kind = source.lines[index], layout.texts[index], layout.kinds[index]
    if kind in _NO_DEMANDS or not _YEARS.search(text):
        return
    words = layout.wording(index)
    options = [
        option
        for low, high in words.sentences
        if not _NOT_ASKED.search(text, low, high)
        for option in _options(text, low, high, line.start)
        if kind is SectionKind.MUST or not _DECADE.match(text, option.years.start - line.start)
        if kind is SectionKind.MUST
        or _EXPERIENCE.search(option.after[:80])
        or _EXPERIENCE_ABROAD.search(text, low, high)
        if _IDEALLY.search(text, low, option.years.start - line.start)
        or not words.is_soft(option.years.start - line.start, option.years.end - line.start)
    ]
    if len(options) > 1 and any(option.names_degree for option in options):
        yield _for_bachelor(options)
    else:
        yield from (option.years for option in options)


def _options(text: str, low: int, high: int, offset: int) -> Iterator[_Option]:
    matches = [match for match in _YEARS.finditer(text, low, high) if _is_experience(text, match, low, high)]
    ends = [*(match.start() for match in matches[1:]), high]
    starts = [low, *(match.end() for match in matches)]
    for match, until, since in zip(matches, ends, starts, strict=False):
        years = _value(match)
        if years is None or _OR_YEARS.search(text[max(low, match.start() - DEGREE_REACH) : match.start()]):
            continue
        after = text[match.end() : until]
        general = bool(_GENERAL.search(after[:60]) or not after.strip(" .,;") or match["label"] or match["foreign"])
        span = _Years(years, general, offset + match.start(), offset + match.end())
        yield _Option(span, text[since : match.start()], after)


def _value(match: re.Match[str]) -> float | None:
    """Years, whole where they are; None where nobody could have so many, or they are a few months."""
    if match["decade"]:
        return _DECADES.get(match["decade"].lower().split(" decade")[0], 10)
    if match["single"]:
        return 0.5 if " " in match["single"] else 1
    figure = (match["n"] or match["bare"] or match["label"]).lower()
    count = _NUMBER_WORDS.get(figure) or float(figure.replace(",", "."))
    if match["months"]:
        return _whole(count / 12) if count >= _FEWEST_MONTHS and count <= 12 * _MOST_YEARS else None
    return _whole(count) if count <= _MOST_YEARS else None


def _whole(years: float) -> float:
    return int(years) if years == int(years) else round(years, 1)


def _for_bachelor(options: list[_Option]) -> _Years:
    """Of alternatives by degree, the one for the degree most people have."""
    degree_first = options[0].is_behind_degree
    for option in options:
        nearest = option.before[-60:] if degree_first else option.after[:60]
        if _BASE_DEGREE.search(nearest) and not _HIGHER_DEGREE.search(nearest) and not _NO_DEGREE.search(nearest):
            return option.years
    return options[0].years


def _is_experience(text: str, match: re.Match[str], low: int, high: int) -> bool:
    """Whether these are years of the person sought: not the team's, a contract's, of age, of residence or of study."""
    after = text[match.end() : high]
    if _EMPLOYERS_LEAD.match(text, low, match.start()) and _EMPLOYERS_CLAUSE.match(after):
        return False
    if _NOT_EXPERIENCE.match(after) or _SOMEONE_ELSES.search(text, low, match.start()):
        return False
    if (match["months"] or match["foreign"] or match["decade"]) and not _says_experience(text, match, low, high):
        return False
    before = text[max(low, match.start() - 24) : match.start()]
    if _AT_MOST.search(before):
        return False
    return not (_NOT_BEFORE.search(before) and not match["plus"] and not match["decade"])


def _says_experience(text: str, match: re.Match[str], low: int, high: int) -> bool:
    """Months are asked of experience only where it is named; so are years in other languages."""
    if match["foreign"]:
        return _EXPERIENCE_ABROAD.search(text, low, high) is not None
    return _EXPERIENCE.search(text[match.end() : high][:60]) is not None
