"""The `runner` backend: a box's handle for whoever may use the runner, from any process and thread."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import BaseModel

from tenfold.kit.errors import UserError
from tenfold.sandbox import cgroups, handles, linux, protocol
from tenfold.sandbox.interface import (
    MEBIBYTE,
    BoxGone,
    BoxSpec,
    ExecResult,
    Guarantee,
    Process,
    SandboxError,
    SandboxUnavailable,
    SnapshotInfo,
    SnapshotTooLarge,
    Terminal,
    TerminalHeld,
    Usage,
)

_ANSWER_S = 60.0
_IDLE_S = 20.0


def _raise(answer: dict[str, Any]) -> None:
    kind, what, remedy = answer["error"], answer["what"], answer.get("remedy", "")
    if kind == "too-large":
        raise SnapshotTooLarge(what)
    if kind == "gone":
        raise BoxGone(what)
    if kind == "held":
        raise TerminalHeld(what)
    if kind in {"user", "forbidden"}:
        raise UserError(what, remedy=remedy)
    raise SandboxError(what)


class _Connection:
    """One connection to the runner; its end is the end of what depends on it."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise SandboxUnavailable(
                f"no runner answers at {path}",
                remedy="start one as root: tenfold labs runner --allow USER (see docs/labs.md)",
            ) from error

    def ask(self, request: BaseModel, descriptors: Sequence[int] = ()) -> tuple[dict[str, Any], list[int]]:
        try:
            socket.send_fds(self._socket, [protocol.encode(request)], list(descriptors))
        except (BrokenPipeError, ConnectionResetError) as error:
            if answer := self._pending():
                _raise(answer)
            raise BoxGone("the runner has ended") from error
        return self.receive(_ANSWER_S)

    def _pending(self) -> dict[str, Any] | None:
        try:
            packet = self._socket.recv(protocol.PACKET)
        except OSError:
            return None
        return dict(json.loads(packet)) if packet else None

    def receive(self, timeout_s: float | None) -> tuple[dict[str, Any], list[int]]:
        if not linux.wait_readable(self._socket.fileno(), timeout_s):
            raise TimeoutError
        try:
            packet, descriptors, _, _ = socket.recv_fds(self._socket, protocol.PACKET, 1)
        except ConnectionResetError:
            packet, descriptors = b"", []
        if not packet:
            raise BoxGone("the runner has ended")
        answer = json.loads(packet)
        if "error" in answer:
            _raise(answer)
        return answer["ok"], descriptors

    def close(self) -> None:
        self._socket.close()

    def fileno(self) -> int:
        return self._socket.fileno()


