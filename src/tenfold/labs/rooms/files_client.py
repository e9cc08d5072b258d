"""The server's end of a room's file server: questions one after another, changes as they come."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

from tenfold.sandbox.files import HEAD, MAX_FILE_BYTES
from tenfold.sandbox.interface import BoxGone

_MAX_HEAD_BYTES = 1024 * 1024
_ANSWER_S = 30.0


class FilesClient:
    """One connection to the process that serves a workspace's files."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_changes: Callable[[list[str]], None]
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._on_changes = on_changes
        self._waiting: deque[asyncio.Future[tuple[dict[str, Any], bytes]]] = deque()
        self.is_closed = False
        self._task = asyncio.get_running_loop().create_task(self._read())

    @classmethod
    async def open(cls, connection: socket.socket, on_changes: Callable[[list[str]], None]) -> FilesClient:
        connection.setblocking(False)
        reader, writer = await asyncio.open_unix_connection(sock=connection, limit=1 << 20)
        return cls(reader, writer, on_changes)

    async def _read(self) -> None:
        try:
            while True:
                (length,) = HEAD.unpack(await self._reader.readexactly(HEAD.size))
                if length > _MAX_HEAD_BYTES * 4:
                    break
                words = json.loads(await self._reader.readexactly(length))
                size = words.pop("bytes", 0)
                if not 0 <= size <= MAX_FILE_BYTES:
                    break
                body = await self._reader.readexactly(size)
                if "changes" in words:
                    self._on_changes([str(path) for path in words["changes"]])
                elif self._waiting:
                    future = self._waiting.popleft()
                    if not future.done():
                        future.set_result((words, body))
        except (asyncio.IncompleteReadError, OSError, ValueError):
            pass
        finally:
            self.close()

    async def ask(self, request: dict[str, Any], content: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """Raises `BoxGone` where the file server has ended, `TimeoutError` where it does not answer."""
        if self.is_closed:
            raise BoxGone("the file server has ended")
        text = json.dumps({**request, "bytes": len(content)}).encode()
        future: asyncio.Future[tuple[dict[str, Any], bytes]] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._writer.write(HEAD.pack(len(text)) + text + content)
        return await asyncio.wait_for(future, _ANSWER_S)

    def close(self) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        self._writer.close()
        for future in self._waiting:
            if not future.done():
                future.set_exception(BoxGone("the file server has ended"))
        self._waiting.clear()
        if asyncio.current_task() is not self._task:
            self._task.cancel()
