"""A system under test in its box: started, stopped, asked, with the tail of what it prints."""

from __future__ import annotations

import base64
import contextlib
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenfold.labs.lab import Lab
from tenfold.sandbox.handles import close_quietly
from tenfold.sandbox.interface import Box, BoxGone, Process

_TAIL = 16 * 1024
_EXEC_OUTPUT = 64 * 1024
_LONGEST_EXEC_S = 300.0
_SERVICE = ("/bin/sh", "-c", 'echo $$ > /run/service.pid; exec "$@"', "sh")
_SIGNALS = frozenset({"TERM", "INT", "HUP", "KILL", "USR1", "USR2", "STOP", "CONT"})


@dataclass
class System:
    """One system under test in its box, with the tail of what it prints."""

    box: Box
    lab: Lab
    process: Process | None = None
    said: bytearray = field(default_factory=bytearray)
    _pumps: list[threading.Thread] = field(default_factory=list)

    def start(self, env: Mapping[str, str]) -> None:
        if self.lab.service is None:
            raise ValueError(f"{self.lab.slug} has no service to start")
        read, write = os.pipe()
        try:
            self.process = self.box.start([*_SERVICE, *self.lab.service.start], env=env, stdout=write, stderr=write)
        except BoxGone:
            self.process = None
            os.close(read)
            return
        finally:
            os.close(write)
        pump = threading.Thread(target=self._pump, args=(read,), daemon=True)
        pump.start()
        self._pumps.append(pump)

    def _pump(self, read: int) -> None:
        """Reads all that is printed and keeps its end, so that neither a full pipe nor a flood does harm."""
        with contextlib.suppress(OSError):
            while block := os.read(read, 65536):
                self.said += block
                del self.said[:-_TAIL]
        close_quietly(read)

    def is_running(self) -> bool:
        if self.process is None:
            return False
        try:
            self.process.wait(0)
        except TimeoutError:
            return True
        except BoxGone:
            pass
        return False

    def stop(self, timeout_s: float) -> int | None:
        """Its exit status; None where it had to be killed."""
        if self.process is None:
            return None
        try:
            self.signal("TERM")
            return self.process.wait(min(timeout_s, 60))
        except (TimeoutError, BoxGone):
            self.process.kill()
            with contextlib.suppress(TimeoutError, BoxGone):
                self.box.exec(["/bin/sh", "-c", "kill -KILL -1"], timeout_s=5)
            return None

    def signal(self, name: str) -> None:
        """Raises `ValueError` for a signal that no grader needs."""
        if name not in _SIGNALS:
            raise ValueError(f"no signal to send: {name!r}")
        self.box.exec(["/bin/sh", "-c", f"kill -{name} $(cat /run/service.pid)"], timeout_s=5)

    def exec(self, argv: Sequence[str], timeout_s: float, stdin: bytes) -> dict[str, Any]:
        try:
            done = self.box.exec(
                argv, timeout_s=min(timeout_s, _LONGEST_EXEC_S), stdin=stdin, max_output_bytes=_EXEC_OUTPUT
            )
        except TimeoutError:
            return {"timed_out": True}
        out, err = (base64.b64encode(text).decode() for text in (done.stdout, done.stderr))
        return {"returncode": done.returncode, "stdout": out, "stderr": err, "is_truncated": done.is_truncated}

    def usage(self) -> dict[str, Any]:
        used = self.box.usage()
        return {"cpu_s": used.cpu_s, "memory_bytes": used.memory_bytes}

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process = None
