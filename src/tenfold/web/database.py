"""Is the database one that this version can use? Asked before it is brought up to date."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tenfold.kit.errors import UserError

FORMER_TABLE = "hiring_auditentry"
"""A table of the layout before apps, which was never released."""


def require_usable_database() -> None:
    """Refuses a database that this version would break or could not read.

    Raises:
        UserError: it was made by the former layout, or by a newer version.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if FORMER_TABLE in tables:
        raise UserError(
            "This database was made by a version of Tenfold from before 0.2, whose layout is not carried over.",
            remedy="Set TENFOLD_HOME (or DATABASE_URL) to a new place; plans downloaded as YAML can be uploaded there.",
        )
    unknown = _unknown_migrations()
    if unknown:
        raise UserError(
            f"This database was used by a newer version of Tenfold (it has {unknown[0]}).",
            remedy="Install that version or a later one, or restore a backup from before the upgrade.",
        )


def _unknown_migrations() -> list[str]:
    """Migrations of ours that were applied and that this version does not know."""
    loader = MigrationLoader(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("tenfold.")}
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.disk_migrations
    )
