"""Where the application keeps its state, and its secrets: environment first, then files, then made once and kept."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from platformdirs import user_data_path

from tenfold.kit.errors import Place, UserError


def home() -> Path:
    """`TENFOLD_HOME`, or the user's data directory."""
    given = os.environ.get("TENFOLD_HOME")
    return Path(given).expanduser() if given else user_data_path("tenfold", appauthor=False)


def make_home() -> Path:
    """The home. One that is made now lets others pass through and see nothing: boxes of labs have uids of their own."""
    at = home()
    if not at.is_dir():
        at.mkdir(parents=True, exist_ok=True, mode=0o700)
        at.chmod(0o711)
    return at


def secret(name: str) -> str | None:
    """`NAME` from the environment, or what the file at `NAME_FILE` holds.

    Raises:
        UserError: the file cannot be read, or is empty.
    """
    if value := os.environ.get(name):
        return value
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return None
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UserError(
            f"The secret cannot be read: {error.strerror}.", remedy=f"Check {name}_FILE.", place=Place(file=path)
        ) from None
    if not value:
        raise UserError("The file of a secret is empty.", remedy=f"Check {name}_FILE.", place=Place(file=path))
    return value


def secret_key() -> str:
    """The key that signs sessions and links: given, or made once and kept in the home, readable by its owner only."""
    return kept_secret("TENFOLD_SECRET_KEY", "secret_key")


def kept_secret(name: str, file: str) -> str:
    """A secret from the environment (`NAME`, `NAME_FILE`), else from a file in the home that is made once."""
    if given := secret(name):
        return given
    path = home() / file
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        pass
    make_home()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was quicker
        return path.read_text(encoding="utf-8").strip()
    key = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(key + "\n")
    return key


def close_files() -> None:
    """Takes from all but their owner what they may do with files in the home, also those of an older version.

    The home itself stays as the operator made it; folders in it have their own rules.
    """
    if not home().is_dir():
        return
    for path in home().iterdir():
        if path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o077:
            with contextlib.suppress(OSError):  # another user's, or one that went meanwhile
                path.chmod(0o600)


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").strip().casefold()
    if value not in ("", "1", "0", "true", "false", "yes", "no", "on", "off"):
        raise UserError(f"{name} is yes or no; it says “{value}”.", remedy=f"Set {name}=1 or {name}=0.")
    return value in ("1", "true", "yes", "on") if value else default
