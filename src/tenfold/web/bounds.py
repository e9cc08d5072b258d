"""Bounds of a request's body before anything reads it: its size, and the time in which it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from tenfold.web.assets import Application, Receive, Scope, Send

MOST_BYTES = 30_000_000
"""The largest pay list that forms take, with room for its form."""
MOST_SECONDS = 60.0


class WithBounds:
    """An application whose requests end with 413 where they are too large, and with 408 where they take too long."""

    def __init__(
        self, application: Application, *, most_bytes: int = MOST_BYTES, most_seconds: float = MOST_SECONDS
    ) -> None:
        self.application, self.most_bytes, self.most_seconds = application, most_bytes, most_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if said.isdigit() and int(said) > self.most_bytes:
            await _refuse(send, 413, "This request is too large.")
            return
        begun = False

        async def noting(message: Mapping[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.application(scope, _Bounded(receive, self.most_bytes, self.most_seconds), noting)
        except _TooMuch as ended:
            if not begun:
                await _refuse(send, ended.status, str(ended))


class _TooMuch(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class _Bounded:
    """Receives the body piece by piece, until there is too much of it or too little time."""

    def __init__(self, receive: Receive, most_bytes: int, most_seconds: float) -> None:
        self.receive, self.left = receive, most_bytes
        self.ends_at = asyncio.get_running_loop().time() + most_seconds
        self.is_whole = False

    async def __call__(self) -> Mapping[str, Any]:
        if self.is_whole:  # what comes now is that the browser has left
            return await self.receive()
        try:
            async with asyncio.timeout_at(self.ends_at):
                message = await self.receive()
        except TimeoutError:
            raise _TooMuch(408, "The request did not arrive in time.") from None
        self.left -= len(message.get("body", b""))
        self.is_whole = not message.get("more_body", False)
        if self.left < 0:
            raise _TooMuch(413, "This request is too large.")
        return message


async def _refuse(send: Send, status: int, words: str) -> None:
    body = words.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
