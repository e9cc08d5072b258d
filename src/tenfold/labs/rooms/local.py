"""The user's own terminal joined to a room's: what `tenfold labs attach` does."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import struct
import termios
import tty
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from secrets import token_hex

from tenfold.labs.rooms.client import Connection, attach
from tenfold.labs.rooms.connect import RoomError
from tenfold.labs.rooms.messages import Role
from tenfold.labs.rooms.values import Accepted, Notice, Output
from tenfold.labs.sessions import Session

_END_OF_INPUT, _LAST_WORDS_S = b"\x04", 20.0
_LAST_NOTICES = frozenset(("exit", "paused", "over", "submitted", "broken", "moved"))


@dataclass(frozen=True, slots=True)
class Ending:
    """Why the user is out of the room again: the kind of the last notice, or `lost`. `minutes`: given back."""

    kind: str
    why: str = ""
    minutes: float = 0.0


def window_size(fd: int) -> tuple[int, int]:
    """Columns and rows of a terminal; 80 and 24 where it is none."""
    try:
        rows, cols, _, _ = struct.unpack("HHHH", fcntl.ioctl(fd, termios.TIOCGWINSZ, bytes(8)))
    except OSError:
        return 80, 24
    return cols or 80, rows or 24


async def attach_here(session: Session, *, stdin: int = 0, stdout: int = 1) -> Ending:
    """Joins them until the shell ends, the room is closed, or the input ends and the shell does not heed it."""
    connection = await attach(session, role=Role.DRIVER, stream=token_hex(8), size=window_size(stdin), is_relayed=False)
    keyboard = _Keyboard(connection, stdin)
    with _raw(stdin), keyboard.reading():
        try:
            return await _show(connection, keyboard, stdout)
        finally:
            await connection.close()


async def _show(connection: Connection, keyboard: _Keyboard, stdout: int) -> Ending:
    try:
        async with asyncio.timeout(None) as keyboard.patience:
            async for frame in connection:
                if isinstance(frame, Output):
                    _write_all(stdout, frame.data)
                    await connection.acknowledge(frame.end)
                elif isinstance(frame, Accepted):
                    keyboard.forget(frame.at)
                elif ending := await _on_notice(frame, keyboard):
                    return ending
    except RoomError:
        return Ending("lost")
    except TimeoutError:
        return Ending("exit")
    return Ending("lost")


async def _on_notice(notice: Notice, keyboard: _Keyboard) -> Ending | None:
    if notice.kind == "resend":
        await keyboard.resend(int(notice.data["at"]))
    if notice.kind in _LAST_NOTICES:
        return Ending(notice.kind, str(notice.data.get("why", "")), float(notice.data.get("minutes", 0.0)))
    return None


class _Keyboard:
    """What is typed, numbered, and kept until it has arrived."""

    def __init__(self, connection: Connection, fd: int) -> None:
        self.patience: asyncio.Timeout | None = None
        self._connection = connection
        self._fd = fd
        self._begin = self._end = connection.accepted
        self._kept = bytearray()
        self._tasks: set[asyncio.Task[None]] = set()
        self._order = asyncio.Lock()

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        has_reader = _add_reader(loop, self._fd, self._on_typed)
        loop.add_signal_handler(signal.SIGWINCH, self._on_resize)
        try:
            if not has_reader:  # a plain file is always ready, and no loop waits for one
                self._start(self._send_file())
            yield
        finally:
            loop.remove_signal_handler(signal.SIGWINCH)
            loop.remove_reader(self._fd)
            for task in list(self._tasks):
                task.cancel()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _on_typed(self) -> None:
        block = _read_some(self._fd)
        if not block:
            asyncio.get_running_loop().remove_reader(self._fd)
        self._type(block)

    def _type(self, block: bytes) -> None:
        if not block:
            # Nothing more will be typed: what runs is told so, and left to itself if it does not heed it.
            self._start(self._send(_END_OF_INPUT))
            if self.patience is not None:
                self.patience.reschedule(asyncio.get_running_loop().time() + _LAST_WORDS_S)
            return
        self._start(self._send(block))

    async def _send_file(self) -> None:
        while block := os.read(self._fd, 65536):
            await self._send(block)
        self._type(b"")

    async def _send(self, block: bytes) -> None:
        at = self._end
        self._end += len(block)
        self._kept += block
        async with self._order:
            with contextlib.suppress(RoomError):
                await self._connection.send_input(at, block)

    def forget(self, at: int) -> None:
        """It has arrived."""
        done = max(0, at - self._begin)
        del self._kept[:done]
        self._begin += done

    async def resend(self, at: int) -> None:
        self.forget(at)
        await self._connection.send_input(self._begin, bytes(self._kept[: 256 * 1024]))

    def _on_resize(self) -> None:
        self._start(self._connection.resize(*window_size(self._fd)))


def _add_reader(loop: asyncio.AbstractEventLoop, fd: int, on_ready: Callable[[], None]) -> bool:
    try:
        loop.add_reader(fd, on_ready)
    except PermissionError:
        return False
    return True


def _read_some(fd: int) -> bytes:
    try:
        return os.read(fd, 65536)
    except OSError:  # a terminal whose other end has closed answers EIO
        return b""


def _write_all(fd: int, block: bytes) -> None:
    while block:
        block = block[os.write(fd, block) :]


@contextlib.contextmanager
def _raw(fd: int) -> Iterator[None]:
    if not os.isatty(fd):
        yield
        return
    before = termios.tcgetattr(fd)
    try:
        tty.setraw(fd)
        yield
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)
