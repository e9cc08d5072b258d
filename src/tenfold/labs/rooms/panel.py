"""A room's services asked over HTTP, and commands run for plain text: what comes back is shown, never run."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
import os
import re
import socket
import time
from typing import Any

from tenfold.kit.errors import UserError
from tenfold.labs.rooms import messages
from tenfold.labs.rooms.raw_log import RawLog
from tenfold.labs.rooms.room import Room
from tenfold.labs.rooms.sanitise import sanitise
from tenfold.labs.sessions import utc_now
from tenfold.sandbox import handles
from tenfold.sandbox.interface import Box, Process

MAX_REPLY_BYTES = 256 * 1024
MAX_OUTPUT_BYTES = 64 * 1024
REQUEST_S = 20.0
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_LISTENING = "0A"
Answer = tuple[dict[str, Any], bytes | None]
_SEQUENCES = re.compile(rb"\x1b\[[^@-~]*[@-~]|\x1b[()*+#].|\x1b.|[\x00-\x08\x0b-\x1f]")
_WRAPPER = 'cd -- "$1" 2>/dev/null || cd /workspace; eval "$2"; status=$?; pwd >&3; exit "$status"'


async def answer(room: Room, request: messages.Services | messages.Ask | messages.Command, blob: bytes) -> Answer:
    box = await room.open()
    match request:
        case messages.Services():
            return {"services": await asyncio.to_thread(services, box, *_declared_service(room))}, None
        case messages.Ask():
            return await asyncio.to_thread(_ask, box, await _port_of(room, request.service), request, blob)
        case messages.Command():
            return await _run(room, box, request)


def _declared_service(room: Room) -> tuple[int, str]:
    service = room.session.lab.service
    return (service.port, service.entry or "service") if service else (0, "")


async def _port_of(room: Room, name: str) -> int:
    """A port by number, or the lab's own service by its name. Raises `UserError`."""
    if name.isdecimal() and 1 <= int(name) <= 65535:
        return int(name)
    port, known = await asyncio.to_thread(_declared_service, room)
    if not port or name not in {"", "service", known}:
        raise UserError(f"there is no service {name[:80]}", remedy="name a port")
    return port


def services(box: Box, declared: int, name: str) -> list[dict[str, Any]]:
    """What listens in the room, by port; the lab's own service always, running or not."""
    done = box.exec(["/bin/cat", "/proc/net/tcp", "/proc/net/tcp6"], timeout_s=10, max_output_bytes=MAX_OUTPUT_BYTES)
    rows = [line.split() for line in done.stdout.decode("ascii", "replace").splitlines()]
    ports = {int(row[1].rpartition(":")[2], 16) for row in rows if len(row) > 3 and row[3] == _LISTENING}
    listed = sorted(ports | ({declared} if declared else set()))
    return [
        {"port": port, "name": name if port == declared else str(port), "is_running": port in ports,
         "is_declared": port == declared}
        for port in listed
    ]  # fmt: skip


def _ask(box: Box, port: int, request: messages.Ask, body: bytes) -> tuple[dict[str, Any], bytes | None]:
    """One HTTP exchange within one deadline; a reply that is too long is cut, and said to be."""
    if len(body) > messages.MAX_BODY_BYTES:
        raise UserError(f"a request holds {messages.MAX_BODY_BYTES:,} bytes at most")
    headers = _clean_headers(request.headers)
    until = time.monotonic() + REQUEST_S
    began = time.monotonic()
    try:
        with box.connect(port, timeout_s=5) as connection:
            status, reason, found, content, is_cut = _exchange(connection, request, headers, body, until)
    except ConnectionRefusedError:
        return {"error": "refused", "what": f"nothing listens on port {port}"}, None
    except TimeoutError:
        return {"error": "slow", "what": f"no whole answer within {REQUEST_S:.0f} s"}, None
    except (http.client.HTTPException, OSError, ValueError) as error:
        return {"error": "broken", "what": f"the answer is no HTTP: {type(error).__name__}"}, None
    words = {
        "status": status,
        "reason": reason,
        "headers": found,
        "is_truncated": is_cut,
        "seconds": round(time.monotonic() - began, 4),
    }
    return words, content


def _clean_headers(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name) or not value.isprintable() or len(value) > 4096:
            raise UserError(f"this is no HTTP header: {name[:40]!r}")
        if name.lower() in {"content-length", "transfer-encoding", "connection", "host"}:
            raise UserError(f"the header {name} is set by itself", remedy="leave it out")
    return headers


