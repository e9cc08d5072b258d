"""The whole way in a real browser: a kit, four who score blind, a debrief, a decision, an offer, approved and accepted.

Every page is photographed and looked at by axe. The candidate's browser runs no scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.company import PASSWORD
from tests.web import test_journeys as journeys
from tests.web.test_hiring_journey import browser, in_django
from tests.web.test_journeys import Visit, serving

pytestmark = journeys.pytestmark
__all__ = ["browser"]
PEOPLE = ("lead", "second", "third", "fourth")
PREPARE = """
from django.utils import timezone
from pathlib import Path
from tenfold.apps.accounts.services import add_member, new_user
from tenfold.apps.candidates.services.roles import open_role
from tenfold.apps.pay.services import set_bands
from tenfold.apps.plans.services import approve, create_plan
from tenfold.apps.postings.models import PublishedPosting
from tenfold.core.models import Membership, TeamRole, User
from tenfold.core.services.teams import set_team_member

by, now = User.objects.get(), timezone.now()
own = Membership.objects.get(user=by)
text = Path("examples/good_plan.yaml").read_text(encoding="utf-8")
text = text.replace("inherits_technical_debt: false", "inherits_technical_debt: true")
plan = create_plan(organisation=own.organisation, text=text, by=by, now=now)
approve(plan=plan, number=1, by=by, now=now)
posting = PublishedPosting.objects.create(
    plan=plan, version_number=1, title=plan.title, employer="Northwind Foods", text="Run models.", published_at=now
)
members = {}
for name in ("lead", "second", "third", "fourth"):
    role = "hiring-manager" if name == "lead" else "interviewer"
    person = new_user(name=f"{name.capitalize()} Invented", email=f"{name}@northwind.example", password=PASSWORD)
    add_member(organisation=own.organisation, user=person, role=role, sees_pay=name == "lead", by=by, now=now)
    members[name] = Membership.objects.get(user=person)
role = open_role(plan=plan, lead=members["lead"], by=by, now=now, zone="UTC")
for name in ("second", "third", "fourth"):
    set_team_member(team=role.team, member=members[name], role=TeamRole.INTERVIEWER, by=by, now=now)
role.places = ["DE", "US-CO"]
role.uses_automated_tool = True
role.save()
bands = {"senior": (150_000.0, 185_000.0)}
set_bands(organisation=own.organisation, role="mlops", bands=bands, by=by, now=now)
print("IDS", posting.pk, role.pk)
""".replace("PASSWORD", repr(PASSWORD))
IDS = """
from tenfold.apps.candidates.models import Application
from tenfold.apps.candidates.queries.mailtext import status_token
one = Application.objects.latest("applied_at")
print("IDS", one.pk, status_token(one))
"""
CARDS = """
from tenfold.apps.interviews.models import Scorecard
for one in Scorecard.objects.exclude(interviewer__email="fourth@northwind.example"):
    print("CARD", one.pk)
"""
HALF_AN_HOUR = """
from datetime import timedelta
from django.db.models import F
from tenfold.apps.candidates.models import OutgoingMail
from tenfold.apps.feedback.models import FeedbackLetter
from tenfold.apps.offers.models import OfferSending
for model, field in ((OfferSending, "opens_at"), (OutgoingMail, "send_after"), (FeedbackLetter, "opens_at")):
    model.objects.update(**{field: F(field) - timedelta(minutes=31)})
