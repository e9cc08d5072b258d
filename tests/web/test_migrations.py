from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def test_the_migrations_say_what_the_models_say(db: None) -> None:
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert said.getvalue().strip() == "No changes detected"


def test_each_part_has_one_last_migration_and_all_are_applied(db: None) -> None:
    executor = MigrationExecutor(connection)
    ends = [app for app, _ in executor.loader.graph.leaf_nodes()]
    assert len(ends) == len(set(ends))
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
