"""Keeps the server and its worker running side by side: what ends by itself is started again, and both end together."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import FrameType

MAX_PAUSE_S = 30.0
STEADY_S = 60.0
GRACE_S = 10.0
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""No proxy is asked for what is on this machine."""


class Child:
    """One command of ours, started again with growing pauses where it keeps ending."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments
        self.pause_s = 1.0
        self.started_at = 0.0
        self.due_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def tend(self) -> None:
        now = time.monotonic()
        if self.process is None and now >= self.due_at:
            self.process = subprocess.Popen([sys.executable, "-m", "tenfold", *self.arguments])
            self.started_at = now
        elif self.process is not None and self.process.poll() is not None:
            self.pause_s = 1.0 if now - self.started_at > STEADY_S else min(self.pause_s * 2, MAX_PAUSE_S)
            self.due_at, self.process = now + self.pause_s, None

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def keep_running(*commands: tuple[str, ...], address: str, greet: Callable[[], None]) -> None:
    """Runs until it is told to stop (Ctrl-C or a termination signal); greets once the server at `address` answers."""
    children = [Child(*command) for command in commands]
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, stop)
    greeted = False
    while not stopping:
        for child in children:
            child.tend()
        if not greeted and is_serving(f"{address}/healthz"):
            greet()
            greeted = True
        time.sleep(0.2)
    for child in children:
        child.end()
    for child in children:
        child.wait()


def is_serving(address: str) -> bool:
    """Whether our own server is up, and well."""
    try:
        with _DIRECTLY.open(address, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False
