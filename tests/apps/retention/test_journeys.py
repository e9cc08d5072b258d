"""Growth and retention in a real browser: what managers and analysts do, and what a pulse keeps to itself."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.apps.pay.test_journeys import visiting
from tests.practices.retention.companies import FOUNDED, company
from tests.web.test_journeys import PERSON, ROOT, Visit, browser, pytestmark, serving

__all__ = ["browser", "pytestmark"]


def month_lists(path: Path) -> Path:
    """24 lists of an invented company, as a German HR system writes them."""
    firm = company(5)
    months = [date(2022 + n // 12, n % 12 + 1, 1) for n in range(25) if n != 9]
    rows = [f"{m:%d.%m.%Y};E-{i};{a:%d.%m.%Y}" for m in months for i, (a, b) in enumerate(firm.stays) if a <= m < b]
    path.write_text("\n".join(["Stichtag;PersonalNr;Eintritt", *rows]), encoding="cp1252")
    return path


def pages(path: Path) -> Path:
    times = [FOUNDED.replace(year=2026) + timedelta(days=day) for day in range(0, 120, 1)]
    rows = [f"{day}T{(7 * number) % 24:02d}:15:00+00:00" for number, day in enumerate(times)]
    path.write_text("\n".join(["created_at", *rows]), encoding="utf-8")
    return path


def example_link(home: Path) -> str:
    """Where the example's administrator comes in, as `tenfold web demo` makes it."""
    code = "from tenfold.web import cli; cli.set_up_django(); print(cli._example_link())"
    ours = ("DJANGO_SETTINGS_MODULE", "TENFOLD_SECRET_KEY", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"TENFOLD_HOME": str(home), "TENFOLD_LOG_LEVEL": "ERROR"}
    made = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, check=True)
    return made.stdout.decode().strip()


def add_employee(visit: Visit, name: str, *, team: str = "", account: str = "", manager: str = "") -> None:
    page = visit.to("/employees/new/").page
    page.fill("#id_name", name)
    for field, words in (("team", team), ("user", account), ("manager", manager)):
        if words:
            page.select_option(f"#id_{field}", label=words)
    page.select_option("#id_level", "mid")
    page.get_by_role("button", name="Save").click()


def test_from_a_ladder_to_a_growth_plan(tmp_path: Path, browser: Any) -> None:
    with serving(tmp_path, person=PERSON) as running:
        visit = visiting(browser, running.address)
        page = visit.to("/growth/").page
        visit.look("growth-empty")
        me = page.inner_text("details.who summary").strip()
        page.get_by_role("link", name="Import a ladder").click()
        visit.look("growth-import")
        page.get_by_role("button", name="Import").click()
        visit.look("growth-ladder")
        for name in ("Noor Example", "Sam Example"):
            add_employee(visit, name, manager=me, account=me if name == "Noor Example" else "")
        visit.to("/employees/").look("employees")
        for name in ("Noor Example", "Sam Example"):
            page = visit.to("/growth/").page
            page.get_by_role("link", name=name).click()
            page.select_option("#on", label="Mid")
            page.get_by_role("button", name="Save").click()
            page.select_option("#id_cell", value="model-serving.mid")
            page.fill("#id_link", "https://git.example/812")
            page.fill("#id_date", "2026-05-04")
            page.fill("#id_note", "Rollback in five minutes")
            page.get_by_role("button", name="Add").click()
            assert page.get_by_role("link", name="Rollback in five minutes").count() == 1
        visit.look("growth-person")
        page.get_by_role("link", name="Check-in").click()
        page.get_by_label("Rollback", exact=False).count()
        visit.look("growth-check-in")
        _check_in(visit)
        page = visit.to("/growth/").page
        page.get_by_role("link", name="Noor Example").click()
        page.get_by_role("link", name="Plan", exact=True).click()
        page.fill("#id_budget", "2000")
        page.fill("#id_time_percent", "20")
        page.fill("#id_until_date", "2027-12-31")
        page.get_by_role("button", name="Save").click()
        page.fill("#id_what", "Canary releases for two models")
        page.fill("#id_by_date", "2027-06-30")
        page.select_option("#id_cell", value="model-serving.senior")
        page.get_by_role("button", name="Add").click()
        assert page.get_by_text("Canary releases for two models").count()
        visit.look("growth-plan")


