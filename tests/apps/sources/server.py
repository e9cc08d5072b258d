"""A server on this machine that answers as other systems do, page by page, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], Any]


@dataclass
class OtherSystem:
    """Addresses (path and query) to answers; `asked` are the addresses in order, `tokens` what came with them."""

    base: str = ""
    answers: dict[str, Answer | Callable[[], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)

    def pages(self, path: str, bodies: list[Any]) -> str:
        """Bodies as numbered pages with Link headers; the address of the first."""
        for number, body in enumerate(bodies, start=1):
            link = f'<{self.base}{path}?page={number + 1}>; rel="next"' if number < len(bodies) else ""
            self.answers[f"{path}?page={number}"] = (200, {"Link": link} if link else {}, body)
        return f"{self.base}{path}?page=1"


@contextmanager
def other_system() -> Iterator[OtherSystem]:
    system = OtherSystem()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            system.asked.append(self.path)
            system.tokens.append(self.headers.get("Authorization"))
            answer = system.answers.get(self.path, (404, {}, {"message": "Not Found"}))
            status, headers, body = answer() if callable(answer) else answer
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            """Keeps quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    system.base = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()
