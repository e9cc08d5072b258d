"""Bytes by their SHA-256, where all machines reach them: a folder, or object storage by fsspec."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import Any

import fsspec

from tenfold.kit.errors import UserError

WHOLE_AT_ONCE = frozenset(("s3", "s3a", "gs", "gcs", "abfs", "az", "oss", "memory"))
"""Object storage shows what is written once it is whole; elsewhere it is written beside and moved into place."""


_NAME_LENGTH = 2 * hashlib.sha256().digest_size


class ContentMissing(Exception):
    """The store has no such content, or what is there is not what its name says. Our fault."""


@dataclass(frozen=True, slots=True)
class ContentStore:
    """Written whole or not at all; the same content twice is one. Nothing is ever changed, so nothing conflicts."""

    files: Any  # a file system of fsspec, which ships no types
    root: str

    def add(self, content: bytes) -> str:
        """Returns its name."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if not self.files.exists(path):
            self._write(path, content)
        return name

    def _write(self, path: str, content: bytes) -> None:
        if self._is_whole_at_once():
            self.files.pipe_file(path, content)
            return
        part = f"{self.root}/parts/{secrets.token_hex(12)}"
        self.files.makedirs(f"{self.root}/parts", exist_ok=True)
        self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.files.pipe_file(part, content)
        self.files.mv(part, path)

    def _is_whole_at_once(self) -> bool:
        named = self.files.protocol
        return not WHOLE_AT_ONCE.isdisjoint((named,) if isinstance(named, str) else named)

    def get(self, name: str) -> bytes:
        """Raises `ContentMissing`."""
        try:
            content = bytes(self.files.cat_file(self._path(name)))
        except FileNotFoundError as error:
            raise ContentMissing(f"the store at {self.root} has no {name}") from error
        if hashlib.sha256(content).hexdigest() != name:
            raise ContentMissing(f"{name} in the store at {self.root} was changed")
        return content

    def below(self, folder: str) -> ContentStore:
        """A store within this one, which can be removed as a whole."""
        return replace(self, root=f"{self.root}/{folder}")

    def write_mark(self, mark: str, name: str) -> None:
        """Writes a mark: the one thing here that changes. Who writes last is read."""
        self._write(f"{self.root}/{mark}", name.encode("ascii"))

    def mark(self, mark: str) -> str:
        """What a mark names; "" where there is none."""
        try:
            return bytes(self.files.cat_file(f"{self.root}/{mark}")).decode("ascii")
        except FileNotFoundError:
            return ""

    def keep_only(self, names: set[str]) -> int:
        """Removes all other content (marks stay); returns how much. Only for who knows that nobody needs it."""
        found = [path for path in self.files.find(self.root) if len(path.rpartition("/")[2]) == _NAME_LENGTH]
        gone = [path for path in found if path.rpartition("/")[2] not in names]
        for path in gone:
            self.files.rm_file(path)
        return len(gone)

    def remove(self) -> None:
        """All of it, for good."""
        if self.files.exists(self.root):
            self.files.rm(self.root, recursive=True)

    def _path(self, name: str) -> str:
        return f"{self.root}/{name[:2]}/{name}"


def store_at(url: str) -> ContentStore:
    """Of a folder's path or an address that fsspec reads. Raises `UserError`."""
    try:
        files, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
    except (ValueError, ImportError, OSError) as error:
        raise UserError(
            f"the store {url} cannot be opened: {error}", remedy="name a folder that all machines reach, or an address"
        ) from error
    return ContentStore(files, root.rstrip("/"))
