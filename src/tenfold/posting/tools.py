"""The tools a posting names, each with its demand and every place where it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from tenfold.catalogue.model import Kind, Skill
from tenfold.catalogue.store import fold
from tenfold.posting.demand import demand_of
from tenfold.posting.matching import Match
from tenfold.posting.model import Cited, Demand, Line, LineKind, Mention, SectionKind, SourceText, ToolDemand
from tenfold.posting.sections import Layout

_SILENT = frozenset((SectionKind.EEO, SectionKind.PAY))
_CROWDED = frozenset((SectionKind.BENEFITS, SectionKind.PROCESS, SectionKind.PLACE))
"""Sections where one tool's name is likely an employer's or a perk's, and several are the stack after all."""
_ASKING = frozenset((SectionKind.MUST, SectionKind.NICE))
_COMPANY_BEFORE = re.compile(r"\b(?:at|join|joining|about|from|within|across|why|to help|for)\s+$", re.IGNORECASE)
_COMPANY_BEHIND = re.compile(
    r"(?:['’]s\b|\s+(?:is|are|was|has|will|we|teams?|employees?|engineers?|customers?|users?|mission|culture|values|"
    r"believes?|offers?|seeks?|hires?|and its|office|colleagues))\b",
    re.IGNORECASE,
)
_STRENGTH = (Demand.CONTEXT, Demand.NICE, Demand.MUST)


def _is_the_company(text: str, match: Match) -> bool:
    """Whether an employer's name stands for the company ("at …", "…'s team"), not for its tool ("skilled in …")."""
    return bool(_COMPANY_BEFORE.search(text[max(0, match.start - 24) : match.start])) or bool(
        _COMPANY_BEHIND.match(text[match.end : match.end + 24])
    )


def _is_bare_item(layout: Layout, index: int, match: Match, line: Line) -> bool:
    """A bullet that is a tool's name and nothing else, below a heading that nobody knows: it is asked for."""
    if layout.kinds[index] is not SectionKind.OTHER or line.kind is not LineKind.BULLET:
        return False
    return match.end - match.start == len(layout.texts[index].strip(" -–•*."))


def tools_of(
    source: SourceText,
    layout: Layout,
    matches: Sequence[Match],
    title: Cited[str] | None,
    employer: Cited[str] | None,
) -> tuple[ToolDemand, ...]:
    """Named technologies in order of first mention; the strongest demand wins. An employer's own name is no tool."""
    starts = [line.start for line in source.lines]
    placed = [(bisect_right(starts, match.start) - 1, match) for match in matches if match.skill.is_tool]
    on_line = Counter(index for index, _ in placed)
    own_name = fold(employer.value) if employer else ""
    mentions: dict[str, list[Mention]] = {}
    skills: dict[str, Skill] = {}
    for index, match in placed:
        if index < 0 or match.skill.kind is Kind.MODEL or layout.kinds[index] in _SILENT:
            continue
        if layout.kinds[index] in _CROWDED and on_line[index] < 2:
            continue
        line = source.lines[index]
        text = layout.texts[index]
        words = layout.wording(index)
        demand = demand_of(text, words, layout.kinds[index], match.start - line.start, match.end - line.start)
        if demand is Demand.CONTEXT and on_line[index] and _is_bare_item(layout, index, match, line):
            demand = Demand.MUST
        if layout.kinds[index] is SectionKind.HEADER:
            demand = Demand.MUST if title and title.start <= match.start < title.end else Demand.CONTEXT
        is_own = own_name and own_name in (fold(match.skill.name), fold(source.text[match.start : match.end]))
        is_asked = layout.kinds[index] in _ASKING and demand is not Demand.CONTEXT
        if is_own and (not is_asked or _is_the_company(source.text, match)):
            continue
        skills[match.skill.id] = match.skill
        mentions.setdefault(match.skill.id, []).append(
            Mention(source.text[match.start : match.end], match.start, match.end, demand)
        )
    return tuple(
        ToolDemand(
            key,
            skills[key].name,
            max((mention.demand for mention in found), key=_STRENGTH.index),
            tuple(found),
        )
        for key, found in mentions.items()
    )
