"""The database itself refuses to change or remove an entry of the audit trail, whoever asks."""

from __future__ import annotations

from typing import Any

TABLE = "core_auditentry"
MESSAGE = "the audit trail is only added to"
SQLITE = [
    f"CREATE TRIGGER trail_no_{verb} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for verb in ("update", "delete")
]
BODY = f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
EACH = "FOR EACH ROW EXECUTE FUNCTION trail_is_only_added_to()"
POSTGRESQL = [
    f"CREATE FUNCTION trail_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS {BODY}",
    f"CREATE TRIGGER trail_no_change BEFORE UPDATE OR DELETE ON {TABLE} {EACH}",
]


def protect_trail(_apps: Any, editor: Any) -> None:
    """Called by the migration that makes the table."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor]:
        editor.execute(statement)


def unprotect_trail(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER trail_no_update")
        editor.execute("DROP TRIGGER trail_no_delete")
    else:
        editor.execute(f"DROP TRIGGER trail_no_change ON {TABLE}")
        editor.execute("DROP FUNCTION trail_is_only_added_to()")
