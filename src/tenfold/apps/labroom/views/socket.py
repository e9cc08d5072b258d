"""The socket of rooms: plain ASGI, no cookie, no address with a secret. Default is no.

A browser opens it from our own pages only (Origin equality), and sends a one-time ticket as its first frame; what the
ticket's holder may do is asked again and again while the socket is open. One socket is a terminal, another carries
everything else of a room (`room_socket`).

A terminal, client to server: `0` at:u64 bytes (typed) · `1` offset:u64 (shown) · `2` cols:u16 rows:u16 · `3` offset:u64
bytes (screen) · `4` (alive). Server to client: `0` offset:u64 end:u64 at:f64 bytes · `1` at:u64 (accepted) · `3`
offset:u64 bytes (screen to begin with), and notices as JSON text. Numbers are big-endian.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from asgiref.typing import WebSocketScope
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from tenfold.apps.labroom.models import Part
from tenfold.apps.labroom.queries.seats import Seat
from tenfold.apps.labroom.queries.sessions import session_of
from tenfold.apps.labroom.services.presence import admit, in_thread, seat_now
from tenfold.apps.labroom.views.frames import (
    BAD_FRAME,
    LOOK_AGAIN_S,
    NOT_ALLOWED,
    NOT_NOW,
    OUR_FAULT,
    Receive,
    Send,
    SocketClosed,
    number_of,
    read_frame,
    send_json,
    text_of,
    until_first_ends,
)
from tenfold.apps.labroom.views.room_socket import serve_room
from tenfold.kit.errors import UserError
from tenfold.labs import rooms
from tenfold.labs.rooms import Accepted, Connection, Notice, Output, Role, RoomError
from tenfold.labs.sessions import Session

FIRST_FRAME_S = 10.0
LONGEST_FIRST_FRAME = 2_048
LONGEST_INPUT = 64 * 1024
LONGEST_SCREEN = 1024 * 1024
_OUTPUT, _ACCEPTED, _SCREEN = struct.Struct(">BQQd"), struct.Struct(">BQ"), struct.Struct(">BQ")
_POSITION, _SIZE = struct.Struct(">Q"), struct.Struct(">HH")
log = structlog.get_logger(__name__)


async def lab_socket(scope: WebSocketScope, receive: Receive, send: Send) -> None:
    """One connection, from the handshake to its end."""
    if (await receive())["type"] != "websocket.connect":
        return
    if not comes_from_own_pages(scope):
        await send({"type": "websocket.close", "code": NOT_ALLOWED})  # before it is accepted: answered with 403
        return
    await send({"type": "websocket.accept"})
    code, why = 1000, ""
    try:
        await _converse(receive, send)
    except SocketClosed as closed:
        code, why = closed.code, closed.why
    except UserError as error:
        code, why = NOT_NOW, f"{error.what} {error.remedy}".strip()
    except RoomError as error:
        log.warning("a room failed", reason=str(error))
        code, why = OUR_FAULT, "The room failed. This is our fault; it opens again by itself."
    with contextlib.suppress(OSError, RuntimeError):
        await send({"type": "websocket.close", "code": code, "reason": why[:100]})


def comes_from_own_pages(scope: WebSocketScope) -> bool:
    """Whether the handshake names our own address as its origin, and a host that we answer for."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin, host = headers.get(b"origin", ""), headers.get(b"host", "")
    domain, _ = split_domain_port(host)
    if not (origin and domain and validate_host(domain, settings.ALLOWED_HOSTS)):
        return False
    try:
        found = urlsplit(origin)
    except ValueError:
        return False
    own = {("https" if scope.get("scheme") == "wss" else "http", host.lower())}
    if settings.SITE_URL:
        site = urlsplit(settings.SITE_URL)
        own.add((site.scheme, site.netloc.lower()))
    return (found.scheme, found.netloc.lower()) in own


async def _converse(receive: Receive, send: Send) -> None:
    first = await _first_frame(receive)
    ticket = first.get("ticket")
    seat = await in_thread(admit, ticket[:200]) if isinstance(ticket, str) and ticket.isascii() else None
    if seat is None:
        raise SocketClosed(NOT_ALLOWED, "This ticket is not valid. Reload the page.")
    session = await asyncio.to_thread(session_of, seat.invitation, is_practice=seat.is_practice)
    if session is None:
        raise SocketClosed(NOT_NOW, "This room is not open.")
    if first.get("to") == "room":
        await serve_room(seat, session, receive, send)
    else:
        await _serve_terminal(seat, session, first, receive, send)


