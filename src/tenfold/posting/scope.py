"""Which ML-operations areas a posting names, which knowledge it wants deep, and whether it describes concrete work."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from tenfold.catalogue.store import catalogue
from tenfold.posting.activities import AREA
from tenfold.posting.job_names import FILLER
from tenfold.posting.lexicon import Hit, Lexicon
from tenfold.posting.matching import Match
from tenfold.posting.model import Cited, SectionKind, SourceText
from tenfold.posting.patterns import Pattern
from tenfold.posting.sections import Layout


def _table(name: str) -> dict[str, Any]:
    return tomli.loads((files("tenfold.posting") / "data" / f"{name}.toml").read_text("utf-8"))


def areas_named(
    source: SourceText, layout: Layout, work: str, matches: Sequence[Match], hits: Sequence[Sequence[Hit]]
) -> tuple[Cited[str], ...]:
    """The ML-operations areas that duties or requirements name, by their tools or in words; `work` has no job names."""
    found: dict[str, Cited[str]] = {}
    known = set(catalogue().mlops_areas)
    telling = (
        SectionKind.DUTIES,
        SectionKind.MUST,
        SectionKind.NICE,
        SectionKind.STACK,
        SectionKind.OTHER,
        SectionKind.HEADER,
    )
    for index in range(len(source.lines)):
        if layout.kinds[index] not in telling:
            continue
        for hit in hits[index]:
            if hit.group.startswith(AREA):
                area = hit.group.removeprefix(AREA)
                found.setdefault(area, Cited(area, hit.start, hit.end))
    starts = [line.start for line in source.lines]
    for match in matches:
        if (
            match.skill.area in known
            and match.skill.area not in found
            and work[match.start] != FILLER
            and layout.kinds[max(0, bisect_right(starts, match.start) - 1)] in telling
        ):
            found[match.skill.area] = Cited(match.skill.area, match.start, match.end)
    return tuple(found[area] for area in catalogue().mlops_areas if area in found)


DEEP_REACH = 30
_DEEP = Pattern("scope.deep")


@cache
def _deep_lexicon() -> Lexicon:
    return Lexicon({name: table["words"] for name, table in _table("deep").items()})


def deep_areas_of(source: SourceText, layout: Layout) -> tuple[Cited[str], ...]:
    """Areas demanded at expert, deep or strong level as a must."""
    found: dict[str, Cited[str]] = {}
    for index in layout.lines_with(_DEEP):
        if layout.kinds[index] not in (SectionKind.MUST, SectionKind.OTHER):
            continue
        line, text = source.lines[index], layout.texts[index]
        words = layout.wording(index)
        for deep in _DEEP.finditer(text):
            if words.is_soft(deep.start(), deep.end()):
                continue
            start = line.start + deep.start()
            end = line.start + min(words.sentence_at(deep.start())[1], deep.end() + DEEP_REACH)
            among = layout.words.between(line.start + deep.end(), end)
            for hit in _deep_lexicon().hits(source.text, layout.words, among):
                found.setdefault(hit.group, Cited(hit.group, start, hit.end))
    order = ("infrastructure", "ml", "data-engineering", "software-engineering", "leadership")
    return tuple(found[area] for area in order if area in found)


_DOING = re.compile(
    r"(?<![^\W_])(?:project|build|design|develop|own|lead|migrat|deploy|maintain|implement|scale|optimi|creat|automat"
    r"|integrat|train|monitor|analys|analyz)",
    re.IGNORECASE,
)
_VAGUE = Pattern("scope.vague")
CONCRETE_LINES = 2


def day_to_day_of(source: SourceText, layout: Layout, matches: Sequence[Match]) -> Cited[bool] | None:
    """Whether concrete work of this job is described: duties that name a thing, a number, a tool or a product."""
    concrete: list[tuple[int, int]] = []
    first: tuple[int, int] | None = None
    tools = [match.start for match in matches]
    for index, line in enumerate(source.lines):
        if layout.kinds[index] is not SectionKind.DUTIES or index in layout.heads:
            continue
        first = first or (line.start, line.end)
        if _DOING.search(layout.texts[index]) and is_concrete(
            layout.texts[index], names_tool=bisect_left(tools, line.start) < bisect_left(tools, line.end)
        ):
            concrete.append((line.start, line.end))
    if len(concrete) >= CONCRETE_LINES:
        return Cited(True, concrete[0][0], concrete[-1][1])
    return Cited(False, *first) if first else None


def is_concrete(text: str, *, names_tool: bool) -> bool:
    """Whether a duty says something of this job: a tool, a name, a figure, or a long line without stock phrases."""
    words = text.split()
    if len(words) < 8 or names_tool:
        return len(words) >= 8
    return (len(words) >= 12 and not _VAGUE.search(text)) or sum(map(_is_name_or_figure, words[1:])) >= 2


def _is_name_or_figure(word: str) -> bool:
    return word[:1].isupper() or any(map(str.isdigit, word))