def _exchange(
    connection: socket.socket, request: messages.Ask, headers: list[tuple[str, str]], body: bytes, until: float
) -> tuple[int, str, list[tuple[str, str]], bytes, bool]:
    lines = [f"{request.method} {request.path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body or request.method in {"POST", "PUT", "PATCH"}:
        lines.append(f"Content-Length: {len(body)}")
    connection.settimeout(max(0.01, until - time.monotonic()))
    connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
    reply = http.client.HTTPResponse(_Deadline(connection, until), method=request.method)  # type: ignore[arg-type]  # only makefile is used
    reply.begin()
    content = b""
    while len(content) <= MAX_REPLY_BYTES and (block := reply.read(min(65536, MAX_REPLY_BYTES + 1 - len(content)))):
        content += block
    is_cut = len(content) > MAX_REPLY_BYTES
    found = [(name[:200], value[:2000]) for name, value in reply.getheaders()[:100]]
    return reply.status, reply.reason[:200], found, content[:MAX_REPLY_BYTES], is_cut


class _Deadline:
    """A socket whose reads all end at one moment, however slowly the other side drips."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection, self._until = connection, until

    def makefile(self, _mode: str) -> Any:
        return io.BufferedReader(_DeadlineReader(self._connection, self._until))


class _DeadlineReader(io.RawIOBase):
    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection, self._until = connection, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


# commands


async def _run(room: Room, box: Box, request: messages.Command) -> tuple[dict[str, Any], bytes | None]:
    """Runs one line and gives its output as plain text. The folder that it ends in is the next one's."""
    async with room.commands:  # one at a time, as at a terminal
        words, output = await asyncio.to_thread(
            _run_line, box, room.folder_of_commands, request.line, request.timeout_s
        )
        room.folder_of_commands = words.pop("folder") or room.folder_of_commands
        await asyncio.to_thread(_record, room, request, words, output)
    return {**words, "folder": room.folder_of_commands}, output


def _run_line(box: Box, folder: str, line: str, timeout_s: float) -> tuple[dict[str, Any], bytes]:
    argv = ["/bin/bash", "-c", f"exec 3>&2 2>&1; {_WRAPPER}", "room", folder, line]
    out_read, out_write = os.pipe()
    said_read, said_write = os.pipe()
    try:
        process = box.start(argv, stdout=out_write, stderr=said_write, env={"TERM": "dumb"})
    except BaseException:
        handles.close_quietly(out_read, said_read)
        raise
    finally:
        handles.close_quietly(out_write, said_write)
    try:
        status, output, is_cut = _collect(process, out_read, time.monotonic() + timeout_s)
        os.set_blocking(said_read, False)
        said = _read_now(said_read).decode("utf-8", "replace").strip().splitlines()
    finally:
        handles.close_quietly(out_read, said_read)
    ends_in = said[-1] if said and said[-1].startswith("/") and len(said[-1]) < 1000 else ""
    words = {"status": status, "is_truncated": is_cut, "timed_out": status is None, "folder": ends_in}
    return words, plain_text(output)


def _collect(process: Process, fd: int, until: float) -> tuple[int | None, bytes, bool]:
    """Output until the command's own end; what it leaves running in the background keeps nobody waiting."""
    output, is_cut, status = bytearray(), False, None
    os.set_blocking(fd, False)
    while status is None and time.monotonic() < until:
        with contextlib.suppress(TimeoutError):
            status = process.wait(0.02)
        block = _read_now(fd)
        is_cut = is_cut or len(output) + len(block) > MAX_OUTPUT_BYTES
        output += block[: MAX_OUTPUT_BYTES - len(output)]
    if status is None:
        process.kill()
    return status, bytes(output), is_cut


def _read_now(fd: int) -> bytes:
    parts = []
    try:
        while block := os.read(fd, 65536):
            parts.append(block)
            if len(parts) > 64:
                break
    except BlockingIOError:
        pass
    return b"".join(parts)


def plain_text(output: bytes) -> bytes:
    """UTF-8 without any escape or control but tabs and line ends: what a screen reader reads once."""
    return _SEQUENCES.sub(b"", sanitise(output.replace(b"\r\n", b"\n").replace(b"\r", b"\n")))


def _record(room: Room, request: messages.Command, words: dict[str, Any], output: bytes) -> None:
    """Into a recording of its own, as a terminal would have shown it, so that a replay shows it too."""
    path = room.session.folder / "recordings" / "commands.raw"
    exists = path.with_suffix(".json").exists()
    title = f"{room.session.id} commands"
    log = RawLog.reopen(path) if exists else RawLog.create(path, cols=100, rows=40, title=title)
    shown = f"{request.who} $ {request.line}\n".encode() + output
    log.append(shown.replace(b"\n", b"\r\n"))
    log.close()
    note = {"by": request.who, "line": request.line[:500], "status": words["status"]}
    room.session.note("command", utc_now(), **note)
