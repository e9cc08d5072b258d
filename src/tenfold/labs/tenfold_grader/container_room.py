"""The room in another harness's verifier: both systems are children, told apart by their loopback addresses.

It holds less than boxes do: systems share network and machine with the grader. It is for running a frozen task
elsewhere, not for candidates here.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .results import OurFault, Result
from .room import CANDIDATE, REFERENCE, Service

_CUT = 64 << 10


class ContainerRoom:
    """What `Room` says, done with child processes."""

    def __init__(self, tests: Path, submission: Path, start: Sequence[str]) -> None:
        self._tests = tests
        self._folders = {CANDIDATE: submission, REFERENCE: tests / "reference"}
        self._words = [str(word) for word in start]
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._at = {CANDIDATE: "127.0.0.1", REFERENCE: "127.0.0.2"}
        self._services: dict[str, Service] = {}
        self.parameters: Mapping[str, Any] = json.loads((tests / "parameters.json").read_text("utf-8"))
        self.results: list[Result] = []

    def service(self, which: str) -> Service:
        return self._services.setdefault(which, Service(self, which))

    def ask(self, op: str, **words: object) -> dict[str, Any]:
        which = str(words.get("which", CANDIDATE))
        child = self._children.get(which)
        if op == "start":
            self._start(which, _strings(words["env"]))
            return {}
        if op == "stop":
            return {"status": self._stop(which, float(str(words["timeout_s"])))}
        if op == "signal":
            if child is not None:
                child.send_signal(getattr(signal, f"SIG{words['name']}"))
            return {}
        if op == "exec":
            return self._exec(which, words)
        if op == "running":
            return {"running": child is not None and child.poll() is None}
        if op == "usage":
            return _usage_of(child.pid) if child else {"cpu_s": None, "memory_bytes": None}
        if op == "said":
            path = self._tests / f"{which}.log"
            return {"text": path.read_text("utf-8", "replace")[-4000:] if path.exists() else ""}
        raise OurFault(f"no such request: {op}")

    def _user(self, which: str) -> str | None:
        return "nobody" if os.geteuid() == 0 and which == CANDIDATE else None

    def _start(self, which: str, env: Mapping[str, str]) -> None:
        with (self._tests / f"{which}.log").open("ab") as log:
            self._children[which] = subprocess.Popen(
                self._words,
                cwd=self._folders[which],
                env={**os.environ, **env, "LAB_ADDRESS": self._at[which]},
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self._user(which),
            )

    def _exec(self, which: str, words: Mapping[str, object]) -> dict[str, Any]:
        argv = words["argv"]
        assert isinstance(argv, list)  # noqa: S101  our own call
        try:
            done = subprocess.run(
                [str(word) for word in argv],
                cwd=self._folders[which],
                input=str(words.get("stdin", "")).encode(),
                capture_output=True,
                timeout=float(str(words["timeout_s"])),
                check=False,
                user=self._user(which),
            )
        except subprocess.TimeoutExpired:
            return {"timed_out": True}
        except OSError as error:
            return {"returncode": 127, "stdout": "", "stderr": base64.b64encode(str(error).encode()).decode()}
        out, err = (base64.b64encode(text[:_CUT]).decode() for text in (done.stdout, done.stderr))
        cut = max(len(done.stdout), len(done.stderr)) > _CUT
        return {"returncode": done.returncode, "stdout": out, "stderr": err, "is_truncated": cut}

    def _stop(self, which: str, timeout_s: float) -> int | None:
        child = self._children[which]
        child.send_signal(signal.SIGTERM)
        try:
            return child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return None

    def listen(self, which: str, port: int) -> socket.socket:
        return socket.create_server((self._at[which], port))

    def connect(self, which: str, port: int, timeout_s: float) -> socket.socket:
        return socket.create_connection((self._at[which], port), timeout_s)

    def file(self, path: str, cap: int = 1 << 20, *, which: str = CANDIDATE) -> bytes | None:
        try:
            fd = os.open(self._folders[which] / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        with os.fdopen(fd, "rb") as file:
            content = file.read(cap + 1)
        return content if len(content) <= cap else None

    def data(self, path: str) -> bytes:
        try:
            return (self._tests / "data" / path).read_bytes()
        except OSError as error:
            raise OurFault(f"the variant made no {path}") from error

    def report(self, result: Result) -> None:
        self.results.append(result)

    def finish(self, results: list[Result]) -> None:
        self.results += results
        for child in self._children.values():
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _strings(env: object) -> dict[str, str]:
    assert isinstance(env, dict)  # noqa: S101  our own call
    return {str(key): str(value) for key, value in env.items()}


def _usage_of(pid: int) -> dict[str, Any]:
    """Of one process and its living children; enough for a service, which is one process or a few."""
    pids, cpu, memory = [pid], 0.0, 0
    for one in pids:
        try:
            fields = Path(f"/proc/{one}/stat").read_text("ascii", "replace").rpartition(") ")[2].split()
            memory += int(Path(f"/proc/{one}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
            pids += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text("ascii").split()]
        except (OSError, IndexError):
            continue
        cpu += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return {"cpu_s": cpu, "memory_bytes": memory}
