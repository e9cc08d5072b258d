"""The background worker, run in the test's own process."""

from __future__ import annotations

from unittest.mock import patch

from django.core.management import call_command


def do_waiting_work() -> None:
    """What the worker does, until nothing waits. A test's transaction lives in its connection, which stays."""
    with patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
