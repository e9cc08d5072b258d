"""The level that a posting asks for."""

from __future__ import annotations

import re

from tenfold.posting.model import Cited, SectionKind, SourceText
from tenfold.posting.patterns import Pattern
from tenfold.posting.sections import Layout

_LEVEL_PATTERNS = tuple(
    (level, Pattern(f"level.{level}")) for level in ("principal", "staff", "senior", "junior", "mid")
)
_ORDER = ("junior", "mid", "senior", "staff", "principal")
_ALTERNATIVE = Pattern("experience.alternative")
_TEXT_LEVEL = Pattern("experience.text_level")
_SENIORITY = Pattern("experience.seniority")
_LEVEL_LABEL = Pattern("experience.level_label")
_NOT_THE_ROLE = re.compile(
    r"\bmembers?\s+of\s+(?:the\s+|our\s+)?technical\s+staff\b|\b(?:report(?:s|ing)?|assistant)\s+(?:in)?to\b.*",
    re.IGNORECASE,
)
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


def level_of(
    source: SourceText, layout: Layout, title: Cited[str] | None, years: Cited[float] | None
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
    return Cited("junior", years.start, years.end) if years.value < 2 else None


def _level_in_title(title: Cited[str]) -> Cited[str] | None:
    """Senior Staff is staff; Senior/Staff, two levels in one title, is the lower; technical staff is no level."""
    plain = _NOT_THE_ROLE.sub(lambda words: " " * len(words.group()), title.value)
    hits = [(level, match) for level, pattern in _LEVEL_PATTERNS if (match := pattern.search(plain))]
    if not hits:
        return None
    hits = [hit for hit in hits if hit[1].group().lower() != "iv"] or hits  # “Senior … IV” is senior
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
