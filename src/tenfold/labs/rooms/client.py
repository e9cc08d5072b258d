"""Rooms, for whoever shows them: the web application, the command line, tests. Asyncio; safe to cancel at any await.

A room belongs to a session and lives in the server of rooms, which is started where none answers. Nothing that is held
here must be kept: a process that ends detaches, the room runs on, and another one attaches where it left off.

Every function raises `UserError` for what the person can mend (over, paused, no such file), and `RoomError` where the
room or its server failed, which is our fault; then ask again: the server gives time back and opens the room anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from tenfold.labs.home import Home
from tenfold.labs.rooms import frames
from tenfold.labs.rooms.connect import RoomError, RoomSocket, open_socket
from tenfold.labs.rooms.frames import OUTPUT_HEAD, POSITION, SIZE, Kind
from tenfold.labs.rooms.messages import CANDIDATE, Role
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
    Service,
    TerminalState,
    room_state_of,
)
from tenfold.labs.sessions import Session


async def open_room(session: Session) -> RoomState:
    """Makes the room, or finds it again. The clock does not run yet: it does while the candidate is attached."""
    return room_state_of(await _ask(session, "open"))


async def room_state(session: Session) -> RoomState:
    """How the room stands; makes none."""
    return room_state_of(await _ask(session, "state"))


async def new_terminal(session: Session, *, cols: int = 80, rows: int = 24) -> str:
    """Another terminal, with a shell; returns its name. At most eight."""
    return str((await _ask(session, "new-terminal", cols=cols, rows=rows))["terminal"])


async def terminals(session: Session) -> tuple[TerminalState, ...]:
    return (await room_state(session)).terminals


async def take_drive(session: Session, who: str) -> RoomState:
    """Hands the drive to a person: their connections become the driver's, those of whoever had it the navigator's.

    Who may ask for it is the caller's business. It is noted in the session's log, and everybody is told (`drive`).
    """
    return room_state_of(await _ask(session, "take-drive", who=who))


async def save(session: Session) -> str:
    """Saves the work now; returns the snapshot's hash. The server does so every 30 s by itself."""
    return str((await _ask(session, "save"))["hash"])


async def submit(session: Session) -> str:
    """Hands in and ends the room; returns the snapshot's hash. Repeating changes nothing. Grading is not begun.

    Where the server ends meanwhile, another one finds the room again with all that is in it, and is asked once more.
    """
    with contextlib.suppress(RoomError):
        return str((await _ask(session, "submit"))["hash"])
    return str((await _ask(session, "submit"))["hash"])


async def let_go(session: Session) -> str:
    """Saves the work and ends the box, not the session; returns the snapshot's hash, "" where no room was open."""
    return str((await _ask(session, "let-go"))["hash"])


async def freeze(session: Session, *, why: str) -> RoomState:
    """Everything in the room stops where it stands, the clock too. Nothing ends. Harmless when repeated."""
    return room_state_of(await _ask(session, "freeze", why=why))


async def thaw(session: Session) -> RoomState:
    """Everything goes on where it stood."""
    return room_state_of(await _ask(session, "thaw"))


async def lease(session: Session, seconds: float) -> RoomState:
    """The room is this machine's for so long; it thaws, and freezes by itself where no other lease comes in time."""
    return room_state_of(await _ask(session, "lease", seconds=seconds))


async def discard(session: Session) -> RoomState:
    """Ends the box without saving anything: the room is another host's."""
    return room_state_of(await _ask(session, "discard"))


async def close_room(session: Session) -> RoomState:
    """Saves the work and ends the room. Raises `UserError` where somebody is in it."""
    return room_state_of(await _ask(session, "close"))


async def pause(session: Session, *, reason: str, by: str) -> RoomState:
    """The clock stands, the candidate goes out, what runs in the room goes on."""
    return room_state_of(await _ask(session, "pause", reason=reason, by=by))


async def resume(session: Session, *, by: str) -> RoomState:
    return room_state_of(await _ask(session, "resume", by=by))


# terminals


