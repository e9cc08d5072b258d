"""What a newcomer does first: starts the demonstration, opens its link, ends it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 120


@contextmanager
def started(home: Path, *arguments: str, ends_by: signal.Signals) -> Iterator[subprocess.Popen[str]]:
    """The demonstration as a person starts it, ended by one signal."""
    ours = ("DJANGO_SETTINGS_MODULE", "TENFOLD_SECRET_KEY", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"TENFOLD_HOME": str(home), "TENFOLD_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "tenfold", "web", "demo", "--port", "8460", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as demo:
        try:
            yield demo
        finally:
            demo.send_signal(ends_by)
            assert demo.wait(PATIENCE_S) == 0


def link_of(demo: subprocess.Popen[str]) -> str:
    """The address that it prints, which is there at once."""
    assert demo.stdout is not None
    for line in demo.stdout:
        if found := re.search(r"http://\S+", line):
            return found[0]
    pytest.fail(f"the demonstration ended with {demo.wait()} and printed no link")


def page(address: str) -> str:
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
    )
    with opener.open(address, timeout=PATIENCE_S) as answer:
        return str(answer.read().decode())


def children_of(pid: int) -> set[int]:
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return {int(one) for one in told.stdout.split()}


def test_the_link_shows_the_example_what_dies_is_started_again_and_one_signal_ends_all(tmp_path: Path) -> None:
    with started(tmp_path, ends_by=signal.SIGINT) as demo:
        assert "Example data." in page(link_of(demo))
        server, worker = sorted(children_of(demo.pid))
        os.kill(worker, signal.SIGKILL)
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and len(children_of(demo.pid) - {worker}) < 2:
            time.sleep(0.2)
        after = children_of(demo.pid)
        assert (server in after, worker in after, len(after)) == (True, False, 2)
    assert not any(Path(f"/proc/{pid}").exists() for pid in after)


def test_it_starts_empty_on_request(tmp_path: Path) -> None:
    with started(tmp_path, "--empty", ends_by=signal.SIGTERM) as demo:
        assert "Create account" in page(link_of(demo))
