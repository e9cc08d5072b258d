"""Rooms in which candidates work, with others beside them, and which can be seen again. See `client` and `replay`."""

from tenfold.labs.rooms.client import (
    Connection,
    Files,
    attach,
    close_room,
    discard,
    files,
    freeze,
    lease,
    let_go,
    new_terminal,
    open_room,
    pause,
    request,
    resume,
    room_state,
    run_command,
    save,
    services,
    submit,
    take_drive,
    terminals,
    thaw,
)
from tenfold.labs.rooms.connect import RoomError
from tenfold.labs.rooms.messages import CANDIDATE, Role
from tenfold.labs.rooms.replay import (
    RecordingInfo,
    Replay,
    SeekPoint,
    Segment,
    recording_path,
    recordings,
    transcript,
)
from tenfold.labs.rooms.sanitise import MAX_PASTE_BYTES, PasteTooLarge, Sanitiser, clean_paste, sanitise
from tenfold.labs.rooms.values import (
    Accepted,
    CommandResult,
    FileConflict,
    FileContent,
    FileEntry,
    FileKind,
    FileProblem,
    Frame,
    Notice,
    Output,
    Reply,
    RoomState,
    RoomStatus,
    RoomTime,
    Service,
    TerminalState,
)

__all__ = [
    "CANDIDATE", "MAX_PASTE_BYTES", "Accepted", "CommandResult", "Connection", "FileConflict", "FileContent",
    "FileEntry", "FileKind", "FileProblem", "Files", "Frame", "Notice", "Output", "PasteTooLarge", "RecordingInfo",
    "Replay", "Reply", "Role", "RoomError", "RoomState", "RoomStatus", "RoomTime", "Sanitiser", "SeekPoint",
    "Segment", "Service", "TerminalState", "attach", "clean_paste", "close_room", "discard", "files", "freeze",
    "lease", "let_go", "new_terminal", "open_room", "pause", "recording_path", "recordings", "request", "resume",
    "room_state", "run_command", "sanitise", "save", "services", "submit", "take_drive", "terminals", "thaw",
    "transcript",
]  # fmt: skip
