"""Pay in a real browser: the calculator, and a list of own pay with slips that are mended on the way in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.pay.lists import FAULTY
from tests.web.test_journeys import (
    LARGEST_FIRST_LOAD,
    PERSON,
    ROOT,
    SHIFTS,
    Visit,
    _sign_in,
    browser,
    pytestmark,
    serving,
)

__all__ = ["browser", "pytestmark"]


def visiting(browser: Any, address: str, **given: Any) -> Visit:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", **given)
    visit = Visit(context.new_page(), address)
    _sign_in(visit.page, address)
    return visit


@contextmanager
def working(home: Path) -> Iterator[None]:
    """The worker, as an operator starts it beside the server."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment |= {"TENFOLD_HOME": str(home), "TENFOLD_LOG_LEVEL": "ERROR"}
    environment.pop("TENFOLD_SECRET_KEY", None)
    process = subprocess.Popen([sys.executable, "-m", "tenfold", "web", "worker"], env=environment, cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def test_the_calculator_moves_with_the_question_and_the_offer_is_dragged(tmp_path: Path, browser: Any) -> None:
    with serving(tmp_path, person=PERSON) as running:
        visit = visiting(browser, running.address)
        page = visit.to("/pay/").page
        visit.look("pay-calculator")
        before = page.inner_text("#pay-lead")
        page.select_option("#id_role", "data-engineer")
        page.wait_for_function("was => document.querySelector('#pay-lead').innerText !== was", arg=before)
        assert "Senior data engineers" in page.inner_text("#pay-lead")
        assert "role=data-engineer" in page.url

        page.click("button:has-text('Show my offer')")
        page.wait_for_selector("#pay-lead .placed")
        low, high = page.locator("[data-end='low']"), page.locator("[data-end='high']")
        assert page.evaluate("document.querySelector('[data-offer]').hidden") is False
        started = int(page.input_value("#id_low").replace(",", ""))
        low.focus()
        for _ in range(4):
            page.keyboard.press("ArrowLeft")
        assert int(page.input_value("#id_low").replace(",", "")) in range(started - 4_500, started - 3_500)
        visit.look("pay-calculator-offer")

        page.set_viewport_size({"width": 1280, "height": 900})
        _drag(page, page.locator("[data-offer]"), by=60)
        page.wait_for_timeout(400)
        moved = int(page.input_value("#id_low").replace(",", ""))
        assert moved > started
        assert high.get_attribute("aria-valuetext").endswith("k")
        assert f"{moved:,}" in page.inner_text("#pay-lead")

        page.fill("#id_place", "Qwertyville")
        page.keyboard.press("Tab")
        page.wait_for_selector("text=No place that we know is called “Qwertyville”")
        visit.wrong.clear()  # that answer is a refusal, which the browser notes
        visit.look("pay-calculator-error")
        page.fill("#id_place", "Germany")
        page.keyboard.press("Tab")
        page.wait_for_selector("text=Not enough data.")
        visit.look("pay-calculator-refusal")


def _drag(page: Any, slider: Any, *, by: int) -> None:
    """Takes the mark between its ends."""
    box = page.evaluate(
        """() => { const mark = [...document.querySelectorAll('#pay-picture svg')].find(s => s.getClientRects().length)
          .querySelector('rect.offer').getBoundingClientRect();
          return [mark.left + mark.width / 2, mark.top + mark.height / 2]; }"""
    )
    page.mouse.move(*box)
    page.mouse.down()
    page.mouse.move(box[0] + by, box[1], steps=6)
    page.mouse.up()


def test_without_scripts_the_calculator_answers_by_its_button(tmp_path: Path, browser: Any) -> None:
    with serving(tmp_path, person=PERSON) as running:
        page = visiting(browser, running.address, java_script_enabled=False).to("/pay/").page
        page.fill("#id_place", "Denver, CO")
        page.fill("#id_low", "165k")
        page.fill("#id_high", "195k")
        page.click(".pay-question button:has-text('Show')")
        assert "Your offer 165,000–195,000" in page.inner_text("#pay-lead")
        assert page.locator("rect.offer").count() == 2
        assert not page.locator("[data-offer]").is_visible()


def test_a_list_with_slips_is_mended_and_imported(tmp_path: Path, browser: Any) -> None:
    file = tmp_path / "people.csv"
    file.write_text(FAULTY, encoding="utf-8")
    with serving(tmp_path, person=PERSON) as running, working(tmp_path):
        visit = visiting(browser, running.address)
        page = visit.to("/pay/own/").page
        visit.look("own-empty")
        page.click("a:has-text('Import a list') >> nth=0")
        visit.look("own-new")
        page.set_input_files("#id_file", file)
        page.click("button:has-text('Upload')")
        page.wait_for_selector("text=Match the columns")
        assert "Rosa" not in page.content()
        visit.look("own-columns")
        page.click("button:has-text('Check the rows')")
        page.wait_for_selector("text=Your level names")
        visit.look("own-levels")
        page.select_option("#level-1", "senior")
        page.click("button:has-text('Save and check again')")
        page.wait_for_selector("text=which no full-time pay is")
        visit.look("own-rows")
        page.fill(".bad-row:has-text('Line 7') .has-error input", "157,000")
        page.fill(".bad-row:has-text('Line 8') .has-error input", "152,000")
        page.click("button:has-text('Save and check again')")
        page.wait_for_selector("text=Every row can be read")
        page.click("button:has-text('Import 8 people')")
        page.wait_for_selector("text=Ready", timeout=20_000)
        page.click("main a:has-text('Open')")
        page.wait_for_selector("text=8 people are imported")
        visit.look("own-result")
        page.click("text=Compare with the market")
        page.wait_for_selector("text=To bring everybody there costs")
        visit.look("own-review")
        page.click("text=line by line")
        visit.look("own-lines")
        visit.to("/trail/?q=pay.imported")
        assert "pay imported" in page.inner_text("main")


def test_roles_offers_and_bands_are_looked_at(tmp_path: Path, browser: Any) -> None:
    with serving(tmp_path, person=PERSON) as running:
        visit = visiting(browser, running.address)
        for role in ("mlops", "ai-infrastructure"):
            visit.to(f"/pay/roles/{role}/").look(f"pay-role-{role}")
        visit.to("/pay/offers/").look("pay-offers")
        visit.page.fill("#id_a-base", "ninety")
        visit.page.click("button:has-text('Compare')")
        visit.page.wait_for_selector("text=is not an amount")
        visit.wrong.clear()
        visit.look("pay-offers-error")
        visit.to("/pay/bands/").page.click("button:has-text('Propose from the market')")
        visit.look("pay-bands")


def test_the_first_load_of_pay_is_small_and_nothing_moves(tmp_path: Path, browser: Any) -> None:
    with serving(tmp_path, person=PERSON) as running:
        page = visiting(browser, running.address).page
        received: list[int] = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
        for path in ("/pay/", "/pay/?low=165k&high=195k", "/pay/roles/mlops/", "/pay/offers/"):
            session.send("Network.clearBrowserCache")
            received.clear()
            page.goto(running.address + path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate(SHIFTS) == 0, path
            assert sum(received) <= LARGEST_FIRST_LOAD, path
