"""What is done to many people at once, and by one of them alone: in a real browser against the real server.

A list of 500 with errors repaired in its page, a duplicate merged and un-merged, a hundred rejected by mistake and
taken back, and a candidate who withdraws, takes their data and has it erased.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web import test_journeys as journeys
from tests.web.test_hiring_journey import LINK, PREPARE, WIDTHS, apply_to, browser, in_django, signed_in  # noqa: F401
from tests.web.test_journeys import PERSON, ROOT, Visit, serving

pytestmark = journeys.pytestmark
ADD = """
from django.utils import timezone
from tenfold.apps.candidates.models import OpenRole
from tenfold.apps.candidates.queries.applicant import Applicant
from tenfold.apps.candidates.services.actors import importing
from tenfold.apps.candidates.services.applying import apply
from tenfold.core.models import User

role, by, now = OpenRole.objects.get(pk={role!r}), User.objects.get(), timezone.now()
for name, address in {people!r}:
    apply(role=role, applicant=Applicant(name=name, emails=[address]), now=now, actor=importing(by))
"""
TWO_DAYS_LATER = """
from collections import Counter
from datetime import timedelta
from django.utils import timezone
from tenfold.apps.candidates.models import Application, OutgoingMail
from tenfold.apps.candidates.services.mail import send_due

of_role = {"application__role": %r}
held = Counter(OutgoingMail.objects.filter(**of_role).values_list("state", flat=True))
sent = send_due(timezone.now() + timedelta(days=2))
open_ = Application.objects.filter(role=of_role["application__role"], state="open").count()
print("MAILS", dict(held), "SENT", sent, "OPEN", open_)
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    home = tmp_path_factory.mktemp("home")
    with serving(home, person=PERSON) as running:
        yield running.address, home


def prepared(home: Path) -> tuple[str, str]:
    """A role of its own, with its posting: their ids."""
    found = re.search(r"IDS (\S+) (\S+)", in_django(home, PREPARE))
    assert found is not None
    return found[1], found[2]


