"""How a source stands, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tenfold.apps.sources.models import DataSource


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """A source, its state (`good`, `review`, `unanswered`) and the sentence that says why."""

    source: DataSource
    state: str
    words: str


def source_standing(source: DataSource, now: datetime) -> SourceStanding:
    if source.is_paused:
        return SourceStanding(source, "unanswered", "Paused")
    if source.trouble:
        return SourceStanding(source, "review", f"Could not be read: {source.trouble}")
    if source.begun_at is not None:
        return SourceStanding(source, "unanswered", f"Being read, {source.pages_read} pages so far")
    if source.whole_at is None:
        return SourceStanding(source, "unanswered", "Not read yet")
    if source.is_invented:
        return SourceStanding(source, "good", "Read once, from invented answers")
    late = now - source.next_at
    if late.total_seconds() > 3600:
        return SourceStanding(source, "review", "Overdue: is a worker running?")
    return SourceStanding(source, "good", "Read without a problem")
