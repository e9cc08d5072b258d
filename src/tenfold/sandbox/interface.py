"""What every sandbox offers, what it raises, and what it admits that it cannot hold."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, Protocol

from tenfold.kit.errors import UserError

HOME = "/workspace"
MEBIBYTE = 1024 * 1024


class SandboxError(Exception):
    """The sandbox failed. Our fault, never the candidate's: what was under way is repeated."""


class BoxGone(SandboxError):
    """The box does not exist any more: destroyed, swept, or its runner ended."""


class SnapshotTooLarge(Exception):
    """The workspace holds more than may be handed in. The candidate's to mend, and told so."""


class SandboxUnavailable(UserError):
    """This machine cannot make boxes of this kind; says what is missing."""


class Guarantee(StrEnum):
    """What a backend can hold. A box lacking one is offered only with a clear statement."""

    FILES = "files"  # sees no file of the host but /usr and the environment, both read-only
    NETWORK = "network"  # no network but its own loopback
    PROCESSES = "processes"  # sees and signals no process outside
    SYSCALLS = "system calls"  # an allowlist; no mount, keyctl, io_uring, bpf, ptrace, vsock
    OWN_UID = "own uid"  # no other box or user runs under its uid
    MEMORY = "memory"  # a limit on the box as a whole, not on each process
    PIDS = "processes count"
    CPU = "cpu share"
    DISK = "disk"  # bytes and inodes of everything it may write


@dataclass(frozen=True, slots=True)
class Limits:
    """What a box may use. Everything it writes lies in memory, so the disk counts towards it."""

    memory_mb: int = 1024
    pids: int = 256
    cpus: float = 1.0
    disk_mb: int = 256
    inodes: int = 40_000
    open_files: int = 1024

    def __post_init__(self) -> None:
        if self.disk_mb * 2 > self.memory_mb:
            raise ValueError("the disk may be half the memory at most, or filling it would kill the box")


@dataclass(frozen=True, slots=True)
class Tree:
    """Files to put into a box: an uncompressed tar. The one at /workspace is writable, all others are not."""

    at: str
    tar: bytes


@dataclass(frozen=True, slots=True)
class BoxSpec:
    """A box to be made. `keep_s`: how long it outlives the connection that made it (0: not at all)."""

    limits: Limits = field(default_factory=Limits)
    environment: str = ""
    trees: tuple[Tree, ...] = ()
    keep_s: float = 0.0
    label: str = ""


@dataclass(frozen=True, slots=True)
class ExecResult:
    """How a program ended: its exit status (128 + signal where one killed it) and what it wrote."""

    returncode: int
    stdout: bytes
    stderr: bytes
    is_truncated: bool = False  # output beyond the cap was dropped


@dataclass(frozen=True, slots=True)
class Usage:
    """What a box has used so far; None where the backend cannot tell."""

    memory_bytes: int | None = None
    memory_peak_bytes: int | None = None
    cpu_s: float | None = None
    oom_kills: int | None = None


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """What a snapshot took, and what it left out (devices, sockets, FIFOs) and why."""

    files: int
    size: int
    left_out: tuple[str, ...] = ()


class Process(Protocol):
    """A program running in a box."""

    def wait(self, timeout_s: float | None = None) -> int:
        """Its exit status. `TimeoutError` when it still runs then."""

    def kill(self) -> None:
        """Ends it now. Harmless when it has ended."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A pseudo-terminal's outer end, and the program on its inner end. Who gets it closes `fd`."""

    fd: int
    process: Process
    name: str = ""  # of a kept one: what `take_pty` takes


class TerminalHeld(SandboxError):
    """Somebody else reads this terminal."""


class Box(Protocol):
    """One isolated room. Every method raises `BoxGone` once it has been destroyed."""

    @property
    def id(self) -> str: ...

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
        """Starts a program in /workspace. The descriptors are the caller's; none means /dev/null.

        `pass_fd` becomes descriptor 3 inside.
        """

    def exec(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        timeout_s: float = 60,
        max_output_bytes: int = MEBIBYTE,
    ) -> ExecResult:
        """Runs a program to its end. `TimeoutError` after `timeout_s` (and the program is killed)."""

    def open_pty(self, argv: Sequence[str], *, rows: int = 24, cols: int = 80, keep: bool = False) -> Terminal:
        """Starts a program on a terminal of its own. A kept one outlives its caller, where the backend can do that."""

    def take_pty(self, name: str) -> Terminal:
        """A kept terminal, again. Raises `TerminalHeld`; `BoxGone` where there is no such terminal any more."""

    def fill(self, tar: bytes, *, keep_s: float, label: str) -> None:
        """Puts the workspace into a box that was made without one, once. Raises `SandboxError`."""

    def serve_files(self) -> socket.socket:
        """A socket on which a process with the box's own rights serves the workspace's files (see `files`)."""

    def connect(self, port: int, *, timeout_s: float = 5) -> socket.socket:
        """A TCP connection to the box's own 127.0.0.1. `ConnectionRefusedError` when nobody listens."""

    def open_socket(self) -> socket.socket:
        """A fresh TCP socket of the box's network, not connected yet, for use anywhere."""

    def listen(self, port: int) -> socket.socket:
        """A listening TCP socket on the box's own 127.0.0.1, accepted from outside."""

    def snapshot(self, out: BinaryIO, *, max_bytes: int = 64 * MEBIBYTE) -> SnapshotInfo:
        """Writes the workspace as a tar with a fixed order and no times: same content, same bytes.

        Raises `SnapshotTooLarge`.
        """

    def usage(self) -> Usage: ...

    def freeze(self) -> None:
        """Stops everything inside where it stands, until `thaw`. Harmless when repeated. Raises `SandboxError`."""

    def thaw(self) -> None:
        """Everything goes on where it stood. Harmless where nothing was frozen."""

    def destroy(self) -> None:
        """Kills everything inside and removes every trace. Harmless when repeated."""


class Sandbox(Protocol):
    """A backend."""

    @property
    def name(self) -> str: ...

    @property
    def holds(self) -> frozenset[Guarantee]: ...

    def create(self, spec: BoxSpec) -> Box:
        """Raises `SandboxError`; `UserError` for an environment that is not built."""

    def close(self) -> None:
        """Gives back what the backend itself holds; boxes not kept end."""
