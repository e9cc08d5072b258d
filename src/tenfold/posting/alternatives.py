"""Tools of which a posting asks for one or another: “AWS, GCP or Azure”, “tools such as Splunk and Grafana”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tenfold.posting.demand import wording
from tenfold.posting.model import Cited, Demand, Mention, PostingReading

_GAP = re.compile(r"[\s,/()]*(?:and/or|or|and|&)?[\s,/()]*", re.IGNORECASE)
_CHOICE = re.compile(r"\bor\b|/", re.IGNORECASE)
_EXAMPLES = re.compile(
    r"\b(?:such as|e\.?\s?g\b\.?|for (?:example|instance)|like|similar to|"
    r"(?:one|two|any|some|several|\w+ or more|at least \w+)(?: or more)?(?: of| from)(?: \w+){0,4})[\s:,(]*$",
    re.IGNORECASE,
)
BEFORE = 60


def alternatives(reading: PostingReading) -> tuple[frozenset[str], ...]:
    """Ids of required tools that stand for one another: joined by “or”, or examples of what is meant."""
    found = sorted(
        (mention.start, tool.skill_id, mention)
        for tool in reading.tools_with(Demand.MUST)
        for mention in tool.mentions
        if mention.demand is Demand.MUST
    )
    mentions = [(id_, mention) for _, id_, mention in found]
    return tuple(
        ids
        for line in reading.lines
        for low, high in wording(reading.text[line.start : line.end]).sentences
        for ids in _choices(reading.text, line.start + low, line.start + high, mentions)
        if len(ids) > 1
    )


def fields_of_depth(reading: PostingReading) -> tuple[Cited[str], ...]:
    """The areas demanded deep; what one demand names by tools alone is one: “expertise in SQL and AWS”."""
    ends = {mention.end for tool in reading.tools for mention in tool.mentions}
    told: set[int] = set()
    fields = []
    for cited in reading.deep_areas:
        only_a_tool = cited.end in ends
        if not only_a_tool or cited.start not in told:
            fields.append(cited)
        if only_a_tool:
            told.add(cited.start)
    return tuple(fields)


def _choices(text: str, low: int, high: int, mentions: Sequence[tuple[str, Mention]]) -> Iterator[frozenset[str]]:
    """The lists of one sentence whose items are alternatives."""
    for listed in _lists(text, [item for item in mentions if low <= item[1].start < high]):
        first, last = listed[0][1], listed[-1][1]
        if _CHOICE.search(text, first.end, last.start) or _EXAMPLES.search(
            text, max(low, first.start - BEFORE), first.start
        ):
            yield frozenset(id_ for id_, _ in listed)


def _lists(text: str, mentions: Sequence[tuple[str, Mention]]) -> Iterator[list[tuple[str, Mention]]]:
    """Mentions with nothing but commas and joining words between them."""
    gathered: list[tuple[str, Mention]] = []
    for item in mentions:
        if gathered and not _GAP.fullmatch(text, gathered[-1][1].end, item[1].start):
            yield gathered
            gathered = []
        gathered.append(item)
    if gathered:
        yield gathered


def one_of_each(reading: PostingReading) -> frozenset[str]:
    """Ids of required tools that a list of what is required can do without: all but the first of each choice."""
    spare: set[str] = set()
    kept: set[str] = set()
    for ids in alternatives(reading):
        order = [tool.skill_id for tool in reading.tools if tool.skill_id in ids]
        kept.add(next((id_ for id_ in order if id_ not in spare), order[0]))
        spare |= ids - kept
    return frozenset(spare - kept)
