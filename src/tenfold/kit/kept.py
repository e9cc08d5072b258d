"""What is made of the program's own files alone is made once and kept; losing it costs time only.

It stands beside Python's compiled files, or in the user's cache where those cannot be written. In the package it is
trusted as the package is; in the user's cache it is read only where it is the user's own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path


def read_kept(name: str) -> bytes | None:
    """What is kept under this name; None where nothing is, or what there is is not the user's own."""
    for folder in (_package_folder(), _user_folder()):
        with suppress(OSError):
            path = folder / name
            if folder == _package_folder() or path.stat().st_uid == os.geteuid():
                return path.read_bytes()
    return None


def keep(name: str, content: bytes) -> None:
    """Keeps it in the first folder that can be written; whoever reads meanwhile has the old or the new, whole."""
    for folder in _folders_to_write():
        part = folder / f"{name}.{os.getpid()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part.touch(mode=0o600 if folder == _user_folder() else 0o666)
            part.write_bytes(content)
            part.replace(folder / name)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            continue
        return


def _folders_to_write() -> Iterator[Path]:
    """As Python keeps compiled files: not in the package where it is told to write none."""
    if not sys.dont_write_bytecode:
        yield _package_folder()
    yield _user_folder()


def _package_folder() -> Path:
    return Path(cache_from_source(__file__)).parent


def _user_folder() -> Path:
    if home := os.environ.get("TENFOLD_HOME"):
        return Path(home) / "cache"
    from platformdirs import user_cache_path  # noqa: PLC0415 - where it is not asked for, it costs a start nothing

    return user_cache_path("tenfold", appauthor=False)
