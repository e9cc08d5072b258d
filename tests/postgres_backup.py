"""Backup, restore and new keys on PostgreSQL, by given commands: `python -m tests.postgres_backup DUMP RESTORE`.

Run with DATABASE_URL on an empty database and a home of its own; what came of it is printed as JSON.
"""

# ruff: noqa: E402 - models can be imported only once Django is set up
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from tenfold.apps.candidates.models import Candidate
from tenfold.apps.plans.models import Comment, PlanVersion
from tenfold.apps.plans.services import comment
from tenfold.core.encryption import FILE, add_key, key_ring
from tenfold.core.models import AuditEntry
from tenfold.core.services.keys import rotate
from tenfold.core.services.trail import verify_trail
from tests.company import found
from tests.factories.candidates import applications_to, role_of


def typed(command: str) -> None:
    """A command as an operator types it into a shell."""
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr}")


def held() -> list[object]:
    names = sorted(Candidate.objects.values_list("name", flat=True))
    return [names, PlanVersion.objects.count(), Comment.objects.count(), verify_trail().head]


def main(dump: str, restore: str) -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    company = found("Harbour")
    plan = company.plan()
    applications_to(role_of(company), 5)
    names = held()[0]
    add_key()
    values = rotate().values
    keys = Path(os.environ["TENFOLD_HOME"], FILE)
    keys.write_text(keys.read_text().splitlines()[-1] + "\n")
    key_ring.cache_clear()
    before = held()
    connection.close()
    typed(dump)
    comment(plan=plan, text="After the backup", by=company.administrator, now=timezone.now())
    PlanVersion.objects.all().delete()
    Candidate.objects.all().delete()
    connection.close()
    typed(restore)
    outcome = {
        "database": connection.vendor,
        "written anew": values > 5,
        "newest key opens": before[0] == names,
        "restored": held() == before,
        "trail is guarded": refuses_changes(),
    }
    sys.stdout.write(json.dumps(outcome) + "\n")


def refuses_changes() -> bool:
    """Whether the triggers that keep the trail came back as well."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {AuditEntry._meta.db_table} SET n = n + 1")  # noqa: S608 - our own table
    except DatabaseError:
        return True
    return False


if __name__ == "__main__":
    main(*sys.argv[1:])
