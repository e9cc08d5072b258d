"""The `local` backend: bubblewrap as the user, for development. It admits what it cannot hold."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import struct
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ
from typing import BinaryIO

from tenfold.sandbox import boxes, cgroups, files, handles, trees
from tenfold.sandbox.interface import (
    MEBIBYTE,
    BoxGone,
    BoxSpec,
    ExecResult,
    Guarantee,
    Process,
    SnapshotInfo,
    Terminal,
    Usage,
)

_HELD = frozenset({Guarantee.FILES, Guarantee.NETWORK, Guarantee.PROCESSES, Guarantee.SYSCALLS})


class _Child:
    """A program in a box, known by our own child process that ends with its status."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._watch = os.pidfd_open(pid)
        self._status: int | None = None
        self._lock = threading.Lock()

    def wait(self, timeout_s: float | None = None) -> int:
        with self._lock:
            if self._status is None:
                if not select.select([self._watch], [], [], timeout_s)[0]:
                    raise TimeoutError
                _, status = os.waitpid(self._pid, 0)
                os.close(self._watch)
                self._status = boxes.exit_status(status)
            return self._status

    def kill(self) -> None:
        if self._status is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._watch, signal.SIGKILL)
            self.wait()


@dataclass(slots=True)
class LocalBox:
    """A box of this process. It ends with this process."""

    live: boxes.LiveBox
    _file_servers: list[_Child] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.live.id

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
        self._check()
        with Path(os.devnull).open("r+b") as nothing:
            wanted = [nothing.fileno() if fd is None else fd for fd in (stdin, stdout, stderr)]
            wanted += [] if pass_fd is None else [pass_fd]
            return _Child(boxes.enter(self.live, boxes.program(self.live, argv, env or {}, wanted, terminal=False)))

    def _check(self) -> None:
        if not boxes.is_alive(self.live):
            raise BoxGone(self.id)

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

    def open_pty(self, argv: Sequence[str], *, rows: int = 24, cols: int = 80, keep: bool = False) -> Terminal:  # noqa: ARG002  it ends with us
        self._check()
        outer, inner = os.openpty()
        try:
            ioctl(inner, TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
            if self.live.place.privileged and self.live.uid:
                os.fchown(inner, self.live.uid, self.live.uid)
            wanted = boxes.program(self.live, argv, {}, [inner, inner, inner], terminal=True)
            return Terminal(outer, _Child(boxes.enter(self.live, wanted)))
        except BaseException:
            os.close(outer)
            raise
        finally:
            os.close(inner)

    def take_pty(self, name: str) -> Terminal:
        raise BoxGone(f"terminal {name}")

    def fill(self, tar: bytes, *, keep_s: float, label: str) -> None:  # noqa: ARG002  it ends with us
        self._check()
        boxes.fill(self.live, tar)

    def serve_files(self) -> socket.socket:
        self._check()
        ours, theirs = socket.socketpair()
        self._file_servers.append(_Child(boxes.fork_and_run(lambda: files.serve_as(self.live, theirs.fileno()))))
        theirs.close()
        return ours

    def open_socket(self) -> socket.socket:
        self._check()
        return boxes.socket_inside(self.live)

    def connect(self, port: int, *, timeout_s: float = 5) -> socket.socket:
        return handles.connect(self.open_socket(), port, timeout_s)

    def listen(self, port: int) -> socket.socket:
        return handles.listen(self.open_socket(), port)

    def snapshot(self, out: BinaryIO, *, max_bytes: int = 64 * MEBIBYTE) -> SnapshotInfo:
        self._check()
        return trees.pack(self.live.workspace, out, max_bytes=max_bytes)

    def usage(self) -> Usage:
        self._check()
        return boxes.usage(self.live)

    def freeze(self) -> None:
        self._check()
        boxes.freeze(self.live)

    def thaw(self) -> None:
        self._check()
        boxes.thaw(self.live)

    def destroy(self) -> None:
        for server in self._file_servers:
            server.kill()
        self._file_servers.clear()
        boxes.destroy(self.live)


class LocalSandbox:
    """Boxes made in this process. `hardening` is for tests, which take one wall down to see what falls."""

    def __init__(
        self, environments: Path, *, hardening: boxes.Hardening = boxes.FULL, privileged: bool = False
    ) -> None:
        boxes.bwrap_path()
        # Not under /tmp's sticky shade by name: the folder is ours alone, and searchable for a box's own uid.
        root = Path(tempfile.mkdtemp(prefix="tenfold-boxes-"))
        self._place = boxes.Place(root, environments, privileged)
        self._place.prepare()
        self._hardening = hardening
        self._made: list[LocalBox] = []

    @property
    def name(self) -> str:
        return "local"

    @property
    def root(self) -> Path:
        return self._place.root

    @property
    def holds(self) -> frozenset[Guarantee]:
        return frozenset(Guarantee) if self._place.privileged else _HELD

    def create(self, spec: BoxSpec) -> LocalBox:
        files = [(tree.at, tree.tar) for tree in spec.trees]
        box = LocalBox(boxes.create(self._place, spec.limits, spec.environment, files, self._hardening))
        self._made.append(box)
        return box

    def close(self) -> None:
        for box in self._made:  # destroying one twice is harmless
            box.destroy()
        if self._place.privileged:
            cgroups.remove_family(self._place.family)
        shutil.rmtree(self._place.root, ignore_errors=True)
