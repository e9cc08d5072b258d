"""What the API says about ladders. Nothing about a person is in it, and there is no score."""

from __future__ import annotations

from ninja import Schema


class LadderEntry(Schema):
    """What somebody at a level is seen to do."""

    id: str
    level: str
    theme: str
    competency: str | None
    behaviour: str
    examples: list[str]
    counter_examples: list[str]


class LadderDocument(Schema):
    """A ladder of the organisation as it is now."""

    name: str
    version: int
    levels: list[str]
    entries: list[LadderEntry]
