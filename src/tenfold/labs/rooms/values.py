"""What rooms answer: their state, frames of a terminal, files, services and replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tenfold.kit.errors import UserError


class RoomStatus(StrEnum):
    """Whether the candidate is in the room. The room runs on when they are not."""

    ATTACHED = "attached"
    DETACHED = "detached"
    ENDED = "ended"  # handed in


@dataclass(frozen=True, slots=True)
class RoomTime:
    """Seconds. `used_s` is charged; `refunded_s` was given back where a room failed; `away_s` was never charged."""

    used_s: float
    allowed_s: float
    left_s: float
    refunded_s: float
    away_s: float
    is_running: bool


@dataclass(frozen=True, slots=True)
class TerminalState:
    """One terminal. `end`: bytes put out so far; `recording`: the name that `transcript` takes."""

    name: str
    cols: int
    rows: int
    end: int
    is_over: bool
    recording: str


@dataclass(frozen=True, slots=True)
class RoomState:
    """A room as it stands. `is_open`: there is a box; `saved_at`: ISO 8601 of the last; `paused`, `frozen`: why."""

    session: str
    status: RoomStatus
    state: str
    is_open: bool
    clock: RoomTime
    saved_at: str | None
    paused: str | None
    driver: str
    people: tuple[Mapping[str, str], ...]
    terminals: tuple[TerminalState, ...]
    frozen: str = ""


def room_state_of(words: dict[str, Any]) -> RoomState:
    return RoomState(
        **{
            **words,
            "status": RoomStatus(words["status"]),
            "clock": RoomTime(**words["clock"]),
            "people": tuple(words["people"]),
            "terminals": tuple(TerminalState(**one) for one in words["terminals"]),
        }
    )


@dataclass(frozen=True, slots=True)
class Output:
    """Bytes of the terminal from `offset` up to `end`, `at_s` seconds after its recording began.

    For the candidate who drives they are as they came, `end - offset` many; for everybody else sanitised, so their
    number may differ. Acknowledge `end`.
    """

    offset: int
    end: int
    at_s: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """What this client typed up to `at` has reached the terminal: it need not be kept for sending again."""

    at: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something happened: its `kind`, and `data`.

    `people` (people) · `drive` (driver) · `resize` (cols, rows) · `saved` (at, hash) · `unsaved` (what, remedy) ·
    `exit` (status; the shell has ended) · `paused`, `over`, `submitted` (why; the connection ends) · `broken` (minutes,
    why: our fault; minutes were given back, open the room again) · `moved` (why: the work is saved and the box was
    ended on purpose, open the room again) · `resend` (at: send what was typed again from there) ·
    `frozen` (why: its machine is cut off; nothing runs and no time is charged until `thawed` or `moved`) ·
    `refused` (what) · `trouble` (what).
    """

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


Frame = Output | Accepted | Notice


class FileKind(StrEnum):
    """What an entry of the tree is. Only files are opened; `more`: there were too many to list."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One entry. `at`: seconds since the epoch of its last change."""

    path: str
    kind: FileKind
    size: int
    at: int = 0


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file as it was read. `version` is what `write_file` expects."""

    path: str
    content: bytes
    version: str
    is_executable: bool


class FileProblem(UserError):
    """Why a file was not read or written.

    `kind`: missing, exists, not-a-file, not-a-folder, denied, too-large, name, full, not-empty, failed.
    """

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind = kind


class FileConflict(FileProblem):
    """Somebody else wrote it meanwhile; nothing was overwritten. `version`: what is there now, "" where it is gone."""

    def __init__(self, what: str, version: str) -> None:
        super().__init__("conflict", what)
        self.version = version


@dataclass(frozen=True, slots=True)
class Service:
    """What listens in the room, or should: the lab's own service is declared."""

    port: int
    name: str
    is_running: bool
    is_declared: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to show as text, never to run. `problem`: why there is none (nothing listens, too slow, no HTTP)."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_truncated: bool
    seconds: float
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """A command's end. `output` is plain text without escapes; `status` None where it took too long and was ended."""

    status: int | None
    output: str
    is_truncated: bool
    folder: str
