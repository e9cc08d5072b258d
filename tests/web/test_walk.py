"""A newcomer's walk in a real browser, as three people: a hiring manager, a pay analyst and an administrator.

Every page on the way is looked at as a newcomer does: it says where one is, offers a next step and speaks plain words.
Each is photographed at three widths, in light and in dark, into `screenshots/walk-*` (which git ignores).
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

from tenfold.audit.registry import PRACTICES
from tenfold.kit.typed_numbers import read_amount
from tests.company import PASSWORD
from tests.web.test_journeys import ROOT, SCREENSHOTS, Visit, browser, pytestmark, serving

__all__ = ["browser", "pytestmark"]

PEOPLE = {
    "manager": ("mara@northwind.example", "hiring-manager", True),
    "analyst": ("paul@northwind.example", "administrator", True),
    "administrator": ("ada@northwind.example", "administrator", True),
    "reader": ("ines@northwind.example", "interviewer", False),
}
"""Invented people: address, role and whether they see pay. Who looks after pay is an administrator here."""
POSTING = (ROOT / "tests/posting/stated/mirador.md").read_text(encoding="utf-8")
DEVELOPERS_WORDS = re.compile(
    r"\b(?:role|pay|company|requirements|situation|on_call|interviews|assessment|reporting)\.[a-z_]+\b"
    r"|\b(?:Traceback|undefined|NaN|null|stdout|stderr|regex|boolean|JSON|schema|queryset|payload)\b"
    r"|(?:^|\s)--[a-z]{2,}|\btenfold (?:web|pay|check|audit|market|posting)\b|\bpip install\b|[{}]{2}|\{%",
)
WIDTHS = (390, 1280, 1920)
LIST = (
    "Vergütung 2026;;;;\r\nPersonalnummer;Stelle;Grundgehalt;Währung;Stand\r\n"
    + "".join(f"47{n};Senior MLOps Engineer;{80 + n}.000;EUR;03/04/2026\r\n" for n in range(6))
    + "499;Senior MLOps Engineer;310.000;RON;03/04/2026\r\n"
).encode("cp1252")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real server, with the four people of the walk."""
    home = tmp_path_factory.mktemp("home")
    ours = ("DJANGO_SETTINGS_MODULE", "TENFOLD_SECRET_KEY", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"TENFOLD_HOME": str(home), "TENFOLD_LOG_LEVEL": "ERROR"}
    web = [sys.executable, "-m", "tenfold", "web"]
    subprocess.run([*web, "migrate"], env=environment, cwd=ROOT, check=True, capture_output=True)
    for name, (address, role, sees_pay) in PEOPLE.items():
        pay = "--sees-pay" if sees_pay else "--no-pay"
        add = [*web, "user", "add", address, "--organisation", "Northwind Foods", "--role", role, pay]
        add += ["--name", name.capitalize()]
        subprocess.run(add, env=environment, cwd=ROOT, check=True, capture_output=True, input=PASSWORD.encode())
    with serving(home) as running:
        yield running.address


def sign_in_as(browser: Any, house: str, name: str) -> Visit:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    visit = Visit(context.new_page(), house)
    visit.to("/sign-in/")
    visit.page.fill("#id_login", PEOPLE[name][0])
    visit.page.fill("#id_password", PASSWORD)
    visit.page.click("button:has-text('Sign in')")
    visit.page.wait_for_url("**/plans/")
    return visit


def see(visit: Visit, name: str) -> str:
    """The words of a page, once it has given a newcomer what they need; photographed."""
    page = visit.page
    SCREENSHOTS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"walk-{name}-{width}-{scheme}.png")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide at {width}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.locator("h1").count() == 1, f"{name} says once what it is"
    assert re.search(r"\S.*Tenfold$|^Tenfold$", page.title()), f"{name} is known in a browser's history"
    steps = page.locator("main a[href]:visible, main button:visible")
    assert steps.count() > 0, f"{name} is a dead end"
    assert page.locator("header nav a[href]:visible").count() > 3, f"{name} keeps the way around"
    words: str = page.locator("main").inner_text()
    assert DEVELOPERS_WORDS.findall(words) == [], f"{name} speaks to developers"
    return words


