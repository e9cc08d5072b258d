"""Trees of files in and out of a box. What a candidate made is hostile: nothing is followed, all is capped.

A tree travels as an uncompressed tar of folders, regular files and symbolic links (kept as they are, never
followed), sorted, without times or owners: the same content gives the same bytes, whose SHA-256 names a
snapshot.
"""

from __future__ import annotations

import io
import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from tenfold.kit.errors import UserError
from tenfold.sandbox.interface import SnapshotInfo, SnapshotTooLarge

MOST_ENTRIES = 20_000
_DEEPEST = 40
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_REGULAR = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class _Pack:
    """A tar being written within limits."""

    def __init__(self, out: IO[bytes], max_bytes: int) -> None:
        self.tar = tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  closed by finish
        self.room = max_bytes
        self.entries = 0
        self.files = 0
        self.left_out: list[str] = []
        self.by_top: dict[str, int] = {}

    def add(self, info: tarfile.TarInfo, content: IO[bytes] | None = None) -> None:
        self.entries += 1
        self.room -= info.size
        top = info.name.partition("/")[0]
        self.by_top[top] = self.by_top.get(top, 0) + 1
        if self.entries > MOST_ENTRIES:
            most = max(self.by_top, key=lambda name: self.by_top[name])
            raise SnapshotTooLarge(
                f"more than {MOST_ENTRIES:,} files and folders, "
                f"{self.by_top[most]:,} of them in {printable_name(most)}; what is not needed for the work "
                "(environments, caches, downloads) can stand in /tmp or /home/candidate"
            )
        if self.room < 0:
            raise SnapshotTooLarge(
                "more bytes than may be handed in; what is not needed for the work can stand in /tmp or /home/candidate"
            )
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        info.mtime = 0
        self.tar.addfile(info, content)


def pack(root: Path, out: IO[bytes], *, max_bytes: int) -> SnapshotInfo:
    """Writes the tree below `root`. Raises `SnapshotTooLarge`."""
    pack_ = _Pack(out, max_bytes)
    top = os.open(root, _DIRECTORY)
    try:
        _pack_folder(pack_, top, "", 0)
    finally:
        os.close(top)
    pack_.tar.close()
    return SnapshotInfo(pack_.files, max_bytes - pack_.room, tuple(pack_.left_out[:50]))


