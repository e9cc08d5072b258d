"""The files of a box's workspace, served by a process of our own that has no more rights than the box itself.

It is forked by whoever made the box, shuts itself into the workspace (chroot, where that is allowed), takes the box's
uid, and answers on one socket. Every path is opened beneath the workspace without following a link (openat2), nothing
but folders and regular files is opened, and every answer has a size at most.

One request or answer: its length (4 bytes, a JSON object's, at most 64 KiB), the object, and as many bytes of content
as its `bytes` says (at most `MAX_FILE_BYTES`).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import json
import os
import select
import signal
import socket
import stat
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.sandbox import linux
from tenfold.sandbox.file_names import MAX_DEPTH, MAX_PATH_BYTES, Parts, Refusal, name_of, parse_path
from tenfold.sandbox.rootfs import LiveBox

MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_WATCHES = 2_000
IDLE_S = 600.0
_LEASE_S = 0.5
HEAD = struct.Struct(">I")
_MAX_HEAD_BYTES = 1024 * 1024
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_SYS_OPENAT2 = 437
_NO_MAGICLINKS, _NO_SYMLINKS, _BENEATH = 0x02, 0x04, 0x08
_libc = ctypes.CDLL(None, use_errno=True)
_EVENT = struct.Struct("iIII")
_WATCH_FOR = (
    0x2 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x01000000 | 0x02000000
)  # changes; no links, folders only
_IS_FOLDER, _OVERFLOW = 0x40000000, 0x4000


def serve_as(box: LiveBox, descriptor: int) -> None:
    """In a forked child: gives up what it does not need, then serves until the other side is gone."""
    root = os.open(box.workspace, _DIRECTORY)
    keep = {descriptor, root}
    for fd in (int(entry.name) for entry in list(Path("/proc/self/fd").iterdir())):
        if fd not in keep and fd > 2:
            with contextlib.suppress(OSError):
                os.close(fd)
    linux.die_with_parent(signal.SIGKILL)
    if box.place.privileged and box.uid:
        os.fchdir(root)
        os.chroot(".")
        os.setgroups([])
        linux.give_up_privileges(box.uid, box.uid)
        linux.die_with_parent(signal.SIGKILL)  # a change of uid clears it
    linux.hide_from_ptrace()
    signal.signal(signal.SIGIO, signal.SIG_IGN)  # somebody waits for a file that is being written: not for long
    os.umask(0o022)
    with socket.socket(fileno=os.dup(descriptor)) as connection:
        os.close(descriptor)
        FileServer(root, connection).serve()


class FileServer:
    """Answers one client about the tree below a folder. `watch` sends changes as they happen, unasked."""

    def __init__(self, root: int, connection: socket.socket) -> None:
        self._root = root
        self._connection = connection
        self._watcher: _Watcher | None = None

    def serve(self) -> None:
        """Until the other side is gone, says what is no message, or has nothing to ask for long."""
        with self._connection:
            self._serve()

    def _serve(self) -> None:
        while True:
            sources: list[Any] = [self._connection, *([self._watcher] if self._watcher else [])]
            ready, _, _ = select.select(sources, [], [], None if self._watcher else IDLE_S)
            if not ready:
                return
            if self._watcher in ready and self._watcher is not None:
                self._send({"changes": self._watcher.changes()})
            if self._connection in ready and not self._answer_one():
                return

    def _answer_one(self) -> bool:
        try:
            request, content = receive(self._connection)
        except (EOFError, OSError, ValueError):
            return False
        try:
            answer, body = self._answer(request, content)
        except Refusal as refusal:
            answer, body = {"error": refusal.kind, "what": refusal.what, **refusal.more}, b""
        except OSError as error:
            answer, body = {"error": _kind(error), "what": error.strerror or str(error)}, b""
        return self._send(answer, body)

    def _send(self, answer: dict[str, Any], body: bytes = b"") -> bool:
        try:
            send(self._connection, answer, body)
        except OSError:
            return False
        return True

    def _answer(self, request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        match request.get("op"):
            case "list":
                return {"entries": list_tree(self._root), "is_whole": True}, b""
            case "read":
                return read_file(self._root, _path(request))
            case "write":
                return write_file(self._root, _path(request), content, request.get("version")), b""
            case "folder":
                return make_folder(self._root, _path(request)), b""
            case "remove":
                return remove(self._root, _path(request), request.get("version")), b""
            case "rename":
                return rename(self._root, _path(request), parse_path(str(request.get("to", "")))), b""
            case "watch":
                self._watcher = self._watcher or _Watcher(self._root)
                return {}, b""
        raise Refusal("name", "there is no such request")


def receive(connection: socket.socket) -> tuple[dict[str, Any], bytes]:
    """Raises `EOFError` at the end, `ValueError` for what is no message of ours."""
    (length,) = HEAD.unpack(_exactly(connection, HEAD.size))
    if length > _MAX_HEAD_BYTES:
        raise ValueError("too long")
    words = json.loads(_exactly(connection, length))
    size = words.pop("bytes", 0) if isinstance(words, dict) else -1
    if not isinstance(size, int) or not 0 <= size <= MAX_FILE_BYTES:
        raise ValueError("no message of ours")
    return words, _exactly(connection, size)


def send(connection: socket.socket, words: dict[str, Any], body: bytes = b"") -> None:
    text = json.dumps({**words, "bytes": len(body)}).encode()
    connection.sendall(HEAD.pack(len(text)) + text + body)


def _exactly(connection: socket.socket, size: int) -> bytes:
    held = bytearray()
    while len(held) < size:
        block = connection.recv(min(65536, size - len(held)))
        if not block:
            raise EOFError
        held += block
    return bytes(held)


# paths


def _path(request: dict[str, Any]) -> Parts:
    return parse_path(str(request.get("path", "")))


def _open(root: int, parts: Parts, flags: int, mode: int = 0) -> int:
    """Opens beneath the root, following no link. Raises `OSError`."""
    how = struct.pack("=QQQ", flags | os.O_CLOEXEC, mode, _BENEATH | _NO_SYMLINKS | _NO_MAGICLINKS)
    name = b"/".join(parts) or b"."
    fd = int(_libc.syscall(_SYS_OPENAT2, root, name, ctypes.c_char_p(how), len(how)))
    if fd < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return fd


@contextlib.contextmanager
def _beneath(root: int, parts: Parts, flags: int, mode: int = 0) -> Iterator[int]:
    fd = _open(root, parts, flags, mode)
    try:
        yield fd
    finally:
        os.close(fd)


def _kind(error: OSError) -> str:
    return {
        errno.ENOENT: "missing",
        errno.ELOOP: "denied",
        errno.EXDEV: "denied",
        errno.EACCES: "denied",
        errno.EPERM: "denied",
        errno.ENOTDIR: "not-a-folder",
        errno.EISDIR: "not-a-file",
        errno.ENXIO: "not-a-file",
        errno.EEXIST: "exists",
        errno.ENOTEMPTY: "not-empty",
        errno.ENOSPC: "full",
        errno.EDQUOT: "full",
        errno.ENAMETOOLONG: "name",
    }.get(error.errno or 0, "failed")


# what is asked


@dataclass(slots=True)
class _Walk:
    entries: list[dict[str, Any]]
    is_whole: bool = True


def list_tree(root: int) -> list[dict[str, Any]]:
    """Every entry below, folders before what is in them; at most `MAX_ENTRIES`, then one of kind `more`."""
    walk = _Walk([])
    top = os.dup(root)
    _walk_folder(walk, top, "", 0)
    return walk.entries


def _walk_folder(walk: _Walk, folder: int, prefix: str, depth: int) -> None:
    try:
        names = sorted(os.fsencode(name) for name in os.listdir(folder))
        for raw in names:
            if len(walk.entries) >= MAX_ENTRIES:
                if walk.is_whole:
                    walk.entries.append({"path": "", "kind": "more", "size": 0})
                walk.is_whole = False
                return
            _walk_entry(walk, folder, prefix, raw, depth)
    finally:
        os.close(folder)


def _walk_entry(walk: _Walk, folder: int, prefix: str, raw: bytes, depth: int) -> None:
    try:
        status = os.stat(raw, dir_fd=folder, follow_symlinks=False)
    except OSError:  # gone meanwhile
        return
    path = f"{prefix}{name_of(raw)}"
    if len(path) > MAX_PATH_BYTES:
        return
    kind = _kind_of(status.st_mode)
    walk.entries.append({"path": path, "kind": kind, "size": status.st_size, "at": int(status.st_mtime)})
    if kind == "folder" and depth < MAX_DEPTH - 1:
        with contextlib.suppress(OSError):  # one that its owner has closed is listed, and not looked into
            _walk_folder(walk, os.open(raw, _DIRECTORY, dir_fd=folder), f"{path}/", depth + 1)


def _kind_of(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "folder"), (stat.S_ISREG, "file"), (stat.S_ISLNK, "link"))
    return next((name for test, name in kinds if test(mode)), "other")


def read_file(root: int, parts: Parts) -> tuple[dict[str, Any], bytes]:
    """A regular file, whole, with its version (SHA-256). Raises `Refusal`."""
    with _beneath(root, parts, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY) as fd:
        content, mode = _content(fd)
    return {"version": version_of(content), "is_executable": bool(mode & 0o100)}, content


def _content(fd: int) -> tuple[bytes, int]:
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        raise Refusal("not-a-file", "only regular files are opened")
    if status.st_size > MAX_FILE_BYTES:
        raise Refusal("too-large", f"it holds {status.st_size:,} bytes; the editor opens {MAX_FILE_BYTES:,} at most")
    content = b""
    while len(content) <= MAX_FILE_BYTES and (block := os.read(fd, 1 << 20)):
        content += block
    if len(content) > MAX_FILE_BYTES:
        raise Refusal("too-large", "it grows while it is read")
    return content, status.st_mode


def version_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_file(root: int, parts: Parts, content: bytes, version: object) -> dict[str, Any]:
    """Writes a file whole, if it still is of the version that the writer saw ("" makes a new one).

    Raises `Refusal` of kind `conflict`, with the version that is there now, for one that was changed meanwhile: what
    the shell wrote is never overwritten unseen.
    """
    if not isinstance(version, str):
        raise Refusal("name", "say which version you saw")
    if version:
        _replace(root, parts, content, version)
    else:
        _create(root, parts, content)
    return {"version": version_of(content)}


def _create(root: int, parts: Parts, content: bytes) -> None:
    with _beneath(root, parts[:-1], os.O_RDONLY | os.O_DIRECTORY) as folder:
        temporary = b".%s.%d.tmp" % (os.urandom(4).hex().encode(), os.getpid())
        fd = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=folder
        )
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(content)
            _rename_to_nothing(folder, temporary, folder, parts[-1])
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            if error.errno != errno.EEXIST:
                raise
            raise Refusal("conflict", "there is such a file already", version=_version_at(folder, parts[-1])) from None


def _version_at(folder: int, name: bytes) -> str:
    with _beneath(folder, (name,), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY) as fd:
        return version_of(_content(fd)[0])


def _replace(root: int, parts: Parts, content: bytes, version: str) -> None:
    """In place, under a lease: whoever opens the file meanwhile waits, so nothing comes between looking and writing.

    Where another program keeps it open there is no lease; then it is looked at as late as can be.
    """
    try:
        fd = _open(root, parts, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    except FileNotFoundError:
        raise Refusal("conflict", "the file was removed meanwhile", version="") from None
    try:
        _lease(fd)
        found, _ = _content(fd)
        if version_of(found) != version:
            raise Refusal("conflict", "the file was changed meanwhile", version=version_of(found))
        if len(content) > len(found):
            os.posix_fallocate(fd, 0, len(content))  # a full disk is found out before anything is overwritten
        _write_at_once(fd, content)
        os.ftruncate(fd, len(content))
    finally:
        os.close(fd)  # and with it the lease


def _lease(fd: int) -> None:
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        return
    until = time.monotonic() + _LEASE_S
    while time.monotonic() < until:
        try:
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        except BlockingIOError:  # somebody has it open
            time.sleep(0.002)
        except OSError:  # no file of our own, or a file system without leases
            return
        else:
            return


def _write_at_once(fd: int, content: bytes) -> None:
    done = 0
    while done < len(content):
        done += os.pwrite(fd, content[done:], done)


def _must_be(folder: int, name: bytes, version: str) -> None:
    """Raises `Refusal` where the file is not of that version."""
    found = _version_at(folder, name)
    if found != version:
        raise Refusal("conflict", "the file was changed meanwhile", version=found)


def make_folder(root: int, parts: Parts) -> dict[str, Any]:
    with _beneath(root, parts[:-1], os.O_RDONLY | os.O_DIRECTORY) as folder:
        os.mkdir(parts[-1], 0o755, dir_fd=folder)
    return {}


def remove(root: int, parts: Parts, version: object) -> dict[str, Any]:
    """A file of the version that the caller saw, an empty folder, or a link. Raises `Refusal`."""
    with _beneath(root, parts[:-1], os.O_RDONLY | os.O_DIRECTORY) as folder:
        mode = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            os.rmdir(parts[-1], dir_fd=folder)
        else:
            if stat.S_ISREG(mode):
                _must_be(folder, parts[-1], str(version))
            os.unlink(parts[-1], dir_fd=folder)
    return {}


_RENAME_NOREPLACE = 1


def rename(root: int, source: Parts, target: Parts) -> dict[str, Any]:
    """Never replaces what is there. Raises `OSError`."""
    with (
        _beneath(root, source[:-1], os.O_RDONLY | os.O_DIRECTORY) as out_of,
        _beneath(root, target[:-1], os.O_RDONLY | os.O_DIRECTORY) as into,
    ):
        _rename_to_nothing(out_of, source[-1], into, target[-1])
    return {}


def _rename_to_nothing(out_of: int, source: bytes, into: int, target: bytes) -> None:
    if _libc.renameat2(out_of, source, into, target, _RENAME_NOREPLACE) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


class _Watcher:
    """inotify over the folders of the tree, new ones included; at most `MAX_WATCHES` of them."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._fd = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd < 0:
            raise Refusal("full", "this machine allows no more watches")
        self._folders: dict[int, Parts] = {}
        self._add(())

    def fileno(self) -> int:
        return int(self._fd)

    def _add(self, parts: Parts) -> None:
        if len(self._folders) >= MAX_WATCHES or len(parts) >= MAX_DEPTH:
            return
        try:
            with _beneath(self._root, parts, os.O_RDONLY | os.O_DIRECTORY) as fd:
                watch = self._watch(fd)
                if watch < 0:
                    return
                self._folders[watch] = parts
                for entry in os.listdir(fd):  # noqa: PTH208  a descriptor, no path
                    raw = os.fsencode(entry)
                    if stat.S_ISDIR(os.stat(raw, dir_fd=fd, follow_symlinks=False).st_mode):
                        self._add((*parts, raw))
        except OSError:  # gone meanwhile, or closed by its owner
            return

    def _watch(self, fd: int) -> int:
        os.fchdir(fd)  # the folder itself, not what its name may mean by now
        return int(_libc.inotify_add_watch(self._fd, b".", _WATCH_FOR))

    def changes(self) -> list[str]:
        """Paths that changed since the last call; an empty one means: look at everything anew."""
        try:
            block = os.read(self._fd, 1 << 18)
        except BlockingIOError:
            return []
        found: dict[str, None] = {}
        position = 0
        while position < len(block):
            watch, mask, _, length = _EVENT.unpack_from(block, position)
            raw = block[position + _EVENT.size : position + _EVENT.size + length].rstrip(b"\0")
            position += _EVENT.size + length
            parts = self._folders.get(watch)
            if mask & _OVERFLOW or parts is None:
                found[""] = None
                continue
            if raw.startswith(b".") and raw.endswith(b".tmp"):
                continue
            path = (*parts, raw) if raw else parts
            if mask & _IS_FOLDER and mask & (0x100 | 0x80):
                self._add(path)
            found["/".join(map(name_of, path))] = None
        return list(found) if len(found) <= 500 else [""]
