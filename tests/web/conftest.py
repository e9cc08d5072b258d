"""Everybody who may come to a page, signed in."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.test import Client

from tests.company import Company


@pytest.fixture
def signed_in(company: Company) -> Callable[[str], Client]:
    """A browser of the person with a role; nobody signed in for `nobody`."""

    def as_role(role: str) -> Client:
        client = Client()
        if role != "nobody":
            client.force_login(company[role])
        return client

    return as_role


def do_waiting_work() -> None:
    """What the worker does, until nothing waits. A test's transaction lives in its connection, which stays."""
    with patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
