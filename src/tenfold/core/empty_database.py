"""An SQLite database without tables begins as a copy of the empty one that was made before: a hundred times as quick.

What is kept rests on every migration, on Django and on the triggers; where one of them differs, it is made anew.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import django
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from tenfold.core.models import triggers
from tenfold.kit.kept import keep, read_kept

NAME = "empty.sqlite3"
FORMAT = slice(18, 20)  # of the file: 2 where it is written ahead, which a copy in memory cannot be


def is_empty_sqlite(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "sqlite" and not connection.introspection.table_names()


def digest_migrations() -> bytes:
    """Of all that makes the tables."""
    modules = {migration.__class__.__module__ for migration in MigrationLoader(None).disk_migrations.values()}
    digest = hashlib.sha256(f"{django.get_version()} {sqlite3.sqlite_version}".encode())
    for module in (*sorted(modules), triggers.__name__):
        path = sys.modules[module].__file__
        digest.update(module.encode() + (Path(path).read_bytes() if path else b""))
    return digest.digest()


def copy_kept_database(connection: BaseDatabaseWrapper, digest: bytes) -> None:
    """Fills a database without tables with what is kept under this digest; leaves it as it is where nothing is."""
    kept = read_kept(NAME) or b""
    content = kept[len(_seal(digest, b"")) :]
    if kept != _seal(digest, content) + content:
        return
    with closing(sqlite3.connect(":memory:")) as image:
        image.deserialize(content)
        image.backup(_open(connection))


def keep_database(connection: BaseDatabaseWrapper, digest: bytes) -> None:
    """Keeps a database in which nothing but tables was made yet."""
    with closing(sqlite3.connect(":memory:")) as image:
        _open(connection).backup(image)
        content = image.serialize()
    content = content[: FORMAT.start] + b"\1\1" + content[FORMAT.stop :]
    keep(NAME, _seal(digest, content) + content)


def _seal(digest: bytes, content: bytes) -> bytes:
    """What is cut short or spoilt does not pass."""
    return hashlib.sha256(digest + content).digest()


def _open(connection: BaseDatabaseWrapper) -> sqlite3.Connection:
    connection.ensure_connection()
    opened: sqlite3.Connection = connection.connection
    return opened
