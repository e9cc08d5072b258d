"""A disk that is full amid a save: told, nothing half done, and the same save works once there is room."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from django.urls import resolve, reverse

from tenfold.apps.plans.models import PlanVersion, StoredPlan
from tenfold.core.models import AuditEntry
from tenfold.core.models.background import WorkState
from tenfold.core.models.triggers import SQLITE
from tenfold.core.services.jobs import NOT_KEPT, running
from tests.company import Company
from tests.core.test_jobs import asked
from tests.fuzz.test_mutated_inputs import forms, published_role

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
            cursor.execute("VACUUM")  # pages that were freed before would give room
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


def _rows() -> dict[str, int]:
    """How many of everything there are, but for what tells who is signed in."""
    kept = (model for model in apps.get_models() if model._meta.app_label not in ("sessions", "axes"))
    return {model._meta.label: model._default_manager.count() for model in kept if model._meta.managed}


def _list(ending: str) -> bytes:
    """A list of hundreds of invented people with the columns that lists of candidates and of pay have."""
    rows = (f"Ada Invented {n},ada{n}@x.example,R{n},MLOps Engineer,senior,Denver,95000,USD,yes" for n in range(900))
    head = "name,email,reference,title,level,location,salary,currency,mlops"
    return "\n".join((head, *rows)).encode() if ending == "csv" else POSTING.encode()


@pytest.mark.parametrize(
    ("address", "who", "ending"),
    [
        ("new-candidate-import", "recruiter", "csv"),
        ("new-pay-upload", "hiring-manager", "csv"),
        ("new-plan", "hiring-manager", "md"),
        ("apply", "nobody", "txt"),
    ],
)
def test_a_file_that_is_given_while_the_disk_is_full_is_told_and_works_once_there_is_room(
    company: Company, full: Callable[[bool], None], address: str, who: str, ending: str
) -> None:
    role, posting = published_role(company)
    chance = random.Random(1)  # noqa: S311 - choices of fields, no secrets
    address, whose, fields = next(form for form in forms(role, posting, chance) if resolve(form[0]).url_name == address)
    assert whose == who
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(company[who])
    client.get("/")
    before = _rows()

    def give() -> int:
        file = SimpleUploadedFile(f"given.{ending}", _list(ending))
        return client.post(address, {**fields, "cv" if who == "nobody" else "file": file}).status_code

    full(True)
    refused = give()
    full(False)
    assert (refused, _rows()) == (503, before)
    assert give() in (200, 302)
    assert _rows() != before


def test_work_whose_result_finds_no_room_has_failed_in_words_and_can_be_asked_for_again(
    company: Company, full: Callable[[bool], None]
) -> None:
    work = asked(company, key="report", end=2)
    full(True)
    with pytest.raises(OperationalError), running(str(work.pk)) as progress:
        progress.keep(b"%PDF" * 100_000, name="report.pdf", media_type="application/pdf")
    full(False)
    work.refresh_from_db()
    assert (work.state, work.said, work.file, work.file_name) == (WorkState.FAILED, NOT_KEPT, None, "")
    assert asked(company, key="report", end=2) != work


def test_a_file_on_a_full_disk_stays_as_it_was(tmp_path: Path) -> None:
    """By the limit on the size of files, which the system treats as it does a full disk."""
    out = tmp_path / "plan.yaml"
    out.write_text("kept\n")
    (tmp_path / "posting.md").write_text(POSTING)
    command = f'ulimit -f 1; exec "{sys.executable}" -m tenfold plan draft posting.md --out plan.yaml --force'
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True), done.stderr
    assert out.read_text() == "kept\n"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
