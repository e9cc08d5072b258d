"""Bytes by their SHA-256, where all machines reach them: a folder, or object storage by fsspec."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import fsspec

from tenfold.kit.errors import UserError


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
            part = f"{self.root}/parts/{secrets.token_hex(12)}"
            self.files.makedirs(f"{self.root}/parts", exist_ok=True)
            self.files.makedirs(f"{self.root}/{name[:2]}", exist_ok=True)
            self.files.pipe_file(part, content)
            self.files.mv(part, path)
        return name

    def get(self, name: str) -> bytes:
        """Raises `ContentMissing`."""
        try:
            content = bytes(self.files.cat_file(self._path(name)))
        except FileNotFoundError as error:
            raise ContentMissing(f"the store at {self.root} has no {name}") from error
        if hashlib.sha256(content).hexdigest() != name:
            raise ContentMissing(f"{name} in the store at {self.root} was changed")
        return content

    def _path(self, name: str) -> str:
        return f"{self.root}/{name[:2]}/{name}"


def store_at(url: str) -> ContentStore:
    """Of a folder's path or an address that fsspec reads. Raises `UserError`."""
    try:
        files, root = fsspec.core.url_to_fs(url)
    except (ValueError, ImportError, OSError) as error:
        raise UserError(
            f"the store {url} cannot be opened: {error}", remedy="name a folder that all machines reach, or an address"
        ) from error
    return ContentStore(files, root.rstrip("/"))
