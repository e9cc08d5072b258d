"""Django's own command, which begins an empty SQLite database with what is kept of the last one."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from tenfold.core.empty_database import copy_kept_database, digest_migrations, is_empty_sqlite, keep_database

PARTIAL = ("app_label", "plan", "check_unapplied", "fake", "fake_initial", "prune")


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if any(options.get(name) for name in PARTIAL) or not is_empty_sqlite(connection):
            super().handle(*args, **options)
            return
        digest = digest_migrations()
        copy_kept_database(connection, digest)
        is_copied = not is_empty_sqlite(connection)
        super().handle(*args, **options)
        if not is_copied:
            keep_database(connection, digest)
