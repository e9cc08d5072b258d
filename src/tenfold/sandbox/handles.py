"""What both backends' boxes share: running a program to its end, connecting and listening."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import tempfile
import time
from collections.abc import Mapping, Sequence

from tenfold.sandbox.interface import Box, ExecResult, Process


def run_to_end(
    box: Box,
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None,
    stdin: bytes,
    timeout_s: float,
    max_output_bytes: int,
) -> ExecResult:
    """Runs a program, keeping `max_output_bytes` of each output at most and reading on, so that it never blocks."""
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    streams: dict[int, bytearray] = {out_read: bytearray(), err_read: bytearray()}
    with tempfile.TemporaryFile() as source:
        source.write(stdin)
        source.seek(0)
        try:
            process = box.start(argv, env=env, stdin=source.fileno(), stdout=out_write, stderr=err_write)
        except BaseException:
            close_quietly(out_read, err_read)
            raise
        finally:
            os.close(out_write)
            os.close(err_write)
    try:
        is_truncated = _drain(streams, time.monotonic() + timeout_s, max_output_bytes)
        status = process.wait(timeout_s=5)
    except TimeoutError:
        process.kill()
        raise TimeoutError(f"{argv[0]} took more than {timeout_s:g} s") from None
    finally:
        for fd in (out_read, err_read):
            os.close(fd)
    return ExecResult(status, bytes(streams[out_read]), bytes(streams[err_read]), is_truncated)


def _drain(streams: dict[int, bytearray], until: float, max_output_bytes: int) -> bool:
    """Reads all streams to their ends. A daemon that keeps one open runs into the limit, as it should."""
    is_truncated, is_open = False, set(streams)
    while is_open:
        ready, _, _ = select.select(list(is_open), [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError
        for fd in ready:
            block = os.read(fd, 65536)
            if not block:
                is_open.discard(fd)
            room = max_output_bytes - len(streams[fd])
            streams[fd] += block[:room]
            is_truncated = is_truncated or len(block) > room
    return is_truncated


def connect(made: socket.socket, port: int, timeout_s: float) -> socket.socket:
    """Connects a socket of the box's network to the box's own loopback."""
    try:
        made.settimeout(timeout_s)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.connect(("127.0.0.1", port))
    except OSError:
        made.close()
        raise
    return made


def listen(made: socket.socket, port: int) -> socket.socket:
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made


def close_quietly(*descriptors: int) -> None:
    for fd in descriptors:
        with contextlib.suppress(OSError):
            os.close(fd)


def end(process: Process, timeout_s: float) -> bool:
    try:
        process.wait(timeout_s)
    except TimeoutError:
        return False
    return True