def make_plan(visit: Visit) -> str:
    """A plan from a posting that was pasted on the first page; its address."""
    page = visit.to("/").page
    page.fill("#front-text", POSTING)
    page.click("button:has-text('Check it')")
    page.wait_for_selector("text=answers in the posting")
    page.click("button:has-text('Confirm and go to the plan')")
    page.wait_for_selector("#check-pay")
    return str(page.url).removeprefix(visit.address)


def test_a_hiring_manager_goes_from_the_first_page_to_a_plan_and_its_report(house: str, browser: Any) -> None:
    visit = sign_in_as(browser, house, "manager")
    page = visit.to("/").page
    _the_first_page_explains_itself(visit)
    visit.to("/")
    page.fill("#front-text", POSTING)
    page.click("button:has-text('Check it')")
    page.wait_for_selector("text=answers in the posting")
    words = see(visit, "answers")
    read = int(re.search(r"We read (\d+) answers", words)[1])  # type: ignore[index]  # waited for above
    assert read >= 20
    assert page.locator(".read-answers li").count() >= read
    page.click("button:has-text('Confirm and go to the plan')")
    page.wait_for_selector("#check-pay")
    see(visit, "plan")
    plan = str(page.url)

    _a_finding_leads_to_what_fixes_it(page)
    _places_are_chosen_with_the_keyboard(page)
    _amounts_are_taken_as_people_type_them(page)
    market = page.inner_text("#check-pay")
    figure = re.search(r"median [\d.,]+k?", market)
    visit.to(f"{plan}what-if/")
    see(visit, "what-if")
    if figure:
        assert figure[0] in page.inner_text("#panel"), "one market for one plan"

    visit.to(plan)
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette .hits a")
    page.keyboard.type("report")
    page.wait_for_selector("#palette .hits li:first-child a[href*='/report']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/**")
    assert "Staff Machine Learning Infrastructure Engineer" in page.title()
    visit.to(f"{plan}charter/")
    see(visit, "charter")
    assert visit.wrong == []


def test_a_hiring_manager_approves_and_publishes(house: str, browser: Any) -> None:
    visit = sign_in_as(browser, house, "manager")
    plan, page = make_plan(visit), visit.page
    visit.to(f"{plan}publish/")
    assert "Have version" in see(visit, "publish-not-approved")
    page.click("main a:has-text('Go to the plan')")
    page.click("button:has-text('Approve version')")
    page.wait_for_selector("text=Approved, version")
    page.click("a:has-text('Publish …')")
    words = see(visit, "publish")
    if "“Fix”:" in words:
        page.fill("#why", "The hire starts in March whatever happens")
    page.click("button:has-text('Publish the posting')")
    page.wait_for_selector("text=The posting is open to candidates.")
    assert visit.wrong == []


FAULTS = """# MLOps Engineer (m/w/d), Mittleres Level

Northwind Foods, Hamburg. Hybrid, two days a week in the office.

## Your tasks

- Run our LLMs in production and the platform they live on
- Be on call around the clock, 24/7

## Requirements

- 8 years of experience with LLMs in production
- Python and Kubernetes

## Apply

Tell us your current salary. €65,000 to €75,000 a year.
"""


