"""Asks pages of a database file that another process holds: `python -m tests.locked_database write|alone`.

Run in a home of its own (TENFOLD_HOME); what came of it is printed as JSON. `write` holds what a write needs, `alone`
everything.
"""

# ruff: noqa: E402 - models can be imported only once Django is set up
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client

from tenfold.apps.plans.models import Comment, PlanVersion
from tenfold.core.models import AuditEntry
from tenfold.core.services.trail import verify_trail
from tests.company import found

PATIENCE_S = 0.2
HOLDS = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
if sys.argv[2] == "alone":
    held.execute("PRAGMA locking_mode = EXCLUSIVE")
held.execute("BEGIN EXCLUSIVE")
held.execute("UPDATE core_organisation SET name = 'half written'")
print("held", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
"""


@contextmanager
def locked(how: str) -> Iterator[None]:
    """The database of this process held by another one."""
    connection.close()
    command = [sys.executable, "-c", HOLDS, str(connection.settings_dict["NAME"]), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate("\n")
    connection.close()


def counts() -> list[int]:
    return [model.objects.count() for model in (PlanVersion, Comment, AuditEntry)]


def main(how: str) -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    company = found("Harbour")
    client = Client(raise_request_exception=False)
    client.force_login(company.administrator)
    comments, posting = f"/plans/{company.plan().pk}/comments/", {"text": "# MLOps", "url": "", "pick": ""}
    before = counts()
    connection.settings_dict["OPTIONS"]["timeout"] = PATIENCE_S
    with locked(how):
        answers = [client.post(comments, {"text": "Agreed?"}), client.post("/plans/new/", posting)]
        if how == "alone":
            answers += [client.get(each) for each in ("/", "/plans/", "/api/v1/plans", "/trail/")]
    unchanged = counts() == before
    told = [(answer.status_code, answer.headers.get("Retry-After")) for answer in answers]
    done = client.post(comments, {"text": "Agreed?"}).status_code, Comment.objects.count()
    verify_trail()
    sys.stdout.write(json.dumps({"told": told, "unchanged": unchanged, "afterwards": done}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
