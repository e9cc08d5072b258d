"""Serves the bundled files before Django is asked: no thread, no session, no database for a style sheet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import closing
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

AN_HOUR_S = 3_600
HASHED = r"^.+-[A-Z0-9]{8}\.[a-z0-9]+$"
"""Names that hold their content's hash, as the bundler writes them: kept by browsers for good."""


class WithAssets:
    """An application behind its files. They are found once, at the start; each is small and read whole."""

    def __init__(self, application: Application, folder: Path) -> None:
        self.application = application
        self.files = WhiteNoise(
            None,
            root=str(folder),
            prefix="static/",
            max_age=AN_HOUR_S,
            allow_all_origins=False,
            add_headers_function=_forbid_sniffing,
            immutable_file_test=HASHED,
        ).files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self.files.get(scope.get("path", "")) if scope["type"] == "http" else None
        if found is None:
            await self.application(scope, receive, send)
            return
        asked = {_as_wsgi(name): value.decode("latin-1") for name, value in scope["headers"]}
        answer = found.get_response(scope["method"], asked)
        body = b""
        if answer.file is not None:
            with closing(answer.file) as file:
                body = file.read()
        headers = [(name.lower().encode(), str(value).encode()) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _forbid_sniffing(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def _as_wsgi(name: bytes) -> str:
    return "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
