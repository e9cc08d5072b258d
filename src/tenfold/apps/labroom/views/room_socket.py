"""Everything of a room but its terminals, over one socket: files, services, messages, the clock, who drives.

The browser asks with `{"id", "op", …}` and is answered `{"id", "ok"}` or `{"id", "problem", …}`; what happens without
being asked for comes as `{"push"}`. Contents of files travel as text; what is no text is not opened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from tenfold.apps.labroom.models import EntryKind, Part
from tenfold.apps.labroom.queries.seats import Seat
from tenfold.apps.labroom.services import talking
from tenfold.apps.labroom.services.presence import in_thread, seat_now
from tenfold.apps.labroom.views.frames import (
    LOOK_AGAIN_S,
    NOT_ALLOWED,
    Receive,
    Send,
    SocketClosed,
    number_of,
    read_frame,
    require_storable,
    send_json,
    text_of,
    until_first_ends,
)
from tenfold.kit.errors import UserError
from tenfold.labs import rooms
from tenfold.labs.engines import engine
from tenfold.labs.rooms import FileConflict, FileProblem, RoomError
from tenfold.labs.rooms import save as save_work
from tenfold.labs.sessions import Session

Answer = Awaitable[Any]

LONGEST_FRAME = 1_500_000
LONGEST_FILE = 1_000_000
AT_ONCE = 8
"""Requests of one socket under way at the same time; more wait unread."""


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
        try:
            await until_first_ends(self._take(), self._watch_files(), self._watch_rights())
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text") or ""
            request = read_frame(text, most=LONGEST_FRAME, expected="This is not a request of ours.")
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
        await send_json(self._send, words)

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
                raise SocketClosed(NOT_ALLOWED, "You may not be in this room any more.")
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
        entries = await in_thread(talking.entries_after, self.seat, text_of(request, "after"))
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
            await engine().hold(self.session)
        return {}

    async def new_terminal(self, request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_type)
        cols, rows = _side(request, "cols", 80), _side(request, "rows", 24)
        return {"terminal": await rooms.new_terminal(self.session, cols=cols, rows=rows)}

    async def list_files(self, _request: Mapping[str, Any]) -> Any:
        return [{"path": one.path, "kind": one.kind, "size": one.size} for one in await self._files.tree()]

    async def read_file(self, request: Mapping[str, Any]) -> Any:
        found = await self._files.read(text_of(request, "path"))
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
        path, version = text_of(request, "path"), text_of(request, "version")
        return {"version": await self._files.write(path, require_storable(text).encode(), version=version)}

    async def remove_file(self, request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_write_files)
        await self._files.remove(text_of(request, "path"), version=text_of(request, "version"))
        return {}

    async def rename_file(self, request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_write_files)
        await self._files.rename(text_of(request, "path"), text_of(request, "to"))
        return {}

    async def make_folder(self, request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_write_files)
        await self._files.make_folder(text_of(request, "path"))
        return {}

    async def services(self, _request: Mapping[str, Any]) -> Any:
        return [asdict(one) for one in await rooms.services(self.session)]

    async def ask_service(self, request: Mapping[str, Any]) -> Any:
        """One HTTP request to a service in the room; the reply is shown as text and never run."""
        self._must(may=self.seat.may_type)
        headers = [("Content-Type", text_of(request, "type"))] if text_of(request, "type") else []
        reply = await rooms.request(
            self.session,
            text_of(request, "service"),
            text_of(request, "method") or "GET",
            text_of(request, "path") or "/",
            headers=headers,
            body=text_of(request, "body", 500_000).encode(),
        )
        return {**asdict(reply), "body": reply.body.decode("utf-8", "replace"), "headers": reply.headers}

    async def save(self, _request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_write_files)
        await save_work(self.session)
        return {}

    async def say(self, request: Mapping[str, Any]) -> Any:
        self._must(may=self.seat.may_talk)
        await in_thread(talking.say, self.seat, text_of(request, "text", 4_000), kind=EntryKind.CHAT)
        return {}

    async def note(self, request: Mapping[str, Any]) -> Any:
        """A colleague's private note or marker, by kind; a change of the task is told to the candidate."""
        self._must(may=self.seat.user is not None and not self.seat.is_candidate and self.seat.may_talk)
        kind = text_of(request, "kind")
        if kind not in {EntryKind.NOTE, EntryKind.MARK, EntryKind.CHANGE}:
            raise UserError("There is no such note.")
        await in_thread(talking.say, self.seat, text_of(request, "text", 4_000), kind=EntryKind(kind))
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
            await rooms.pause(self.session, reason=text_of(request, "why", 300) or "a pause", by=self.seat.who)
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


def _side(request: Mapping[str, Any], key: str, usual: int) -> int:
    value = number_of(request, key)
    return value if value is not None and 2 <= value <= 1_000 else usual
