"""One terminal of a room: its outer end, its recording, and everybody who is attached to it.

The recording is the only queue there is. Each attachment has a position in it and is served from there, so a slow one
falls behind and delays nobody; reading from the terminal waits for the driver alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import struct
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tenfold.labs.rooms.flow import DRIVER_WINDOW_BYTES, OBSERVER_WINDOW_BYTES, UNSEEN_BYTES, Window
from tenfold.labs.rooms.frames import OUTPUT_HEAD, POSITION, Kind, encode, encode_json
from tenfold.labs.rooms.input_streams import InputStreams
from tenfold.labs.rooms.messages import CANDIDATE, Role
from tenfold.labs.rooms.raw_log import RawLog, Screen
from tenfold.labs.rooms.sanitise import Sanitiser
from tenfold.sandbox.interface import BoxGone, Terminal

_TIOCSIG = 0x40045436
_MOMENT_S = 0.05
_PIECE_BYTES = 32 * 1024
_READ_BYTES = 64 * 1024
_MAX_PENDING_BYTES = 1024 * 1024 + 1024
REPLAY_BYTES = 2 * 1024 * 1024


class Attachment:
    """One client at one terminal, as the server sees it."""

    def __init__(
        self, transport: asyncio.WriteTransport, who: str, role: Role, stream: str, *, is_relayed: bool
    ) -> None:
        self.transport = transport
        self.who = who
        self.role = role
        self.stream = stream
        self.is_relayed = is_relayed
        self.heard_at = time.time()
        self.sent = self.shown = 0
        self.is_full = False  # the socket takes no more for now
        self.is_begun = False
        most = DRIVER_WINDOW_BYTES if role is Role.DRIVER else OBSERVER_WINDOW_BYTES
        self.window = Window(most, time.monotonic())
        self.sanitiser: Sanitiser | None = None

    @property
    def is_candidate(self) -> bool:
        return self.who == CANDIDATE

    def begin(self, offset: int) -> None:
        self.sent = self.shown = offset
        self.is_begun = True
        # Only the candidate's own browser sees what the candidate's programs print as it is, and only while driving.
        if not (self.is_candidate and self.role is Role.DRIVER):
            self.sanitiser = Sanitiser()

    def set_role(self, role: Role) -> None:
        if role is self.role:
            return
        self.role = role
        most = DRIVER_WINDOW_BYTES if role is Role.DRIVER else OBSERVER_WINDOW_BYTES
        self.window = Window(most, time.monotonic())
        if not self.is_candidate or role is not Role.DRIVER:
            self.sanitiser = self.sanitiser or Sanitiser()
        else:
            self.sanitiser = None

    def can_take(self) -> bool:
        return self.is_begun and not self.is_full and self.sent - self.shown < self.window.size

    def notify(self, kind: str, **data: Any) -> None:
        if not self.transport.is_closing():
            self.transport.write(encode_json({"notice": kind, **data}))


class RoomTerminal:
    """A pseudo-terminal that belongs to the room. `on_end` is told once; `status` is None where the room ended."""

    def __init__(
        self,
        name: str,
        terminal: Terminal,
        log: RawLog,
        *,
        size: tuple[int, int],
        on_end: Callable[[RoomTerminal], None],
    ) -> None:
        self.name = name
        self.runner_name = terminal.name
        self.log = log
        self.cols, self.rows = size
        self.attachments: list[Attachment] = []
        self.lead: Attachment | None = None  # the driver's client that last did something
        self.screen: Screen | None = None
        self.status: int | None = None
        self.is_over = False
        self.last_output_at = time.time()
        self.trouble = ""
        self._unwritten = b""
        self._terminal = terminal
        self._on_end = on_end
        self._streams = InputStreams(log.path.with_suffix(".input"))
        self._pending = bytearray()
        self._pending_of: list[tuple[Attachment, int, int]] = []
        self._is_reading = self._is_writing = self._is_hung = False
        self._seen = log.end  # how far a driver has come
        self._loop = asyncio.get_running_loop()
        os.set_blocking(terminal.fd, False)
        self._read_on()

    @property
    def path(self) -> Path:
        return self.log.path

    # output

    def _is_far_ahead(self) -> bool:
        """Whether the driver has so much to show already that programs should wait."""
        if self.lead is not None:
            return self.log.end - self.lead.shown >= self.lead.window.size
        return self.log.end - self._seen >= UNSEEN_BYTES

    def _read_on(self) -> None:
        """Reads, or stops reading, as the driver allows."""
        wants = not self.is_over and not self._is_hung and not self.trouble and not self._is_far_ahead()
        if wants and not self._is_reading:
            self._loop.add_reader(self._terminal.fd, self._on_readable)
        elif not wants and self._is_reading:
            self._loop.remove_reader(self._terminal.fd)
        self._is_reading = wants

    def _on_readable(self) -> None:
        block, is_end = self._read_some()
        if block:
            self._keep(block)
        if is_end and not self.is_over:
            # Nobody writes any more; whether its program has ended, or the room, is known in a moment.
            self._is_hung = True
            self._read_on()
            self._loop.call_later(_MOMENT_S, self.check_end)

    def _read_some(self) -> tuple[bytes, bool]:
        parts: list[bytes] = []
        size = 0
        try:
            while size < _READ_BYTES:
                part = os.read(self._terminal.fd, _READ_BYTES)
                if not part:
                    return b"".join(parts), True
                parts.append(part)
                size += len(part)
                if len(part) < 1024:  # an echo: there is hardly ever more
                    break
        except BlockingIOError:
            pass
        except OSError:  # a terminal whose other end has closed answers EIO
            return b"".join(parts), True
        return b"".join(parts), False

    def _keep(self, block: bytes) -> None:
        try:
            self.log.append(block)
        except OSError as error:
            # Never dropped: it is held, everybody is told, and the terminal waits until there is room on the disk.
            self._unwritten = block
            if not self.trouble:
                self.trouble = f"the recording cannot be written: {error.strerror}"
                self.notify("trouble", what=self.trouble)
            self._read_on()
            return
        self.trouble = ""
        self.last_output_at = time.time()
        for attachment in self.attachments:
            self.pump(attachment)
        self._read_on()

    def pump(self, attachment: Attachment) -> None:
        """Sends on from where this client stands, as far as it takes it."""
        while attachment.can_take() and attachment.sent < self.log.end and not attachment.transport.is_closing():
            begin = attachment.sent
            raw = self.log.read(begin, min(_PIECE_BYTES, attachment.window.size - (begin - attachment.shown)))
            if begin == attachment.shown:
                attachment.window.rest(time.monotonic())
            attachment.sent = begin + len(raw)
            shown = raw if attachment.sanitiser is None else attachment.sanitiser.clean(raw)
            head = OUTPUT_HEAD.pack(begin, attachment.sent, self.log.last_us)
            attachment.transport.write(encode(Kind.OUTPUT, head, shown))

    def acknowledge(self, attachment: Attachment, offset: int) -> None:
        """A client has shown all up to an offset. What it cannot have shown is no acknowledgement."""
        if not attachment.shown < offset <= attachment.sent:
            return
        count, attachment.shown = offset - attachment.shown, offset
        attachment.window.acknowledge(count, attachment.sent > offset, time.monotonic())
        if attachment is self.lead:
            self._seen = max(self._seen, offset)
        self.pump(attachment)
        if attachment is self.lead:
            self._read_on()

    # input

    def type(self, attachment: Attachment, at: int, block: bytes) -> None:
        """Types for a client, each byte once: what was accepted before is dropped, what skips bytes is not taken."""
        if attachment.role is not Role.DRIVER:
            attachment.notify("refused", what="only the driver types")
            return
        self._take_lead(attachment)
        position = self._streams.begin(attachment.stream, at) + self._pending_bytes_of(attachment.stream)
        fresh = block[position - at :] if at <= position else b""
        if at > position or len(self._pending) + len(fresh) > _MAX_PENDING_BYTES:
            attachment.notify("resend", at=position)
            return
        if fresh == b"\x03" and self._pending and self._interrupt(attachment):
            return
        if fresh:
            self._pending += fresh
            self._pending_of.append((attachment, len(fresh), position + len(fresh)))
            self._write_on()
        else:
            self._accept(attachment, self._streams.position(attachment.stream))

    def _take_lead(self, attachment: Attachment) -> None:
        if self.lead is not attachment:
            self.lead = attachment
            self._read_on()

    def _pending_bytes_of(self, stream: str) -> int:
        return sum(size for one, size, _ in self._pending_of if one.stream == stream)

    def _write_on(self) -> None:
        try:
            while self._pending:
                written = os.write(self._terminal.fd, self._pending[:4096])
                del self._pending[:written]
                self._count_typed(written)
        except BlockingIOError:
            pass
        except OSError:  # the other end has closed; reading tells the end
            self._pending.clear()
            self._pending_of.clear()
        wants = bool(self._pending) and not self.is_over
        if wants and not self._is_writing:
            self._loop.add_writer(self._terminal.fd, self._write_on)
        elif not wants and self._is_writing:
            self._loop.remove_writer(self._terminal.fd)
        self._is_writing = wants

    def _count_typed(self, count: int) -> None:
        while count:
            attachment, size, end = self._pending_of[0]
            done = min(size, count)
            count -= done
            position = end - size + done
            self._streams.advance(attachment.stream, position)
            if done == size:
                self._pending_of.pop(0)
            else:
                self._pending_of[0] = (attachment, size - done, end)
            if done == size or not count:
                self._accept(attachment, position)

    @staticmethod
    def _accept(attachment: Attachment, position: int) -> None:
        if not attachment.transport.is_closing():
            attachment.transport.write(encode(Kind.ACCEPTED, POSITION.pack(position)))

    def _interrupt(self, attachment: Attachment) -> bool:
        """Ctrl-C where the program reads nothing and the line is full: what waits is dropped, as a terminal does."""
        try:
            local = termios.tcgetattr(self._terminal.fd)[3]
            if not local & termios.ISIG:
                return False
            fcntl.ioctl(self._terminal.fd, _TIOCSIG, 2)
        except OSError:
            return False
        for waiting, _, end in self._pending_of:
            self._streams.advance(waiting.stream, end)
        self._pending.clear()
        self._pending_of.clear()
        position = self._streams.position(attachment.stream) + 1
        self._streams.advance(attachment.stream, position)
        termios.tcflush(self._terminal.fd, termios.TCOFLUSH)
        self._write_on()
        self._accept(attachment, position)
        return True

    # size, people, end

    def resize(self, attachment: Attachment, cols: int, rows: int) -> None:
        """The driver's grid is the terminal's."""
        if attachment.role is not Role.DRIVER:
            return
        self._take_lead(attachment)
        if (cols, rows) != (self.cols, self.rows):
            self.cols, self.rows = cols, rows
            self._set_size(cols, rows)
            self.log.resize(cols, rows)
            self.notify("resize", cols=cols, rows=rows)

    def redraw(self) -> None:
        """Makes the program draw its screen anew: one row more, and back."""
        self._set_size(self.cols, self.rows + 1)
        self._set_size(self.cols, self.rows)

    def _set_size(self, cols: int, rows: int) -> None:
        with contextlib.suppress(OSError):
            fcntl.ioctl(self._terminal.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def attach(self, attachment: Attachment, from_offset: int | None, input_from: int) -> dict[str, Any]:
        """Where it begins, and what it needs to go on."""
        screen = self.screen if from_offset is None and attachment.is_candidate else None
        offset = from_offset
        if offset is None:
            offset = screen.offset if screen else max(0, self.log.end - REPLAY_BYTES)
        offset = min(offset, self.log.end)
        attachment.sent = attachment.shown = offset
        self.attachments.append(attachment)
        if attachment.role is Role.DRIVER:
            self._take_lead(attachment)
        return {
            "terminal": self.name,
            "offset": offset,
            "end": self.log.end,
            "accepted": self._streams.begin(attachment.stream, input_from) if attachment.stream else 0,
            "cols": self.cols,
            "rows": self.rows,
            "screen": screen is not None,
            "status": self.status,
            "is_over": self.is_over,
        }

    def take_screen(self, screen: Screen) -> None:
        """A screen as the driver's client drew it: where a reload or a replay may begin."""
        self.screen = screen
        self.log.keep_screen(screen)

    def begin(self, attachment: Attachment) -> None:
        """Output flows from now on."""
        attachment.begin(attachment.sent)
        self.pump(attachment)
        self._read_on()

    def detach(self, attachment: Attachment) -> None:
        with contextlib.suppress(ValueError):
            self.attachments.remove(attachment)
        if self.lead is attachment:
            drivers = [one for one in self.attachments if one.role is Role.DRIVER]
            self.lead = drivers[-1] if drivers else None
            self._seen = max(self._seen, self.log.end if self.lead is None else self.lead.shown)
            self._read_on()

    def set_roles(self, driver: str) -> None:
        """After the drive changed hands."""
        for one in self.attachments:
            if one.who == driver and one.role is not Role.DRIVER:
                one.set_role(Role.DRIVER)
            elif one.who != driver and one.role is Role.DRIVER:
                one.set_role(Role.NAVIGATOR)
        drivers = [one for one in self.attachments if one.role is Role.DRIVER]
        self.lead = drivers[-1] if drivers else None
        self._read_on()

    def notify(self, kind: str, **data: Any) -> None:
        for one in self.attachments:
            one.notify(kind, terminal=self.name, **data)

    def check_end(self) -> None:
        """Ends the terminal when its program has; what that left running may hold it open for long."""
        if self.is_over:
            return
        if self._unwritten:
            block, self._unwritten = self._unwritten, b""
            self._keep(block)
        if self.trouble:
            return
        try:
            self.status = self._terminal.process.wait(0)
        except TimeoutError:
            return
        except BoxGone:
            self.status = None
        block, _ = self._read_some()
        if block:
            self._keep(block)
        self.is_over = True
        self._release()
        self._on_end(self)

    def _release(self) -> None:
        for fd_remove in (self._loop.remove_reader, self._loop.remove_writer):
            fd_remove(self._terminal.fd)
        self._is_reading = self._is_writing = False
        os.close(self._terminal.fd)

    def close(self) -> None:
        """Lets go of everything; a kept terminal goes on with its box."""
        if not self.is_over:
            self.is_over = True
            self._release()
            self._terminal.process.kill()
        self._streams.close()
        self.log.close()
