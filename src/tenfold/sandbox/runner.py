"""The runner: the one process that may need root, doing only what needs it.

Who may use it: root and the uids named at its start, as the kernel tells (SO_PEERCRED). A box belongs to the
uid that made it. One thread, one loop; whatever may take long happens in a forked child.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import selectors
import signal
import socket
import struct
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tenfold.kit.errors import UserError
from tenfold.sandbox import boxes, cgroups, files, linux, protocol, sweep, trees
from tenfold.sandbox.interface import (
    HOME,
    BoxGone,
    Limits,
    SandboxError,
    SandboxUnavailable,
    SnapshotTooLarge,
    TerminalHeld,
)

_MOST_LAYERS = 200
_MOST_TERMINALS = 16
_MOST_FILE_SERVERS = 4
_ERROR_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (SnapshotTooLarge, "too-large"),
    (TerminalHeld, "held"),
    (UserError, "user"),
    (BoxGone, "gone"),
    (PermissionError, "forbidden"),
    (ValueError, "bad-request"),
    (SandboxError, "sandbox"),
    (OSError, "sandbox"),
)


@dataclass(slots=True)
class _Client:
    """One connection: its uid, the boxes that end with it, the programs that it waits for."""

    connection: socket.socket
    uid: int
    leased: set[str] = field(default_factory=set)
    children: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _KeptTerminal:
    """A terminal that lives as long as its box. The runner holds its outer end open and never reads it."""

    outer: int
    pid: int
    holder: _Client | None
    status: int | None = None


@dataclass(slots=True)
class _Kept:
    """What the runner notes of a box beside the box itself."""

    box: boxes.LiveBox
    uid: int
    keep_s: float
    label: str
    until: float | None = None  # monotonic; None while a connection holds the lease
    is_filled: bool = False
    terminals: dict[str, _KeptTerminal] = field(default_factory=dict)
    file_servers: set[int] = field(default_factory=set)


class Runner:
    """Serves until told to stop. `idle_s`: ends by itself that long after its last client and box."""

    def __init__(self, place: boxes.Place, allowed: frozenset[int], *, idle_s: float | None = None) -> None:
        self._place = place
        self._allowed = allowed | {0}
        self._idle_s = idle_s
        self._selector = selectors.DefaultSelector()
        self._boxes: dict[str, _Kept] = {}
        self._clients: set[int] = set()
        self._running = True
        self._handlers: dict[type, Callable[..., None]] = {
            protocol.Create: self._create,
            protocol.Adopt: self._adopt,
            protocol.Start: self._start,
            protocol.OpenPty: self._open_pty,
            protocol.TakePty: self._take_pty,
            protocol.Fill: self._fill,
            protocol.Files: self._files,
            protocol.Socket: self._socket,
            protocol.Snapshot: self._snapshot,
            protocol.UsageOf: self._usage,
            protocol.Freeze: self._freeze,
            protocol.Thaw: self._thaw,
            protocol.Destroy: self._destroy,
            protocol.Rescued: self._rescued,
            protocol.ListBoxes: self._list,
        }

    def serve(self, ready: Callable[[], None] = lambda: None) -> None:
        """Takes the place's lock, sweeps, and serves. Raises `UserError` if another serves already."""
        self._place.prepare()
        with sweep.lock(self._place), contextlib.ExitStack() as stack:
            sweep.sweep(self._place)
            listener = stack.enter_context(_listen(socket_path(self._place)))
            self._selector.register(listener, selectors.EVENT_READ, self._accept)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._stop)
            ready()
            try:
                self._loop()
            finally:
                socket_path(self._place).unlink(missing_ok=True)
                for kept in list(self._boxes.values()):
                    self._end(kept)
                cgroups.remove_family(self._place.family)

    def _stop(self, *_: object) -> None:
        self._running = False

    def _loop(self) -> None:
        lonely_since = time.monotonic()
        while self._running:
            for key, _ in self._selector.select(timeout=1.0):
                key.data(key.fileobj)
            self._end_what_is_over()
            if self._clients or self._boxes:
                lonely_since = time.monotonic()
            elif self._idle_s is not None and time.monotonic() - lonely_since > self._idle_s:
                return

    def _end_what_is_over(self) -> None:
        now = time.monotonic()
        for kept in list(self._boxes.values()):
            if kept.until is not None and now > kept.until:
                self._end(kept)

    def _end(self, kept: _Kept) -> None:
        self._boxes.pop(kept.box.id, None)
        for terminal in kept.terminals.values():
            os.close(terminal.outer)
        kept.terminals.clear()
        for pid in kept.file_servers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        boxes.destroy(kept.box)
        sweep.forget(self._place, kept.box.id)
        sweep.prune_layers(self._place, {name for one in self._boxes.values() for name in one.box.layers}, _MOST_LAYERS)

    # connections

    def _accept(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        _, uid = linux.peer_of(connection)
        if uid not in self._allowed:
            _reply_error(connection, "forbidden", f"uid {uid} may not use this runner")
            connection.close()
            return
        connection.setblocking(False)
        client = _Client(connection, uid)
        self._clients.add(connection.fileno())
        self._selector.register(connection, selectors.EVENT_READ, lambda _: self._read(client))

    def _read(self, client: _Client) -> None:
        try:
            packet, descriptors, _, _ = socket.recv_fds(client.connection, protocol.PACKET, protocol.MOST_DESCRIPTORS)
        except BlockingIOError:
            return
        except OSError:
            packet, descriptors = b"", []
        if not packet:
            self._gone(client)
            return
        try:
            request = protocol.parse(packet)
            self._handlers[type(request)](client, request, descriptors)
        except (UserError, SandboxError, SnapshotTooLarge, OSError, ValueError) as error:
            kind = next(kind for known, kind in _ERROR_KINDS if isinstance(error, known))
            remedy = error.remedy if isinstance(error, UserError) else ""
            what = error.what if isinstance(error, UserError) else str(error)
            _reply_error(client.connection, kind, what, remedy)
        finally:
            for fd in descriptors:
                with contextlib.suppress(OSError):
                    os.close(fd)

    def _gone(self, client: _Client) -> None:
        self._selector.unregister(client.connection)
        self._clients.discard(client.connection.fileno())
        for pid in client.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for terminal in (one for kept in self._boxes.values() for one in kept.terminals.values()):
            if terminal.holder is client:
                terminal.holder = None
        for name in client.leased & self._boxes.keys():
            kept = self._boxes[name]
            if kept.keep_s > 0:
                kept.until = time.monotonic() + kept.keep_s
            else:
                self._end(kept)
        client.connection.close()

    def _box(self, client: _Client, name: str) -> _Kept:
        kept = self._boxes.get(name)
        if kept is None or (client.uid not in (0, kept.uid)):
            raise BoxGone(name)
        if not boxes.is_alive(kept.box):
            self._end(kept)
            raise BoxGone(name)
        return kept

    # requests

    def _create(self, client: _Client, request: protocol.Create, descriptors: list[int]) -> None:
        if len(descriptors) != len(request.trees) or len(set(request.trees)) != len(request.trees):
            raise ValueError("one descriptor for each tree, and each tree in a place of its own")
        limits = Limits(
            request.memory_mb, request.pids, request.cpus, request.disk_mb, request.inodes, request.open_files
        )
        files = [(at, _content(fd)) for at, fd in zip(request.trees, descriptors, strict=True)]
        box = boxes.create(self._place, limits, request.environment, files)
        is_filled = HOME in request.trees
        self._boxes[box.id] = _Kept(box, client.uid, request.keep_s, request.label, is_filled=is_filled)
        sweep.note(self._place, box.id, client.uid, keep=request.keep_s > 0)
        client.leased.add(box.id)
        _reply(client.connection, {"box": box.id})

    def _adopt(self, client: _Client, request: protocol.Adopt, _: list[int]) -> None:
        self._box(client, request.box).until = None
        client.leased.add(request.box)
        _reply(client.connection, {"box": request.box})

    def _start(self, client: _Client, request: protocol.Start, descriptors: list[int]) -> None:
        if not 3 <= len(descriptors) <= 4:
            raise ValueError("three or four descriptors")
        kept = self._box(client, request.box)
        wanted = boxes.program(kept.box, request.argv, request.env, descriptors, terminal=False)
        self._follow(client, boxes.enter(kept.box, wanted))
        _reply(client.connection, {})

    def _open_pty(self, client: _Client, request: protocol.OpenPty, _: list[int]) -> None:
        kept = self._box(client, request.box)
        if request.keep and len(kept.terminals) >= _MOST_TERMINALS:
            raise ValueError(f"a box keeps {_MOST_TERMINALS} terminals at most")
        outer, inner = os.openpty()
        name = os.urandom(8).hex() if request.keep else ""
        try:
            fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", request.rows, request.cols, 0, 0))
            if kept.box.uid:
                os.fchown(inner, kept.box.uid, kept.box.uid)
            wanted = boxes.program(kept.box, request.argv, {}, [inner, inner, inner], terminal=True)
            pid = boxes.enter(kept.box, wanted)
            if request.keep:
                self._follow_kept(kept, name, _KeptTerminal(os.dup(outer), pid, client))
            else:
                self._follow(client, pid)
            _reply(client.connection, {"terminal": name}, [outer])
        finally:
            os.close(outer)
            os.close(inner)

    def _follow_kept(self, kept: _Kept, name: str, terminal: _KeptTerminal) -> None:
        """Notes how its program ends, and tells whoever holds the terminal then or takes it later."""
        kept.terminals[name] = terminal
        watch = os.pidfd_open(terminal.pid)

        def on_end(_: object) -> None:
            self._selector.unregister(watch)
            os.close(watch)
            terminal.status = boxes.exit_status(os.waitpid(terminal.pid, 0)[1])
            if terminal.holder is not None:
                _reply(terminal.holder.connection, {"exit": terminal.status})
                self._drop_terminal(kept, name)

        self._selector.register(watch, selectors.EVENT_READ, on_end)

    @staticmethod
    def _drop_terminal(kept: _Kept, name: str) -> None:
        if terminal := kept.terminals.pop(name, None):
            os.close(terminal.outer)

    def _take_pty(self, client: _Client, request: protocol.TakePty, _: list[int]) -> None:
        kept = self._box(client, request.box)
        terminal = kept.terminals.get(request.terminal)
        if terminal is None:
            raise BoxGone(f"terminal {request.terminal}")
        if terminal.holder is not None:
            raise TerminalHeld("somebody else reads this terminal")
        terminal.holder = client
        _reply(client.connection, {"terminal": request.terminal}, [terminal.outer])
        if terminal.status is not None:
            _reply(client.connection, {"exit": terminal.status})
            self._drop_terminal(kept, request.terminal)

    def _fill(self, client: _Client, request: protocol.Fill, descriptors: list[int]) -> None:
        (tar,) = descriptors
        kept = self._box(client, request.box)
        if kept.is_filled:
            raise ValueError("this box has its workspace already")
        kept.is_filled = True
        boxes.fill(kept.box, _content(tar))
        kept.keep_s, kept.label = request.keep_s, request.label
        sweep.note(self._place, kept.box.id, kept.uid, keep=request.keep_s > 0)
        _reply(client.connection, {})

    def _files(self, client: _Client, request: protocol.Files, descriptors: list[int]) -> None:
        (end,) = descriptors
        kept = self._box(client, request.box)
        if len(kept.file_servers) >= _MOST_FILE_SERVERS:
            raise ValueError(f"a box has {_MOST_FILE_SERVERS} file servers at most")
        pid = boxes.fork_and_run(lambda: files.serve_as(kept.box, end))
        kept.file_servers.add(pid)
        watch = os.pidfd_open(pid)

        def on_end(_: object) -> None:
            self._selector.unregister(watch)
            os.close(watch)
            os.waitpid(pid, 0)
            kept.file_servers.discard(pid)

        self._selector.register(watch, selectors.EVENT_READ, on_end)
        _reply(client.connection, {})

    def _follow(self, client: _Client, pid: int) -> None:
        """Tells the client when the child has ended, and with what."""
        watch = os.pidfd_open(pid)
        client.children.add(pid)

        def on_end(_: object) -> None:
            self._selector.unregister(watch)
            os.close(watch)
            client.children.discard(pid)
            _, status = os.waitpid(pid, 0)
            _reply(client.connection, {"exit": boxes.exit_status(status)})

        self._selector.register(watch, selectors.EVENT_READ, on_end)

    def _socket(self, client: _Client, request: protocol.Socket, _: list[int]) -> None:
        with boxes.socket_inside(self._box(client, request.box).box) as made:
            _reply(client.connection, {}, [made.fileno()])

    def _snapshot(self, client: _Client, request: protocol.Snapshot, descriptors: list[int]) -> None:
        (out,) = descriptors
        workspace = self._box(client, request.box).box.workspace

        def write() -> None:
            try:
                with os.fdopen(out, "wb", closefd=False) as stream:
                    info = trees.pack(workspace, stream, max_bytes=request.max_bytes)
                _reply(client.connection, asdict(info))
            except SnapshotTooLarge as error:
                _reply_error(client.connection, "too-large", str(error))

        self._follow(client, boxes.fork_and_run(write))

    def _usage(self, client: _Client, request: protocol.UsageOf, _: list[int]) -> None:
        _reply(client.connection, asdict(boxes.usage(self._box(client, request.box).box)))

    def _freeze(self, client: _Client, request: protocol.Freeze, _: list[int]) -> None:
        boxes.freeze(self._box(client, request.box).box)
        _reply(client.connection, {})

    def _thaw(self, client: _Client, request: protocol.Thaw, _: list[int]) -> None:
        boxes.thaw(self._box(client, request.box).box)
        _reply(client.connection, {})

    def _destroy(self, client: _Client, request: protocol.Destroy, _: list[int]) -> None:
        kept = self._boxes.get(request.box)
        if kept and client.uid in (0, kept.uid):
            self._end(kept)
        _reply(client.connection, {})

    def _rescued(self, client: _Client, request: protocol.Rescued, _: list[int]) -> None:
        with sweep.rescue(self._place, request.box, client.uid) as tar:
            _reply(client.connection, {}, [tar.fileno()])

    def _list(self, client: _Client, _request: protocol.ListBoxes, _: list[int]) -> None:
        mine = [kept for kept in self._boxes.values() if client.uid in (0, kept.uid)]
        _reply(client.connection, {"boxes": [{"id": kept.box.id, "label": kept.label} for kept in mine]})


def socket_path(place: boxes.Place) -> Path:
    return place.root / "runner.sock"


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(path))
    path.chmod(0o666)  # anyone may knock; who is let in is decided by the kernel's word on the peer
    listener.listen(128)
    listener.setblocking(False)
    return listener