class Connection:
    """One person at one terminal. Iterate over it for what happens; it ends when the room lets go of it.

    Input is numbered by bytes: `send_input(at, data)` says that `data` begins at position `at` of this stream, the sum
    of all that was sent before. Keep what was not `Accepted` yet; after a broken connection attach again with the same
    `stream`, and send again from `accepted` on: what had arrived is dropped, byte for byte.
    """

    def __init__(self, room: RoomSocket, welcome: dict[str, Any], screen: bytes | None, *, keeps_alive: bool) -> None:
        self._room = room
        self._last_heard = 0.0
        self._is_closed = False
        self.terminal: str = welcome["terminal"]
        self.role = Role(welcome["role"])
        self.driver: str = welcome["driver"]
        self.offset: int = welcome["offset"]
        self.end: int = welcome["end"]
        self.accepted: int = welcome["accepted"]
        self.cols: int = welcome["cols"]
        self.rows: int = welcome["rows"]
        self.people: list[dict[str, str]] = welcome["people"]
        self.screen = screen
        """Bytes that draw the screen as it was at `offset`, on an empty terminal; None where none was kept."""

        self._alive = asyncio.get_running_loop().create_task(self._keep_alive()) if keeps_alive else None

    def __aiter__(self) -> AsyncIterator[Frame]:
        return self._frames()

    async def _frames(self) -> AsyncIterator[Frame]:
        while (found := await self._room.receive()) is not None:
            kind, payload = found
            if kind is Kind.OUTPUT:
                offset, end, at_us = OUTPUT_HEAD.unpack_from(payload)
                yield Output(offset, end, at_us / 1e6, payload[OUTPUT_HEAD.size :])
            elif kind is Kind.ACCEPTED:
                yield Accepted(POSITION.unpack(payload)[0])
            elif kind is Kind.JSON:
                yield self._notice(frames.decode_json(payload))

    def _notice(self, words: dict[str, Any]) -> Notice:
        if "error" in words:
            return Notice("trouble", {"what": words["what"]})
        kind = str(words.pop("notice", "trouble"))
        if kind == "drive":
            self.driver = words["driver"]
        return Notice(kind, words)

    async def send_input(self, at: int, data: bytes) -> None:
        """At most 256 KiB at once. Waits while the server takes no more."""
        await self._room.send(Kind.INPUT, POSITION.pack(at), data)

    async def acknowledge(self, offset: int) -> None:
        """All output up to `offset` was shown. Say so every 64 KiB or tenth of a second: without it no more comes."""
        await self._room.send(Kind.ACKNOWLEDGE, POSITION.pack(offset))

    async def resize(self, cols: int, rows: int) -> None:
        """The driver's grid becomes the terminal's; others' sizes are ignored."""
        await self._room.send(Kind.RESIZE, SIZE.pack(cols, rows))

    async def redraw(self) -> None:
        """Makes the program draw its screen anew (driver only)."""
        await self._room.send(Kind.JSON, b'{"op": "redraw"}')

    async def keep_screen(self, offset: int, data: bytes) -> None:
        """The screen at an acknowledged offset, to draw; from the candidate who drives, 1 MiB at most.

        The next attachment begins there, and a replay can.
        """
        await self._room.send(Kind.SCREEN, POSITION.pack(offset), data)

    async def hear(self) -> None:
        """The person's browser was heard of. Call it for everything it sends, pongs included; at least once a second.

        The candidate's clock stands after three seconds of silence, from the last word on.
        """
        now = time.monotonic()
        if now - self._last_heard > 0.2:
            self._last_heard = now
            await self._room.send(Kind.HEARD)

    async def _keep_alive(self) -> None:
        with contextlib.suppress(RoomError):
            while True:
                await self.hear()
                await asyncio.sleep(0.5)

    async def close(self) -> None:
        """Goes, on purpose; the room runs on."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._alive:
            self._alive.cancel()
        with contextlib.suppress(RoomError):
            await self._room.send(Kind.CLOSE)
        self._room.close()

    def abort(self) -> None:
        """Goes as one does whose line was cut: until they were last heard of."""
        self._is_closed = True
        if self._alive:
            self._alive.cancel()
        self._room.close()


async def attach(
    session: Session,
    terminal: str = "",
    *,
    role: Role,
    who: str = CANDIDATE,
    from_offset: int | None = None,
    stream: str = "",
    input_from: int = 0,
    size: tuple[int, int] | None = None,
    is_relayed: bool = True,
) -> Connection:
    """Attaches a person to a terminal; the candidate's clock runs while they are. Opens the room if need be.

    `terminal`: without a name the first, made where there is none. `role`: who asks to drive and may not becomes a
    navigator (see `Connection.role`). `who`: “candidate”, or whoever else. `from_offset`: None begins with a screen
    that was kept, or with the last 2 MiB. `stream`: this client's own id for what it types, the same after a reload;
    `input_from`: where its numbering begins if the server does not know it. `size`: columns and rows. `is_relayed`: the
    person is behind another connection, such as a browser, and `hear` says when they are heard of; otherwise they are
    here as long as this connection stands.
    """
    room = await open_socket(_home(session))
    request = {
        "op": "attach", "session": session.id, "terminal": terminal, "who": who, "role": role,
        "from_offset": from_offset, "stream": stream, "input_from": input_from, "is_relayed": is_relayed,
        "cols": size[0] if size else None, "rows": size[1] if size else None,
    }  # fmt: skip
    try:
        words, screen = await room.ask(request)
    except BaseException:
        room.close()
        raise
    return Connection(room, words, screen, keeps_alive=not is_relayed)


# files


def _file_answer(words: dict[str, Any]) -> dict[str, Any]:
    if words.get("error") == "conflict":
        raise FileConflict(words["what"], words.get("version", ""))
    if "error" in words:
        raise FileProblem(words["error"], words["what"])
    return words


class Files:
    """A room's workspace. Paths are relative to it; names that are no UTF-8 travel marked (`%base64:…`)."""

    def __init__(self, session: Session, *, who: str = CANDIDATE) -> None:
        self._session = session
        self._who = who

    async def tree(self) -> list[FileEntry]:
        """Every entry, folders before what is in them; 5,000 at most."""
        words = _file_answer(await _ask(self._session, "list-files"))
        return [FileEntry(**{**one, "kind": FileKind(one["kind"])}) for one in words["entries"]]

    async def read(self, path: str) -> FileContent:
        """8 MiB at most. Raises `FileProblem`."""
        words, content = await _ask_with_blob(self._session, "read-file", path=path)
        _file_answer(words)
        return FileContent(path, content or b"", words["version"], words["is_executable"])

    async def write(self, path: str, content: bytes, *, version: str) -> str:
        """Replaces a file that still is of that version ("" makes a new one); returns the new version.

        Raises `FileConflict`, never overwrites unseen.
        """
        words, _ = await _ask_with_blob(self._session, "write-file", content, path=path, version=version, who=self._who)
        return str(_file_answer(words)["version"])

    async def make_folder(self, path: str) -> None:
        _file_answer(await _ask(self._session, "make-folder", path=path))

    async def remove(self, path: str, *, version: str = "") -> None:
        """A file of that version, an empty folder, or a link."""
        _file_answer(await _ask(self._session, "remove-file", path=path, version=version))

    async def rename(self, path: str, to: str) -> None:
        """Never replaces what is there."""
        _file_answer(await _ask(self._session, "rename-file", path=path, to=to))

    async def watch(self) -> AsyncIterator[list[str]]:
        """Paths that changed, as they do; an empty one means: look at the whole tree anew. Ends with the room."""
        room = await open_socket(_home(self._session))
        try:
            await room.ask({"op": "watch", "session": self._session.id})
            while (found := await room.receive()) is not None:
                words = frames.decode_json(found[1])
                if "changes" in words:
                    yield [str(path) for path in words["changes"]]
        finally:
            room.close()


