"""Backups of the SQLite database: taken whole from under a running server, looked at before they are put back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, connections

from tenfold.kit.errors import Place, UserError

OURS = "core_auditentry"
"""A table that every database of ours has."""


def back_up(out: Path) -> None:
    """Writes a consistent copy beside the target, then renames it.

    Raises:
        UserError: the database is not SQLite, or the file is there already or cannot be written.
    """
    source = _database()
    if out.exists():
        raise UserError("This file is already there.", remedy="Name another.", place=Place(file=str(out)))
    part = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(part)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        part.chmod(0o600)
        part.replace(out)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise UserError(f"The backup cannot be written: {error}.", place=Place(file=str(out))) from None


def put_back(backup: Path, *, replace: bool) -> Path | None:
    """Puts a backup where the database is; what was there is kept beside it, and its path returned.

    Raises:
        UserError: the backup is not one of ours or is damaged; or a database is there and may not be replaced.
    """
    target = _database()
    _look_at(backup)
    if target.exists() and not replace:
        raise UserError("There is a database already.", remedy="Use --force; it is kept under another name.")
    connections.close_all()
    kept = _set_aside(target)
    with closing(sqlite3.connect(backup)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    target.chmod(0o600)
    return kept


def _database() -> Path:
    if connection.vendor != "sqlite":
        raise UserError("The database is not SQLite.", remedy="Use pg_dump and pg_restore; docs/operate.md shows how.")
    return Path(str(connection.settings_dict["NAME"]))


def _look_at(backup: Path) -> None:
    place = Place(file=str(backup))
    if not backup.is_file():
        raise UserError("There is no such file.", remedy="Check the path.", place=place)
    try:
        with closing(sqlite3.connect(f"file:{backup}?mode=ro", uri=True)) as copy:
            whole = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            ours = copy.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (OURS,)).fetchone()[0] == 1
    except sqlite3.DatabaseError:
        whole = ours = False
    if not (whole and ours):
        raise UserError("This is not a whole backup of Tenfold.", remedy="Try an older one.", place=place)


def _set_aside(target: Path) -> Path | None:
    """Renames the database with its journal; nothing is deleted."""
    if not target.exists():
        return None
    kept = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    for suffix in ("", "-wal", "-shm"):
        piece = target.with_name(target.name + suffix)
        if piece.exists():
            piece.rename(kept.with_name(kept.name + suffix))
    return kept
