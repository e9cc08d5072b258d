"""What an edit changed: two readings of a posting, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.posting.model import PostingReading
from tenfold.posting.summary import summary
from tenfold.posting.wording import exclusionary


@dataclass(frozen=True, slots=True)
class Change:
    """One field that reads differently. Empty means that it was not there."""

    field: str
    before: str
    after: str


def changes(before: PostingReading, after: PostingReading) -> tuple[Change, ...]:
    """Everything that the reader understands differently; tools one by one, with their demand."""
    found: list[Change] = []
    listed = {"Must have", "Nice to have", "Named as context"}
    for (name, old), (_, new) in zip(summary(before), summary(after), strict=True):
        if name not in listed and old != new:
            found.append(Change(name, old, new))
    found += _tool_changes(before, after)
    old_words = {phrase.text.lower() for phrase in exclusionary(before)}
    new_words = {phrase.text.lower() for phrase in exclusionary(after)}
    found += [Change("Shuts people out", word, "") for word in sorted(old_words - new_words)]
    found += [Change("Shuts people out", "", word) for word in sorted(new_words - old_words)]
    return tuple(found)


def _tool_changes(before: PostingReading, after: PostingReading) -> list[Change]:
    old = {tool.name: tool.demand.value for tool in before.tools}
    new = {tool.name: tool.demand.value for tool in after.tools}
    return [
        Change(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]
