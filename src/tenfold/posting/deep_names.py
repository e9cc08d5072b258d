"""The areas in which a posting can ask for depth: in words, and how many careers they are."""

from __future__ import annotations

from tenfold.posting.model import Cited, PostingReading

DEEP_NAMES = {
    "infrastructure": "infrastructure",
    "ml": "machine learning",
    "data-engineering": "data engineering",
    "software-engineering": "software engineering",
}


def fields_of_depth(reading: PostingReading) -> tuple[Cited[str], ...]:
    """The areas demanded deep; what one demand names by tools alone is one: “expertise in SQL and AWS”."""
    ends = {mention.end for tool in reading.tools for mention in tool.mentions}
    seen: set[int] = set()
    fields = []
    for cited in reading.deep_areas:
        only_a_tool = cited.end in ends
        if not only_a_tool or cited.start not in seen:
            fields.append(cited)
        if only_a_tool:
            seen.add(cited.start)
    return tuple(fields)