def _pack_folder(pack_: _Pack, folder: int, path: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise SnapshotTooLarge(f"folders nested more than {_DEEPEST} deep")
    for name in sorted(os.listdir(folder)):
        here = f"{path}{name}"
        if not _is_text(name):  # it is kept from nothing: the rest is handed in, and this is said
            pack_.left_out.append(f"{printable_name(here)}: its name is no UTF-8 text")
            continue
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            _pack_entry(pack_, folder, here, status, depth)
        except OSError as error:  # vanished or changed its kind meanwhile
            pack_.left_out.append(f"{printable_name(here)}: {error.strerror}")


def printable_name(name: str) -> str:
    """A name fit to be told: bytes that are no text, and signs that are none, as escapes."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _pack_entry(pack_: _Pack, folder: int, here: str, status: os.stat_result, depth: int) -> None:
    name = here.rpartition("/")[2]
    info = tarfile.TarInfo(here)
    if stat.S_ISDIR(status.st_mode):
        inner = os.open(name, _DIRECTORY, dir_fd=folder)
        try:
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            pack_.add(info)
            _pack_folder(pack_, inner, f"{here}/", depth + 1)
        finally:
            os.close(inner)
    elif stat.S_ISLNK(status.st_mode):
        info.type, info.linkname = tarfile.SYMTYPE, os.readlink(name, dir_fd=folder)
        if _is_text(info.linkname):
            pack_.add(info)
        else:
            pack_.left_out.append(f"{printable_name(here)}: it points to a name that is no UTF-8 text")
    elif stat.S_ISREG(status.st_mode):
        _pack_file(pack_, os.open(name, _REGULAR, dir_fd=folder), info)
    else:
        pack_.left_out.append(f"{printable_name(here)}: neither a file, a folder nor a symbolic link")


def _pack_file(pack_: _Pack, fd: int, info: tarfile.TarInfo) -> None:
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            return
        if status.st_size > pack_.room:
            raise SnapshotTooLarge(
                f"{printable_name(info.name)} holds {status.st_size // 1_000_000} MB, "
                f"and {pack_.room // 1_000_000} are left; "
                "a file that is not needed for the work can stand in /tmp or /home/candidate instead"
            )
        content = file.read(status.st_size)  # a file that grows or shrinks meanwhile must not tear the tar
        info.size = len(content)
        info.mode = 0o755 if status.st_mode & 0o100 else 0o644
        pack_.files += 1
        pack_.add(info, io.BytesIO(content))


def unpack(tar: IO[bytes], root: Path, *, owner: tuple[int, int] | None = None) -> None:
    """Writes a tree into an empty folder, following nothing; everything belongs to `owner` where given.

    Raises `UserError` for a tar that names a path outside, a device, or the same path twice.
    """
    top = os.open(root, _DIRECTORY)
    try:
        with tarfile.open(fileobj=tar, mode="r|") as archive:
            for count, info in enumerate(archive):
                if count > MOST_ENTRIES * 2:
                    raise UserError("the archive holds too many files")
                _unpack_entry(archive, info, top, owner)
        if owner:
            os.fchown(top, *owner)
    except (tarfile.TarError, OSError) as error:
        raise UserError(f"the archive cannot be unpacked: {error}") from error
    finally:
        os.close(top)


def _unpack_entry(archive: tarfile.TarFile, info: tarfile.TarInfo, top: int, owner: tuple[int, int] | None) -> None:
    parts = PurePosixPath(info.name).parts
    if not parts or ".." in parts or parts[0] == "/":
        raise UserError(f"the archive names a path outside: {info.name}")
    folder = _open_parents(top, parts[:-1], owner)
    name = parts[-1]
    try:
        if info.isdir():
            os.mkdir(name, 0o755, dir_fd=folder)
        elif info.issym():
            os.symlink(info.linkname, name, dir_fd=folder)
        elif info.isreg():
            content = archive.extractfile(info)
            with os.fdopen(os.open(name, _NEW, 0o600, dir_fd=folder), "wb") as file:
                while content and (block := content.read(1 << 20)):
                    file.write(block)
                os.fchmod(file.fileno(), 0o755 if info.mode & 0o100 else 0o644)
        else:
            raise UserError(f"the archive holds something that is no file: {info.name}")
        if owner:
            os.chown(name, *owner, dir_fd=folder, follow_symlinks=False)
    finally:
        os.close(folder)


def _open_parents(top: int, parts: tuple[str, ...], owner: tuple[int, int] | None) -> int:
    folder = os.dup(top)
    for part in parts:
        try:
            inner = os.open(part, _DIRECTORY, dir_fd=folder)
        except FileNotFoundError:
            os.mkdir(part, 0o755, dir_fd=folder)
            if owner:
                os.chown(part, *owner, dir_fd=folder, follow_symlinks=False)
            inner = os.open(part, _DIRECTORY, dir_fd=folder)
        finally:
            os.close(folder)
        folder = inner
    return folder


def tar_of(root: Path, *, max_bytes: int = 1 << 30) -> bytes:
    """The tree below a folder of our own, in one piece."""
    out = io.BytesIO()
    pack(root, out, max_bytes=max_bytes)
    return out.getvalue()


def files_in(tar: bytes | BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Path and content of every regular file."""
    stream = io.BytesIO(tar) if isinstance(tar, bytes) else tar
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            if info.isreg() and (content := archive.extractfile(info)):
                yield info.name, content.read()