def test_a_manager_sees_what_words_do_and_hands_the_report_on(house: str, browser: Any) -> None:
    visit = sign_in_as(browser, house, "manager")
    page = visit.to("/").page
    page.fill("#front-text", FAULTS)
    page.click("button:has-text('Check it')")
    page.wait_for_selector("text=answers in the posting")
    page.click("button:has-text('Confirm and go to the plan')")
    page.wait_for_selector("#check-pay")
    plan = str(page.url)
    words = page.inner_text("#panel")
    assert "asks for past pay" in words
    assert "8 years of large language models" in words
    assert "on-call around the clock" in words
    assert page.input_value("#field-role-level") == "mid", (
        "“Mittleres Level” is a level, “(m/w/d)” no part of the title"
    )
    assert "m/w/d" not in page.input_value("#field-role-title")

    visit.to(f"{plan}share/")
    see(visit, "share")
    page.click("button:has-text('Create a link')")
    link = page.input_value("#share-link")
    stranger = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
    stranger.goto(link)
    told = stranger.inner_text("body")
    stranger.screenshot(path=SCREENSHOTS / "walk-shared-1280-light.png")
    assert re.search(r"ready to publish|No problems found|too little here", told), "it keeps its headline"
    assert "idden" in told, "pay is hidden, not unanswered"
    assert stranger.locator(".pay-chart").count() == 0, (
        "no market to read an offer from; the posting's own words are public"
    )

    for path in ("report.pdf", "charter/?as=pdf", "charter/?as=md"):
        answer = page.request.get(f"{plan}{path}")
        assert answer.status in (200, 501), path  # 501 says in words that no drawer of PDF is installed
        assert answer.body()[:4] in (b"%PDF", b"# De") or "text/html" in answer.headers["content-type"], path
    assert visit.wrong == []


def _the_first_page_explains_itself(visit: Visit) -> None:
    words = see(visit, "first")
    assert all(practice.title in words for practice in PRACTICES), "the ten checks are named"
    assert "Paste a posting" in words
    footer = visit.page.locator("footer").last
    assert footer.locator("a[href^='/api'], a[href*='github']").count() == 0
    assert footer.locator("a[href='/help/']").count() == 1
    visit.to("/help/")
    see(visit, "help")
    assert visit.page.locator("main summary:has-text('Sources')").count() >= len(PRACTICES) - 2
    assert visit.page.locator("main a:has-text('All figures')").count() == 1


def _a_finding_leads_to_what_fixes_it(page: Any) -> None:
    first = page.locator("#panel a[data-goes-to^='field-']:visible").first
    target = str(first.get_attribute("data-goes-to"))
    first.click()
    held = page.evaluate(
        "id => { const to = document.getElementById(id), at = document.activeElement;"
        "  return to !== null && (to === at || to.contains(at)); }",
        target,
    )
    assert held, f"{target} has the focus"
    top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", target)
    assert 0 <= top < 900, "and is in sight"


