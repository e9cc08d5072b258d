"""Systems that break whoever asks: each loses its own criteria in time, and is never our fault."""

from __future__ import annotations

import ast
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenfold.labs import hostile, lab_reader
from tenfold.labs.attacks import Files
from tenfold.labs.lab import Lab
from tenfold.labs.tenfold_grader.answers import parse_prometheus, same
from tenfold.labs.tenfold_grader.results import Result, lost, met
from tenfold.labs.tenfold_grader.room import CANDIDATE, REFERENCE
from tenfold.labs.tenfold_grader.runner import Check, run_checks
from tests.labs import toy
from tests.labs.kit.rooms import PlainRoom, saying, serving

HARMLESS_HERE = [one for one in hostile.SERVED if one.name not in {"eats-memory", "kills-everything"}]
HEALTHY = saying(b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{"a":1}')


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return lab_reader.read(toy.write(tmp_path))


def planted(one: hostile.Hostile, lab: Lab) -> Files:
    files = Files({"service.py": b""})
    one.plant(files, lab)
    return files


def test_every_hostile_service_is_python(lab: Lab) -> None:
    for one in hostile.SERVED:
        ast.parse(planted(one, lab).held["service.py"])


def test_a_lab_without_a_service_is_still_sent_files(lab: Lab) -> None:
    assert {one.name for one in hostile.replies(lab)} == {one.name for one in (*hostile.SERVED, hostile.FILED[-1])}


@contextlib.contextmanager
def hostile_service(one: hostile.Hostile, lab: Lab) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    source = (
        planted(one, lab).held["service.py"].decode().replace("PORT, READY, HOW = 8000", f"PORT, READY, HOW = {port}")
    )
    process = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        process.kill()
        process.wait()


def _await(port: int) -> None:
    for _ in range(400):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("the hostile service does not come up")


@pytest.mark.parametrize("one", HARMLESS_HERE, ids=lambda one: one.name)
def test_a_hostile_service_loses_in_time_and_is_never_our_fault(one: hostile.Hostile, lab: Lab) -> None:
    with hostile_service(one, lab) as bad, serving(HEALTHY) as good:
        room = PlainRoom({CANDIDATE: bad, REFERENCE: good})

        def answers(which: str) -> list[Result]:
            with contextlib.closing(room.service(which).http(80, timeout_s=1)) as http:
                said = http.get("/number").json()
            return [met("answers") if same(said, {"a": 1}) else lost("answers", "another answer")]

        def metrics(which: str) -> list[Result]:
            with contextlib.closing(room.service(which).http(80, timeout_s=1)) as http:
                body = http.get("/number").body
            if which == REFERENCE:
                return [met("metrics")]
            return [met("metrics") if "monitor_alert" in parse_prometheus(body) else lost("metrics", "no such metric")]

        began = time.monotonic()
        results = run_checks(room, [Check(("answers",), answers), Check(("metrics",), metrics)], patience_s=2)
        assert [(result.criterion, result.share) for result in results] == [("answers", 0.0), ("metrics", 0.0)]
        assert time.monotonic() - began < 20
        assert not any("\x1b" in line for result in results for line in result.evidence)
