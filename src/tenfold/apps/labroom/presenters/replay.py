"""What a replay shows, on its own time line: recordings in segments, what happened, what was edited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenfold.apps.labroom.models import EntryKind, LabInvitation, RoomEntry
from tenfold.apps.labroom.queries.edits import MOST_EDITS, edits_shown
from tenfold.apps.labroom.queries.sessions import session_of
from tenfold.core.models import User
from tenfold.kit.errors import UserError
from tenfold.kit.hashchain import Entry
from tenfold.labs.edits import edits
from tenfold.labs.rooms.replay import RecordingInfo, Replay, recording_path, recordings
from tenfold.labs.sessions import Session

LONGEST_WORDS = 140


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at a moment, in words."""

    at: datetime
    words: str


def recording_list(found: LabInvitation, viewer: User) -> list[dict[str, Any]]:
    """Each recording with segments and markers, in seconds on its replay's time line."""
    session = session_of(found)
    if session is None:
        return []
    happened = sorted([*_entries(found, viewer), *_events(session)], key=lambda one: one.at)
    saved = [one.at for one in edits(session)[:MOST_EDITS]]
    return [_recording(session, info, happened, saved) for info in recordings(session) if info.bytes]


def _recording(session: Session, info: RecordingInfo, happened: list[Moment], saved: list[datetime]) -> dict[str, Any]:
    with Replay(recording_path(session, info.name)) as replay:

        def on_time_line(at: datetime) -> float:
            return round(replay.shift(max(0.0, (at - info.began_at).total_seconds())), 2)

        return {
            "name": info.name,
            "title": "Plain version" if info.name == "commands" else f"Terminal {info.name.lstrip('0') or '1'}",
            "duration": round(replay.duration_s, 2),
            "cols": info.cols,
            "rows": info.rows,
            "segments": [{"number": one.number, "begin": one.begin_s, "end": one.end_s} for one in replay.segments],
            "marks": [{"at": on_time_line(one.at), "words": one.words} for one in happened],
            "edits": [on_time_line(at) for at in saved],
        }


def edit_list(found: LabInvitation) -> list[dict[str, Any]]:
    """Each save in the editor, as `edits` of `recording_list` count them: who, which file, and what differs."""
    session = session_of(found)
    shown = edits_shown(session) if session is not None else []
    return [{"by": one.by, "path": one.path, "diff": one.diff, "is_text": one.is_text} for one in shown]


def _entries(found: LabInvitation, viewer: User) -> Iterator[Moment]:
    rows = RoomEntry.objects.visible_to(viewer).filter(invitation=found).select_related("by")
    for one in rows:
        by = str(one.by) if one.by else "Candidate"
        yield Moment(one.at, f"{EntryKind(one.kind).label}, {by}: {one.text}"[:LONGEST_WORDS])


def _events(session: Session) -> Iterator[Moment]:
    """Of the engine's log what a reviewer may know while they are blind: nothing of verdicts, time or accommodation."""
    for entry in session.events():
        if words := _event_words(entry):
            yield Moment(entry.at, words[:LONGEST_WORDS])


def _event_words(entry: Entry) -> str:
    match entry.kind:
        case "file" if entry.data.get("version") != entry.data.get("was"):
            by = "" if entry.data.get("by") == "candidate" else " by a colleague"
            return f"{entry.data.get('path', '')} saved{by}"
        case "command":
            return f"Command: {entry.data.get('line', '')}"
        case "drive":
            to = "the candidate" if entry.data.get("to") == "candidate" else "a colleague"
            return f"The keyboard went to {to}"
        case "refund":
            return "The room failed; time was given back"
        case "submit":
            return "Submitted"
    return ""


def recording_part(found: LabInvitation, name: str, part: str) -> bytes | None:
    """One segment as asciicast, made safe to show; None where there is none of that name or number."""
    session = session_of(found)
    if session is None or not part.isascii() or not part.isdigit() or len(part) > 6:
        return None
    try:
        with Replay(recording_path(session, name)) as replay:
            return replay.cast(int(part))
    except UserError:
        return None
