"""Sockets before Django is asked: those that an app names, and no others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tenfold.web.assets import Application, Receive, Scope, Send

Socket = Callable[[Any, Receive, Send], Awaitable[None]]


class WithSockets:
    """An application with sockets at fixed addresses; a socket at any other is refused with 403 at its handshake."""

    def __init__(self, application: Application, sockets: Mapping[str, Socket]) -> None:
        self.application, self.sockets = application, sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.application(scope, receive, send)
            return
        serve = self.sockets.get(scope["path"])
        if serve is not None:
            await serve(scope, receive, send)
        elif (await receive())["type"] == "websocket.connect":
            await send({"type": "websocket.close", "code": 4404})
