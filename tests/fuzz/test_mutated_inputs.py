"""Whatever file a command or a form is given, the answer is words: no traceback, no fault of ours, within bounds.

CI tries some dozens. For the nightly thousands: HYPOTHESIS_PROFILE=thorough bin/test tests/fuzz, or
`python -m tests.fuzz.commands --count 10000`.
"""

from __future__ import annotations

import inspect
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve, reverse

from tenfold.apps.candidates.models import OpenRole
from tenfold.apps.plans.services import approve
from tenfold.apps.postings.models import PublishedPosting
from tenfold.apps.postings.services import publish
from tests.company import NOW, Company
from tests.factories.candidates import role_in_team
from tests.fuzz.commands import MOST_SECONDS, file_calls, word_calls
from tests.fuzz.mutations import mutated
from tests.sizes import IS_NIGHTLY
from tests.worker import do_waiting_work

ROOT = Path(__file__).parent.parent.parent
COMMANDS, UPLOADS = (8_000, 2_000) if IS_NIGHTLY else (40, 54)


def test_examples_of_commands_that_read_files_are_found() -> None:
    """The search goes by what help shows: it would try nothing where that changed its form."""
    found = {call.words[0] for call in file_calls()}
    assert {call.words[0] for call in word_calls()} >= {
        "catalogue",
        "law",
        "pay",
        "offers",
        "fairness",
        "people",
        "web",
    }
    assert found >= {
        "audit",
        "plan",
        "pay",
        "interviews",
        "growth",
        "retention",
        "posting",
        "market",
        "people",
        "skills",
    }


def test_mutated_files_given_to_commands_are_answered_in_words() -> None:
    seed = str(random.randrange(10**6) if IS_NIGHTLY else 7)
    command = [sys.executable, "-m", "tests.fuzz.commands", "--count", str(COMMANDS), "--seed", seed]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"seed {seed}\n{done.stdout[-6_000:]}{done.stderr[-2_000:]}"


ENDINGS = ("md", "html", "yaml", "json", "csv", "xlsx", "pdf", "docx", "txt")


def published_role(company: Company) -> tuple[OpenRole, PublishedPosting]:
    """A role that is open, and its posting that is public."""
    plan = company.plan()
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    role = role_in_team(company, plan)
    posting = publish(plan=plan, by=company.administrator, now=NOW)
    type(posting).objects.filter(pk=posting.pk).update(last_date=None)
    return role, posting


def forms(
    role: OpenRole, posting: PublishedPosting, chance: random.Random
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Address, whose, and the other fields of every form that takes a file."""
    yield reverse("new-plan"), "hiring-manager", {"text": "", "url": "", "pick": ""}
    yield reverse("reader"), "hiring-manager", {"text": "", "url": "", "pick": ""}
    yield reverse("new-pay-upload"), "hiring-manager", {"also": chance.choice(("", "pay", "name"))}
    yield reverse("new-candidate-import", args=[role.pk]), "recruiter", {}
    yield reverse("new-hr-list"), "people-analyst", {"kind": chance.choice(("stays", "snapshots"))}
    kinds = ("pages", "deployments", "incidents", "looks", "requests", "loop")
    yield reverse("new-team-record"), "hiring-manager", {"kind": chance.choice(kinds), "at": "", "zone": ""}
    yield reverse("outside-names-table"), "administrator", {}
    yield reverse("pay-equity"), "people-analyst", {"group": "f", "reference": "m"}
    yield reverse("new-ladder"), "hiring-manager", {"source": "file"}
    yield reverse("own-questions"), "administrator", {"text": ""}
    said = {"name": "Ada Invented", "email": "a@x.example", "letter": "", "link": ""}
    yield reverse("apply", args=[posting.pk]), "nobody", said


def test_every_form_that_takes_a_file_is_among_them(company: Company) -> None:
    """By the source: each view module that reads files of a request has an address here."""
    apps = ROOT / "src" / "tenfold" / "apps"
    reading = {path for path in apps.rglob("views/*.py") if "request.FILES" in path.read_text("utf-8")}
    tried = set()
    for address, _, _ in forms(*published_role(company), random.Random(1)):
        tried.add(Path(str(inspect.getsourcefile(inspect.unwrap(resolve(address).func)))))
    assert reading <= tried, reading - tried


def test_mutated_files_given_to_forms_are_answered_in_words(company: Company, settings: Any) -> None:
    settings.LIMITS_ON = False
    chance, statuses = random.Random(random.randrange(10**6) if IS_NIGHTLY else 11), Counter[int]()
    faults, open_one = [], published_role(company)
    clients = {role: Client(raise_request_exception=False) for role in (*company.people, "nobody")}
    for role, client in clients.items():
        if role != "nobody":
            client.force_login(company[role])
    while statuses.total() < UPLOADS:
        for address, who, fields in forms(*open_one, chance):
            ending = chance.choice(ENDINGS)
            file = SimpleUploadedFile(f"given.{ending}", mutated(chance, ending))
            name = "cv" if "/apply/" in address else "file"
            begun = time.process_time()
            answer = clients[who].post(address, {**fields, name: file}, follow=True)
            took = time.process_time() - begun
            statuses[answer.status_code] += 1
            if answer.status_code >= 500 or answer.status_code in (403, 404) or took > MOST_SECONDS:
                faults.append((address, ending, answer.status_code, round(took, 1)))
                if kept := os.environ.get("KEEP_FAULTS"):
                    file.seek(0)
                    Path(kept, f"form-{statuses.total()}.{ending}").write_bytes(file.read())
    do_waiting_work()
    assert not faults, faults
    sys.stdout.write(f"{statuses}\n")