def _check_in(visit: Visit) -> None:
    """The person who is both here gives each step in turn."""
    page = visit.to("/growth/").page
    page.get_by_role("link", name="Noor Example").click()
    page.get_by_role("link", name="Check-in").click()
    for _ in range(3):
        page.locator("select[name^='view:']").first.select_option("shown")
        page.get_by_role("button", name="Save this step").click()
    assert page.get_by_text("The last check-in was finished").count()


def test_the_example_shows_everything(tmp_path: Path, browser: Any) -> None:
    """Calibration that both judges have voted in, records of tools, a closed pulse, a round to approve."""
    with serving(tmp_path) as running:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        visit = Visit(context.new_page(), running.address)
        page = visit.to(example_link(tmp_path)).page
        visit.to("/growth/").look("example-growth")
        page.get_by_role("link", name="Before the spring promotions").click()
        visit.look("calibration")
        assert page.get_by_text("Discuss these first").count()
        for path, name in (
            ("/employees/tenure/", "example-tenure"),
            ("/retention/", "example-retention"),
            ("/retention/on-call/", "example-on-call"),
            ("/retention/impact/", "example-impact"),
            ("/retention/loop/", "example-loop"),
            ("/retention/interrupts/", "example-interrupts"),
            ("/retention/knowledge/", "example-knowledge"),
            ("/sources/", "example-sources"),
            ("/sources/names/", "example-names"),
            ("/retention/one-on-ones/", "example-one-on-ones"),
            ("/retention/pulse/", "example-pulses"),
            ("/retention/pay-rounds/", "example-pay-rounds"),
        ):
            visit.to(path).look(name)
        page = visit.to("/growth/").page
        page.get_by_role("link", name="Teodor Brandt").click()
        visit.look("example-person")
        page.get_by_role("link", name="Check-in").click()
        visit.look("example-check-in")
        page = visit.to("/retention/one-on-ones/").page
        page.get_by_role("link", name="Teodor Brandt").click()
        visit.look("example-one-on-one")
        page = visit.to("/retention/pulse/").page
        page.locator("tbody tr", has_text="closed").get_by_role("link").click()
        visit.look("example-pulse")
        page = visit.to("/retention/pay-rounds/").page
        page.locator("tbody a").first.click()
        visit.look("example-pay-round")
        page.get_by_role("button", name="Approve this round").click()
        assert page.get_by_text("The round is approved").count()


def test_lists_of_24_months_become_a_curve_with_its_warnings_and_a_cost(tmp_path: Path, browser: Any) -> None:
    lists = month_lists(tmp_path / "lists.csv")
    with serving(tmp_path, person=PERSON) as running:
        visit = visiting(browser, running.address)
        page = visit.to("/employees/tenure/").page
        visit.look("tenure-empty")
        page.get_by_role("link", name="Import a list").click()
        page.set_input_files("#id_file", lists)
        visit.look("tenure-import")
        page.get_by_role("button", name="Import the list").click()
        assert page.get_by_text("No list between 1 September 2022").count()
        visit.look("tenure")
        page.get_by_role("link", name="What does a departure cost?").click()
        page.get_by_role("button", name="Calculate the cost").click()
        assert page.get_by_text("in nine of ten cases").count()
        visit.look("departure-cost")


def test_pages_are_replayed_and_a_pulse_of_one_is_suppressed(tmp_path: Path, browser: Any) -> None:
    times = pages(tmp_path / "pages.csv")
    with serving(tmp_path, person=PERSON) as running:
        visit = visiting(browser, running.address)
        page = visit.to("/retention/on-call/").page
        page.get_by_role("link", name="Import pages").click()
        page.set_input_files("#id_file", times)
        page.fill("#id_zone", "Europe/Berlin")
        visit.look("on-call-import")
        page.get_by_role("button", name="Import").click()
        assert page.locator("tbody tr").count() >= 7
        visit.look("on-call")
        page.get_by_role("link", name="Business hours only").click()
        assert page.get_by_text("none at night").count()
        me = page.inner_text("details.who summary").strip()
        page = visit.to("/employees/").page
        page.fill("#team-name", "Platform")
        page.get_by_role("button", name="Add team").click()
        add_employee(visit, "Noor Example", account=me, team="Platform")
        page = visit.to("/retention/pulse/").page
        page.get_by_role("button", name="Open").click()
        visit.look("pulse")
        for question in page.locator("fieldset").all():
            question.get_by_label("Mostly").check()
        page.get_by_role("button", name="Send my answers").click()
        page.get_by_role("button", name="Close and publish").click()
        assert page.get_by_text("Fewer than 5 people answered").count()
        visit.look("pulse-suppressed")
