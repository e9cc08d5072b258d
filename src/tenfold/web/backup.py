"""Backups of the SQLite database: taken whole from under a running server, looked at before they are put back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, connections

from tenfold.kit.errors import Place, UserError

PATIENCE_S = 60
STEP = 16
"""Pages that are written in one step: few, so that there is always another step after the first, which locks."""
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

    One transaction of the database that is there: processes that still use it find either all of the old or all of the
    new, and each write that they acknowledged is in the copy that is kept, or comes after the restore.

    Raises:
        UserError: the backup is not one of ours or is damaged; or a database is there and may not be replaced.
    """
    target = _database()
    _look_at(backup)
    if target.exists() and not replace:
        raise UserError("There is a database already.", remedy="Use --force; it is kept under another name.")
    connections.close_all()
    kept = _beside(target) if target.exists() else None
    try:
        _replace(target, backup, kept)
    except sqlite3.OperationalError as error:
        raise UserError(f"The database cannot be replaced: {error}.", remedy="Stop server and worker first.") from None
    except sqlite3.DatabaseError:  # what is there is damaged: nothing can be using it
        kept = _set_aside(target)
        _replace(target, backup, None)
    target.chmod(0o600)
    return kept


def _replace(target: Path, backup: Path, kept: Path | None) -> None:
    """Writes the backup into the database as it stands, and what was there into `kept` while nobody else may write."""
    with closing(sqlite3.connect(backup)) as source, closing(sqlite3.connect(target, timeout=PATIENCE_S)) as live:
        live.execute("PRAGMA journal_mode = WAL")  # readers go on with the old until all of the new is there

        def keep_once(_status: int, _left: int, _all: int) -> None:
            """After the first step, which locks the database for everybody else's writes."""
            if kept is not None and not kept.exists():
                _copy(target, kept)

        source.backup(live, pages=STEP, progress=keep_once, sleep=0)


def _copy(database: Path, out: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(out)) as copy,
    ):
        source.backup(copy)
    out.chmod(0o600)


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


def _beside(target: Path) -> Path:
    return target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")


def _set_aside(target: Path) -> Path | None:
    """Renames the database with its journal; nothing is deleted."""
    if not target.exists():
        return None
    kept = _beside(target)
    for suffix in ("", "-wal", "-shm"):
        piece = target.with_name(target.name + suffix)
        if piece.exists():
            piece.rename(kept.with_name(kept.name + suffix))
    return kept
