"""Whose address counts behind a proxy, and what the server does with bodies that are too large or never end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
import uvicorn
from typer.testing import CliRunner

from tenfold.web.bounds import WithBounds
from tenfold.web.cli import app as web_commands


def _server_options(monkeypatch: pytest.MonkeyPatch, **settings: str) -> dict[str, Any]:
    """How `tenfold web run` starts uvicorn."""
    given: dict[str, Any] = {}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tenfold.web.cli._bring_up_to_date", lambda: None)
    monkeypatch.setattr(uvicorn, "run", lambda _app, **options: given.update(options))
    done = CliRunner().invoke(web_commands, ["run", "--quiet"])
    assert done.exit_code == 0, done.output
    return given


def _address_seen(options: dict[str, Any], forwarded: str) -> str:
    """The address of the client as an application sees it that uvicorn serves with these options."""
    seen: list[Any] = []

    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        seen.append(scope["client"])

    config = uvicorn.Config(application, **options)
    config.load()
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope = {"type": "http", "client": ("127.0.0.1", 5000), "headers": headers, "scheme": "http", "path": "/"}
    asyncio.run(config.loaded_app(scope, None, None))
    return str(seen[0][0])


def test_behind_a_proxy_the_client_s_address_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    options = _server_options(monkeypatch, TENFOLD_BEHIND_PROXY="1")
    assert _address_seen(options, "203.0.113.9") == "203.0.113.9"
    assert _address_seen(options, "198.51.100.7, 203.0.113.9") == "203.0.113.9"  # the first is the client's own word
    assert _address_seen(options, "") == "127.0.0.1"


def test_without_a_proxy_the_header_is_no_more_than_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TENFOLD_BEHIND_PROXY", raising=False)
    assert _address_seen(_server_options(monkeypatch), "203.0.113.9") == "127.0.0.1"


def _asked(pieces: list[bytes], *, length: int | None = None, pause_s: float = 0.0) -> tuple[int, int]:
    """The status, and how many pieces were received, by an application that takes at most 1,000 bytes in 0.2 s."""
    sent: list[Mapping[str, Any]] = []
    left = list(pieces)

    async def application(_scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause_s)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    bounded = WithBounds(application, most_bytes=1_000, most_seconds=0.2)
    asyncio.run(bounded({"type": "http", "headers": headers, "path": "/"}, receive, send))
    return int(sent[0]["status"]), len(pieces) - len(left)


@pytest.mark.parametrize(
    ("pieces", "length", "pause_s", "expected"),
    [
        ([b"x" * 1_000], 1_000, 0.0, (200, 1)),
        ([b"x" * 500] * 2, None, 0.0, (200, 2)),
        ([b"x"], 10**12, 0.0, (413, 0)),  # said, and not read at all
        ([b"x" * 400] * 50, None, 0.0, (413, 3)),  # in pieces without a length
        ([b"x"] * 50, None, 0.05, (408, 4)),  # dripped
        ([b"x"], -1, 0.0, (200, 1)),
    ],
)
def test_bodies_are_bounded_in_size_and_in_time(
    pieces: list[bytes], length: int | None, pause_s: float, expected: tuple[int, int]
) -> None:
    status, received = _asked(pieces, length=length, pause_s=pause_s)
    assert status == expected[0]
    assert received <= expected[1]
