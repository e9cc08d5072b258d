"""The server of rooms: one process for each `TENFOLD_HOME`, of the user that owns it, without any privilege.

It holds what must outlive a browser's connection and a restart of the web server: terminals, recordings, clocks and the
boxes' leases. Its clients are on the same machine and run under the same uid, as the kernel tells.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import resource
import signal
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tenfold.kit.errors import UserError
from tenfold.labs import home as homes
from tenfold.labs.home import Home
from tenfold.labs.rooms.connection import ClientConnection
from tenfold.labs.rooms.pool import Pool, WarmRooms
from tenfold.labs.rooms.room import Makers, Room
from tenfold.labs.sessions import Session, State, utc_now
from tenfold.sandbox.interface import BoxGone, BoxSpec, Sandbox, SandboxError, SandboxUnavailable

TICK_S = 0.5


class RoomServer:
    """Serves until told to stop, or `idle_s` after the last client and room."""

    def __init__(self, home: Home, *, idle_s: float | None = None, warm: WarmRooms | None = None) -> None:
        self.home = home
        self.rooms: dict[str, Room] = {}
        self.connections: set[ClientConnection] = set()
        self._idle_s = idle_s
        self._sandbox: Sandbox | None = None
        self._sandbox_lock = threading.Lock()
        self._pool = Pool(home, self.sandbox, warm or {})
        self._stop = asyncio.Event()

    @staticmethod
    def is_welcome(uid: int) -> bool:
        """Whether the kernel says that a client is our own user, or root."""
        return uid in {0, os.geteuid()}

    def sandbox(self) -> Sandbox:
        """The sandbox to make boxes in; asked for anew where the runner has ended. Blocks."""
        with self._sandbox_lock:
            if self._sandbox is None or self._sandbox.name == "runner":
                self._sandbox = homes.sandbox(self.home)
            return self._sandbox

    def room(self, name: str) -> Room:
        """Raises `UserError` where there is no such session."""
        if (found := self.rooms.get(name)) is None:
            folder = self.home.sessions / name
            if not (folder / "session.sqlite").is_file():
                raise UserError(f"there is no session {name}", remedy="tenfold labs list --sessions")
            found = self.rooms[name] = Room(Session(folder), Makers(self.home, self.sandbox, self.make_box))
        return found

    def make_box(self, spec: BoxSpec) -> Any:
        """A new box, one that waits or made now. Raises `UserError` where this machine takes no new rooms."""
        if self.home.cordon.exists():
            raise UserError(
                "this machine takes no new rooms now: whoever runs it is about to work on it",
                remedy="try again in a few minutes",
            )
        return self._pool.take(spec) or self.sandbox().create(spec)

    async def serve(self, ready: Callable[[], None] = lambda: None) -> None:
        """Raises `UserError` where another serves this home."""
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a room takes about ten
        with lock(self.home):
            listener = _listen(self.home)
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self._stop.set)
            await self._recover()
            server = await loop.create_unix_server(lambda: ClientConnection(self), sock=listener)
            pool = loop.create_task(self._pool.keep_filled())
            ready()
            try:
                await self._tick_until_stopped()
            finally:
                server.close()
                socket_path(self.home).unlink(missing_ok=True)
                pool.cancel()
                await self._end()

    async def _recover(self) -> None:
        """After a kill: rooms that were open are taken back, with their terminals.

        On one host of several they stand still until a lease says that they are still its own.
        """
        folder = self.home.rooms / "open"
        folder.mkdir(exist_ok=True, mode=0o700)
        for marker in sorted(folder.iterdir()):
            try:
                room = self.room(marker.name)
                await asyncio.to_thread(room.session.end_visits)
                if room.session.state is State.OPEN and room.session.paused() is None:
                    await room.open()
                    if self.home.host_mark.exists():
                        await room.wait_for_lease()
            except (UserError, SandboxError, SandboxUnavailable):
                marker.unlink(missing_ok=True)

    async def _tick_until_stopped(self) -> None:
        lonely_since = time.monotonic()
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), TICK_S)
            for room in list(self.rooms.values()):
                await self._tick(room)
                await asyncio.sleep(0)  # who types in another room is not kept waiting by all of them
            self._forget_closed()
            if self.connections or self.rooms:
                lonely_since = time.monotonic()
            elif self._idle_s is not None and time.monotonic() - lonely_since > self._idle_s:
                return

    @staticmethod
    async def _tick(room: Room) -> None:
        """What goes wrong in one room, a full disk or a broken database, is no other room's."""
        try:
            await room.tick()
        except (OSError, sqlite3.Error, UserError, SandboxError, SandboxUnavailable, BoxGone) as error:
            sys.stderr.write(f"{utc_now().isoformat()} {room.session.id}: {type(error).__name__}: {error}\n")

    def _forget_closed(self) -> None:
        for name, room in list(self.rooms.items()):
            if room.box is None and not room.is_busy and time.monotonic() - room.last_used_at > 5:
                room.clock.close()
                del self.rooms[name]

    async def _end(self) -> None:
        """Work is saved; boxes that are kept stay with the runner, for whoever serves next."""
        for connection in list(self.connections):
            connection.close()
        for room in self.rooms.values():
            room.clock.stop(utc_now())
            if room.box is not None:
                await room.save_quietly("left")
            room.let_go()
            room.clock.close()
        await asyncio.to_thread(self._pool.close)
        if self._sandbox is not None:
            await asyncio.to_thread(self._sandbox.close)


def socket_path(home: Home) -> Path:
    return home.rooms / "rooms.sock"


@contextlib.contextmanager
def lock(home: Home) -> Iterator[None]:
    """Held by a server for its life. Raises `UserError` when another holds it."""
    home.rooms.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home.rooms / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError("the rooms of this home are served already") from None
        yield


def _listen(home: Home) -> socket.socket:
    path = socket_path(home)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(512)
    listener.setblocking(False)
    return listener
