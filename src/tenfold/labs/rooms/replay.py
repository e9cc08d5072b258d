"""Recordings, seen again: an index, segments that a player can fetch one by one, seeking, and asciicast as an export.

The raw log is what was; everything here is made from it on the way out, sanitised, so that a replay speaks to nobody's
terminal. These functions read files and block for milliseconds: from asyncio call them in a thread.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from tenfold.kit.errors import UserError
from tenfold.labs.rooms.raw_log import RawRecording, RecordKind, Screen
from tenfold.labs.rooms.sanitise import Sanitiser
from tenfold.labs.sessions import Session

MAX_SEGMENT_S = 600.0
MAX_SEGMENT_BYTES = 512 * 1024
MAX_LEAD_BYTES = 256 * 1024
"""How far before a segment its beginning is looked for where no screen was kept."""

_MAX_EVENT_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """One recording of a session: a terminal's, or the commands of the accessible path. `bytes`: of output."""

    name: str
    title: str
    began_at: datetime
    duration_s: float
    bytes: int
    cols: int
    rows: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a recording: offsets in it, and seconds on the replay's time line, long pauses cut."""

    number: int
    begin: int
    end: int
    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SeekPoint:
    """Where a replay stands at a moment: draw `screen` on an empty terminal of that size, then go on at `offset`."""

    at_s: float
    offset: int
    cols: int
    rows: int
    screen: bytes
    segment: int


def recordings(session: Session) -> list[RecordingInfo]:
    """What was recorded, in the order in which it was begun."""
    found = []
    for path in session.recordings():
        if path.suffix == ".raw":
            with RawRecording(path) as raw:
                found.append(_info(path, raw))
    return sorted(found, key=lambda one: one.began_at)


def _info(path: Path, raw: RawRecording) -> RecordingInfo:
    began_at = datetime.fromtimestamp(raw.head.began_at, UTC)
    return RecordingInfo(
        path.stem, raw.head.title, began_at, raw.duration_us / 1e6, raw.size, raw.head.cols, raw.head.rows
    )


def recording_path(session: Session, name: str) -> Path:
    """Raises `UserError` where there is none of that name."""
    found = {path.stem: path for path in session.recordings() if path.suffix == ".raw"}
    if name not in found:
        raise UserError(f"session {session.id} has no recording {name[:40]}", remedy=f"one of: {', '.join(found)}")
    return found[name]


def transcript(session: Session, name: str, begin: int = 0, end: int | None = None) -> bytes:
    """The bytes of a recording from one offset to another, exactly as they came. The caller bounds the range."""
    with RawRecording(recording_path(session, name)) as raw:
        return raw.read(begin, raw.size if end is None else end)


