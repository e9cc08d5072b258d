"""Journeys in a real browser against the real server: what a person does, from the first start on.

Every page on the way is looked at by axe, and photographed into `screenshots/` (which git ignores).
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.company import PASSWORD

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / "screenshots"
CHROMIUM = os.environ.get("TENFOLD_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PERSON = "ada@northwind.example"
POSTING = (ROOT / "examples/posting_with_faults.md").read_text(encoding="utf-8")
LARGEST_FIRST_LOAD = 200_000
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (bin/system browser)"),
    pytest.mark.skipif(
        find_library("atomic") is None, reason="the browser's driver needs libatomic (bin/system browser)"
    ),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here; bin/assets installs it"),
]


class Visit:
    """A page in the browser, with what goes wrong in it noted."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", self._note)

    def _note(self, message: Any) -> None:
        """Errors of the page; not that a check under way ended because the page was left."""
        if message.type == "error" and not message.text.startswith("htmx:"):
            self.wrong.append(message.text)

    def to(self, path: str) -> Visit:
        self.page.goto(path if path.startswith("http") else self.address + path)
        return self

    def look(self, name: str, *, widths: Sequence[int] = (390, 1280)) -> None:
        """Photographs the page and has axe look at it, in light and in dark, wide and narrow."""
        SCREENSHOTS.mkdir(exist_ok=True)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for width in widths:
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.screenshot(path=SCREENSHOTS / f"journey-{name}-{width}-{scheme}.png")
                assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide"
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            found = self.page.evaluate("tags => axe.run({runOnly: tags})", STANDARDS)
            told = [
                (v["id"], v["nodes"][0]["html"][:160], v["nodes"][0]["failureSummary"][:300])
                for v in found["violations"]
            ]
            assert told == [], f"{name}, {scheme}"
        assert self.wrong == []


@dataclass(frozen=True)
class Server:
    """A server of its own on an empty home: where it is, and the link that it printed."""

    address: str
    said: Path

    @property
    def link(self) -> str:
        found = re.search(r"http://\S+/start/\S+", self.said.read_text(encoding="utf-8"))
        assert found is not None
        return found[0]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(home: Path, *, person: str = "") -> Iterator[Server]:
    """The real server as an operator starts it; `person` is added beforehand as administrator."""
    port = free_port()
    ours = ("DJANGO_SETTINGS_MODULE", "TENFOLD_SECRET_KEY", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"TENFOLD_HOME": str(home), "TENFOLD_LOG_LEVEL": "ERROR"}
    web = [sys.executable, "-m", "tenfold", "web"]
    if person:
        subprocess.run([*web, "migrate"], env=environment, cwd=ROOT, check=True, capture_output=True)
        add = [*web, "user", "add", person, "--organisation", "Northwind Foods"]
        subprocess.run(add, env=environment, cwd=ROOT, check=True, capture_output=True, input=PASSWORD.encode())
    said = home / "said.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [*web, "run", "--port", str(port)], stdout=output, stderr=subprocess.STDOUT, env=environment, cwd=ROOT
        )
    try:
        wait_for(f"http://localhost:{port}/healthz", process)
        yield Server(f"http://localhost:{port}", said)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("home"), person=PERSON) as running:
        yield running.address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


def test_from_the_first_start_to_a_published_posting(tmp_path: Path, browser: Any) -> None:
    with serving(tmp_path) as running:
        _first_journey(running.address, running.link, browser)


