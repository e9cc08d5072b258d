"""A new database is the same whether every migration made it or it was copied."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from pytest_django import DjangoDbBlocker

from tenfold.core import empty_database
from tenfold.core.models import triggers
from tenfold.kit import kept

ROOT = Path(__file__).parents[2]
# `tenfold web migrate`, which keeps things in a folder of the test; told so, it may run no migration.
MIGRATE = """\
import sys
from pathlib import Path
import django
from django.core.management import call_command
from django.db.migrations.migration import Migration
from tenfold.kit import kept
kept._package_folder = lambda: Path(sys.argv[1])
sys.dont_write_bytecode = False
django.setup()
if sys.argv[2:] == ["copy"]:
    Migration.apply = None
call_command("migrate", verbosity=0)
"""


def _migrate(home: Path, cache: Path, *how: str) -> list[str]:
    """Everything in a new home's database, without the time at which each migration was applied."""
    home.mkdir()
    variables = {"TENFOLD_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tests.web_settings", "PYTHONPATH": str(ROOT)}
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | variables
    subprocess.run([sys.executable, "-c", MIGRATE, str(cache), *how], env=environment, check=True)
    with closing(sqlite3.connect(home / "tenfold.sqlite3")) as opened:
        opened.execute("UPDATE django_migrations SET applied = ''")
        return list(opened.iterdump())


def test_a_copy_is_what_the_migrations_make_and_what_is_spoilt_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> None:
    cache = tmp_path / "cache"
    migrated = _migrate(tmp_path / "first", cache)
    assert any("trail_no_update" in statement for statement in migrated)
    assert _migrate(tmp_path / "second", cache, "copy") == migrated

    monkeypatch.setattr(kept, "_package_folder", lambda: cache)
    digest, file = empty_database.digest_migrations(), cache / empty_database.NAME
    whole = file.read_bytes()
    for spoilt in (b"", whole[:40], whole[:-4096], whole[:9000] + b"\1" + whole[9001:], whole):
        file.write_bytes(spoilt)
        new = DatabaseWrapper({**connection.settings_dict, "NAME": ":memory:", "HOST": "", "OPTIONS": {}}, "new")
        with django_db_blocker.unblock():
            empty_database.copy_kept_database(new, digest)
            assert empty_database.is_empty_sqlite(new) == (spoilt != whole)
            new.connection.close()


def test_another_migration_or_trigger_is_another_digest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = empty_database.digest_migrations()
    assert before == empty_database.digest_migrations()
    for module in ("tenfold.core.migrations.0001_initial", triggers.__name__):
        changed = tmp_path / "changed.py"
        changed.write_bytes(Path(str(sys.modules[module].__file__)).read_bytes() + b"\n# one more line\n")
        with monkeypatch.context() as patched:
            patched.setattr(sys.modules[module], "__file__", str(changed))
            assert empty_database.digest_migrations() != before