class Replay:
    """One recording on a time line whose pauses are `idle_limit_s` long at most. A context manager."""

    def __init__(self, path: Path, *, idle_limit_s: float = 2.0) -> None:
        self._raw = RawRecording(path)
        self._idle_limit_s = idle_limit_s
        self._lines = _time_line(self._raw.times_us(), idle_limit_s)
        self._screens = self._raw.screens()
        self.segments = list(self._cut())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.__exit__()

    @property
    def duration_s(self) -> float:
        return float(self._lines[-1]) if len(self._lines) else 0.0

    def shift(self, at_s: float) -> float:
        """A moment of the recording on the replay's time line. For markers: a player leaves them where they were."""
        after = self._raw.first_record_after(int(at_s * 1e6))
        if after == 0:
            return 0.0
        since_s = at_s - self._raw.record(after - 1).at_us / 1e6
        return float(self._lines[after - 1]) + min(since_s, self._idle_limit_s)

    def _record_at(self, at_s: float) -> int:
        """The first record later than a moment of the replay."""
        return int(np.searchsorted(self._lines, at_s, "right"))

    def _cut(self) -> Iterator[Segment]:
        """Segments of at most ten minutes and half a megabyte, cut between records where it can be."""
        number, record, begin = 0, 0, 0
        count, size = self._raw.count, self._raw.size
        lines, offsets = self._lines.tolist(), self._raw.offsets()  # lists: thousands of searches are quicker in them
        while begin < size or number == 0:
            begin_s = lines[record] if record < count else self.duration_s
            last = bisect_right(offsets, begin + MAX_SEGMENT_BYTES) - 1
            after = max(record + 1, min(bisect_right(lines, begin_s + MAX_SEGMENT_S), last))
            end = offsets[after] if after < count else size
            end = min(end, begin + MAX_SEGMENT_BYTES) if end > begin else min(size, begin + MAX_SEGMENT_BYTES)
            record = max(0, bisect_right(offsets, end) - 1) if end < size else count
            end_s = lines[record] if record < count else self.duration_s
            yield Segment(number, begin, end, begin_s, end_s)
            number, begin = number + 1, end
            if size == 0:
                return

    def segment_at(self, at_s: float) -> Segment:
        return next((one for one in self.segments if one.end_s > at_s), self.segments[-1])

    def seek(self, at_s: float) -> SeekPoint:
        """The screen at a moment of the replay."""
        after = self._record_at(max(0.0, at_s))
        offset = self._raw.record(after).offset if after < self._raw.count else self._raw.size
        cols, rows = self._raw.size_at(offset)
        return SeekPoint(at_s, offset, cols, rows, self._screen(offset), self.segment_at(at_s).number)

    def _screen(self, offset: int) -> bytes:
        """Bytes that draw the screen at an offset: the last screen that was kept, and what came since."""
        kept = [one for one in self._screens if one.offset <= offset]
        begin = max(0, offset - MAX_LEAD_BYTES)
        sanitiser = Sanitiser()
        drawn = b""
        if kept and kept[-1].offset >= begin:
            begin, drawn = kept[-1].offset, sanitiser.clean(kept[-1].data)
        return drawn + sanitiser.clean(self._raw.read(begin, offset))

    def cast(self, number: int) -> bytes:
        """A segment as asciicast version 2; its times begin at 0, and its first event draws the screen it begins with.

        Raises `UserError` where there is no such segment.
        """
        if not 0 <= number < len(self.segments):
            raise UserError(f"there is no segment {number}", remedy=f"0 to {len(self.segments) - 1}")
        segment = self.segments[number]
        cols, rows = self._raw.size_at(segment.begin)
        lines: list[object] = [self._header(cols, rows, segment)]
        if segment.begin:
            lines.append([0.0, "o", self._screen(segment.begin).decode("utf-8", "replace")])
        lines += self._events(segment.begin, segment.end, segment.begin_s)
        return _encode(lines)

    def _header(self, cols: int, rows: int, segment: Segment) -> dict[str, object]:
        return {
            "version": 2,
            "width": cols,
            "height": rows,
            "timestamp": int(self._raw.head.began_at),
            "title": self._raw.head.title,
            "duration": round(segment.end_s - segment.begin_s, 4),
        }

    def _events(self, begin: int, end: int, since_s: float) -> Iterator[list[object]]:
        sanitiser = Sanitiser()
        resizes = [one for one in self._raw.resizes() if begin <= one.offset < end]
        for record, block in self._raw.outputs(begin, end, most=_MAX_EVENT_BYTES):
            while resizes and resizes[0].offset <= record.offset:
                yield self._resize_event(resizes.pop(0).value, record.offset, since_s)
            if shown := sanitiser.clean(block):
                at_s = float(self._lines[self._raw.record_at(record.offset)])
                yield [round(max(0.0, at_s - since_s), 4), "o", shown.decode("utf-8")]

    def _resize_event(self, value: int, offset: int, since_s: float) -> list[object]:
        at_s = float(self._lines[self._raw.record_at(offset)])
        return [round(max(0.0, at_s - since_s), 4), "r", f"{value >> 16}x{value & 0xFFFF}"]


def _time_line(times_us: npt.NDArray[np.uint64], idle_limit_s: float) -> npt.NDArray[np.float64]:
    """Seconds on the replay's time line for each record: pauses are cut to the limit."""
    seconds = times_us.astype(np.float64) / 1e6
    pauses = np.diff(seconds, prepend=0.0)
    return np.cumsum(np.clip(pauses, 0.0, idle_limit_s))


def _encode(lines: list[object]) -> bytes:
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


def export_cast(path: Path) -> Iterator[bytes]:
    """A whole recording as asciicast version 2, line by line, sanitised, pauses as they were."""
    with RawRecording(path) as raw:
        head = {"version": 2, "width": raw.head.cols, "height": raw.head.rows, "timestamp": int(raw.head.began_at)}
        yield _encode([{**head, "title": raw.head.title}])
        sanitiser = Sanitiser()
        resizes = iter(raw.resizes())
        waiting = next(resizes, None)
        for record, block in raw.outputs():
            while waiting is not None and waiting.offset <= record.offset:
                size = f"{waiting.value >> 16}x{waiting.value & 0xFFFF}"
                yield _encode([[round(waiting.at_us / 1e6, 4), "r", size]])
                waiting = next(resizes, None)
            if shown := sanitiser.clean(block):
                yield _encode([[round(record.at_us / 1e6, 4), "o", shown.decode("utf-8")]])


__all__ = [
    "RecordKind", "RecordingInfo", "Replay", "Screen", "SeekPoint", "Segment", "export_cast", "recording_path",
    "recordings", "transcript",
]  # fmt: skip