"""


@pytest.fixture(scope="module")
def hiring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, str, str]]:
    home = tmp_path_factory.mktemp("home")
    with serving(home, person=journeys.PERSON) as running:
        found = re.search(r"IDS (\S+) (\S+)", in_django(home, PREPARE))
        assert found is not None
        yield running.address, home, found[1], found[2]


def signed_in_as(browser: Any, address: str, login: str) -> Visit:
    visit = Visit(browser.new_context(reduced_motion="reduce").new_page(), address).to("/sign-in/")
    visit.page.fill("input[name=login]", login)
    visit.page.fill("input[name=password]", PASSWORD)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/plans/**")
    return visit


def test_from_a_kit_to_an_accepted_offer_and_feedback(hiring: tuple[str, Path, str, str], browser: Any) -> None:
    address, home, posting, role = hiring
    send_application(Visit(browser.new_context().new_page(), address), posting)
    found = re.search(r"IDS (\S+) (\S+)", in_django(home, IDS))
    assert found is not None
    application, token = found[1], found[2]
    administrator = signed_in_as(browser, address, journeys.PERSON)
    administrator.to(f"/hiring/roles/{role}/interviews/")
    administrator.page.get_by_role("button", name="Make the kit").click()
    ask_four(administrator, application)
    people = {name: signed_in_as(browser, address, f"{name}@northwind.example") for name in PEOPLE}
    for name, rating in zip(PEOPLE, (2, 0, 3, 2), strict=True):
        peek(people["fourth"], address, home, application)
        score(people[name], name, rating)
    lead = people["lead"]
    decide(lead, application)
    see_what_is_set_up(lead)
    write(lead, application)
    approve(administrator)
    send(lead)
    in_django(home, HALF_AN_HOUR)
    candidate = Visit(browser.new_context(java_script_enabled=False).new_page(), address)
    accept(candidate, lead, token)
    give_feedback(lead, home, candidate, application, token)


def send_application(visit: Visit, posting: str) -> None:
    visit.to(f"/jobs/{posting}/apply/")
    visit.page.get_by_label("Name").fill("Quillon Vexworth")
    visit.page.get_by_label("E-mail").fill("quillon@invented.example")
    visit.page.get_by_role("button", name="Send the application").click()
    assert "Thank you" in visit.page.inner_text("main")


def ask_four(visit: Visit, application: str) -> None:
    visit.to(f"/hiring/applications/{application}/interviews/")
    form = visit.page.locator("form", has=visit.page.get_by_role("button", name="Ask for scorecards")).first
    for name in PEOPLE:
        form.get_by_label(f"{name.capitalize()} Invented").check()
    form.get_by_role("button", name="Ask for scorecards").click()
    assert "not in" in visit.page.inner_text("main").lower()


def score(visit: Visit, name: str, rating: int) -> None:
    """Found on the first page, filled in alone; nobody else's words are anywhere on it."""
    visit.to("/").page.get_by_role("link", name=re.compile("Quillon")).first.click()
    for group in visit.page.get_by_role("group", name="Rating").all():
        group.get_by_role("radio").nth(rating).check()
    for field in visit.page.get_by_label("Evidence").all():
        field.fill(f"Named who decides on a rollback, {name} noted")
    others = [f"{one} noted" for one in PEOPLE if one != name]
    assert not any(words in visit.page.content() for words in others)
    visit.page.get_by_role("button", name="Submit scorecard").click()
    assert "The scorecard is in" in visit.page.inner_text("main")


def peek(visit: Visit, address: str, home: Path, application: str) -> None:
    """Whoever has not handed in asks for what others wrote, in their own browser: refused, and without a word of it."""
    cards = re.findall(r"CARD (\S+)", in_django(home, CARDS))
    paths = [f"/hiring/scorecards/{card}/" for card in cards]
    paths += [f"/hiring/applications/{application}/{page}/" for page in ("debrief", "interviews", "feedback")]
    for path in paths:
        answer = visit.page.request.get(f"{address}{path}")
        assert answer.status in (403, 404), path
        assert "noted" not in answer.text(), path
    found = visit.page.request.get(f"{address}/find/?q=noted")
    assert " noted" not in found.text().replace("“noted”", "")


def decide(visit: Visit, application: str) -> None:
    """Where they differ most comes first."""
    visit.to(f"/hiring/applications/{application}/debrief/")
    apart = re.findall(r"Interviewers are (\d) apart|Interviewers (agree)", visit.page.inner_text("main"))
    assert apart[0] == ("3", "")
    assert apart == sorted(apart, reverse=True)
    visit.page.get_by_label("Make an offer").check()
    visit.page.get_by_label("Reasons").fill("They named the price of each way back, unasked")
    visit.page.get_by_role("button", name="Sign as").click()
    visit.page.get_by_role("link", name="What it rests on").click()
    assert "They named the price of each way back" in visit.page.inner_text("main")
    assert "fourth noted" in visit.page.inner_text("main")
    visit.look("decision-packet")
    with visit.page.expect_download() as file:
        visit.page.get_by_role("link", name="HTML").click()
    assert "fourth noted" in Path(file.value.path()).read_text()


def see_what_is_set_up(visit: Visit) -> None:
    """Beside the plan: the kit in use and its scorecards."""
    visit.to("/plans/").page.get_by_role("link", name=re.compile("MLOps")).first.click()
    visit.page.locator("#check-interviews").get_by_text("What your company has set up").click()
    assert "4 of 4 scorecards are in" in visit.page.inner_text("#check-interviews")
    visit.look("plan-set-up")


