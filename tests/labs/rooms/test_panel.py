"""Services asked and commands run: bounded, plain, and recorded."""

from __future__ import annotations

import asyncio
import time

import pytest

from tenfold.kit.errors import UserError
from tenfold.labs import rooms
from tenfold.labs.rooms import transcript
from tenfold.labs.rooms.panel import MAX_OUTPUT_BYTES, MAX_REPLY_BYTES, plain_text
from tenfold.labs.sessions import Session
from tests.sandboxes import needs_bwrap, needs_root

pytestmark = [needs_bwrap, needs_root]
ODD_SERVER = """
import socket, sys, time
kind, port = sys.argv[1], int(sys.argv[2])
listener = socket.socket()
listener.bind(('127.0.0.1', port))
listener.listen(5)
while True:
    peer, _ = listener.accept()
    peer.recv(65536)
    try:
        if kind == 'endless':
            peer.sendall(b'HTTP/1.1 200 OK\\r\\n\\r\\n')
            while True:
                peer.sendall(b'x' * 65536)
        if kind == 'garbage':
            peer.sendall(b'\\x00\\xffnot http\\r\\n\\r\\n')
        if kind == 'drip':
            peer.sendall(b'HTTP/1.1 200 OK\\r\\n')
            while True:
                peer.sendall(b'a')
                time.sleep(0.2)
    except OSError:
        pass
    peer.close()
"""


def test_services_are_asked_and_shown_as_they_answer(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        assert [(one.port, one.is_running) for one in await rooms.services(session)] == [(8000, False)]
        refused = await rooms.request(session, "", "GET", "/21")
        assert (refused.status, "nothing listens" in refused.problem) == (0, True)
        await rooms.run_command(session, "python3 service.py > /dev/null 2>&1 &")
        await _until_running(session, 8000)
        reply = await rooms.request(session, "service.py", "GET", "/21", headers=[("Accept", "application/json")])
        assert (reply.status, reply.body[-5:], reply.problem) == (200, b": 21}", "")
        await rooms.files(session).write("odd.py", ODD_SERVER.encode(), version="")
        for port, kind in enumerate(("endless", "garbage", "drip"), 9001):
            await rooms.run_command(session, f"python3 odd.py {kind} {port} > /dev/null 2>&1 &")
            await _until_running(session, port)
        endless = await rooms.request(session, "9001", "GET", "/")
        assert (len(endless.body), endless.is_truncated) == (MAX_REPLY_BYTES, True)
        assert "no HTTP" in (await rooms.request(session, "9002", "GET", "/")).problem
        began = time.monotonic()
        assert "no whole answer" in (await rooms.request(session, "9003", "GET", "/")).problem
        assert time.monotonic() - began < 40

    asyncio.run(work())


async def _until_running(session: Session, port: int) -> None:
    async with asyncio.timeout(30):
        while not any(one.port == port and one.is_running for one in await rooms.services(session)):
            await asyncio.sleep(0.1)


def test_a_request_smuggles_nothing(session: Session) -> None:
    async def work() -> None:
        for headers in ([("X\r\nY", "z")], [("X", "a\r\nHost: b")], [("Content-Length", "5")], [("Host", "evil")]):
            with pytest.raises(UserError):
                await rooms.request(session, "8000", "GET", "/", headers=headers)
        for path in ("/ HTTP/1.1\r\nX: y", "nowhere", "http://example.org/", "/\x00"):
            with pytest.raises(rooms.RoomError, match="bad-request"):
                await rooms.request(session, "8000", "GET", path)
        for service in ("0", "65536", "evil", "-1"):
            with pytest.raises(UserError):
                await rooms.request(session, service, "GET", "/")

    asyncio.run(work())


def test_commands_are_plain_bounded_and_recorded(session: Session) -> None:
    async def work() -> None:
        first = await rooms.run_command(
            session, "cd /tmp && printf '\\033[31mred\\033[0m \\033]0;t\\007gr\\303\\274\\377\\n'"
        )
        assert (first.status, first.output, first.folder) == (0, "red grü\ufffd\n", "/tmp")  # noqa: S108  the room's own
        assert (await rooms.run_command(session, "pwd; false")).status == 1
        much = await rooms.run_command(session, "yes | head -c 1000000")
        assert (len(much.output), much.is_truncated) == (MAX_OUTPUT_BYTES, True)
        began = time.monotonic()
        assert (await rooms.run_command(session, "sleep 60", timeout_s=1)).status is None
        assert (await rooms.run_command(session, "sleep 60 & echo started")).output == "started\n"
        assert time.monotonic() - began < 30

    asyncio.run(work())
    shown = transcript(session, "commands")
    assert b"candidate $ pwd; false\r\n/tmp\r\n" in shown
    assert [one.data["status"] for one in session.events() if one.kind == "command"][:2] == [0, 1]


def test_plain_text_is_plain() -> None:
    said = b"a\x1b[31mb\x1b(0c\x1b]52;c;x\x07d\x1bMe\x08\tf\r\ng\rh"
    assert plain_text(said) == b"abcde\tf\ng\nh"
