"""A room without boxes for tests of the grader's kit: services are servers of this process, reached for real."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tenfold.labs.tenfold_grader.results import Result, SystemGone
from tenfold.labs.tenfold_grader.room import Service

Serve = Callable[[socket.socket], None]


class PlainRoom:
    """`ports`: where each system listens; one that is missing has gone."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        self.ports = dict(ports)
        self.parameters: Mapping[str, Any] = {}
        self.reported: list[Result] = []
        self._services: dict[str, Service] = {}

    def service(self, which: str) -> Service:
        return self._services.setdefault(which, Service(self, which))

    def ask(self, op: str, **words: object) -> dict[str, Any]:
        return {"running": True} if op == "running" else {"text": ""} if op == "said" else {}

    def listen(self, which: str, port: int) -> socket.socket:
        raise NotImplementedError

    def connect(self, which: str, port: int, timeout_s: float) -> socket.socket:
        if which not in self.ports:
            raise SystemGone(f"the {which} has ended")
        return socket.create_connection(("127.0.0.1", self.ports[which]), timeout_s)

    def file(self, path: str, cap: int = 1 << 20, *, which: str = "candidate") -> bytes | None:
        return None

    def data(self, path: str) -> bytes:
        return b""

    def report(self, result: Result) -> None:
        self.reported.append(result)

    def finish(self, results: list[Result]) -> None:
        self.reported += results


@contextlib.contextmanager
def serving(serve: Serve) -> Iterator[int]:
    """The port of a server that hands each connection to `serve` in a thread of its own."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                serve(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def saying(*parts: bytes) -> Serve:
    """Reads one request and says these bytes, then closes."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        for part in parts:
            connection.sendall(part)

    return serve
