"""A host's door for web processes: lines to the rooms that it holds, and what else is asked of a held session."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tenfold.kit.errors import UserError
from tenfold.labs.engines.temporal.connect import Settings
from tenfold.labs.engines.temporal.keeping import Keeping
from tenfold.labs.engines.temporal.lines import LineCut, Lines, Stream, pump, tls_of
from tenfold.labs.home import Home
from tenfold.labs.rooms.frames import HEADER, MAX_FRAME_BYTES, BadFrame, Kind, decode_json, encode_json
from tenfold.labs.rooms.server import socket_path
from tenfold.labs.sessions import Session

COPY, CALL, MOVED = "copy", "call", "moved"
CALLS = frozenset(("accommodate", "enter", "extend", "heartbeat", "hint", "leave", "pause", "resume"))
"""What may be asked of a held session beside what its server of rooms answers."""
_OF_THE_HOST = frozenset(("discard", "freeze", "lease", "let-go", "submit", "thaw"))
"""What the host alone asks its server of rooms: whose a room is, is not for a web process to say."""


_WILDCARDS = frozenset(("0.0.0.0", "::"))  # noqa: S104  named so that others are told a name that leads here


@dataclass(slots=True)
class FirstFrame:
    """Reads a line up to its first frame, and keeps what it read."""

    stream: Stream
    held: bytearray = field(default_factory=bytearray)

    async def read(self) -> tuple[Kind, bytes]:
        """Raises `LineCut` where none comes, `BadFrame`."""
        while (length := self._length()) is None or len(self.held) < length:
            block = await self.stream.read()
            if not block:
                raise LineCut
            self.held += block
        _, number = HEADER.unpack_from(self.held)
        if number not in Kind._value2member_map_:
            raise BadFrame(f"there is no frame of kind {number}")
        return Kind(number), bytes(self.held[HEADER.size : length])

    def _length(self) -> int | None:
        if len(self.held) < HEADER.size:
            return None
        length = int(HEADER.unpack_from(self.held)[0])
        if length > MAX_FRAME_BYTES:
            raise BadFrame(f"a frame of {length} bytes is too long")
        return HEADER.size + length


class Relay:
    """Serves lines. `keepings`: the rooms that this host holds just now, by session."""

    def __init__(self, home: Home, keepings: Mapping[str, Keeping]) -> None:
        self._home = home
        self._keepings = keepings
        self._tasks: set[asyncio.Task[None]] = set()
        self._all: set[Lines] = set()

    async def listen(self, found: Settings, host: str, port: int) -> asyncio.Server:
        """Raises `UserError` where it may not, or cannot, listen there."""
        tls = None
        if found.ca and found.certificate and found.key:
            tls = tls_of(found.ca, found.certificate, found.key, for_host=True)
        elif not is_loopback(host):
            raise UserError(
                f"rooms would be open to whoever reaches {host}",
                remedy="set TENFOLD_TEMPORAL_CA, _CERTIFICATE and _KEY, or listen on 127.0.0.1",
            )
        try:
            return await asyncio.get_running_loop().create_server(self._make_lines, host, port, ssl=tls)
        except OSError as error:
            raise UserError(f"this host cannot listen on {host}:{port}: {error}", remedy="name another one") from error

    def _make_lines(self) -> Lines:
        self._all = {one for one in self._all if not one.is_cut}
        made = Lines(self._begin)
        self._all.add(made)
        return made

    def close(self) -> None:
        for one in self._all:
            one.close()

    def _begin(self, stream: Stream) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(stream))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, stream: Stream) -> None:
        with contextlib.suppress(LineCut, OSError):
            await self._answer(stream)
        stream.drop()

    async def _answer(self, stream: Stream) -> None:
        first = FirstFrame(stream)
        try:
            _, payload = await first.read()
            words = decode_json(payload)
        except BadFrame as error:
            await _refuse(stream, "bad-request", str(error))
            return
        keeping = self._keepings.get(str(words.get("session")))
        if keeping is None or not keeping.is_held:
            await _refuse(stream, MOVED, "this host does not hold the room")
        elif words.get("op") in _OF_THE_HOST:
            await _refuse(stream, "bad-request", "a web process may not ask for this")
        elif (answers := _OWN.get(str(words.get("op")))) is not None:
            await self._answer_self(stream, answers(keeping, words))
        else:
            path = socket_path(self._home)
            reader, writer = await asyncio.open_unix_connection(str(path), limit=1 << 18)
            writer.write(bytes(first.held))
            await pump(stream, reader, writer)

    @staticmethod
    async def _answer_self(stream: Stream, asked: Awaitable[dict[str, Any]]) -> None:
        try:
            told: dict[str, Any] = {"ok": await asked, "blob": False}
        except UserError as error:
            told = {"error": "user", "what": error.what, "remedy": error.remedy or ""}
        except (KeyError, TypeError, ValueError) as error:
            told = {"error": "bad-request", "what": f"{type(error).__name__}: {error}"[:500]}
        await stream.write(encode_json(told))
        stream.end()
        await stream.read()  # until it has arrived: who hangs up first loses what is under way


async def _refuse(stream: Stream, kind: str, what: str) -> None:
    await stream.write(encode_json({"error": kind, "what": what, "remedy": ""}))
    stream.end()
    await stream.read()


async def _copy(keeping: Keeping, _words: Mapping[str, Any]) -> dict[str, Any]:
    return {"manifest": await keeping.copy()}


async def _call(keeping: Keeping, words: Mapping[str, Any]) -> dict[str, Any]:
    name = words["name"]
    if name not in CALLS:
        raise ValueError(f"{name} cannot be asked")
    arguments = [value_from(one) for one in words["arguments"]]
    session = Session(keeping.session.folder)
    return {"value": await asyncio.to_thread(getattr(session, name), *arguments)}


_OWN: Mapping[str, Callable[[Keeping, Mapping[str, Any]], Awaitable[dict[str, Any]]]] = {COPY: _copy, CALL: _call}


def plain_value(value: object) -> object:
    """A moment as JSON carries it; everything else as it is."""
    return {"moment": value.isoformat()} if isinstance(value, datetime) else value


def value_from(words: object) -> object:
    return datetime.fromisoformat(words["moment"]) if isinstance(words, dict) else words


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address_of(server: asyncio.Server, host: str) -> str:
    """host:port as others reach it. `host`: as it was named; a wildcard is the machine's own name."""
    port = server.sockets[0].getsockname()[1]
    is_wildcard = host in _WILDCARDS
    return f"{socket.getfqdn() if is_wildcard else host}:{port}"
