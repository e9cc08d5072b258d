"""Everything of a room but its terminals, over one socket: files, services, messages, the clock, who drives.

The browser asks with `{"id", "op", …}` and is answered `{"id", "ok"}` or `{"id", "problem", …}`; what happens without
being asked for comes as `{"push"}`. Contents of files travel as text; what is no text is not opened.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from tenfold.apps.labroom.models import EntryKind, Part
from tenfold.apps.labroom.queries.seats import Seat
from tenfold.apps.labroom.services import talking
from tenfold.apps.labroom.services.presence import in_thread, seat_now
from tenfold.kit.errors import UserError
from tenfold.labs import rooms
from tenfold.labs.rooms import FileConflict, FileProblem, RoomError
from tenfold.labs.rooms import save as save_work
from tenfold.labs.sessions import Session

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Answer = Awaitable[Any]

LONGEST_FRAME = 1_500_000
LONGEST_FILE = 1_000_000
AT_ONCE = 8
"""Requests of one socket under way at the same time; more wait unread."""
LOOK_AGAIN_S = 2.0


class RoomSocketClosed(Exception):
    """As `SocketClosed`; raised here so that neither module needs the other."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


async def serve_room(seat: Seat, session: Session, receive: Receive, send: Send) -> None:
    """Answers until the browser goes or its holder may not be here any more."""
    await RoomSocket(seat, session, receive, send).run()