def stored(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that hiring keeps, as its bytes lie in the database."""
    (path,) = home.glob("*.sqlite3")
    with sqlite3.connect(path) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        ours = [name for name in names if name.startswith("candidates_")]
        return {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in ours}  # noqa: S608


def test_five_hundred_rows_are_repaired_in_their_page_and_imported(
    office: tuple[str, Path],
    browser: Any,  # noqa: F811 - the fixture
) -> None:
    address, home = office
    _, role = prepared(home)
    visit = signed_in(browser, address)
    visit.to(f"/hiring/roles/{role}/import/").look("import-new", widths=WIDTHS)
    rows = [["First name", "Last name", "E-mail", "Stage", "Applied"]]
    rows += [[f"Anna{n}", "Muster", f"anna{n}@invented.example", "Lab", "18.11.2026"] for n in range(500)]
    wrong = {3: (2, "no address"), 40: (3, "Nowhere"), 41: (4, "03/04/2026"), 200: (0, ""), 499: (2, "anna at example")}
    for line, (column, value) in wrong.items():
        rows[line][column] = value
    rows[200][1] = ""
    text = "\n".join(";".join(row) for row in rows).encode("cp1252")
    page = visit.page
    page.set_input_files("input[type=file]", {"name": "liste.csv", "mimeType": "text/csv", "buffer": text})
    page.click("main button.first")
    assert "495 people can be imported" in page.inner_text("h1")
    visit.look("import-to-repair", widths=WIDTHS)
    repairs = {
        "4:email": "anna2@invented.example",
        "41:stage": "Interviews",
        "42:applied": "2026-04-03",
        "201:name": "Kim Invented",
    }
    for name, value in repairs.items():
        page.fill(f"input[name='{name}']", value)
    page.click("button:has-text('Save the corrections only')")
    assert "499 people can be imported" in page.inner_text("h1")
    assert "1 row needs a correction" in page.inner_text("main")
    page.fill("input[name='500:email']", "anna498@invented.example")
    page.click("button:has-text('Save the corrections and import what is ready')")
    assert "500 people imported, 0 left out." in page.inner_text("body")
    visit.look("import-done", widths=WIDTHS)
    held = stored(home)
    assert sum(role.replace("-", "") in str(row) for row in held["candidates_application"]) == 500


def test_a_duplicate_is_merged_and_unmerged_and_every_row_is_as_before(
    office: tuple[str, Path],
    browser: Any,  # noqa: F811 - the fixture
) -> None:
    address, home = office
    _, role = prepared(home)
    people = [("Tove Ditlevsen-Prøve", "tove@invented.example"), ("T. Ditlevsen", "tove@invented.example")]
    in_django(home, ADD.format(role=role, people=people))
    before = stored(home)
    visit = signed_in(browser, address)
    page = visit.page
    visit.to("/hiring/duplicates/").look("duplicates", widths=WIDTHS)
    pair = page.locator(".pair-of-people", has_text="Tove Ditlevsen-Prøve")
    pair.get_by_role("button", name="They are the same person").click()
    assert "Merged. You can undo this" in page.inner_text("body")
    merged = stored(home)
    assert {name for name in merged if merged[name] != before[name]} == {"candidates_candidatemerge"}
    visit.to(f"/hiring/roles/{role}/")
    page.locator("[data-card]").first.click()
    page.get_by_role("button", name="Undo the merge").wait_for()
    visit.look("card-merged", widths=WIDTHS)
    page.get_by_role("button", name="Undo the merge").click()
    assert "everything is as it was before" in page.inner_text("body")
    assert page.locator(".pair-of-people", has_text="Tove Ditlevsen-Prøve").count() == 1
    assert stored(home) == before


def test_a_hundred_rejected_by_mistake_are_taken_back_with_one_click_and_nobody_is_written_to(
    office: tuple[str, Path],
    browser: Any,  # noqa: F811 - the fixture
) -> None:
    address, home = office
    _, role = prepared(home)
    people = [(f"Person {n:03} Invented", f"hundred{n}@invented.example") for n in range(100)]
    in_django(home, ADD.format(role=role, people=people))
    visit = signed_in(browser, address)
    page = visit.page
    visit.to(f"/hiring/roles/{role}/?view=table").look("table-hundred", widths=WIDTHS)
    page.get_by_label("Select all 100").check()
    page.get_by_role("button", name="Reject …").click()
    assert page.inner_text("h1") == "Reject 100 applications"
    visit.look("reject-hundred", widths=WIDTHS)
    page.get_by_label("Reason").select_option("lab")
    page.get_by_role("button", name=re.compile("Reject; the e-mail")).click()
    assert "100 applications rejected." in page.inner_text("main")
    visit.look("rejected-hundred", widths=WIDTHS)
    page.get_by_role("button", name="Take back").click()
    assert "100 steps taken back. 100 mails will not be sent." in page.inner_text("body")
    assert "MAILS {'taken-back': 100} SENT 0 OPEN 100" in in_django(home, TWO_DAYS_LATER % role)


def test_a_candidate_withdraws_takes_their_data_and_has_it_erased(
    office: tuple[str, Path],
    browser: Any,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    address, home = office
    posting, _ = prepared(home)
    visit = Visit(browser.new_context(reduced_motion="reduce").new_page(), address)
    page = visit.page
    apply_to(visit, posting)
    link = re.search(r"LINK (\S+)", in_django(home, LINK))
    assert link is not None
    visit.to(link[1]).look("own-page", widths=WIDTHS)
    page.get_by_label("What would help you").fill("An hour more, please")
    page.get_by_role("button", name="Ask", exact=True).click()
    assert "We have your request" in page.inner_text("main")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything we keep about you").click()
    kept = tmp_path / "my-data.zip"
    download.value.save_as(kept)
    with zipfile.ZipFile(kept) as archive:
        told = archive.read("data.json").decode()
    assert all(word in told for word in ("Quillon Vexworth", "quillon@invented.example", "An hour more, please"))
    page.get_by_role("button", name="Withdraw my application").click()
    assert "Your application is withdrawn." in page.inner_text("main")
    visit.look("own-page-withdrawn", widths=WIDTHS)
    held = stored(home)
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Erase my data").click()
    assert "Everything is erased" in page.inner_text("main")
    visit.look("own-page-erased", widths=WIDTHS)
    left = stored(home)
    assert len(left["candidates_application"]) == len(held["candidates_application"]), "counts stay right"
    assert len(left["candidates_candidateemail"]) == len(held["candidates_candidateemail"]) - 1
    assert not any(word in str(left) for word in ("Quillon", "Vexworth", "quillon"))
    verify = [sys.executable, "-m", "tenfold", "people", "verify", "--json"]
    environment = {**os.environ, "TENFOLD_HOME": str(home), "TENFOLD_LOG_LEVEL": "ERROR"}
    done = subprocess.run(verify, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == {"erased": 1, "traces": []}
    visit.to(link[1])
    assert "Quillon" not in page.inner_text("main")
    visit.wrong.clear()  # the answer 410, which the browser notes
    visit.look("own-page-closed", widths=WIDTHS)