class _RunnerProcess:
    """A program in a box, known by the connection on which its exit status arrives."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._status: int | None = None
        self._lock = threading.Lock()

    def wait(self, timeout_s: float | None = None) -> int:
        with self._lock:
            if self._status is None:
                try:
                    self._status = int(self._connection.receive(timeout_s)[0]["exit"])
                except BoxGone:
                    self._connection.close()
                    raise
                self._connection.close()
            return self._status

    def kill(self) -> None:
        """The runner kills what a connection started when the connection closes."""
        if self._status is None:
            self._connection.close()
            self._status = 137


@dataclass(frozen=True, slots=True)
class RunnerBox:
    """A box held by a runner."""

    id: str
    _path: Path
    _lease: _Connection

    def _ask(self, request: BaseModel, descriptors: Sequence[int] = ()) -> tuple[dict[str, Any], list[int]]:
        connection = _Connection(self._path)
        try:
            return connection.ask(request, descriptors)
        finally:
            connection.close()

    def start(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: int | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
        pass_fd: int | None = None,
    ) -> Process:
        request = protocol.Start(box=self.id, argv=list(argv), env=dict(env or {}))
        with Path(os.devnull).open("r+b") as nothing:
            wanted = [nothing.fileno() if fd is None else fd for fd in (stdin, stdout, stderr)]
            return self._begin(request, wanted + ([] if pass_fd is None else [pass_fd]))[0]

    def _begin(self, request: BaseModel, descriptors: Sequence[int]) -> tuple[_RunnerProcess, list[int]]:
        connection = _Connection(self._path)
        try:
            _, received = connection.ask(request, descriptors)
        except BaseException:
            connection.close()
            raise
        return _RunnerProcess(connection), received

    def exec(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        timeout_s: float = 60,
        max_output_bytes: int = MEBIBYTE,
    ) -> ExecResult:
        return handles.run_to_end(
            self, argv, env=env, stdin=stdin, timeout_s=timeout_s, max_output_bytes=max_output_bytes
        )

    def open_pty(self, argv: Sequence[str], *, rows: int = 24, cols: int = 80, keep: bool = False) -> Terminal:
        request = protocol.OpenPty(box=self.id, argv=list(argv), rows=rows, cols=cols, keep=keep)
        return self._begin_terminal(request)

    def take_pty(self, name: str) -> Terminal:
        return self._begin_terminal(protocol.TakePty(box=self.id, terminal=name))

    def _begin_terminal(self, request: BaseModel) -> Terminal:
        connection = _Connection(self._path)
        try:
            answer, descriptors = connection.ask(request)
        except BaseException:
            connection.close()
            raise
        return Terminal(descriptors[0], _RunnerProcess(connection), answer["terminal"])

    def fill(self, tar: bytes, *, keep_s: float, label: str) -> None:
        descriptor = _in_memory(tar)
        try:
            self._ask(protocol.Fill(box=self.id, keep_s=float(keep_s), label=label), [descriptor])
        finally:
            handles.close_quietly(descriptor)

    def serve_files(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        try:
            self._ask(protocol.Files(box=self.id), [theirs.fileno()])
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return ours

    @property
    def lease(self) -> int:
        """A descriptor that can be read once the runner has ended, and the box with it."""
        return self._lease.fileno()

    def open_socket(self) -> socket.socket:
        _, descriptors = self._ask(protocol.Socket(box=self.id))
        return socket.socket(fileno=descriptors[0])

    def connect(self, port: int, *, timeout_s: float = 5) -> socket.socket:
        return handles.connect(self.open_socket(), port, timeout_s)

    def listen(self, port: int) -> socket.socket:
        return handles.listen(self.open_socket(), port)

    def snapshot(self, out: BinaryIO, *, max_bytes: int = 64 * MEBIBYTE) -> SnapshotInfo:
        connection = _Connection(self._path)
        try:
            out.flush()
            answer, _ = connection.ask(protocol.Snapshot(box=self.id, max_bytes=max_bytes), [out.fileno()])
        finally:
            connection.close()
        if "exit" in answer:
            raise SandboxError("the snapshot could not be taken")
        return SnapshotInfo(answer["files"], answer["size"], tuple(answer["left_out"]))

    def usage(self) -> Usage:
        return Usage(**self._ask(protocol.UsageOf(box=self.id))[0])

    def freeze(self) -> None:
        self._ask(protocol.Freeze(box=self.id))

    def thaw(self) -> None:
        self._ask(protocol.Thaw(box=self.id))

    def destroy(self) -> None:
        try:
            self._ask(protocol.Destroy(box=self.id))
        except (BoxGone, SandboxUnavailable):
            pass  # with its runner the box has ended too
        finally:
            self._lease.close()


@dataclass(frozen=True, slots=True)
class RunnerSandbox:
    """Boxes made by the runner whose socket is at `path`."""

    path: Path
    name: str = "runner"

    @property
    def holds(self) -> frozenset[Guarantee]:
        """Everything, but for what needs cgroups where the machine offers no controllers."""
        limited = {Guarantee.MEMORY, Guarantee.PIDS, Guarantee.CPU}
        return frozenset(Guarantee) - (limited if cgroups.version() is None else set())

    def create(self, spec: BoxSpec) -> RunnerBox:
        limits = spec.limits
        request = protocol.Create(
            memory_mb=limits.memory_mb,
            pids=limits.pids,
            cpus=float(limits.cpus),
            disk_mb=limits.disk_mb,
            inodes=limits.inodes,
            open_files=limits.open_files,
            environment=spec.environment,
            trees=[tree.at for tree in spec.trees],
            keep_s=float(spec.keep_s),
            label=spec.label,
        )
        lease = _Connection(self.path)
        descriptors = [_in_memory(tree.tar) for tree in spec.trees]
        try:
            answer, _ = lease.ask(request, descriptors)
        except BaseException:
            lease.close()
            raise
        finally:
            handles.close_quietly(*descriptors)
        return RunnerBox(answer["box"], self.path, lease)

    def adopt(self, box: str) -> RunnerBox:
        """A kept box, held again. Raises `BoxGone`."""
        lease = _Connection(self.path)
        try:
            lease.ask(protocol.Adopt(box=box))
        except BaseException:
            lease.close()
            raise
        return RunnerBox(box, self.path, lease)

    def rescue(self, box: str) -> bytes:
        """The workspace of a kept box whose runner was killed, as a tar. Raises `BoxGone`."""
        connection = _Connection(self.path)
        try:
            _, descriptors = connection.ask(protocol.Rescued(box=box))
        finally:
            connection.close()
        with os.fdopen(descriptors[0], "rb") as tar:
            return tar.read()

    def boxes(self) -> list[dict[str, str]]:
        connection = _Connection(self.path)
        try:
            return list(connection.ask(protocol.ListBoxes())[0]["boxes"])
        finally:
            connection.close()

    def close(self) -> None:
        """Nothing is held here: each box holds its own connection."""


def _in_memory(content: bytes) -> int:
    fd = os.memfd_create("tree")
    with os.fdopen(fd, "wb", closefd=False) as file:
        file.write(content)
    return fd


def is_listening(path: Path) -> bool:
    """Whether a runner listens there."""
    try:
        _Connection(path).close()
    except SandboxUnavailable:
        return False
    return True


def start_own(root: Path, environments: Path, *, idle_s: float = _IDLE_S) -> RunnerSandbox:
    """For root's command line: the runner at `root`, started if none answers; it ends by itself when idle."""
    path = root / "runner.sock"
    until = time.monotonic() + 20
    while not is_listening(path):
        _spawn_and_wait(root, environments, idle_s)
        if time.monotonic() > until:
            raise SandboxUnavailable(f"the runner at {root} does not start", remedy="look at runner.log beside it")
    return RunnerSandbox(path)


def _spawn_and_wait(root: Path, environments: Path, idle_s: float) -> None:
    root.mkdir(parents=True, exist_ok=True)
    ready_read, ready_write = os.pipe()
    words = [sys.executable, "-m", "tenfold.sandbox", str(root), str(environments)]
    words += ["--idle", str(idle_s), "--ready-fd", str(ready_write)]
    try:
        with (root / "runner.log").open("ab") as log:
            started = subprocess.Popen(
                words,
                pass_fds=[ready_write],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        threading.Thread(target=started.wait, daemon=True).start()  # so that it leaves no zombie while we live
        os.close(ready_write)
        ready_write = -1
        select.select([ready_read], [], [], 15)
    finally:
        handles.close_quietly(ready_read, *([ready_write] if ready_write >= 0 else []))
