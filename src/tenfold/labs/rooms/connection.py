"""One client of the server of rooms: a request and its answer, or a terminal from attaching to detaching."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import TYPE_CHECKING, cast

from tenfold.kit.errors import UserError
from tenfold.labs.rooms import messages
from tenfold.labs.rooms.frames import (
    POSITION,
    SIZE,
    BadFrame,
    FrameReader,
    Kind,
    decode_json,
    encode,
    encode_json,
)
from tenfold.labs.rooms.messages import Attach, Role, Watch, parse_request
from tenfold.labs.rooms.raw_log import MAX_SCREEN_BYTES, Screen
from tenfold.labs.rooms.requests import answer
from tenfold.labs.rooms.terminal import Attachment, RoomTerminal
from tenfold.sandbox import linux
from tenfold.sandbox.interface import BoxGone, SandboxError, SandboxUnavailable

if TYPE_CHECKING:
    from tenfold.labs.rooms.room import Room
    from tenfold.labs.rooms.server import RoomServer

_MAX_INPUT_BYTES = 256 * 1024


class ClientConnection(asyncio.Protocol):
    """Speaks frames. What is no frame, or not allowed, ends the connection."""

    def __init__(self, server: RoomServer) -> None:
        self._server = server
        self._reader = FrameReader(self._on_frame)
        self._request: messages.Request | None = None
        self._room: Room | None = None
        self._terminal: RoomTerminal | None = None
        self._attachment: Attachment | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_leaving = False
        self.transport: asyncio.Transport | None = None

    # the transport's

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        peer = cast("socket.socket", transport.get_extra_info("socket"))
        _, uid = linux.peer_of(peer)
        if not self._server.is_welcome(uid):
            self.transport.abort()
            return
        self._server.connections.add(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._reader.take(data)
        except BadFrame as error:
            self._fail("bad-request", str(error))

    def pause_writing(self) -> None:
        if self._attachment:
            self._attachment.is_full = True

    def resume_writing(self) -> None:
        if self._attachment and self._terminal:
            self._attachment.is_full = False
            self._terminal.pump(self._attachment)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  why it ended is all the same
        self._server.connections.discard(self)
        if self._task:
            self._task.cancel()
        if self._terminal and self._attachment and self._room:
            self._detach(self._room, self._terminal, self._attachment)
        if self._room and self._on_changes in self._room.watchers:
            self._room.watchers.remove(self._on_changes)

    def _detach(self, room: Room, terminal: RoomTerminal, attachment: Attachment) -> None:
        if attachment.is_candidate:
            # Who goes on purpose was there until now, a browser that fell silent until it was last heard of.
            room.clock.hear_last(attachment.heard_at if attachment.is_relayed and not self._is_leaving else time.time())
        terminal.detach(attachment)
        self._attachment = None
        room.on_presence()

    def close(self) -> None:
        if self.transport:
            self.transport.close()

    # frames

    def _on_frame(self, kind: Kind, payload: bytes) -> None:
        if self._attachment is not None:
            self._on_attached_frame(self._attachment, kind, payload)
        elif kind is Kind.JSON and self._request is None:
            self._request = parse_request(decode_json(payload))
            if not isinstance(self._request, messages.WITH_BLOB):
                self._begin(b"")
        elif kind is Kind.BLOB and isinstance(self._request, messages.WITH_BLOB) and self._task is None:
            self._begin(payload)
        elif kind not in {Kind.CLOSE, Kind.HEARD, Kind.ACKNOWLEDGE}:
            raise BadFrame("this comes too early or too late")

    def _begin(self, blob: bytes) -> None:
        self._task = asyncio.get_running_loop().create_task(self._handle(blob))
        self._task.add_done_callback(self._on_handled)

    def _on_handled(self, task: asyncio.Task[None]) -> None:
        """What nobody thought of: the client is told that it was us, and the log what it was."""
        if not task.cancelled() and (error := task.exception()) is not None:
            context = {"message": "a request failed", "exception": error, "task": task}
            asyncio.get_running_loop().call_exception_handler(context)
            self._fail("room", "the server of rooms failed at this")

    async def _handle(self, blob: bytes) -> None:
        request = self._request
        try:
            room = self._server.room(request.session) if request else None
            if room is None or request is None:
                return
            with room.use():
                await self._serve(room, request, blob)
        except UserError as error:
            self._fail("user", error.what, error.remedy or "")
        except BadFrame as error:
            self._fail("bad-request", str(error))
        except (BoxGone, SandboxError, SandboxUnavailable, TimeoutError, OSError) as error:
            self._fail("room", str(error) or type(error).__name__)

    async def _serve(self, room: Room, request: messages.Request, blob: bytes) -> None:
        if isinstance(request, Attach):
            await self._attach(room, request)
        elif isinstance(request, Watch):
            self._room = room
            room.watchers.append(self._on_changes)
            await (await room.files_client()).ask({"op": "watch"})
            self._write(encode_json({"ok": {}}))
        else:
            words, body = await answer(room, request, blob)
            self._write(encode_json({"ok": words, "blob": body is not None}))
            if body is not None:
                self._write(encode(Kind.BLOB, body))

    def _write(self, block: bytes) -> None:
        if self.transport and not self.transport.is_closing():
            self.transport.write(block)

    def _fail(self, kind: str, what: str, remedy: str = "") -> None:
        self._write(encode_json({"error": kind, "what": what[:2000], "remedy": remedy}))
        self.close()

    def _on_changes(self, paths: list[str]) -> None:
        self._write(encode_json({"changes": paths}))

    # a terminal

    async def _attach(self, room: Room, request: Attach) -> None:
        if request.who == messages.CANDIDATE:
            await asyncio.to_thread(room.session.must_be_enterable)
        terminal = await room.terminal_for(request)
        if self.transport is None or self.transport.is_closing():
            return
        role = room.role_for(request.who, request.role)
        self._room, self._terminal = room, terminal
        attachment = Attachment(self.transport, request.who, role, request.stream, is_relayed=request.is_relayed)
        welcome = terminal.attach(attachment, request.from_offset, request.input_from)
        words = {**welcome, "role": role, "driver": room.driver, "people": room.people()}
        self._attachment = attachment
        self._write(encode_json({"ok": words, "blob": welcome["screen"]}))
        if welcome["screen"] and terminal.screen:
            self._write(encode(Kind.BLOB, terminal.screen.data))
        if request.cols and request.rows:
            terminal.resize(attachment, request.cols, request.rows)
        terminal.begin(attachment)
        room.on_presence()

    def _on_attached_frame(self, attachment: Attachment, kind: Kind, payload: bytes) -> None:
        terminal, room = self._terminal, self._room
        attachment.heard_at = time.time()
        if terminal is None or room is None or (terminal.is_over and kind is not Kind.CLOSE):
            return
        match kind:
            case Kind.INPUT:
                if len(payload) > _MAX_INPUT_BYTES + POSITION.size:
                    raise BadFrame("too much typed at once")
                terminal.type(attachment, _position(payload), payload[POSITION.size :])
            case Kind.ACKNOWLEDGE:
                terminal.acknowledge(attachment, _position(payload))
            case Kind.RESIZE:
                terminal.resize(attachment, *_size(payload))
            case Kind.SCREEN:
                self._take_screen(terminal, attachment, payload)
            case Kind.JSON:
                if decode_json(payload).get("op") == "redraw" and attachment.role is Role.DRIVER:
                    terminal.redraw()
            case Kind.CLOSE:
                self._is_leaving = True
                self.close()
            case Kind.HEARD:
                pass
            case _:
                raise BadFrame("a client sends no such frame")

    @staticmethod
    def _take_screen(terminal: RoomTerminal, attachment: Attachment, payload: bytes) -> None:
        offset = _position(payload)
        data = payload[POSITION.size :]
        if len(data) > MAX_SCREEN_BYTES or not attachment.is_candidate or attachment.role is not Role.DRIVER:
            return
        if offset <= attachment.shown:
            terminal.take_screen(Screen(offset, terminal.log.now_us(), terminal.cols, terminal.rows, data))


def _size(payload: bytes) -> tuple[int, int]:
    if len(payload) != SIZE.size:
        raise BadFrame("a size has two numbers")
    cols, rows = SIZE.unpack(payload)
    if not (2 <= cols <= 1000 and 2 <= rows <= 1000):
        raise BadFrame("a terminal of that size is none")
    return cols, rows


def _position(payload: bytes) -> int:
    if len(payload) < POSITION.size:
        raise BadFrame("a position is missing")
    return int(POSITION.unpack_from(payload)[0])