def write(visit: Visit, application: str) -> None:
    """Outside the band it needs a reason; what was typed stays."""
    visit.to(f"/hiring/applications/{application}/").page.get_by_role("link", name="Write the offer").click()
    visit.page.get_by_label("Base pay a year").fill("190k")
    visit.page.get_by_label("Bonus really paid").fill("80, 100")
    visit.page.get_by_label("Kind").select_option("iso")
    visit.page.get_by_label("Shares or options").fill("20,000")
    visit.page.get_by_text("A private company and its possible exits").click()
    visit.page.get_by_label("Fully diluted").fill("30m")
    visit.page.get_by_label("Strike a share").fill("1.20")
    for label, value in (("Scenario", "Sold well"), ("Chance", "20"), ("Company sold for", "400m"), ("In years", "5")):
        visit.page.locator("fieldset.exit").first.get_by_label(label, exact=False).first.fill(value)
    visit.page.evaluate("scrollTo(0, 0)")  # what the head covers on the way is no part of what is looked at
    visit.look("offer-write")
    visit.page.get_by_role("button", name="Save and ask").click()
    text = visit.page.inner_text("main")
    assert "outside a range" in text
    visit.wrong.clear()  # the browser notes that it was refused, as it should be
    visit.page.evaluate("scrollTo(0, 0)")
    visit.look("offer-needs-a-reason")
    visit.page.get_by_label("Why it is outside a range").fill("Their other offer is higher, in writing")
    visit.page.get_by_label("What the hire inherits").fill("Two models fail each week; you may stop releases.")
    visit.page.get_by_role("button", name="Save and ask").click()
    assert "Waits for approval" in visit.page.inner_text("main")
    visit.look("offer-waits")


def approve(visit: Visit) -> None:
    visit.to("/")
    assert "Offer to approve" in visit.page.inner_text("main")
    visit.page.get_by_role("link", name=re.compile("Quillon")).first.click()
    visit.page.get_by_role("button", name="Approve version 1").click()
    assert "Approved, not sent" in visit.page.inner_text("main")
    visit.look("offer-approved")


def send(visit: Visit) -> None:
    visit.page.reload()
    visit.page.get_by_role("link", name="What the candidate reads").click()
    visit.look("offer-preview")
    visit.page.go_back()
    visit.page.get_by_role("button", name="Send to the candidate").click()
    assert "goes out" in visit.page.inner_text("main")
    visit.look("offer-on-its-way")


def accept(candidate: Visit, lead: Visit, token: str) -> None:
    """Asks, is answered, reads it, accepts; a second answer is refused in words."""
    candidate.to(f"/candidate/{token}/")
    candidate.page.get_by_role("link", name="Read and answer the offer").click()
    candidate.page.get_by_label("Your question").fill("How many pages does a week on call bring?")
    candidate.page.get_by_role("button", name="Send the question").click()
    lead.page.reload()
    lead.page.get_by_label("Your answer").fill("Two, by our incident tool, over the last quarter.")
    lead.page.get_by_role("button", name="Answer", exact=True).click()
    candidate.to(f"/candidate/{token}/offer/")
    assert "Two, by our incident tool" in candidate.page.inner_text("main")
    assert "190,000 USD" in candidate.page.inner_text("main")
    photograph(candidate, "offer-candidate")
    candidate.page.get_by_label("Your name, as your signature").fill("Quillon Vexworth")
    candidate.page.get_by_role("button", name="Accept this offer").click()
    assert "You have accepted" in candidate.page.inner_text("main")
    photograph(candidate, "offer-accepted")
    lead.page.reload()
    lead.page.evaluate("scrollTo(0, 0)")
    assert "signed “Quillon Vexworth”" in lead.page.inner_text("main")
    lead.look("offer-answered")
    lead.to("/hiring/offers/").look("offers")


def give_feedback(lead: Visit, home: Path, candidate: Visit, application: str, token: str) -> None:
    lead.to(f"/hiring/applications/{application}/feedback/")
    lead.page.get_by_role("button", name="Draft it from the evidence").click()
    lead.look("feedback-draft")
    lead.page.locator("textarea").first.fill("You named who decides on a rollback before you touched anything.")
    lead.page.get_by_role("button", name="Save and preview").click()
    lead.page.get_by_role("button", name="Approve as").click()
    assert "Approved by Lead Invented" in lead.page.inner_text("main")
    lead.look("feedback-approved")
    candidate.to(f"/candidate/{token}/")
    assert "before you touched anything" not in candidate.page.inner_text("main")
    in_django(home, HALF_AN_HOUR)
    candidate.page.reload()
    assert "before you touched anything" in candidate.page.inner_text("main")
    photograph(candidate, "feedback-candidate")


def photograph(visit: Visit, name: str) -> None:
    """As `Visit.look`, where no script runs: axe looks at the same page in the preview."""
    journeys.SCREENSHOTS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme)
        for width in (390, 1280):
            visit.page.set_viewport_size({"width": width, "height": 900})
            path = journeys.SCREENSHOTS / f"journey-{name}-{width}-{scheme}.png"
            visit.page.screenshot(path=path, full_page=True)
    assert visit.wrong == []
