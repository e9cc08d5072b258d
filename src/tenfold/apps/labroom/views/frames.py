"""What the two sockets of a room share: how frames of JSON are read, and how a socket ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tenfold.kit.errors import UserError
from tenfold.kit.words import is_storable

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

LOOK_AGAIN_S = 2.0
"""How long a right that has ended may still be used in an open socket."""
NOT_ALLOWED, NOT_NOW, BAD_FRAME, OUR_FAULT = 4403, 4409, 4400, 4500


class SocketClosed(Exception):
    """The browser has gone, or what it sent ends the conversation: `code` says why."""

    def __init__(self, code: int = 1000, why: str = "") -> None:
        super().__init__(why)
        self.code, self.why = code, why


def read_frame(text: str, *, most: int, expected: str) -> Mapping[str, Any]:
    """A frame's JSON object. Raises `SocketClosed` for anything else."""
    try:
        found = json.loads(text) if len(text) <= most else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise SocketClosed(BAD_FRAME, expected)
    return found


async def send_json(send: Send, words: Mapping[str, Any]) -> None:
    await send({"type": "websocket.send", "text": json.dumps(words, default=str)})


async def until_first_ends(*parts: Awaitable[None]) -> None:
    """Runs all until one ends, and raises what ended it."""
    tasks = [asyncio.ensure_future(one) for one in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            one.result()
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def text_of(words: Mapping[str, Any], key: str, most: int = 1_024) -> str:
    """A text of a frame, cut; empty where there is none. Raises `UserError` for one that cannot be stored."""
    value = words.get(key, "")
    return require_storable(value[:most]) if isinstance(value, str) else ""


def require_storable(text: str) -> str:
    if not is_storable(text):
        raise UserError("This text holds a character that cannot be stored.", remedy="Delete it and try again.")
    return text


def number_of(words: Mapping[str, Any], key: str) -> int | None:
    value = words.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None
