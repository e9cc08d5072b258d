"""From the public form to a decision that is taken back, in a real browser against the real server.

Every page on the way is photographed (390, 1280 and 1920 wide, light and dark) and looked at by axe.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import vobject

from tests.company import PASSWORD
from tests.web import test_journeys as journeys
from tests.web.test_journeys import PERSON, ROOT, Visit, serving

pytestmark = journeys.pytestmark
WIDTHS = (390, 1280, 1920)
INCOMING = "a secret of the tests"
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
ASKED = """
import base64
from tenfold.apps.candidates.models import OutgoingMail
mail = OutgoingMail.objects.filter(calendar_method="REQUEST", to_user=None).latest("written_at")
print("ASKED", base64.b64encode(mail.calendar.encode()).decode(), mail.to_address, mail.message_id)
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


def serving_with_mail(patch: pytest.MonkeyPatch, home: Path) -> AbstractContextManager[journeys.Server]:
    """A server that takes answers in by a pipe of the mail server."""
    patch.setenv("TENFOLD_INCOMING_MAIL_TOKEN", INCOMING)
    patch.setenv("TENFOLD_REPLY_DOMAIN", "replies.example")
    return serving(home, person=PERSON)


@pytest.fixture(scope="module")
def hiring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, str, str]]:
    """A server with one open role whose posting is public: address, home, posting and role."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch, serving_with_mail(patch, home) as running:
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
    visit.look("board", widths=WIDTHS)
    moved_by_keyboard(visit)
    planned(visit, address, home)
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
    visit.look("card", widths=WIDTHS)


def planned(visit: Visit, address: str, home: Path) -> None:
    card = visit.page.url
    visit.page.get_by_role("link", name="Schedule an interview").click()
    visit.look("plan-meeting")
    visit.page.get_by_label("Time, or several").fill("2030-07-01 15:00")
    visit.page.get_by_role("checkbox").first.check()
    visit.page.get_by_role("button", name="Send the invitations").click()
    assert "Candidate: no answer yet" in visit.page.inner_text("main")
    accepted_by_calendar(address, in_django(home, ASKED))
    visit.page.goto(card)
    assert "Candidate: accepted" in visit.page.inner_text("main")
    assert "Gladly, until then." in visit.page.text_content("main")
    visit.look("card-accepted", widths=WIDTHS)
    visit.page.get_by_role("link", name="Write a mail").click()
    visit.look("write-mail")
    visit.page.goto(card)


def accepted_by_calendar(address: str, printed: str) -> None:
    """What a calendar sends when its owner accepts: the invitation read and answered by another library."""
    found = re.search(r"ASKED (\S+) (\S+) (\S+)", printed)
    assert found is not None
    invitation = vobject.readOne(base64.b64decode(found[1]).decode())
    invitation.method.value = "REPLY"
    invitation.vevent.attendee.params["PARTSTAT"] = ["ACCEPTED"]
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = found[2], "jobs@replies.example", "Accepted: Interview"
    message["In-Reply-To"], message["Message-ID"] = found[3], "<reply-1@invented.example>"
    message.set_content("Gladly, until then.")
    message.add_alternative(invitation.serialize().encode(), "text", "calendar", params={"method": "REPLY"})
    headers = {"Authorization": f"Bearer {INCOMING}", "Content-Type": "message/rfc822"}
    request = urllib.request.Request(f"{address}/mail/in/", data=bytes(message), headers=headers)  # noqa: S310 - ours
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own server on loopback
        assert answer.status == 204


def rejected(visit: Visit) -> None:
    visit.page.get_by_role("link", name="Reject …").click()
    visit.look("reject", widths=WIDTHS)
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
