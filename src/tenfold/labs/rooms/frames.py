"""How the server of rooms and its clients talk: length-prefixed frames on a Unix socket, bounds first.

Every frame: its payload's length (4 bytes), its kind (1 byte), the payload. Requests, answers and notices are JSON;
bytes of a terminal, files and recordings travel as they are.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from enum import IntEnum
from typing import Any

HEADER = struct.Struct(">IB")
MAX_FRAME_BYTES = 9 * 1024 * 1024
MAX_JSON_BYTES = 256 * 1024
OUTPUT_HEAD = struct.Struct(">QQQ")  # offset of the first byte, offset after the last, microseconds since the beginning
POSITION = struct.Struct(">Q")
SIZE = struct.Struct(">HH")


class Kind(IntEnum):
    """What a frame carries."""

    JSON = 1  # a request, an answer or a notice
    BLOB = 2  # bytes that belong to the JSON before them
    OUTPUT = 3  # server to client: OUTPUT_HEAD and bytes of a terminal
    INPUT = 4  # client to server: the position of the first byte in this client's stream of input, and bytes
    ACCEPTED = 5  # server to client: input up to this position has reached the terminal
    ACKNOWLEDGE = 6  # client to server: output up to this offset was shown
    HEARD = 7  # client to server: the person's browser was heard of
    RESIZE = 8  # client to server: columns and rows
    SCREEN = 9  # client to server: an offset, and the screen at it as bytes that draw it
    CLOSE = 10  # client to server: goes on purpose


class BadFrame(ValueError):
    """What came is no frame of ours: the connection ends."""


def encode(kind: Kind, *parts: bytes) -> bytes:
    return b"".join((HEADER.pack(sum(map(len, parts)), kind), *parts))


def encode_json(message: dict[str, Any]) -> bytes:
    return encode(Kind.JSON, json.dumps(message, default=str).encode())


def decode_json(payload: bytes) -> dict[str, Any]:
    """Raises `BadFrame`."""
    if len(payload) > MAX_JSON_BYTES:
        raise BadFrame("a message of that length is none of ours")
    try:
        message = json.loads(payload)
    except ValueError as error:
        raise BadFrame("this is no JSON") from error
    if not isinstance(message, dict):
        raise BadFrame("a message is a JSON object")
    return message


class FrameReader:
    """Cuts a stream into frames, however it comes in. `on_frame` is told of each."""

    def __init__(self, on_frame: Callable[[Kind, bytes], None]) -> None:
        self._on_frame = on_frame
        self._held = bytearray()

    def take(self, block: bytes) -> None:
        """Raises `BadFrame` for an unknown kind or one that is too long, before it is held."""
        self._held += block
        position = 0
        while len(self._held) - position >= HEADER.size:
            length, number = HEADER.unpack_from(self._held, position)
            if length > MAX_FRAME_BYTES:
                raise BadFrame(f"a frame of {length} bytes is too long")
            if number not in Kind._value2member_map_:
                raise BadFrame(f"there is no frame of kind {number}")
            begin = position + HEADER.size
            if len(self._held) - begin < length:
                break
            position = begin + length
            self._on_frame(Kind(number), bytes(self._held[begin:position]))
        del self._held[:position]
