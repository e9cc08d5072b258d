"""From a kit to a signed decision in a real browser; every page is photographed and looked at by axe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.web import test_journeys as journeys
from tests.web.test_hiring_journey import apply_to, browser, hiring, in_django, signed_in
from tests.web.test_journeys import Visit

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
