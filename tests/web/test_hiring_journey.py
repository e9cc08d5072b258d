"""From the public form to a decision that is taken back, in a real browser against the real server.

Every page on the way is photographed (390 and 1280 wide, light and dark) and looked at by axe.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.company import PASSWORD
from tests.web import test_journeys as journeys
from tests.web.test_journeys import PERSON, ROOT, Visit, serving

pytestmark = journeys.pytestmark
PREPARE = """
from datetime import timedelta
from django.utils import timezone
from tenfold.apps.candidates.services.roles import open_role
from tenfold.apps.plans.services import approve, create_plan
from tenfold.apps.postings.models import PublishedPosting
from tenfold.core.models import Membership, User
from pathlib import Path

by, now = User.objects.get(), timezone.now()
own = Membership.objects.get(user=by)
text = Path("examples/good_plan.yaml").read_text(encoding="utf-8")
plan = create_plan(organisation=own.organisation, text=text, by=by, now=now)
approve(plan=plan, number=1, by=by, now=now)
posting = PublishedPosting.objects.create(
    plan=plan, version_number=1, title=plan.title, employer="Northwind Foods", text="Run models.", published_at=now
)
role = open_role(plan=plan, lead=own, by=by, now=now, zone="UTC")
role.places = ["DE"]
role.save()
print("IDS", posting.pk, role.pk)
"""
LINK = """
from tenfold.apps.candidates.models import Application
from tenfold.apps.candidates.queries.mailtext import status_token
print("LINK", "/candidate/" + status_token(Application.objects.latest("applied_at")) + "/")
"""


def in_django(home: Path, script: str) -> str:
    """What a script prints that runs with the server's own settings."""
    ours = ("DJANGO_SETTINGS_MODULE", "TENFOLD_SECRET_KEY", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"TENFOLD_HOME": str(home), "TENFOLD_LOG_LEVEL": "ERROR"}
    code = f"from tenfold.core.setup import set_up_django\nset_up_django()\n{script}"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def hiring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, str, str]]:
    """A server with one open role whose posting is public: address, home, posting and role."""
    home = tmp_path_factory.mktemp("home")
    with serving(home, person=PERSON) as running:
        found = re.search(r"IDS (\S+) (\S+)", in_django(home, PREPARE))
        assert found is not None
        yield running.address, home, found[1], found[2]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=journeys.CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def test_from_the_form_to_a_rejection_that_is_taken_back(hiring: tuple[str, Path, str, str], browser: Any) -> None:
    address, home, posting, role = hiring
    outside = Visit(browser.new_context(java_script_enabled=True).new_page(), address)
    apply_to(outside, posting)
    visit = signed_in(browser, address)
    visit.to(f"/hiring/roles/{role}/")
    visit.look("board")
    moved_by_keyboard(visit)
    planned(visit)
    rejected(visit)
    visit.page.get_by_role("button", name="Take back").first.click()
    assert "1 step taken back" in visit.page.inner_text("main")
    assert "Quillon Vexworth" in visit.page.inner_text("main")
    for name in ("figures", "law", "team", "settings", "retention"):
        visit.to(f"/hiring/roles/{role}/{name}/").look(f"role-{name}")
    for name in ("", "candidates/?q=Quillon", "duplicates/", "mail-texts/", "webhooks/"):
        visit.to(f"/hiring/{name}").look(f"hiring-{name.strip('/').partition('/')[0] or 'list'}")
    own_page(outside, in_django(home, LINK))


def apply_to(visit: Visit, posting: str) -> None:
    visit.to(f"/jobs/{posting}/").look("job-page")
    visit.page.get_by_role("link", name="Apply for this role").click()
    visit.look("apply")
    visit.page.get_by_label("Name").fill("Quillon Vexworth")
    visit.page.get_by_label("E-mail").fill("quillon@invented.example")
    visit.page.get_by_role("button", name="Send the application").click()
    assert "Thank you" in visit.page.inner_text("main")
    visit.look("applied")


def signed_in(browser: Any, address: str) -> Visit:
    visit = Visit(browser.new_page(reduced_motion="reduce"), address).to("/sign-in/")
    visit.page.fill("input[name=login]", PERSON)
    visit.page.fill("input[name=password]", PASSWORD)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/plans/**")
    return visit


def moved_by_keyboard(visit: Visit) -> None:
    """The card goes one stage on, keeps the focus, and comes back by the button."""
    visit.page.locator("[data-card]").first.focus()
    visit.page.keyboard.press("Shift+ArrowRight")
    visit.page.wait_for_url("**done=**")
    second = visit.page.locator(".column").nth(1)
    assert "Quillon Vexworth" in second.inner_text()
    visit.page.locator("[data-card]:focus").wait_for()
    visit.look("board-moved")
    visit.page.locator("[data-card]").first.click()
    visit.look("card")


def planned(visit: Visit) -> None:
    card = visit.page.url
    visit.page.get_by_role("link", name="Schedule an interview").click()
    visit.look("plan-meeting")
    visit.page.get_by_label("Time, or several").fill("2030-07-01 15:00")
    visit.page.get_by_role("checkbox").first.check()
    visit.page.get_by_role("button", name="Send the invitations").click()
    assert "Interview" in visit.page.inner_text("main")
    visit.page.goto(card)
    visit.page.get_by_role("link", name="Write a mail").click()
    visit.look("write-mail")
    visit.page.goto(card)


def rejected(visit: Visit) -> None:
    visit.page.get_by_role("link", name="Reject …").click()
    visit.look("reject")
    assert "Hello Quillon" in visit.page.inner_text("main")
    visit.page.get_by_label("Reason").select_option("lab")
    visit.page.get_by_role("button", name=re.compile("Reject; the e-mail")).click()
    assert "E-mails are sent after half an hour" in visit.page.inner_text("main")
    visit.look("rejected")


def own_page(visit: Visit, printed: str) -> None:
    """The candidate's own page: everything is there, and erasing leaves nothing."""
    found = re.search(r"LINK (\S+)", printed)
    assert found is not None
    visit.to(found[1]).look("candidate-page")
    visit.page.get_by_label("I am sure").check()
    visit.page.get_by_role("button", name="Erase my data").click()
    assert "Everything is erased" in visit.page.inner_text("main")
    visit.look("candidate-erased")
