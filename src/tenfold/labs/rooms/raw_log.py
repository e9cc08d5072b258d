"""A terminal's recording: the bytes as they came, and where in time each lies. Everything else is made from these.

    001.raw     every byte that the terminal put out, and nothing else
    001.index   24 bytes a record: offset, microseconds since the beginning, kind, value
    001.json    when it began, how large the terminal was, what it is called
    001.screens.jsonl   screens as a client drew them, each at an offset: where a replay may begin

A record follows the bytes that it is about: after a crash there may be bytes without one, never the other way round.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import struct
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import IntEnum
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from tenfold.kit.errors import Place, UserError

RECORD = struct.Struct("<QQII")
_COLUMNS = np.dtype([("offset", "<u8"), ("at_us", "<u8"), ("kind", "<u4"), ("value", "<u4")])
TAIL_BYTES = 1024 * 1024
VERSION = 1
MAX_SCREEN_BYTES = 1024 * 1024
SCREEN_EVERY_BYTES = 64 * 1024


class RecordKind(IntEnum):
    """What an index record says of its offset."""

    OUTPUT = 0  # bytes begin here
    RESIZE = 1  # value: columns * 65536 + rows
    REOPEN = 2  # the server of rooms was restarted here


@dataclass(frozen=True, slots=True)
class Head:
    """About one recording. `began_at`: seconds since the epoch."""

    version: int
    began_at: float
    cols: int
    rows: int
    title: str


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the index. `at_us`: microseconds since the beginning."""

    offset: int
    at_us: int
    kind: int
    value: int


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen at an offset, as bytes that draw it on an empty terminal of that size."""

    offset: int
    at_us: int
    cols: int
    rows: int
    data: bytes


class RawLog:
    """A recording being written. One writer; readers use `RawRecording`."""

    def __init__(self, path: Path, head: Head) -> None:
        self.path = path
        self.head = head
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        self._raw = os.open(path, flags, 0o600)
        self._index = os.open(path.with_suffix(".index"), flags, 0o600)
        self.end = os.fstat(self._raw).st_size
        self._tail = bytearray()
        self._tail_begin = self.end
        self._began = time.monotonic() - max(0.0, time.time() - head.began_at)
        self.last_us = 0
        self._screen_at = 0

    @classmethod
    def create(cls, path: Path, *, cols: int, rows: int, title: str) -> RawLog:
        head = Head(VERSION, time.time(), cols, rows, title)
        path.with_suffix(".json").write_text(json.dumps(asdict(head)), "utf-8")
        return cls(path, head)

    @classmethod
    def reopen(cls, path: Path) -> RawLog:
        """Goes on with a recording whose writer was killed: bytes that had no record get one."""
        log = cls(path, read_head(path))
        _drop_half_record(log._index)
        records = os.fstat(log._index).st_size // RECORD.size
        if records:
            raw = os.pread(log._index, RECORD.size, (records - 1) * RECORD.size)
            log.last_us = Record(*RECORD.unpack(raw)).at_us
        log._note(log.end, RecordKind.REOPEN, 0)
        return log

    def now_us(self) -> int:
        self.last_us = max(self.last_us, int((time.monotonic() - self._began) * 1e6))
        return self.last_us

    def append(self, block: bytes) -> None:
        """Keeps what the terminal put out. Raises `OSError` where the disk is full; nothing is half kept then."""
        offset = self.end
        _write_whole(self._raw, block, offset)
        self.end += len(block)
        self._tail += block
        if len(self._tail) > 2 * TAIL_BYTES:
            cut = len(self._tail) - TAIL_BYTES
            del self._tail[:cut]
            self._tail_begin += cut
        self._note(offset, RecordKind.OUTPUT, len(block))

    def resize(self, cols: int, rows: int) -> None:
        self._note(self.end, RecordKind.RESIZE, cols << 16 | rows)

    def _note(self, offset: int, kind: RecordKind, value: int) -> None:
        os.write(self._index, RECORD.pack(offset, self.now_us(), kind, value))

    def keep_screen(self, screen: Screen) -> None:
        """Beside the recording, where a replay may begin; one for each `SCREEN_EVERY_BYTES` or so is enough."""
        if screen.offset - self._screen_at < SCREEN_EVERY_BYTES and self._screen_at:
            return
        self._screen_at = screen.offset
        words = {
            "offset": screen.offset,
            "at_us": screen.at_us,
            "cols": screen.cols,
            "rows": screen.rows,
            "data": base64.b64encode(screen.data).decode("ascii"),
        }
        with self.path.with_suffix(".screens.jsonl").open("a", encoding="ascii") as file:
            file.write(json.dumps(words) + "\n")

    def read(self, offset: int, most: int) -> bytes:
        """Bytes from an offset on: from memory where they came lately, else from the disk."""
        if offset >= self._tail_begin:
            begin = offset - self._tail_begin
            return bytes(self._tail[begin : begin + most])
        return os.pread(self._raw, min(most, self._tail_begin - offset), offset)

    def close(self) -> None:
        for fd in (self._raw, self._index):
            with contextlib.suppress(OSError):
                os.close(fd)


def _write_whole(fd: int, block: bytes, offset: int) -> None:
    written = 0
    try:
        while written < len(block):
            written += os.write(fd, block[written:])
    except OSError:
        os.ftruncate(fd, offset)
        raise


def _drop_half_record(fd: int) -> None:
    size = os.fstat(fd).st_size
    if size % RECORD.size:
        os.ftruncate(fd, size - size % RECORD.size)


def read_head(path: Path) -> Head:
    """Raises `UserError` for what is no recording."""
    try:
        words = json.loads(path.with_suffix(".json").read_text("utf-8"))
        head = Head(**words)
    except (OSError, ValueError, TypeError) as error:
        raise UserError("this is no recording", place=Place(file=str(path))) from error
    if head.version != VERSION:
        raise UserError(f"a recording of version {head.version} cannot be read", place=Place(file=str(path)))
    return head


class RawRecording:
    """Reads a recording, also while it is written. Nothing is loaded whole: a recording of any size opens at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.head = read_head(path)
        self._raw = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.size = os.fstat(self._raw).st_size
        index = path.with_suffix(".index")
        self.count = index.stat().st_size // RECORD.size
        self._index = np.memmap(index, _COLUMNS, "r", shape=(self.count,)) if self.count else np.empty(0, _COLUMNS)
        # Columns of their own: a search in every third word of a file would copy all of it each time.
        self._times = np.ascontiguousarray(self._index["at_us"])
        self._offsets = np.ascontiguousarray(self._index["offset"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._raw)

    def record(self, number: int) -> Record:
        return Record(*self._index[number].item())

    def times_us(self) -> npt.NDArray[np.uint64]:
        """Microseconds of every record."""
        return self._times

    def offsets(self) -> list[int]:
        """Where each record begins."""
        return list(self._offsets.tolist())

    @property
    def duration_us(self) -> int:
        return self.record(self.count - 1).at_us if self.count else 0

    def read(self, begin: int, end: int) -> bytes:
        """The bytes from one offset to another, as they came."""
        return os.pread(self._raw, max(0, min(end, self.size) - begin), begin)

    def first_record_after(self, at_us: int) -> int:
        """The number of the first record later than a moment: `count` where there is none."""
        return int(np.searchsorted(self._times, np.uint64(max(0, at_us)), "right"))

    def record_at(self, offset: int) -> int:
        """The number of the last record that begins at or before an offset; 0 where there is none."""
        return max(0, int(np.searchsorted(self._offsets, np.uint64(offset), "right")) - 1)

    def offset_at(self, at_us: int) -> int:
        """How many bytes had come by a moment."""
        after = self.first_record_after(at_us)
        return self.record(after).offset if after < self.count else self.size

    def outputs(self, begin: int = 0, end: int | None = None, *, most: int = 65536) -> Iterator[tuple[Record, bytes]]:
        """Records of output between two offsets, with their bytes, in pieces of `most` bytes."""
        stop = self.size if end is None else min(end, self.size)
        number = self.record_at(begin)
        while begin < stop and number < self.count:
            here = self.record(number)
            until = self.record(number + 1).offset if number + 1 < self.count else self.size
            until = min(until, stop)
            while begin < until:
                block = self.read(begin, min(until, begin + most))
                yield Record(begin, here.at_us, here.kind, here.value), block
                begin += len(block)
            number += 1

    def resizes(self) -> list[Record]:
        numbers = np.flatnonzero(self._index["kind"] == RecordKind.RESIZE)
        return [self.record(int(number)) for number in numbers]

    def size_at(self, offset: int) -> tuple[int, int]:
        """Columns and rows in force at an offset."""
        before = [one for one in self.resizes() if one.offset <= offset]
        return (before[-1].value >> 16, before[-1].value & 0xFFFF) if before else (self.head.cols, self.head.rows)

    def screens(self) -> list[Screen]:
        """What clients drew, oldest first; a last line that a crash cut off is left out."""
        path = self.path.with_suffix(".screens.jsonl")
        if not path.exists():
            return []
        found = []
        for line in path.read_text("ascii").splitlines(keepends=True):
            if line.endswith("\n"):
                words = json.loads(line)
                found.append(Screen(**{**words, "data": base64.b64decode(words["data"])}))
        return found
