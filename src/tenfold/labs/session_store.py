"""A session's folder: SQLite for what holds, a chained log for what happened, files renamed into place whole."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from tenfold.kit import hashchain
from tenfold.kit.errors import UserError
from tenfold.labs.verdicts import Graded, GradingEvent, Outcome, Verdict

SCHEMA = """
create table if not exists fact (key text primary key, value text not null);
create table if not exists visit (id integer primary key, began_at text not null, last_seen_at text not null, ended
integer not null default 0); create table if not exists snapshot (id integer primary key, hash text not null, kind text
not null, at text not null, size integer not null); create table if not exists verdict (
    id integer primary key, snapshot text not null, edition text not null, again integer not null, at text not null,
    body text not null, noted integer not null default 0, unique (snapshot, edition, again)
);
create table if not exists hint (id integer primary key, at text not null);
create table if not exists absence (id integer primary key, began_at text not null, ended_at text not null);
"""
_EDITION_OF_SCHEMA = 2


def _migrate(connection: sqlite3.Connection) -> None:
    """Brings a session that an older version began to this schema."""
    (edition,) = connection.execute("pragma user_version").fetchone()
    if edition >= _EDITION_OF_SCHEMA:
        return
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    if "stay" in tables and "visit" not in tables:
        connection.execute("alter table stay rename to visit")
    for statement in SCHEMA.split(";"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"pragma user_version = {_EDITION_OF_SCHEMA}")


class State(StrEnum):
    """Where a session stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    GRADED = "graded"


@dataclass(frozen=True, slots=True)
class SessionStore:
    """Values are read from the folder when asked for; nothing is held."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @contextlib.contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.folder / "session.sqlite", timeout=20, isolation_level=None)
        try:
            connection.executescript("pragma journal_mode=wal; pragma synchronous=full;")
            connection.execute("begin immediate")
            _migrate(connection)
            yield connection
            connection.execute("commit")
        finally:
            connection.close()

    def facts(self) -> dict[str, str]:
        with self._database() as database:
            return dict(database.execute("select key, value from fact"))

    def _set(self, **facts: str) -> None:
        with self._database() as database:
            database.executemany("insert or replace into fact values (?, ?)", facts.items())

    def note(self, kind: str, now: datetime, **data: Any) -> None:
        """Adds an event to the chained log."""
        hashchain.append(self.folder / "events.jsonl", kind, data, at=now)

    @property
    def state(self) -> State:
        return State(self.facts()["state"])

    def events(self) -> list[hashchain.Entry]:
        path = self.folder / "events.jsonl"
        return list(hashchain.read(path)) if path.exists() else []

    @contextlib.contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """One process at a time does what is named so."""
        with (self.folder / f"{what}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _fact(database: sqlite3.Connection, key: str) -> str | None:
        row = database.execute("select value from fact where key = ?", (key,)).fetchone()
        return row[0] if row else None


def write_durably(path: Path, content: bytes) -> None:
    """Whole and on disk, or not there."""
    if path.exists():
        return
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(part.name).rename(path)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        free_mb = shutil.disk_usage(path.parent).free // 1_000_000
        raise UserError(
            f"the work could not be saved: the disk of {path.parent} is full ({free_mb} MB free, "
            f"{len(content) // 1_000_000 + 1} are needed)",
            remedy="tell whoever runs this; nothing is lost as long as the room stands",
        ) from error
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def verdict_from(words: Mapping[str, Any]) -> Verdict:
    """A verdict as it was stored."""
    words = dict(words)
    words.setdefault("event", words.pop("happening", None))  # as it was called until 2026-11
    criteria = tuple(Graded(**{**one, "evidence": tuple(one["evidence"])}) for one in words["criteria"])
    event = GradingEvent(words["event"]) if words["event"] else None
    return Verdict(**{**words, "outcome": Outcome(words["outcome"]), "criteria": criteria, "event": event})
