"""A client's connection to the server of rooms, which is started where none answers."""

from __future__ import annotations

import asyncio
import os
import select
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from tenfold.kit.errors import UserError
from tenfold.labs.home import Home
from tenfold.labs.rooms.frames import (
    MAX_FRAME_BYTES,
    BadFrame,
    FrameReader,
    Kind,
    decode_json,
    encode,
    encode_json,
)

WARM_VARIABLE = "TENFOLD_WARM_ROOMS"
_START_S = 30.0
_IDLE_S = 20.0
_BUFFER_BYTES = 256 * 1024


class RoomError(Exception):
    """The room or its server failed: our fault. Ask again."""


class RoomSocket(asyncio.Protocol):
    """Frames in and out. Reading is bounded: who does not read is not sent more. What came before the end is read."""

    def __init__(self) -> None:
        self._frames: deque[tuple[Kind, bytes]] = deque()
        self._held_bytes = 0
        self._reader = FrameReader(self._on_frame)
        self._has_news = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._is_over = False
        self._is_paused = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._reader.take(data)
        except BadFrame:
            self.close()
        if self._held_bytes > _BUFFER_BYTES and not self._is_paused and self._transport:
            self._is_paused = True
            self._transport.pause_reading()
        self._has_news.set()

    def _on_frame(self, kind: Kind, payload: bytes) -> None:
        self._frames.append((kind, payload))
        self._held_bytes += len(payload)

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  why it ended is all the same
        self._is_over = True
        self._may_write.set()
        self._has_news.set()

    async def receive(self) -> tuple[Kind, bytes] | None:
        """The next frame; None at the end."""
        while not self._frames:
            if self._is_over:
                return None
            self._has_news.clear()
            await self._has_news.wait()
        kind, payload = self._frames.popleft()
        self._held_bytes -= len(payload)
        if self._is_paused and self._held_bytes < _BUFFER_BYTES // 2 and self._transport and not self._is_over:
            self._is_paused = False
            self._transport.resume_reading()
        return kind, payload

    async def send(self, kind: Kind, *parts: bytes) -> None:
        """Raises `RoomError` where the other side is gone."""
        await self._write(encode(kind, *parts))

    async def _write(self, block: bytes) -> None:
        if self._is_over or self._transport is None or self._transport.is_closing():
            raise RoomError("the server of rooms has ended")
        self._transport.write(block)
        if not self._may_write.is_set():
            await self._may_write.wait()

    async def ask(self, request: dict[str, Any], content: bytes | None = None) -> tuple[dict[str, Any], bytes | None]:
        """The answer, and bytes that belong to it. Raises `UserError`, `RoomError`."""
        if content is not None and len(content) > MAX_FRAME_BYTES - 1024:
            raise UserError(f"{len(content):,} bytes are too much at once")
        block = encode_json(request) + (encode(Kind.BLOB, content) if content is not None else b"")
        await self._write(block)
        found = await self.receive()
        if found is None:
            raise RoomError("the server of rooms has ended")
        words = _answer(found[1])
        blob = await self.receive() if words["blob"] else None
        return words["ok"], blob[1] if blob else None

    def close(self) -> None:
        if self._transport:
            self._transport.close()


def _answer(payload: bytes) -> dict[str, Any]:
    try:
        words = decode_json(payload)
    except BadFrame as error:
        raise RoomError(str(error)) from error
    if "error" in words:
        if words["error"] == "user":
            raise UserError(words["what"], remedy=str(words.get("remedy", "")))
        raise RoomError(f"{words['error']}: {words['what']}")
    return {"blob": False, **words}


_leads: list[Callable[[Home], Path | None]] = []


def lead_elsewhere(find: Callable[[Home], Path | None]) -> None:
    """From now on `find` says which socket leads to a home's rooms, where another machine serves them."""
    _leads[:] = [find]


async def open_socket(home: Home) -> RoomSocket:
    """Connects; starts a server where none answers. Raises `UserError` where none can be started."""
    for find in _leads:
        if (elsewhere := find(home)) is not None:
            return await _open_elsewhere(elsewhere)
    path = home.rooms / "rooms.sock"
    for _ in range(3):
        try:
            return (await asyncio.get_running_loop().create_unix_connection(RoomSocket, str(path)))[1]
        except (FileNotFoundError, ConnectionRefusedError):
            await asyncio.to_thread(start_server, home)
        except PermissionError:
            raise UserError(
                f"the rooms of {home.root} are served for another user", remedy="work as that user, or as root"
            ) from None
    raise RoomError(f"the server of rooms at {path} does not answer")


async def _open_elsewhere(path: Path) -> RoomSocket:
    try:
        return (await asyncio.get_running_loop().create_unix_connection(RoomSocket, str(path)))[1]
    except OSError as error:
        raise RoomError(f"the way to other machines' rooms at {path} does not answer") from error


_starting = threading.Lock()


def start_server(home: Home, *, idle_s: float | None = _IDLE_S) -> None:
    """Starts a server of rooms for this home, and waits until it serves. Harmless where one does."""
    with _starting:
        home.rooms.mkdir(parents=True, exist_ok=True, mode=0o700)
        read, write = os.pipe()
        words = [sys.executable, "-m", "tenfold.labs.rooms", str(home.root), "--ready-fd", str(write)]
        words += [] if idle_s is None else ["--idle", str(idle_s)]
        for warm in filter(None, os.environ.get(WARM_VARIABLE, "").split(",")):
            words += ["--warm", warm.strip()]
        try:
            with (home.rooms / "rooms.log").open("ab") as log:
                started = subprocess.Popen(
                    words, pass_fds=[write], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            threading.Thread(target=started.wait, daemon=True).start()  # so that it leaves no zombie while we live
            os.close(write)
            write = -1
            select.select([read], [], [], _START_S)
        finally:
            os.close(read)
            if write >= 0:
                os.close(write)