def _first_journey(address: str, link: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    visit = Visit(context.new_page(), address)
    page = visit.page
    visit.to(link).look("start")
    for label, value in (("organisation", "Northwind Foods"), ("name", "Ada"), ("email", PERSON)):
        page.fill(f"#id_{label}", value)
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Create account')")
    page.wait_for_url("**/plans/")
    visit.look("empty")

    visit.to("/plans/new/").look("new")
    page.fill("#id_text", POSTING)
    page.click("button:has-text('Check it')")
    page.wait_for_selector("text=in the posting")
    visit.look("answers")
    page.click("button:has-text('Confirm and go to the plan')")
    page.wait_for_selector("#check-pay")
    visit.look("plan")
    plan = page.url

    _a_finding_leads_to_its_field_and_goes_when_it_is_mended(page)
    page.fill("#why", "The range, and who we ask for")
    page.click("button[data-saves]")
    page.wait_for_selector("text=Saved as version 2.")

    parts = ("posting", "posting/reader", "posting/writer", "what-if", "yaml", "versions", "comments", "share")
    for part in parts:
        visit.to(f"{plan}{part}/").look(part.replace("/", "-"))
    visit.to(f"{plan}versions/2/").look("version")
    assert page.locator(".diff").inner_text().count("Pay:") >= 2
    visit.to(f"{plan}report/").look("report")

    visit.to(plan)
    page.click("button:has-text('Approve version 2')")
    page.wait_for_selector("text=Approved, version 2")
    page.click("a:has-text('Publish …')")
    visit.look("publish")
    page.fill("#why", "The hire starts in March whatever happens") if page.locator("#why").count() else None
    page.click("button:has-text('Publish the posting')")
    page.wait_for_selector("text=The posting is open to candidates.")
    job = page.get_attribute("a.tag.open", "href")
    outside = Visit(browser.new_context().new_page(), address)
    outside.to(job).look("job")
    assert outside.page.context.cookies() == []

    for name in ("plans", "postings", "people", "trail", "design", "api", "api/tokens"):
        visit.to(f"/{name}/").look(name.replace("/", "-"))
    visit.to("/plans/new/questions/").look("questions")
    context.close()


def _a_finding_leads_to_its_field_and_goes_when_it_is_mended(page: Any) -> None:
    """Two findings: the missing range is asked for, and a deep demand is made a nice-to-have."""
    page.click("a[data-goes-to='field-pay-min'] >> nth=0")
    assert page.evaluate("document.activeElement.id") == "field-pay-min"
    page.fill("#field-pay-min", "165k")
    page.fill("#field-pay-max", "195k")
    page.wait_for_selector("#panel a[data-goes-to='field-pay-min']", state="detached")
    before = page.locator("[data-list='requirements.nice'] .row").count()
    page.click("[data-moves-row='requirements.nice'] >> nth=0")
    assert page.locator("[data-list='requirements.nice'] .row-list .row").count() == before + 1
    page.wait_for_selector("body.unsaved")


def test_a_posting_is_read_in_the_browser_and_every_mark_is_reached_by_keyboard(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    visit = Visit(context.new_page(), server)
    page = visit.page
    _sign_in(page, server)
    visit.to("/postings/").look("postings-empty")
    visit.to("/postings/reader/").look("reader-empty")
    page.fill("#id_url", "http://127.0.0.1/")
    page.click("button:has-text('Check posting')")
    page.wait_for_selector("text=not on the public web")
    page.fill("#id_url", "")
    page.fill("#id_text", POSTING)
    page.click("button:has-text('Check posting')")
    page.wait_for_selector(".reader-text")
    visit.wrong.clear()  # the answer 422 above, which the browser notes
    visit.look("reader-read")
    page.focus("a.read-mark.must >> nth=0")
    assert (
        page.locator("a.read-mark.must .read-tip >> nth=0").evaluate("node => getComputedStyle(node).clipPath")
        == "none"
    )
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('.reads li:target') !== null")
    line = "getComputedStyle(document.querySelector('a.read-mark.must')).textDecorationLine"
    assert page.evaluate(line) == "underline"
    page.uncheck("#show-must")
    assert page.evaluate(line) == "none"
    page.click("button:has-text('Create a plan from it')")
    page.click("button:has-text('Confirm and go to the plan')")
    page.wait_for_selector("#check-pay")
    context.close()


def test_form_and_yaml_stay_in_step_while_one_types(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1920, "height": 1000}, reduced_motion="reduce")
    visit = Visit(context.new_page(), server)
    page = visit.page
    _sign_in(page, server)
    page.goto(server + "/plans/new/")
    page.fill("#id_text", "tenfold_plan: 1\n# why we hire\nrole:\n  title: Engineer\n  level: senior\n")
    page.click("button:has-text('Check it')")
    page.wait_for_selector("#panel .strip")
    visit.to(page.url + "yaml/")
    page.wait_for_selector(".cm-editor")
    page.fill(".form-side #field-role-title", "Staff engineer")
    _until(page, lambda: "title: Staff engineer" in page.input_value("#yaml"))
    assert "# why we hire" in page.input_value("#yaml")

    page.click(".cm-content")
    page.keyboard.press("Control+End")
    page.keyboard.type("on_")
    page.wait_for_selector(".cm-tooltip-autocomplete li:has-text('on_call')")
    visit.look("yaml-completes")
    page.set_viewport_size({"width": 1920, "height": 1000})
    page.click(".cm-content")
    page.keyboard.press("Control+End")
    page.keyboard.type("duty: 1")
    page.wait_for_selector(".cm-lintRange-error")
    assert "Line 6" in page.inner_text("[data-problem-line='6']")
    visit.look("yaml-problem")
    page.set_viewport_size({"width": 1920, "height": 1000})
    page.click(".cm-content")
    page.keyboard.press("Control+End")
    for _ in range(len("on_duty: 1")):
        page.keyboard.press("Backspace")
    page.keyboard.type("apply_by: 2027-01-15")
    page.wait_for_selector(".cm-lintRange-error", state="detached")
    page.fill("#why", "In step")
    page.click("button[data-saves]")
    page.wait_for_selector("text=Saved as version 2.")
    assert "apply_by: 2027-01-15" in page.input_value("#yaml")
    assert visit.wrong == []
    context.close()


def test_whoever_may_not_is_told_so_and_nothing_is_changed(tmp_path: Path, browser: Any) -> None:
    """An interviewer, invited by the administrator, reads a plan and is refused what the role does not hold."""
    with serving(tmp_path, person=PERSON) as running:
        boss = browser.new_context(viewport={"width": 1280, "height": 900})
        page = boss.new_page()
        _sign_in(page, running.address)
        page.goto(running.address + "/plans/new/")
        page.fill("#id_text", POSTING)
        page.click("button:has-text('Check it')")
        page.click("button:has-text('Confirm and go to the plan')")
        page.wait_for_selector("#check-pay")
        plan = page.url
        page.goto(running.address + "/people/")
        page.fill("#id_email", "jo@northwind.example")
        page.select_option("#id_role", "interviewer")
        page.click("button:has-text('Create the link')")
        link = page.input_value("#invitation-link")

        guest = Visit(browser.new_context(viewport={"width": 1280, "height": 900}).new_page(), running.address)
        guest.to(link)
        guest.page.fill("#id_name", "Jo")
        guest.page.fill("#id_password", PASSWORD)
        guest.page.click("button:has-text('Join')")
        guest.page.wait_for_url("**/plans/")
        for part in ("", "posting/reader/", "posting/writer/", "yaml/"):
            guest.to(plan + part).look(f"guest-{part.replace('/', '-') or 'plan'}")
            assert guest.page.locator("[data-saves], button:has-text('Use this in the plan')").count() == 0
        for refused in ("/plans/new/", "/trail/"):
            guest.to(refused)
            assert "You don’t have permission" in guest.page.content()
        guest.wrong.clear()  # the answers 403, which the browser notes
        guest.look("refused")
        boss.close()


def test_without_scripts_a_plan_is_made_checked_and_saved(server: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    _sign_in(page, server)
    page.goto(server + "/plans/new/")
    page.fill("#id_text", POSTING)
    page.click("button:has-text('Check it')")
    page.click("button:has-text('Confirm and go to the plan')")
    page.click("button:has-text('Make it a nice-to-have') >> nth=0")
    page.fill("#field-role-title", "MLOps engineer without scripts")
    page.click("button:has-text('Check')")
    assert page.input_value("#field-role-title") == "MLOps engineer without scripts"
    page.click("button[data-saves]")
    assert "Saved as version 2." in page.content()
    context.close()


def test_the_first_load_is_small_and_nothing_moves(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    received: list[int] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    _sign_in(page, server)
    page.goto(server + "/plans/new/")
    page.fill("#id_text", POSTING)
    page.click("button:has-text('Check it')")
    page.click("button:has-text('Confirm and go to the plan')")
    page.wait_for_selector("#check-pay")
    plan = page.url.removeprefix(server)
    weighed = {}
    for path in ("/plans/", "/people/", "/plans/new/", "/pay/", plan, f"{plan}what-if/"):
        session.send("Network.clearBrowserCache")
        received.clear()
        page.goto(server + path)
        page.wait_for_load_state("networkidle")
        moved = page.evaluate(SHIFTS)
        weighed[path] = sum(received)
        assert moved == 0, path
    assert {path: size for path, size in weighed.items() if size > LARGEST_FIRST_LOAD} == {}
    context.close()


def _until(page: Any, holds: Callable[[], bool]) -> None:
    """Waits for what the page's policy lets no script of ours wait for."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    pytest.fail("it did not come to be")


def _sign_in(page: Any, address: str) -> None:
    page.goto(address + "/sign-in/")
    page.fill("#id_login", PERSON)
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.wait_for_url("**/plans/")


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server on loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the server did not come up")


def test_fast_hands_two_editors_and_undo(server: str, browser: Any) -> None:
    """The palette, a conflict chosen in words, a charter, a plan deleted and brought back."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    visit = Visit(page, server)
    visit.to("/sign-in/")
    page.fill("#id_login", PERSON)
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/plans/")
    visit.to("/plans/new/")
    page.fill("#id_text", (ROOT / "tests/posting/stated/mirador.md").read_text(encoding="utf-8"))
    page.click("button:has-text('Check it')")
    page.wait_for_selector("text=answers in the posting")
    page.click("button:has-text('Confirm and go to the plan')")
    page.wait_for_selector("#check-pay")
    plan = page.url

    # By keyboard alone the first problem is three stops away.
    visit.to(plan)
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.querySelector('#problems a[href], #problems summary')")

    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette .hits a")
    page.keyboard.type("charter")
    page.wait_for_selector("#palette .hits li:first-child a[href$='/charter/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/charter/")
    visit.look("charter")

    visit.to(plan)
    other = context.new_page()
    other.goto(plan)
    other.fill('[name="role.title"]', "Title of the other")
    other.click("button[data-saves]")
    other.wait_for_selector("text=Saved as version 2.")
    page.fill('[name="role.title"]', "My own title")
    page.click("button[data-saves]")
    page.wait_for_selector(".conflicts")
    visit.wrong.clear()  # the browser notes the answer 409
    visit.look("conflict")
    page.fill("#why", "Mine is what we agreed")
    page.click("button[data-saves]")
    page.wait_for_selector("text=Saved as version 3.")
    assert page.input_value('[name="role.title"]') == "My own title"

    visit.to(f"{plan}delete/").look("delete")
    page.click("button:has-text('Delete the plan')")
    page.wait_for_selector("text=is deleted.")
    page.click("button:has-text('Undo')")
    page.wait_for_selector("text=is restored")
    context.close()
