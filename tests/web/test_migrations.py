from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tenfold.kit.errors import UserError
from tenfold.web.database import FORMER_TABLE, require_usable_database


def test_the_migrations_say_what_the_models_say(db: None) -> None:
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert said.getvalue().strip() == "No changes detected"


def test_each_part_has_one_last_migration_and_all_are_applied(db: None) -> None:
    executor = MigrationExecutor(connection)
    ends = [app for app, _ in executor.loader.graph.leaf_nodes()]
    assert len(ends) == len(set(ends))
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@pytest.mark.django_db(transaction=True)
def test_a_database_of_the_former_layout_is_refused_in_words() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {FORMER_TABLE} (n integer)")
    try:
        with pytest.raises(UserError, match="from before"):
            require_usable_database()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {FORMER_TABLE}")
    require_usable_database()


@pytest.mark.django_db
def test_a_database_newer_than_the_code_is_refused_in_words() -> None:
    MigrationRecorder(connection).record_applied("plans", "0999_of_tomorrow")
    with pytest.raises(UserError, match="newer version"):
        require_usable_database()
