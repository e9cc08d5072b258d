"""A session's folder from one machine to another, by a content-addressed store: what it needs, named by one hash.

Recordings and the log of events only grow and snapshots never change, so of what was carried before only its last piece
is read again. The lab's edition goes along, since a session is graded by the one that it began with.
"""

from __future__ import annotations

import contextlib
import json
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
_DATABASE = "session.sqlite"
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
        files = [{"path": _DATABASE, "pieces": self._add_pieces(self._database_bytes())}]
        files += [{"path": name, "pieces": self._grown(path)} for name, path in self._paths()]
        words = {"session": self.session.id, "edition": labs.name, "labs": self._edition, "files": files}
        return self.store.add(json.dumps(words, sort_keys=True).encode())

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
        return [self.store.add(content[at : at + PIECE_BYTES]) for at in range(0, len(content), PIECE_BYTES)]

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


def unpack(name: str, store: ContentStore, home: Home) -> Session:
    """The session in this machine's home, in place of what was there of it before. Raises `ContentMissing`."""
    words: dict[str, Any] = json.loads(store.get(name))
    labs = home.editions / PurePosixPath(words["edition"]).name
    unpack_folder(words["labs"], store, labs)
    home.sessions.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = Path(tempfile.mkdtemp(dir=home.sessions, prefix=".part-"))
    for folder in _FOLDERS:
        (part / folder).mkdir(mode=0o700)
    for file in words["files"]:
        path = _inside(part, file["path"])
        path.write_bytes(b"".join(map(store.get, file["pieces"])))
        path.chmod(0o600)
    with contextlib.closing(sqlite3.connect(part / _DATABASE)) as database:
        database.execute("update fact set value = ? where key = 'labs'", (str(labs),))
        database.commit()
    _replace(part, home.sessions / PurePosixPath(words["session"]).name)
    return Session(home.sessions / PurePosixPath(words["session"]).name)


def _inside(folder: Path, path: str) -> Path:
    """Raises `ContentMissing` for a path that leads out."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts:
        raise ContentMissing(f"{path} leads out of its folder")
    found = folder / pure
    found.parent.mkdir(parents=True, exist_ok=True)
    return found


def _replace(part: Path, target: Path) -> None:
    if target.exists():
        before = Path(tempfile.mkdtemp(dir=target.parent, prefix=".before-"))
        target.rename(before / "folder")
        part.rename(target)
        shutil.rmtree(before, ignore_errors=True)
    else:
        part.rename(target)
