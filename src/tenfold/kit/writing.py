"""Files appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from tenfold.kit.errors import Place, UserError


def write_whole(path: Path, text: str, *, replace: bool = True) -> None:
    """Writes beside the target and renames, so that nobody ever sees half a file.

    Raises:
        UserError: the file is there and may not be replaced, or its folder cannot be written.
    """
    place = Place(file=str(path))
    if path.is_dir():
        raise UserError("This is a folder.", remedy=f"Name a file in it: {path / 'NAME'}.", place=place)
    if not replace and path.exists():
        raise UserError(
            "This file is already there; it was left as it is.", remedy="Use --force to replace it.", place=place
        )
    try:
        _replace(path, text)
    except OSError as error:
        raise UserError(
            f"This file cannot be written: {error.strerror or error}.",
            remedy="Name a folder that exists and is yours.",
            place=place,
        ) from None


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