def files(session: Session, *, who: str = CANDIDATE) -> Files:
    """The workspace, for an editor. `who` stands in the record beside what is written."""
    return Files(session, who=who)


# services and commands


async def services(session: Session) -> list[Service]:
    return [Service(**one) for one in (await _ask(session, "services"))["services"]]


async def request(
    session: Session,
    service: str,
    method: str,
    path: str,
    *,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
) -> Reply:
    """Asks a service in the room over HTTP: a port by number, or the lab's own by name. 256 KiB and 20 s at most."""
    words, content = await _ask_with_blob(
        session, "request", body, service=service, method=method, path=path, headers=list(headers)
    )
    if "error" in words:
        return Reply(0, "", (), b"", is_truncated=False, seconds=0.0, problem=words["what"])
    return Reply(
        words["status"],
        words["reason"],
        tuple((str(name), str(value)) for name, value in words["headers"]),
        content or b"",
        words["is_truncated"],
        words["seconds"],
    )


async def run_command(session: Session, line: str, *, who: str = CANDIDATE, timeout_s: float = 30.0) -> CommandResult:
    """Runs one line of shell for the accessible path: 64 KiB of plain text at most. `cd` holds for the next line."""
    words, output = await _ask_with_blob(session, "command", line=line, who=who, timeout_s=timeout_s)
    return CommandResult(
        words["status"], (output or b"").decode("utf-8", "replace"), words["is_truncated"], words["folder"]
    )


# asking


def _home(session: Session) -> Home:
    return Home(session.folder.parent.parent)


async def _ask(session: Session, op: str, **words: Any) -> dict[str, Any]:
    return (await _ask_with_blob(session, op, None, **words))[0]


async def _ask_with_blob(
    session: Session, op: str, content: bytes | None = None, **words: Any
) -> tuple[dict[str, Any], bytes | None]:
    room = await open_socket(_home(session))
    try:
        return await room.ask({"op": op, "session": session.id, **words}, content)
    finally:
        room.close()
