"""What each client has typed so far, so that what is sent again after a broken connection is typed once.

A client names its stream (any id of its own) and numbers its bytes from where it says it begins. The positions that
reached the terminal outlive the server: they stand in a small file beside the recording.
"""

from __future__ import annotations

import hashlib
import os
import struct
from pathlib import Path

_SLOT = struct.Struct("<16sQ")
_MAX_STREAMS = 64


class InputStreams:
    """Positions by stream; the one longest unused goes when there are too many."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        raw = os.pread(self._fd, _SLOT.size * _MAX_STREAMS, 0)
        whole = len(raw) // _SLOT.size * _SLOT.size
        self._slots: dict[bytes, int] = {}
        self._positions: dict[bytes, int] = {}
        for slot, (name, position) in enumerate(_SLOT.iter_unpack(raw[:whole])):
            if any(name):
                self._slots[name], self._positions[name] = slot, position

    @staticmethod
    def _name(stream: str) -> bytes:
        return hashlib.blake2b(stream.encode(), digest_size=16).digest()

    def begin(self, stream: str, at: int) -> int:
        """The position accepted so far: `at` for a stream that is new."""
        name = self._name(stream)
        if name not in self._positions:
            if len(self._slots) < _MAX_STREAMS:
                self._slots[name] = len(self._slots)
            else:
                oldest = next(iter(self._positions))
                self._slots[name] = self._slots.pop(oldest)
                del self._positions[oldest]
            self._positions[name] = at
            self._write(name)
        return self._positions[name]

    def position(self, stream: str) -> int:
        return self._positions[self._name(stream)]

    def advance(self, stream: str, position: int) -> None:
        name = self._name(stream)
        self._positions[name] = self._positions.pop(name, 0)  # the latest used stands last
        self._positions[name] = position
        self._write(name)

    def _write(self, name: bytes) -> None:
        os.pwrite(self._fd, _SLOT.pack(name, self._positions[name]), self._slots[name] * _SLOT.size)

    def close(self) -> None:
        os.close(self._fd)
