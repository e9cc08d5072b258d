"""The room inside a grader's box: everything is asked of the conductor on descriptor 3."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Mapping
from typing import Any

from .results import OurFault, Result, SystemGone
from .room import CANDIDATE, Service

_PACKET = 192 * 1024


class BoxRoom:
    """What `Room` says, by one request and answer after the other. Several threads may ask."""

    def __init__(self, fd: int = 3) -> None:
        self._conductor = socket.socket(fileno=fd)
        self._services: dict[str, Service] = {}
        self._lock = threading.Lock()
        self.parameters: Mapping[str, Any] = json.loads(_content(self._asked("parameters", {})) or b"{}")

    def service(self, which: str) -> Service:
        return self._services.setdefault(which, Service(self, which))

    def ask(self, op: str, **words: object) -> dict[str, Any]:
        return self._asked(op, words)[0]

    def _asked(self, op: str, words: Mapping[str, object]) -> tuple[dict[str, Any], list[int]]:
        with self._lock:
            self._conductor.send(json.dumps({"op": op, **words}).encode())
            packet, descriptors, _, _ = socket.recv_fds(self._conductor, _PACKET, 1)
        if not packet:
            raise OurFault("the conductor has gone")
        answer = json.loads(packet)
        if answer.get("gone"):
            raise SystemGone(f"the {words.get('which', 'system')} has ended, and its room with it")
        if "error" in answer:
            raise OurFault(answer["error"])
        return answer, descriptors

    def listen(self, which: str, port: int) -> socket.socket:
        return socket.socket(fileno=self._asked("listen", {"which": which, "port": port})[1][0])

    def connect(self, which: str, port: int, timeout_s: float) -> socket.socket:
        _, descriptors = self._asked("socket", {"which": which})
        made = socket.socket(fileno=descriptors[0])
        made.settimeout(timeout_s)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            made.connect(("127.0.0.1", port))
        except OSError:
            made.close()
            raise
        return made

    def file(self, path: str, cap: int = 1 << 20, *, which: str = CANDIDATE) -> bytes | None:
        return _content(self._asked("file", {"path": path, "cap": cap, "which": which}))

    def data(self, path: str) -> bytes:
        content = _content(self._asked("data", {"path": path, "cap": 64 << 20}))
        if content is None:
            raise OurFault(f"the variant made no {path}")
        return content

    def report(self, result: Result) -> None:
        self.ask("report", result=_words(result))

    def finish(self, results: list[Result]) -> None:
        for result in results:
            self.report(result)
        self.ask("finish")


def _words(result: Result) -> dict[str, Any]:
    """Small enough for one packet, whatever a candidate made the evidence of."""
    return {**result.__dict__, "evidence": [str(line)[:1000] for line in result.evidence[:12]]}


def _content(answered: tuple[dict[str, Any], list[int]]) -> bytes | None:
    answer, descriptors = answered
    if not answer["found"]:
        return None
    with os.fdopen(descriptors[0], "rb") as file:
        file.seek(0)
        return file.read()
