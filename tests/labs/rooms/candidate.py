"""A client as a browser is one: it keeps what it typed until it has arrived, and begins again where it was cut."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from secrets import token_hex

from tenfold.labs.rooms import Accepted, Connection, Notice, Output, Role, RoomError, attach
from tenfold.labs.sessions import Session

ACKNOWLEDGE_BYTES = 64 * 1024


class Candidate:
    """`shown`: all that was put out, by offset. `rate`: bytes a second that its line carries; None for no limit."""

    def __init__(
        self,
        session: Session,
        *,
        who: str = "candidate",
        role: Role = Role.DRIVER,
        rate: float | None = None,
        relayed: bool = False,
    ) -> None:
        self.session = session
        self.who, self.role, self.rate, self.relayed = who, role, rate, relayed
        self.stream = token_hex(8)
        self.shown = bytearray()
        self.offset = 0
        self.notices: list[Notice] = []
        self.line: Connection | None = None
        self.gaps: list[tuple[int, int]] = []
        self._typed = bytearray()
        self._accepted = 0
        self._sent = 0
        self._acknowledged = 0
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    async def connect(self, *, begin: int | None = None, terminal: str = "") -> None:
        """Attaches, or attaches again where it left off."""
        if begin is not None:
            self.offset = begin
        while True:
            try:
                self.line = await attach(
                    self.session, terminal, role=self.role, who=self.who, from_offset=self.offset, stream=self.stream,
                    input_from=self._accepted, is_relayed=self.relayed,
                )  # fmt: skip
            except RoomError:
                await asyncio.sleep(0.05)
                continue
            break
        if self.line.offset != self.offset:
            self.gaps.append((self.offset, self.line.offset))
        self._acknowledged = self.offset
        self._sent = self.line.accepted
        self._accepted = max(self._accepted, self.line.accepted)
        self._reader = asyncio.get_running_loop().create_task(self._read(self.line))
        await self._send_on()

    async def _read(self, line: Connection) -> None:
        with contextlib.suppress(RoomError):
            async for frame in line:
                if isinstance(frame, Output):
                    if frame.offset != self.offset:
                        self.gaps.append((self.offset, frame.offset))
                    if self.rate:
                        await asyncio.sleep(len(frame.data) / self.rate)
                    self.shown += frame.data
                    self.offset = frame.end
                    if self.offset - self._acknowledged >= ACKNOWLEDGE_BYTES or len(frame.data) < 4096:
                        self._acknowledged = self.offset
                        await line.acknowledge(self.offset)
                elif isinstance(frame, Accepted):
                    self._accepted = max(self._accepted, frame.at)
                else:
                    self.notices.append(frame)
                    if frame.kind == "resend":
                        self._sent = int(frame.data["at"])
                        await self._send_on()
                self._news.set()
        self._news.set()

    async def type(self, block: bytes) -> None:
        self._typed += block
        await self._send_on()

    async def _send_on(self) -> None:
        if self.line is None:
            return
        with contextlib.suppress(RoomError):
            while self._sent < len(self._typed):
                at = self._sent
                block = bytes(self._typed[at : at + 4096])
                self._sent += len(block)
                await self.line.send_input(at, block)

    def cut(self) -> None:
        """The line is cut: what is under way in either direction is lost."""
        if self.line:
            self.line.abort()
        if self._reader:
            self._reader.cancel()
        self.line = None

    async def leave(self) -> None:
        if self.line:
            await self.line.close()
        if self._reader:
            self._reader.cancel()

    async def until(self, condition: Callable[[], bool], limit_s: float = 30.0) -> None:
        """Waits until something is so. Raises `TimeoutError` with the end of what was shown."""
        try:
            async with asyncio.timeout(limit_s):
                while not condition():
                    self._news.clear()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), 0.1)
        except TimeoutError:
            raise TimeoutError(f"shown last: {bytes(self.shown[-500:])!r}; notices: {self.notices[-5:]}") from None

    async def until_shown(self, text: bytes, limit_s: float = 30.0) -> None:
        await self.until(lambda: text in self.shown, limit_s)

    @property
    def unarrived(self) -> int:
        return len(self._typed) - self._accepted

    def has(self, kind: str) -> bool:
        return any(one.kind == kind for one in self.notices)