def _content(fd: int) -> bytes:
    size = os.fstat(fd).st_size
    if size > protocol.MOST_TREE_BYTES:
        raise ValueError("a tree of more than 256 MB")
    return os.pread(fd, size, 0)


def _reply(connection: socket.socket, message: dict[str, object], descriptors: Sequence[int] = ()) -> None:
    """Best effort: a client that does not read its answers loses them, and the runner goes on."""
    with contextlib.suppress(OSError):
        socket.send_fds(connection, [json.dumps({"ok": message}).encode()], list(descriptors))


def _reply_error(connection: socket.socket, kind: str, what: str, remedy: str = "") -> None:
    with contextlib.suppress(OSError):
        connection.send(json.dumps({"error": kind, "what": what[:2000], "remedy": remedy}).encode())


def must_be_able() -> None:
    """Raises `SandboxUnavailable` where this process cannot be a runner."""
    if os.geteuid() != 0:
        raise SandboxUnavailable(
            "the runner needs root to give each box its own uid, limits and disk",
            remedy="start it as root (see docs/labs.md), or use the local backend, which lists what it lacks",
        )
    boxes.bwrap_path()


def run(place: boxes.Place, allowed: frozenset[int], *, idle_s: float | None, ready_fd: int | None = None) -> None:
    """Runs a runner in this process."""
    must_be_able()

    def ready() -> None:
        if ready_fd is not None:
            with contextlib.suppress(BrokenPipeError):  # whoever started us may not have waited
                os.write(ready_fd, b"1")
            os.close(ready_fd)

    Runner(place, allowed, idle_s=idle_s).serve(ready)