def _places_are_chosen_with_the_keyboard(page: Any) -> None:
    """In words, never as a code; a name that several places have is put to the choice before it is taken."""
    page.evaluate("document.querySelector('#part-company').closest('details').open = true")
    field = page.locator("#field-company-jurisdictions")
    assert field.get_attribute("role") == "combobox"
    field.focus()
    page.keyboard.type("Georgia")
    page.wait_for_selector(".offered [role='option']:has-text('Georgia, United States')")
    page.keyboard.press("Enter")
    lines = page.locator("#field-company-jurisdictions-lines")
    assert "Georgia" not in lines.input_value(), "asked first"
    while "United States" not in page.inner_text(".offered [aria-selected='true']"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "Georgia, United States" in lines.input_value().splitlines()
    assert not re.search(r"\b[A-Z]{2}-[A-Z]{2}\b", page.inner_text(".places-picker .chips >> nth=0"))
    page.keyboard.press("Backspace")
    assert "Georgia, United States" not in lines.input_value()
    assert page.evaluate("document.activeElement.id") == "field-company-jurisdictions"


def _amounts_are_taken_as_people_type_them(page: Any) -> None:
    """Saved with focus and place on the page kept; shown back as understood."""
    for typed, kept in (("€65 000", 65_000), ("66.000", 66_000), ("67k", 67_000)):
        page.fill("#field-pay-min", typed)
        page.fill("#field-pay-max", "80k")
        page.focus("#field-pay-max")
        before = page.evaluate("document.querySelector('#field-pay-max').getBoundingClientRect().top")
        page.wait_for_timeout(900)  # the live check comes and goes
        assert page.evaluate("document.activeElement.id") == "field-pay-max", "the focus stays through a check"
        after = page.evaluate("document.querySelector('#field-pay-max').getBoundingClientRect().top")
        assert abs(after - before) < 2, "nothing moves under the reader"
        page.fill("#why", f"The range as {typed}")
        page.click("button[data-saves]")
        page.wait_for_selector("text=Saved as version")
        assert read_amount(page.input_value("#field-pay-min")) == kept, typed


def test_who_may_only_read_a_plan_sees_so_and_is_told_whom_to_ask(house: str, browser: Any) -> None:
    plan = make_plan(sign_in_as(browser, house, "manager"))
    visit = sign_in_as(browser, house, "reader").to(plan)
    page = visit.page
    words = see(visit, "read-only")
    assert re.search(r"You can read this plan and comment on it\. To have it changed, ask Manager", words)
    assert page.evaluate("document.querySelector('#field-role-title').tagName") == "SPAN", "text, not a box"
    assert (
        page.locator("#inputs :is(input, textarea):not([type='hidden'], [type='radio'])")
        .locator("visible=true")
        .count()
        == 0
    )
    for gone in ("[data-saves]", "button:has-text('Remove')", "button:has-text('Make it')", "button:has-text('Add ')"):
        assert page.locator(f"#inputs {gone}").locator("visible=true").count() == 0, gone
    visit.to("/plans/new/")
    words = page.locator("main").inner_text()
    assert "You don’t have permission" in words
    assert page.locator("main a[href]:visible").count() > 0, "no dead end"


def test_a_pay_analyst_imports_a_european_list(house: str, browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "gehalt.csv"
    file.write_bytes(LIST)
    visit = sign_in_as(browser, house, "analyst")
    page = visit.to("/pay/").page
    assert "median" in see(visit, "pay")
    page.click("main nav a:has-text('Import')")
    assert "Line with the column names" in see(visit, "import")
    page.set_input_files("#id_file", file)
    page.click("button:has-text('Upload')")
    page.wait_for_selector("text=Match the columns")
    words = see(visit, "import-columns")
    assert "Personalnummer" in words
    assert "not stored" in words
    page.select_option("#column-date", "Stand")
    page.click("button:has-text('Check the rows')")
    page.wait_for_selector("text=Day or month first?")
    words = see(visit, "import-rows")
    assert "say whether the day or the month comes first" in words, "why the button waits"
    page.check("input[value='day-first']")
    page.click("button:has-text('Save and check again')")
    page.wait_for_selector("text=Exchange rates")
    see(visit, "import-rates")
    visit.to("/")
    assert page.locator("main .todo a:has-text('gehalt.csv')").count() == 1, "the list waits on the first page"
    page.click("main .todo a:has-text('gehalt.csv')")
    page.fill("#rate-RON", "4,55")
    page.click("button:has-text('Save and check again')")
    page.wait_for_selector("text=Every row can be read")
    see(visit, "import-ready")
    page.click("button:has-text('Delete this list')")
    page.wait_for_selector("text=is erased")
    visit.to("/pay/offers/")
    see(visit, "two-offers")
    assert visit.wrong == []


def test_an_administrator_sets_a_rule_deletes_and_undoes_and_finds_who_did_what(house: str, browser: Any) -> None:
    plan = make_plan(sign_in_as(browser, house, "manager"))
    visit = sign_in_as(browser, house, "administrator")
    page = visit.to("/postings/rules/").page
    see(visit, "rules")
    visit.to("/people/")
    assert "Manager" in see(visit, "people")
    visit.to(f"{plan}versions/")
    assert "Manager" in see(visit, "versions")
    visit.to(f"{plan}delete/")
    see(visit, "delete")
    page.click("button:has-text('Delete the plan')")
    page.wait_for_selector("text=is deleted.")
    page.click("button:has-text('Undo')")
    page.wait_for_selector("text=is restored")
    visit.to("/trail/")
    words = see(visit, "trail")
    assert "Administrator" in words or PEOPLE["administrator"][0] in words, words[:1_500]
    answer = page.goto(house + "/plans/no-such-page/")
    assert answer.status == 404
    words = see(visit, "not-found")
    assert "Page not found" in words
    assert page.locator(".strip").count() == 0, "no ten ticks are read aloud"
