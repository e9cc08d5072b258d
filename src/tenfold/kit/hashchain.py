"""An append-only log in which each line seals the one before: a change, a gap or a reordering shows.

A line is JSON: `n` (counts from 0), `at`, `kind`, `data`, `prev` (the seal before) and `seal` = SHA-256 over
the rest in canonical form. The chain proves order and integrity to whoever knows the last seal; it does not
stop someone who may rewrite the whole file, so keep `head` elsewhere too (an evidence bundle, a verdict, a
mail).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
"""Made once: `json.dumps` would make one a line."""


class ChainBroken(Exception):
    """The log was changed after it was written, or a line is missing; `n` is the first that does not fit."""

    def __init__(self, n: int, why: str) -> None:
        super().__init__(f"line {n + 1}: {why}")
        self.n = n
        self.why = why


@dataclass(frozen=True, slots=True)
class Entry:
    """One sealed line."""

    n: int
    at: datetime
    kind: str
    data: Mapping[str, Any]
    prev: str
    seal: str


def seal_of(n: int, at: str, kind: str, data: Mapping[str, Any], prev: str) -> str:
    """The seal of a line's content: SHA-256 over JSON with sorted keys and no spaces."""
    content = {"n": n, "at": at, "kind": kind, "data": data, "prev": prev}
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()


def append(path: Path, kind: str, data: Mapping[str, Any], *, at: datetime | None = None) -> Entry:
    """Adds one line and returns it once it is on disk. Several writers may; a torn last line is cut off."""
    moment = (at or datetime.now(UTC)).astimezone(UTC).isoformat()
    with path.open("a+b") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        last = _last_whole_line(log)
        n, prev = (last.n + 1, last.seal) if last else (0, GENESIS)
        seal = seal_of(n, moment, kind, data, prev)
        line = {"n": n, "at": moment, "kind": kind, "data": data, "prev": prev, "seal": seal}
        log.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        log.flush()
        os.fsync(log.fileno())
    return Entry(n, datetime.fromisoformat(moment), kind, data, prev, seal)


def read(path: Path) -> Iterator[Entry]:
    """Every entry in order, each checked against the one before. Raises `ChainBroken` at the first misfit."""
    prev, n = GENESIS, 0
    with path.open("rb") as log:
        for raw in log:
            if not raw.endswith(b"\n"):
                return  # a writer was killed in the middle of its line; nothing was promised yet
            entry = _parse_line(raw, n)
            if entry.n != n or entry.prev != prev:
                raise ChainBroken(n, "does not follow from the line before")
            if entry.seal != seal_of(n, _moment(raw), entry.kind, entry.data, prev):
                raise ChainBroken(n, "was changed after it was written")
            yield entry
            prev, n = entry.seal, n + 1


def verify(path: Path, *, head: str | None = None) -> str:
    """Checks the whole log and returns its last seal. With `head`, also that the log still ends there."""
    last, n = GENESIS, -1
    for entry in read(path):
        last, n = entry.seal, entry.n
    if head is not None and head != last:
        raise ChainBroken(n + 1, "the log does not end with the seal that was noted")
    return last


def _parse_line(raw: bytes, n: int) -> Entry:
    try:
        line = json.loads(raw)
        at = datetime.fromisoformat(line["at"])
        return Entry(line["n"], at, line["kind"], line["data"], line["prev"], line["seal"])
    except (ValueError, KeyError, TypeError) as error:
        raise ChainBroken(n, "cannot be read") from error


def _moment(raw: bytes) -> str:
    return str(json.loads(raw)["at"])


def _last_whole_line(log: Any) -> Entry | None:
    size = log.seek(0, os.SEEK_END)
    if not size:
        return None
    tail, start = b"", size
    while start and tail.rstrip(b"\n").count(b"\n") == 0:
        step = min(65536, start)
        start -= step
        log.seek(start)
        tail = log.read(step) + tail
    if not tail.endswith(b"\n"):
        log.truncate(start + len(tail) - len(tail.rpartition(b"\n")[2]))
        return _last_whole_line(log)
    raw = tail.rstrip(b"\n").rpartition(b"\n")[2]
    return _parse_line(raw, -1)
