"""The grader's only way to the systems under test: start and stop them, reach their network, read what was handed in.

`BoxRoom` asks whoever conducts the grading over descriptor 3; `ContainerRoom` does the same with child processes, for a
task that runs in another harness's container.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from .results import OurFault, Result

_PACKET = 192 * 1024
CANDIDATE, REFERENCE = "candidate", "reference"


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    status: int
    body: bytes

    def json(self) -> Any:
        """None for what is no JSON: an answer to be judged, not an accident."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Http:
    """One kept-alive connection to a service. `ConnectionError` or `TimeoutError` where it does not answer."""

    def __init__(self, service: Service, port: int, timeout_s: float) -> None:
        self._service = service
        self._port = port
        self._timeout_s = timeout_s
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: object = None) -> Reply:
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data is not None else {}
        kept = self._connection is not None
        try:
            connection = self._connected()
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.read(4 << 20))
        except (http.client.HTTPException, OSError) as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise
            if kept and isinstance(error, ConnectionError | http.client.RemoteDisconnected):
                return self.ask(method, path, body)  # the service may close a connection that was idle
            raise ConnectionError(f"{method} {path}: {str(error) or type(error).__name__}") from error

    def get(self, path: str) -> Reply:
        return self.ask("GET", path)

    def post(self, path: str, body: object = None) -> Reply:
        return self.ask("POST", path, body)

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port)
            self._connection.sock = self._service.connect(self._port, self._timeout_s)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass
class Service:
    """The candidate's or the reference system, in a place of its own."""

    room: Room
    which: str
    env: dict[str, str] = field(default_factory=dict)

    def start(self, **env: str) -> None:
        self.env |= env
        self.room.ask("start", which=self.which, env=self.env)

    def stop(self, timeout_s: float = 8) -> int | None:
        """Asks it to end (SIGTERM). Its exit status, or None when it had to be killed."""
        answer = self.room.ask("stop", which=self.which, timeout_s=timeout_s)
        return None if answer["status"] is None else int(answer["status"])

    def running(self) -> bool:
        return bool(self.room.ask("running", which=self.which)["running"])

    def cpu_s(self) -> float | None:
        return _float(self.room.ask("usage", which=self.which)["cpu_s"])

    def memory_mb(self) -> float | None:
        value = _float(self.room.ask("usage", which=self.which)["memory_bytes"])
        return None if value is None else value / 1e6

    def said(self) -> str:
        """The last lines that it printed."""
        return str(self.room.ask("said", which=self.which)["text"])

    def connect(self, port: int, timeout_s: float = 5) -> socket.socket:
        return self.room.connect(self.which, port, timeout_s)

    def http(self, port: int, timeout_s: float = 10) -> Http:
        return Http(self, port, timeout_s)

    def wait_ready(self, port: int, path: str, limit_s: float = 30) -> bool:
        """Waits until the path answers 200; False when the service ended or never does."""
        until = time.monotonic() + limit_s
        http_ = self.http(port, timeout_s=5)
        try:
            while time.monotonic() < until:
                try:
                    if http_.get(path).status == 200:
                        return True
                except (ConnectionError, TimeoutError):
                    if not self.running():
                        return False
                time.sleep(0.05)
            return False
        finally:
            http_.close()

    def must_be_ready(self, port: int, path: str) -> None:
        """For the reference: raises `OurFault` when it does not come up."""
        if not self.wait_ready(port, path):
            raise OurFault(f"the {self.which} does not come up: {self.said()[-500:]}")


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


class Room(Protocol):
    """What a grader works in."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What `lab/variant.py` chose."""

    def service(self, which: str) -> Service: ...

    def listen(self, which: str, port: int) -> socket.socket:
        """A listening socket on that system's own loopback: what the grader serves there, it sees being called."""

    def connect(self, which: str, port: int, timeout_s: float) -> socket.socket: ...

    def file(self, path: str, cap: int = 1 << 20) -> bytes | None:
        """A regular file that was handed in, None where there is none (or a link, or a larger one)."""

    def data(self, path: str) -> bytes:
        """A file that the variant made for the grader alone. Raises `OurFault` where it is missing."""

    def ask(self, op: str, **words: object) -> dict[str, Any]: ...

    def finish(self, results: list[Result]) -> None: ...


