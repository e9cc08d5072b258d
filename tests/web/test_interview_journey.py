"""From a kit to a signed decision in a real browser; every page is photographed and looked at by axe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.web import test_journeys as journeys
from tests.web.test_hiring_journey import apply_to, browser, hiring, in_django, signed_in
from tests.web.test_journeys import SCREENSHOTS, Visit

pytestmark = journeys.pytestmark
__all__ = ["browser", "hiring"]
IDS = """
from tenfold.apps.candidates.models import Application
print("ID", Application.objects.latest("applied_at").pk)
"""


def test_from_a_kit_to_a_decision(hiring: tuple[str, Path, str, str], browser: Any) -> None:
    address, home, posting, role = hiring
    apply_to(Visit(browser.new_context().new_page(), address), posting)
    found = re.search(r"ID (\S+)", in_django(home, IDS))
    assert found is not None
    visit = signed_in(browser, address).to(f"/hiring/roles/{role}/interviews/")
    visit.page.get_by_role("button", name="Make the kit").click()
    visit.look("kit")
    visit.page.get_by_role("link", name="guide for interviewers").first.click()
    visit.look("guide")
    visit.to(f"/hiring/applications/{found[1]}/interviews/")
    visit.page.get_by_role("checkbox").first.check()
    visit.page.get_by_role("button", name="Ask for scorecards").first.click()
    visit.look("asked")
    visit.page.get_by_role("link", name="Fill in").click()
    fill_in(visit)
    type_without_a_connection(visit)
    type_on_two_pages(visit)
    visit.look("scorecard")
    visit.page.get_by_role("button", name="Submit scorecard").click()
    visit.look("scorecard-in")
    visit.to(f"/hiring/applications/{found[1]}/debrief/").look("debrief")
    visit.page.get_by_label("Make an offer").check()
    visit.page.get_by_label("Reasons").fill("They named the price of each way back, unasked")
    visit.page.get_by_role("button", name="Sign as").click()
    assert "The decision is signed" in visit.page.inner_text("main")
    visit.look("decided")


def fill_in(visit: Visit) -> None:
    """Typed text is kept while one types, and is there after the page is loaded anew."""
    for group in visit.page.get_by_role("group", name="Rating").all():
        group.get_by_role("radio").nth(2).check()
    for field in visit.page.get_by_label("Evidence").all():
        field.fill("They drew the rollback and named who decides")
    visit.page.wait_for_selector("text=Saved at")
    visit.page.wait_for_timeout(1_500)
    visit.page.reload()
    assert visit.page.get_by_label("Evidence").last.input_value().startswith("They drew")


def another_page(visit: Visit) -> Any:
    """The same page in another tab of the same browser."""
    with visit.page.expect_popup() as opened:
        visit.page.evaluate("open(location.href)")
    opened.value.wait_for_load_state()
    return opened.value


def type_without_a_connection(visit: Visit) -> None:
    """What is typed while the line is cut is there again, and saved, although it was submitted into nothing."""
    context = visit.page.context
    other = another_page(visit)
    context.set_offline(True)
    other.get_by_label("Evidence").last.fill("They drew the rollback, offline")
    other.get_by_text("Not saved yet").wait_for()
    other.get_by_role("button", name="Submit scorecard").click(no_wait_after=True)
    expect(other).to_have_url(re.compile("chrome-error:"))
    other.close()
    context.set_offline(False)
    visit.page.reload()
    visit.page.wait_for_selector("text=Saved at")
    assert visit.page.get_by_label("Evidence").last.input_value() == "They drew the rollback, offline"
    visit.page.wait_for_function("localStorage.length === 0")


def type_on_two_pages(visit: Visit) -> None:
    """A page that was left open overwrites nothing newer, says so, and does when it is asked to."""
    other = another_page(visit)
    visit.page.get_by_label("Evidence").last.fill("The newer words")
    visit.page.wait_for_timeout(2_000)
    other.get_by_label("Evidence").last.fill("They drew the rollback, in the older page")
    other.get_by_text("Not saved over a newer draft").wait_for()
    other.screenshot(path=SCREENSHOTS / "journey-scorecard-newer.png")
    other.get_by_role("button", name="Keep this one instead").click()
    other.locator("#draft-state[data-saved=yes]").wait_for()
    other.wait_for_function("localStorage.length === 0")
    other.close()
    visit.page.reload()
    assert visit.page.get_by_label("Evidence").last.input_value() == "They drew the rollback, in the older page"
