"""What a client may ask the server of rooms: JSON objects, strictly typed; a session is named, never a path."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from tenfold.labs.rooms.frames import BadFrame

CANDIDATE = "candidate"
"""Who the clock runs for: everybody else is a guest in the room."""

MAX_TERMINALS = 8
MAX_HEADERS = 40
MAX_BODY_BYTES = 1024 * 1024
SessionId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,90}$")]
TerminalName = Annotated[str, Field(pattern=r"^(t[1-9][0-9]{0,2})?$")]
Person = Annotated[str, Field(min_length=1, max_length=80)]
Path = Annotated[str, Field(min_length=1, max_length=1024)]


class Role(StrEnum):
    """What somebody in the room does. One person drives; a navigator talks; an observer looks on."""

    DRIVER = "driver"
    NAVIGATOR = "navigator"
    OBSERVER = "observer"


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    session: SessionId


class Open(_Request):
    op: Literal["open"] = "open"


class State(_Request):
    op: Literal["state"] = "state"


class NewTerminal(_Request):
    op: Literal["new-terminal"] = "new-terminal"
    cols: Annotated[int, Field(ge=2, le=1000)] = 80
    rows: Annotated[int, Field(ge=2, le=1000)] = 24


class Attach(_Request):
    """`from_offset` None: a screen to begin with, or the last of the output. `input_from`: see `InputStreams`."""

    op: Literal["attach"] = "attach"
    terminal: TerminalName = ""
    who: Person
    role: Role
    from_offset: Annotated[int, Field(ge=0)] | None = None
    stream: Annotated[str, Field(max_length=100)] = ""
    input_from: Annotated[int, Field(ge=0)] = 0
    cols: Annotated[int, Field(ge=2, le=1000)] | None = None
    rows: Annotated[int, Field(ge=2, le=1000)] | None = None
    is_relayed: bool = True


class TakeDrive(_Request):
    op: Literal["take-drive"] = "take-drive"
    who: Person


class ListFiles(_Request):
    op: Literal["list-files"] = "list-files"


class ReadFile(_Request):
    op: Literal["read-file"] = "read-file"
    path: Path


class WriteFile(_Request):
    """The content follows as a blob."""

    op: Literal["write-file"] = "write-file"
    path: Path
    version: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
    who: Person


class MakeFolder(_Request):
    op: Literal["make-folder"] = "make-folder"
    path: Path


class RemoveFile(_Request):
    op: Literal["remove-file"] = "remove-file"
    path: Path
    version: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class RenameFile(_Request):
    op: Literal["rename-file"] = "rename-file"
    path: Path
    to: Path


class Watch(_Request):
    op: Literal["watch"] = "watch"


class Services(_Request):
    op: Literal["services"] = "services"


class Ask(_Request):
    """An HTTP request to a service in the room; its body follows as a blob."""

    op: Literal["request"] = "request"
    service: Annotated[str, Field(max_length=80)]
    method: Annotated[str, Field(pattern=r"^[A-Z]{1,10}$")]
    path: Annotated[str, Field(pattern=r"^/[\x21-\x7e]*$", max_length=4096)]
    headers: Annotated[list[tuple[str, str]], Field(max_length=MAX_HEADERS)] = []


class Command(_Request):
    op: Literal["command"] = "command"
    line: Annotated[str, Field(min_length=1, max_length=8192)]
    who: Person
    timeout_s: Annotated[float, Field(gt=0, le=120)] = 30.0


class Save(_Request):
    op: Literal["save"] = "save"


class Submit(_Request):
    op: Literal["submit"] = "submit"


class LetGo(_Request):
    """Saves the work and ends the box, not the session: another opening goes on from what was saved."""

    op: Literal["let-go"] = "let-go"


class Freeze(_Request):
    """Everything in the room stops where it stands, and so does the clock."""

    op: Literal["freeze"] = "freeze"
    why: Annotated[str, Field(max_length=500)]


class Thaw(_Request):
    op: Literal["thaw"] = "thaw"


class Lease(_Request):
    """The room is this machine's for so many seconds from now; it freezes by itself where no other lease comes."""

    op: Literal["lease"] = "lease"
    seconds: Annotated[float, Field(gt=0, le=86400)]


class Discard(_Request):
    """Ends the box without saving: the room is another host's now."""

    op: Literal["discard"] = "discard"


class Close(_Request):
    """Ends the room where nobody is in it; the next opening makes one from what was saved last."""

    op: Literal["close"] = "close"


class Pause(_Request):
    op: Literal["pause"] = "pause"
    reason: Annotated[str, Field(max_length=500)]
    by: Person


class Resume(_Request):
    op: Literal["resume"] = "resume"
    by: Person


Request = (
    Open | State | NewTerminal | Attach | TakeDrive | ListFiles | ReadFile | WriteFile | MakeFolder | RemoveFile
    | RenameFile | Watch | Services | Ask | Command | Save | Submit | Close | LetGo | Freeze | Thaw | Lease | Discard
    | Pause | Resume
)  # fmt: skip
WITH_BLOB = (WriteFile, Ask)
_ADAPTER: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="op")])


def parse_request(words: dict[str, object]) -> Request:
    """Raises `BadFrame` for what is no request."""
    try:
        return _ADAPTER.validate_python(words)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadFrame(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
