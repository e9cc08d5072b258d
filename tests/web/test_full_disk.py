"""A disk that is full amid a save: told, nothing half done, and the same save works once there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tenfold.apps.plans.models import PlanVersion, StoredPlan
from tenfold.core.models import AuditEntry
from tenfold.core.models.triggers import SQLITE
from tests.company import Company

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's disk is its server's"),
]
POSTING = "# Senior MLOps engineer\n\n" + "We need Kubernetes, Terraform and MLflow in Denver, CO.\n" * 3_000


@pytest.fixture
def full(company: Company) -> Iterator[Callable[[bool], None]]:
    """Lets the database grow no further than it is, or as far as it will."""

    def set_full(is_full: bool) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages + 2 if is_full else 1_073_741_823}")

    yield set_full
    set_full(False)
    with connection.cursor() as cursor:  # the trail refuses to be emptied, as the end of a test would have it
        for name in ("trail_no_update", "trail_no_delete"):
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("DELETE FROM core_auditentry")
        for statement in SQLITE:
            cursor.execute(statement)


def _held() -> tuple[int, int, int]:
    return StoredPlan.objects.count(), PlanVersion.objects.count(), AuditEntry.objects.count()


def test_a_save_on_a_full_disk_is_told_and_leaves_nothing_half_done(
    company: Company, signed_in: Callable[[str], Client], full: Callable[[bool], None]
) -> None:
    client = signed_in("administrator")
    client.raise_request_exception = False
    assert client.get("/plans/").status_code == 200
    form = {"text": POSTING, "url": "", "pick": ""}
    before = _held()
    full(True)
    refused = client.post(reverse("new-plan"), form)
    full(False)
    assert (refused.status_code, refused.headers.get("Retry-After")) == (503, "5")
    assert _held() == before
    assert client.post(reverse("new-plan"), form).status_code == 302
    assert _held()[:2] == (before[0] + 1, before[1] + 1)


def test_a_file_on_a_full_disk_stays_as_it_was(tmp_path: Path) -> None:
    """By the limit on the size of files, which the system treats as it does a full disk."""
    import subprocess
    import sys

    out = tmp_path / "plan.yaml"
    out.write_text("kept\n")
    (tmp_path / "posting.md").write_text(POSTING)
    command = f'ulimit -f 1; exec "{sys.executable}" -m tenfold plan draft posting.md --out plan.yaml --force'
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True), done.stderr
    assert out.read_text() == "kept\n"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
