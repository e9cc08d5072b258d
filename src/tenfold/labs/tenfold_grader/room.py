"""The grader's only way to the systems under test: to start, stop and reach them, and read what was handed in."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .answers import printable
from .clients import Http, Patience, Ran, Reply
from .results import OurFault, Result

CANDIDATE, REFERENCE = "candidate", "reference"

__all__ = ["CANDIDATE", "REFERENCE", "Http", "Patience", "Ran", "Reply", "Room", "Service"]


@dataclass
class Service:
    """The candidate's or the reference system, in a place of its own.

    `patience`: how long it may keep the grading waiting in all; `run_checks` sets the candidate's.
    """

    room: Room
    which: str
    env: dict[str, str] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    ready_after_s: float | None = None

    def start(self, **env: str) -> None:
        self.env |= env
        self.room.ask("start", which=self.which, env=self.env)

    def stop(self, timeout_s: float = 8) -> int | None:
        """Asks it to end (SIGTERM). Its exit status, or None when it had to be killed."""
        answer = self.room.ask("stop", which=self.which, timeout_s=timeout_s)
        return None if answer["status"] is None else int(answer["status"])

    def signal(self, name: str) -> None:
        """Sends a signal (TERM, HUP, KILL …) to the service and returns at once."""
        self.room.ask("signal", which=self.which, name=name)

    def running(self) -> bool:
        return bool(self.room.ask("running", which=self.which)["running"])

    def exec(self, argv: Sequence[str], *, timeout_s: float = 30, stdin: bytes = b"") -> Ran:
        """Runs a command in its box, as the candidate's user: what it prints is the candidate's word, not a fact.

        `TimeoutError` after `timeout_s` (and the command is killed). Output is cut at 64 KiB each.
        """
        allowed_s = self.patience.allowed(timeout_s)
        with self.patience.waiting():
            words = self.room.ask("exec", which=self.which, argv=list(argv), timeout_s=allowed_s, stdin=stdin.decode())
        if words.get("timed_out"):
            raise TimeoutError(f"{argv[0]} took more than {allowed_s:.0f} s")
        return Ran.of(words)

    def read(self, path: str) -> bytes | None:
        """A file as it is in the running box now, 64 KiB at most; None where there is none."""
        done = self.exec(["/bin/cat", "--", path], timeout_s=10)
        return done.stdout if done.returncode == 0 and not done.is_truncated else None

    def cpu_s(self) -> float | None:
        return _float(self.room.ask("usage", which=self.which)["cpu_s"])

    def memory_mb(self) -> float | None:
        value = _float(self.room.ask("usage", which=self.which)["memory_bytes"])
        return None if value is None else value / 1e6

    def said(self) -> str:
        """The last lines that it printed, fit to be shown: no escape codes."""
        return printable(str(self.room.ask("said", which=self.which)["text"]), 4000)

    def connect(self, port: int, timeout_s: float = 5) -> socket.socket:
        return self.room.connect(self.which, port, timeout_s)

    def http(self, port: int, timeout_s: float = 10) -> Http:
        return Http(self, port, timeout_s)

    def wait_ready(self, port: int, path: str, limit_s: float | None = None) -> bool:
        """Waits until the path answers 200; False when the service ended or does not within `limit_s`.

        By default that is a minute, or twenty times what the reference took here and now, if that is longer.
        """
        began = time.monotonic()
        until = began + (self._ready_limit_s() if limit_s is None else limit_s)
        http_ = self.http(port, timeout_s=5)
        try:
            while time.monotonic() < until:
                try:
                    if http_.get(path).status == 200:
                        self.ready_after_s = time.monotonic() - began
                        return True
                except (ConnectionError, TimeoutError):
                    if not self.running():
                        return False
                time.sleep(0.05)
            return False
        finally:
            http_.close()

    def _ready_limit_s(self) -> float:
        reference = self.room.service(REFERENCE).ready_after_s or 0.0
        return max(60.0, 20 * reference)

    def must_be_ready(self, port: int, path: str, limit_s: float = 60) -> None:
        """For the reference: raises `OurFault` when it does not come up."""
        if not self.wait_ready(port, path, limit_s):
            raise OurFault(f"the {self.which} does not come up: {self.said()[-500:]}")


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


class Room(Protocol):
    """What a grader works in."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What `lab/variant.py` chose."""

    def service(self, which: str) -> Service:
        """The candidate's or the reference's system: the same object for the same name."""

    def listen(self, which: str, port: int) -> socket.socket:
        """A listening socket on that system's own loopback: what the grader serves there, it sees being called."""

    def connect(self, which: str, port: int, timeout_s: float) -> socket.socket: ...

    def file(self, path: str, cap: int = 1 << 20, *, which: str = CANDIDATE) -> bytes | None:
        """A regular file that was handed in, None where there is none (or a link, or a larger one)."""

    def data(self, path: str) -> bytes:
        """A file that the variant made for the grader alone. Raises `OurFault` where it is missing."""

    def ask(self, op: str, **words: object) -> dict[str, Any]: ...

    def report(self, result: Result) -> None:
        """Hands a result over as soon as it is known: it stands whatever happens to the grading afterwards."""

    def finish(self, results: list[Result]) -> None: ...
