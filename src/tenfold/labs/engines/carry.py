"""A session's folder from one machine to another, by a content-addressed store: what it needs, named by one hash.

All that is a session's own lies in a folder of the store that bears its id, so that it can be erased as a whole.
Recordings and the log of events only grow and snapshots never change, so of what was carried before only its last piece
is read again. The lab's edition goes along, since a session is graded by the one that it began with.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from tenfold.labs import edits
from tenfold.labs.engines.store import ContentMissing, ContentStore
from tenfold.labs.home import Home
from tenfold.labs.sessions import Session

PIECE_BYTES = 1024 * 1024
_DATABASE, _COPY = "session.sqlite", "copy"
_HERE, _RENAME_EXCHANGE = -100, 2  # of Linux: paths as they are; two names change places
_FOLDERS = ("snapshots", "recordings", edits.FOLDER)


@dataclass(slots=True)
class Packer:
    """Packs one session again and again. Remembers the whole pieces of what only grows."""

    session: Session
    store: ContentStore
    _pieces: dict[str, list[str]] = field(default_factory=dict)
    _edition: str = ""

    def pack(self) -> str:
        """The hash by which `unpack` finds the session as it is now."""
        facts = self.session.facts()
        labs = Path(facts["labs"])
        if not self._edition:
            self._edition = pack_folder(labs, self.store)
        files: list[dict[str, Any]] = [{"path": _DATABASE, "pieces": self._add_pieces(self._database_bytes())}]
        files += [{"path": name, "pieces": self._grown(path)} for name, path in self._paths()]
        words = {"session": self.session.id, "edition": labs.name, "labs": self._edition, "files": files}
        return self._own.add(json.dumps(words, sort_keys=True).encode())

    @property
    def _own(self) -> ContentStore:
        return own_store(self.session.id, self.store)

    def _paths(self) -> Iterator[tuple[str, Path]]:
        folder = self.session.folder
        found = [folder / "events.jsonl", folder / "beat"]
        found += [path for name in _FOLDERS for path in sorted((folder / name).glob("*"))]
        return ((path.relative_to(folder).as_posix(), path) for path in found if path.is_file())

    def _database_bytes(self) -> bytes:
        """A whole copy, whoever writes meanwhile."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / _DATABASE
            with (
                contextlib.closing(sqlite3.connect(self.session.folder / _DATABASE, timeout=20)) as source,
                contextlib.closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
            return copy.read_bytes()

    def _add_pieces(self, content: bytes) -> list[str]:
        own = self._own
        return [own.add(content[at : at + PIECE_BYTES]) for at in range(0, len(content), PIECE_BYTES)]

    def _grown(self, path: Path) -> list[str]:
        whole = self._pieces.setdefault(str(path), [])
        with path.open("rb") as file:
            file.seek(len(whole) * PIECE_BYTES)
            rest = self._add_pieces(file.read())
            keeps = path.name != "beat" and path.suffix not in {".index", ".json"}
            if keeps and rest:
                last_is_whole = file.tell() % PIECE_BYTES == 0
                self._pieces[str(path)] = whole + (rest if last_is_whole else rest[:-1])
        return whole + rest


def own_store(session: str, store: ContentStore) -> ContentStore:
    """What of the store is one session's and nobody else's."""
    return store.below(f"sessions/{PurePosixPath(session).name}")


def content_of(session: str, manifest: str, store: ContentStore) -> set[str]:
    """The names of all that a manifest needs of the session's own, itself included."""
    words = json.loads(own_store(session, store).get(manifest))
    return {manifest, *(piece for file in words["files"] for piece in file["pieces"])}


def manifest_of(folder: Path) -> str:
    """The manifest that a session's folder was unpacked from or packed to last; "" where it never was."""
    with contextlib.suppress(OSError):
        return (folder / _COPY).read_text("ascii")
    return ""


def note_manifest(folder: Path, manifest: str) -> None:
    part = folder / f".{_COPY}-{secrets.token_hex(6)}"
    part.write_text(manifest, "ascii")
    part.replace(folder / _COPY)


def pack_folder(folder: Path, store: ContentStore) -> str:
    """A folder of files, as the hash by which `unpack_folder` finds it."""
    files = {
        path.relative_to(folder).as_posix(): [store.add(path.read_bytes()), path.stat().st_mode & 0o777]
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    links = {
        path.relative_to(folder).as_posix(): str(path.readlink())
        for path in sorted(folder.rglob("*"))
        if path.is_symlink()
    }
    return store.add(json.dumps({"files": files, "links": links}, sort_keys=True).encode())


def unpack_folder(name: str, store: ContentStore, target: Path) -> None:
    """Whole or not at all; nothing where it is there already."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = Path(tempfile.mkdtemp(dir=target.parent, prefix=".part-"))
    words = json.loads(store.get(name))
    for path, (content, mode) in words["files"].items():
        file = _inside(part, path)
        file.write_bytes(store.get(content))
        file.chmod(mode)
    for path, to in words["links"].items():
        _inside(part, path).symlink_to(to)
    part.chmod(0o755)
    with contextlib.suppress(OSError):  # another was first
        part.rename(target)
    shutil.rmtree(part, ignore_errors=True)


def unpack(session: str, manifest: str, store: ContentStore, home: Home) -> Session:
    """The session in this machine's home, in place of what was there of it before. Raises `ContentMissing`.

    What has not changed since it was unpacked last is not read from the store again.
    """
    own = own_store(session, store)
    words: dict[str, Any] = json.loads(own.get(manifest))
    labs = home.editions / PurePosixPath(words["edition"]).name
    unpack_folder(words["labs"], store, labs)
    home.sessions.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = home.sessions / PurePosixPath(words["session"]).name
    part = Path(tempfile.mkdtemp(dir=home.sessions, prefix=".part-"))
    for folder in _FOLDERS:
        (part / folder).mkdir(mode=0o700)
    before = _unpacked_before(target, own)
    for file in words["files"]:
        path = _inside(part, file["path"])
        if before.get(file["path"]) != file["pieces"] or not _link(target / file["path"], path):
            path.write_bytes(b"".join(map(own.get, file["pieces"])))
            path.chmod(0o600)
    with contextlib.closing(sqlite3.connect(part / _DATABASE)) as database:
        database.execute("update fact set value = ? where key = 'labs'", (str(labs),))
        database.commit()
    note_manifest(part, manifest)
    _replace(part, target)
    return Session(target)


def _unpacked_before(folder: Path, own: ContentStore) -> dict[str, list[str]]:
    """The pieces of files that lie in a folder as they were unpacked: snapshots, which never change."""
    with contextlib.suppress(ContentMissing):
        if known := manifest_of(folder):
            words = json.loads(own.get(known))
            return {one["path"]: one["pieces"] for one in words["files"] if one["path"].startswith("snapshots/")}
    return {}


def _link(there: Path, here: Path) -> bool:
    with contextlib.suppress(OSError):
        os.link(there, here)
        return True
    return False


def _inside(folder: Path, path: str) -> Path:
    """Raises `ContentMissing` for a path that leads out."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts:
        raise ContentMissing(f"{path} leads out of its folder")
    found = folder / pure
    found.parent.mkdir(parents=True, exist_ok=True)
    return found


def _replace(part: Path, target: Path) -> None:
    """At no moment is there nothing in its place: who reads meanwhile reads the one or the other."""
    if not target.exists():
        with contextlib.suppress(OSError):  # another was first
            part.rename(target)
            return
    _exchange(part, target)
    shutil.rmtree(part, ignore_errors=True)


def _exchange(one: Path, other: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), f"{one} and {other} could not be exchanged")
