"""A terminal in the room, shown on the user's own and recorded as asciicast v2; and played again."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import json
import math
import os
import re
import select
import signal
import struct
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tenfold.kit.errors import Place, UserError
from tenfold.sandbox.handles import end
from tenfold.sandbox.interface import Terminal

TICK_S = 1.0
_END_OF_INPUT, _LAST_WORDS_S = b"\x04", 20.0
# Strings for the terminal itself: titles, clipboards, whatever else it may do. What a recording shows is left.
_TO_THE_TERMINAL = re.compile(r"\x1b[\]PX^_](?:[^\x07\x1b]|\x1b(?!\\))*(?:\x07|\x1b\\)?|\x1b\[[0-9;]*[cnt]|\x9b")


class Recorder:
    """Writes one asciicast, line by line: what a crash cuts off is at most the last line."""

    def __init__(self, path: Path, rows: int, cols: int, *, title: str = "") -> None:
        self._file: IO[str] = path.open("w", encoding="utf-8", buffering=1)
        self._began = time.monotonic()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        header = {"version": 2, "width": cols, "height": rows, "timestamp": int(time.time()), "title": title}
        self._line(header)

    def _line(self, words: object) -> None:
        self._file.write(json.dumps(words, ensure_ascii=False) + "\n")

    def _event(self, kind: str, text: str) -> None:
        self._line([round(time.monotonic() - self._began, 4), kind, text])

    def output(self, block: bytes) -> None:
        if text := self._decoder.decode(block):
            self._event("o", text)

    def resize(self, rows: int, cols: int) -> None:
        self._event("r", f"{cols}x{rows}")

    def mark(self, label: str) -> None:
        self._event("m", label)

    def close(self) -> None:
        self._file.close()


def window_size(fd: int) -> tuple[int, int]:
    """Rows and columns of a terminal; 24 and 80 where it is none."""
    try:
        rows, cols, _, _ = struct.unpack("HHHH", fcntl.ioctl(fd, termios.TIOCGWINSZ, bytes(8)))
    except OSError:
        return 24, 80
    return rows or 24, cols or 80


def relay(
    terminal: Terminal, recorder: Recorder, on_tick: Callable[[], bool], *, stdin: int = 0, stdout: int = 1
) -> None:
    """Joins the user's terminal to the room's until its program or the user ends it, or `on_tick` (once a second) does.

    What the program left running may hold the terminal open for long: it is the program's end that counts.
    Output is written in full before more is read: a terminal that is slow slows the program, nothing is dropped.
    """
    with _raw(stdin), _resizing(terminal, recorder, stdin):
        next_tick, until = time.monotonic() + TICK_S, math.inf
        sources = [terminal.fd, stdin]
        while True:
            wait_s = max(0.0, next_tick - time.monotonic())
            ready, _, _ = select.select(sources, [], [], wait_s)
            if terminal.fd in ready:
                block = _read_some(terminal.fd)
                if not block:
                    return
                recorder.output(block)
                _write_all(stdout, block)
            if stdin in ready:
                block = _read_some(stdin)
                if not block:
                    # Nothing more will be typed: what runs is told so, and ended if it does not heed it.
                    sources.remove(stdin)
                    _write_all(terminal.fd, _END_OF_INPUT)
                    until = time.monotonic() + _LAST_WORDS_S
                else:
                    _write_all(terminal.fd, block)
            if time.monotonic() >= until:
                return
            if time.monotonic() >= next_tick:
                next_tick += TICK_S
                if not on_tick() or (end(terminal.process, 0) and not select.select([terminal.fd], [], [], 0)[0]):
                    return


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


@contextlib.contextmanager
def _resizing(terminal: Terminal, recorder: Recorder, stdin: int) -> Iterator[None]:
    def on_resize(*_: object) -> None:
        rows, cols = window_size(stdin)
        with contextlib.suppress(OSError):
            fcntl.ioctl(terminal.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        recorder.resize(rows, cols)

    before = signal.signal(signal.SIGWINCH, on_resize)
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)


@dataclass(frozen=True, slots=True)
class Moment:
    """One event of a recording. `at_s`: seconds since its beginning."""

    at_s: float
    kind: str
    text: str


def moments(path: Path) -> Iterator[Moment]:
    """The events of a recording; a last line that a crash cut off is left out. Raises `UserError` for no recording."""
    with path.open(encoding="utf-8") as file:
        try:
            header = json.loads(file.readline())
        except ValueError:
            header = {}
        if not isinstance(header, dict) or header.get("version") != 2:
            raise UserError("this is no recording (asciicast version 2)", place=Place(file=str(path)))
        for line in file:
            if not line.endswith("\n"):
                return
            at_s, kind, text = json.loads(line)
            yield Moment(float(at_s), str(kind), str(text))


def play(path: Path, *, speed: float = 1.0, longest_pause_s: float = 2.0, out: IO[str] | None = None) -> None:
    """Shows a recording in the terminal, long pauses cut short."""
    stream = out or sys.stdout
    before = 0.0
    for moment in moments(path):
        pause = min(longest_pause_s, moment.at_s - before) / speed
        before = moment.at_s
        if pause > 0.001:
            time.sleep(pause)
        if moment.kind == "o":
            stream.write(_TO_THE_TERMINAL.sub("", moment.text))
            stream.flush()