class RoomSocket:
    """One browser at one room."""

    def __init__(self, seat: Seat, session: Session, receive: Receive, send: Send) -> None:
        self.seat, self.session = seat, session
        self._receive, self._send = receive, send
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._files = rooms.files(session, who=seat.who)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        parts = [asyncio.ensure_future(one) for one in (self._take(), self._watch_files(), self._watch_rights())]
        try:
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            for task in (*parts, *self._tasks):
                task.cancel()
            await asyncio.gather(*parts, *self._tasks, return_exceptions=True)

    async def _take(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text") or ""
            if len(text) > LONGEST_FRAME:
                raise RoomSocketClosed(4400, "This is more than is taken at once.")
            request = _parse(text)
            await self._slots.acquire()
            task = asyncio.ensure_future(self._answer(request))
            self._tasks.add(task)
            task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._slots.release()

    async def _answer(self, request: Mapping[str, Any]) -> None:
        number, answers = request.get("id"), OPERATIONS.get(str(request.get("op")), RoomSocket.refuse)
        try:
            told: dict[str, Any] = {"id": number, "ok": await answers(self, request)}
        except FileConflict as error:
            told = {"id": number, "problem": error.what, "kind": "conflict", "version": error.version}
        except FileProblem as error:
            told = {"id": number, "problem": error.what, "kind": error.kind}
        except UserError as error:
            told = {"id": number, "problem": f"{error.what} {error.remedy}".strip(), "kind": "refused"}
        except RoomError:
            told = {"id": number, "problem": "The room failed, which is our fault. Try again.", "kind": "room"}
        await self._push(told)

    async def _push(self, words: Mapping[str, Any]) -> None:
        await self._send({"type": "websocket.send", "text": json.dumps(words, default=str)})

    async def _watch_files(self) -> None:
        """Tells of what the shell and others write. A room that opens anew is watched anew."""
        while True:
            try:
                async for paths in self._files.watch():
                    await self._push({"push": "changes", "paths": paths[:500]})
            except (RoomError, UserError):
                pass
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _watch_rights(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            now = await in_thread(seat_now, self.seat)
            if now is None:
                raise RoomSocketClosed(4403, "You may not be in this room any more.")
            if now.part != self.seat.part:
                await self._give_drive_back(now)
                self.seat = now
                await self._push({"push": "part", "part": now.part})

    async def _give_drive_back(self, now: Seat) -> None:
        state = await rooms.room_state(self.session)
        if state.driver == self.seat.who and not now.may_type:
            await rooms.take_drive(self.session, rooms.CANDIDATE)

    # What can be asked

    async def state(self, request: Mapping[str, Any]) -> Any:
        """The room, and what was said since the entry that is named."""
        state = await rooms.room_state(self.session)
        names = await in_thread(talking.names_of, self.seat, [str(one["who"]) for one in state.people])
        entries = await in_thread(talking.entries_after, self.seat, _text(request, "after"))
        return {
            "clock": asdict(state.clock),
            "status": state.status,
            "savedAt": state.saved_at,
            "paused": state.paused,
            "terminals": [asdict(one) for one in state.terminals],
            "people": [{"name": names.get(str(one["who"]), "Somebody"), "role": one["role"]} for one in state.people],
            "driver": names.get(state.driver, "Candidate"),
            "drives": state.driver == self.seat.who,
            "part": self.seat.part,
            "entries": entries,
        }

    async def open_room(self, _request: Mapping[str, Any]) -> Any:
        """Makes the room or finds it again; colleagues only find it."""
        if self.seat.is_candidate:
            await rooms.open_room(self.session)
        return {}

    async def new_terminal(self, request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_type)
        cols, rows = _number(request, "cols", 80), _number(request, "rows", 24)
        return {"terminal": await rooms.new_terminal(self.session, cols=cols, rows=rows)}

    async def list_files(self, _request: Mapping[str, Any]) -> Any:
        return [{"path": one.path, "kind": one.kind, "size": one.size} for one in await self._files.tree()]

    async def read_file(self, request: Mapping[str, Any]) -> Any:
        found = await self._files.read(_text(request, "path"))
        try:
            text = found.content.decode("utf-8")
        except UnicodeDecodeError:
            raise FileProblem("not-text", "This file is not text. Use the terminal for it.") from None
        if len(text) > LONGEST_FILE or "\x00" in text:
            raise FileProblem("too-large", "This file is too large for the editor. Use the terminal for it.")
        return {"path": found.path, "text": text, "version": found.version}

    async def write_file(self, request: Mapping[str, Any]) -> Any:
        """Never over what somebody else wrote since `version`."""
        self._must(may=self.seat.may_write_files)
        text = request.get("text")
        if not isinstance(text, str) or len(text) > LONGEST_FILE:
            raise FileProblem("too-large", "This is too much for one file.")
        path, version = _text(request, "path"), _text(request, "version")
        return {"version": await self._files.write(path, text.encode("utf-8", "surrogateescape"), version=version)}

    async def remove_file(self, request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_write_files)
        await self._files.remove(_text(request, "path"), version=_text(request, "version"))
        return {}

    async def rename_file(self, request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_write_files)
        await self._files.rename(_text(request, "path"), _text(request, "to"))
        return {}

    async def make_folder(self, request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_write_files)
        await self._files.make_folder(_text(request, "path"))
        return {}

    async def services(self, _request: Mapping[str, Any]) -> Any:
        return [asdict(one) for one in await rooms.services(self.session)]

    async def ask_service(self, request: Mapping[str, Any]) -> Any:
        """One HTTP request to a service in the room; the reply is shown as text and never run."""
        self._must(may=self.seat.may_type)
        headers = [("Content-Type", _text(request, "type"))] if _text(request, "type") else []
        reply = await rooms.request(
            self.session,
            _text(request, "service"),
            _text(request, "method") or "GET",
            _text(request, "path") or "/",
            headers=headers,
            body=_text(request, "body", 500_000).encode(),
        )
        return {**asdict(reply), "body": reply.body.decode("utf-8", "replace"), "headers": reply.headers}

    async def save(self, _request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_write_files)
        await save_work(self.session)
        return {}

    async def say(self, request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_talk)
        await in_thread(talking.say, self.seat, _text(request, "text", 4_000), kind=EntryKind.CHAT)
        return {}

    async def note(self, request: Mapping[str, Any]) -> Any:
        """A colleague's private note or marker, by kind; a change of the task is told to the candidate."""
        self._must(may=self.seat.user is not None and not self.seat.is_candidate and self.seat.may_talk)
        kind = _text(request, "kind")
        if kind not in {EntryKind.NOTE, EntryKind.MARK, EntryKind.CHANGE}:
            raise UserError("There is no such note.")
        await in_thread(talking.say, self.seat, _text(request, "text", 4_000), kind=EntryKind(kind))
        return {}

    async def hint(self, _request: Mapping[str, Any]) -> Any:
        """The next hint of the lab. That it was given is in the record; it costs no points."""
        self._must(may=self.seat.part in {"candidate", Part.NAVIGATOR, Part.DRIVER})
        text = await in_thread(talking.give_hint, self.seat, self.session)
        return {"text": text}

    async def drive(self, _request: Mapping[str, Any]) -> Any:
        """Takes the keyboard; the candidate can always take it back."""
        self._must(may=self.seat.may_type)
        await rooms.take_drive(self.session, self.seat.who)
        return {}

    async def pause(self, request: Mapping[str, Any]) -> Any:
        """A colleague stops the clock, or lets it go on."""
        self._must(may=self.seat.user is not None and not self.seat.is_candidate and self.seat.may_talk)
        if request.get("on"):
            await rooms.pause(self.session, reason=_text(request, "why", 300) or "a pause", by=self.seat.who)
        else:
            await rooms.resume(self.session, by=self.seat.who)
        return {}

    async def refuse(self, _request: Mapping[str, Any]) -> Any:
        raise UserError("There is no such request.")

    def _must(self, *, may: bool) -> None:
        if not may:
            raise UserError("Your part in this room does not allow this.")


OPERATIONS: Mapping[str, Callable[[RoomSocket, Mapping[str, Any]], Answer]] = {
    "state": RoomSocket.state,
    "open": RoomSocket.open_room,
    "new-terminal": RoomSocket.new_terminal,
    "list": RoomSocket.list_files,
    "read": RoomSocket.read_file,
    "write": RoomSocket.write_file,
    "remove": RoomSocket.remove_file,
    "rename": RoomSocket.rename_file,
    "folder": RoomSocket.make_folder,
    "services": RoomSocket.services,
    "request": RoomSocket.ask_service,
    "save": RoomSocket.save,
    "say": RoomSocket.say,
    "note": RoomSocket.note,
    "hint": RoomSocket.hint,
    "drive": RoomSocket.drive,
    "pause": RoomSocket.pause,
}


def _parse(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RoomSocketClosed(4400, "This is no request of ours.")
    return found


def _text(words: Mapping[str, Any], key: str, most: int = 1_024) -> str:
    value = words.get(key, "")
    return value[:most] if isinstance(value, str) else ""


def _number(words: Mapping[str, Any], key: str, usual: int) -> int:
    value = words.get(key)
    return value if isinstance(value, int) and 2 <= value <= 1_000 else usual