class BoxRoom:
    """The room inside a grader's box: everything is asked of the conductor on descriptor 3."""

    def __init__(self, fd: int = 3) -> None:
        self._conductor = socket.socket(fileno=fd)
        self.parameters: Mapping[str, Any] = self.ask("parameters")

    def service(self, which: str) -> Service:
        return Service(self, which)

    def ask(self, op: str, **words: object) -> dict[str, Any]:
        return self._asked(op, words)[0]

    def _asked(self, op: str, words: Mapping[str, object]) -> tuple[dict[str, Any], list[int]]:
        self._conductor.send(json.dumps({"op": op, **words}).encode())
        packet, descriptors, _, _ = socket.recv_fds(self._conductor, _PACKET, 1)
        if not packet:
            raise OurFault("the conductor has gone")
        answer = json.loads(packet)
        if "error" in answer:
            raise OurFault(answer["error"])
        return answer, descriptors

    def listen(self, which: str, port: int) -> socket.socket:
        return socket.socket(fileno=self._asked("listen", {"which": which, "port": port})[1][0])

    def connect(self, which: str, port: int, timeout_s: float) -> socket.socket:
        answer, descriptors = self._asked("socket", {"which": which})
        if not descriptors:
            raise ConnectionError(str(answer))
        made = socket.socket(fileno=descriptors[0])
        made.settimeout(timeout_s)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            made.connect(("127.0.0.1", port))
        except OSError:
            made.close()
            raise
        return made

    def file(self, path: str, cap: int = 1 << 20) -> bytes | None:
        return _taken(self._asked("file", {"path": path, "cap": cap}))

    def data(self, path: str) -> bytes:
        content = _taken(self._asked("data", {"path": path, "cap": 64 << 20}))
        if content is None:
            raise OurFault(f"the variant made no {path}")
        return content

    def finish(self, results: list[Result]) -> None:
        self.ask("finish", results=[result.__dict__ for result in results])


def _taken(answered: tuple[dict[str, Any], list[int]]) -> bytes | None:
    answer, descriptors = answered
    if not answer["found"]:
        return None
    with os.fdopen(descriptors[0], "rb") as file:
        file.seek(0)
        return file.read()


class ContainerRoom:
    """The room in another harness's verifier: both systems are children, told apart by their loopback addresses.

    It holds less than boxes do: systems share network and machine with the grader. It is for running a frozen task
    elsewhere, not for candidates here.
    """

    def __init__(self, tests: Path, handed_in: Path, service: Mapping[str, Any]) -> None:
        self._tests = tests
        self._folders = {CANDIDATE: handed_in, REFERENCE: tests / "reference"}
        self._words = [str(word) for word in service["start"]]
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._at = {CANDIDATE: "127.0.0.1", REFERENCE: "127.0.0.2"}
        self.parameters: Mapping[str, Any] = json.loads((tests / "parameters.json").read_text("utf-8"))
        self.results: list[Result] = []

    def service(self, which: str) -> Service:
        return Service(self, which)

    def ask(self, op: str, **words: object) -> dict[str, Any]:
        which = str(words.get("which", CANDIDATE))
        if op == "start":
            env = words["env"]
            assert isinstance(env, dict)  # noqa: S101  our own call
            self._start(which, env)
            return {}
        if op == "stop":
            return {"status": self._stop(which, float(str(words["timeout_s"])))}
        child = self._children.get(which)
        if op == "running":
            return {"running": child is not None and child.poll() is None}
        if op == "usage":
            return _usage_of(child.pid) if child else {"cpu_s": None, "memory_bytes": None}
        if op == "said":
            path = self._tests / f"{which}.log"
            return {"text": path.read_text("utf-8", "replace")[-4000:] if path.exists() else ""}
        raise OurFault(f"no such request: {op}")

    def _start(self, which: str, env: Mapping[str, str]) -> None:
        with (self._tests / f"{which}.log").open("ab") as log:
            self._children[which] = subprocess.Popen(
                self._words,
                cwd=self._folders[which],
                env={**os.environ, **env, "LAB_ADDRESS": self._at[which]},
                stdout=log,
                stderr=log,
                start_new_session=True,
                user="nobody" if os.geteuid() == 0 and which == CANDIDATE else None,
            )

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

    def file(self, path: str, cap: int = 1 << 20) -> bytes | None:
        try:
            fd = os.open(self._folders[CANDIDATE] / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        with os.fdopen(fd, "rb") as file:
            content = file.read(cap + 1)
        return content if len(content) <= cap else None

    def data(self, path: str) -> bytes:
        return (self._tests / "data" / path).read_bytes()

    def finish(self, results: list[Result]) -> None:
        self.results = results
        for child in self._children.values():
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


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