async def _first_frame(receive: Receive) -> Mapping[str, Any]:
    try:
        async with asyncio.timeout(FIRST_FRAME_S):
            message = await receive()
    except TimeoutError:
        raise SocketClosed(NOT_ALLOWED, "No ticket came.") from None
    if message["type"] != "websocket.receive":
        raise SocketClosed
    return read_frame(message.get("text") or "", most=LONGEST_FIRST_FRAME, expected="The first frame is a ticket.")


# A terminal --------------------------------------------------------------------------------------------------------


def role_of(seat: Seat) -> Role:
    """What the engine is asked for; who may drive and does not hold the drive becomes a navigator there."""
    if seat.may_type:
        return Role.DRIVER
    return Role.NAVIGATOR if seat.part == Part.NAVIGATOR else Role.OBSERVER


async def _serve_terminal(seat: Seat, session: Session, first: Mapping[str, Any], receive: Receive, send: Send) -> None:
    connection = await rooms.attach(
        session,
        text_of(first, "terminal", 8),
        role=role_of(seat),
        who=seat.who,
        from_offset=number_of(first, "from"),
        stream=f"{seat.who}:{text_of(first, 'stream', 60)}",
        input_from=number_of(first, "inputFrom") or 0,
        size=_size(first),
    )
    try:
        await send_json(send, _welcome(connection, seat))
        if connection.screen is not None:
            await _send_bytes(send, _SCREEN.pack(3, connection.offset) + connection.screen)
        terminal = _TerminalSocket(seat, connection, receive, send)
        await until_first_ends(terminal.send_frames(), terminal.take_frames(), terminal.watch_rights())
    finally:
        await connection.close()


def _welcome(connection: Connection, seat: Seat) -> dict[str, Any]:
    return {
        "welcome": connection.terminal,
        "offset": connection.offset,
        "end": connection.end,
        "accepted": connection.accepted,
        "cols": connection.cols,
        "rows": connection.rows,
        "drives": connection.role is Role.DRIVER,
        "part": seat.part,
    }


class _TerminalSocket:
    """One browser at one terminal."""

    def __init__(self, seat: Seat, connection: Connection, receive: Receive, send: Send) -> None:
        self.seat, self.connection = seat, connection
        self._receive, self._send = receive, send

    async def send_frames(self) -> None:
        """What the terminal puts out; the engine sends no more than this browser acknowledges."""
        async for frame in self.connection:
            match frame:
                case Output():
                    head = _OUTPUT.pack(0, frame.offset, frame.end, frame.at_s)
                    await _send_bytes(self._send, head + frame.data)
                case Accepted():
                    await _send_bytes(self._send, _ACCEPTED.pack(1, frame.at))
                case Notice():
                    words = {"notice": frame.kind, **frame.data, "driver": self.connection.driver}
                    words["drives"] = self.connection.driver == self.seat.who
                    await send_json(self._send, words)
        raise SocketClosed(1001, "The room let go of this terminal.")

    async def take_frames(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                self.connection.abort() if message.get("code") in {1005, 1006} else None
                raise SocketClosed
            await self.connection.hear()
            await self._take(message.get("bytes") or b"")

    async def _take(self, frame: bytes) -> None:
        kind, body = frame[:1], frame[1:]
        match kind:
            case b"\x00" if 8 < len(body) <= LONGEST_INPUT + 8:
                if self.seat.may_type:
                    await self.connection.send_input(_POSITION.unpack_from(body)[0], body[8:])
            case b"\x01" if len(body) == 8:
                await self.connection.acknowledge(_POSITION.unpack(body)[0])
            case b"\x02" if len(body) == 4:
                cols, rows = _SIZE.unpack(body)
                if 2 <= cols <= 1000 and 2 <= rows <= 1000:
                    await self.connection.resize(cols, rows)
            case b"\x03" if 8 <= len(body) <= LONGEST_SCREEN + 8:
                await self.connection.keep_screen(_POSITION.unpack_from(body)[0], body[8:])
            case b"\x04" | b"":
                pass
            case _:
                raise SocketClosed(BAD_FRAME, "This is no frame of ours.")

    async def watch_rights(self) -> None:
        """Ends the socket when its holder's right has ended; takes the drive from who may not drive any more."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            now = await in_thread(seat_now, self.seat)
            if now is None:
                raise SocketClosed(NOT_ALLOWED, "You may not be in this room any more.")
            if now.part != self.seat.part:
                raise SocketClosed(1012, "Your part has changed.")  # the page comes back with the new one


async def _send_bytes(send: Send, block: bytes) -> None:
    await send({"type": "websocket.send", "bytes": block})


def _size(words: Mapping[str, Any]) -> tuple[int, int] | None:
    cols, rows = number_of(words, "cols"), number_of(words, "rows")
    return (cols, rows) if cols and rows and 2 <= cols <= 1000 and 2 <= rows <= 1000 else None
