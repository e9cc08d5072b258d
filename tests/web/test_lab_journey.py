"""From an invitation to a decision in a real browser, against the real server with a real room.

Terminal and editor write the same files, the network is cut, two people review blind, a person decides. Every page on
the way is photographed and looked at by axe, but for the terminal itself.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tenfold.labs import environments, home, registry
from tests.company import PASSWORD
from tests.sandboxes import NO_BOXES
from tests.web import test_journeys as journeys
from tests.web.test_hiring_journey import PREPARE, browser, in_django, signed_in
from tests.web.test_journeys import AXE, PERSON, SCREENSHOTS, STANDARDS, Visit, serving

ENVIRONMENT = "mini"
TIMEOUT_MS = 90_000


def built_environments() -> Path | None:
    """Where the lab's tools are built: below TENFOLD_TEST_ENVIRONMENTS, or the usual home of labs."""
    named = os.environ.get("TENFOLD_TEST_ENVIRONMENTS")
    root = Path(named) if named else home.Home(Path("/var/lib/tenfold")).environments
    wanted = environments.environment_named(registry.labs_folder(), ENVIRONMENT)
    return root if wanted.is_built(root) else None


def why_no_room() -> str:
    if os.geteuid() != 0 or NO_BOXES:
        return NO_BOXES or "only root may start a runner"
    if built_environments() is None:
        return f"the tools of the lab are not built here (tenfold labs env build {ENVIRONMENT})"
    return ""


pytestmark = [*journeys.pytestmark, pytest.mark.skipif(bool(why_no_room()), reason=why_no_room())]
__all__ = ["browser"]
INVITE = """
from datetime import timedelta
from django.utils import timezone
from tenfold.apps.accounts.services import add_member, new_user
from tenfold.apps.candidates.models import OpenRole
from tenfold.apps.labroom.queries.links import lab_token
from tenfold.apps.labroom.services.inviting import invite
from tenfold.core.models import Membership, User
from tenfold.core.services.teams import set_team_member

by, now, role = User.objects.get(), timezone.now(), OpenRole.objects.get()
for name in ("Ingrid", "Bao"):
    user = new_user(name=name, email=name.lower() + "@northwind.example", password=PASSWORD)
    member = add_member(organisation=role.organisation, user=user, role="interviewer", sees_pay=False, by=by, now=now)
    member = Membership.objects.get(user=user)
    set_team_member(team=role.team, member=member, role="reviewer", by=by, now=now)
one = invite(
    team=role.team, lab="slow-inference", lasts=timedelta(days=3), name="Quillon Vexworth",
    email="quillon@invented.example", by=by, now=now,
)
print("LAB", one.pk, "/lab/" + lab_token(one) + "/")
"""
GRADE = """
from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.services.working import grade
print("OUTCOME", grade(LabInvitation.objects.get(pk="WHICH")).value)
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[tuple[str, Path, str, str]]:
    """A server whose home other uids may enter, with one invitation: address, home, its id and its link."""
    place = Path("/var/lib", f"tenfold-test-rooms-{os.getpid()}")
    place.mkdir(mode=0o755)
    (place / "environments").symlink_to(built_environments() or "")
    try:
        with serving(place, person=PERSON) as running:
            in_django(place, PREPARE)
            found = re.search(r"LAB (\S+) (\S+)", in_django(place, INVITE.replace("PASSWORD", repr(PASSWORD))))
            assert found is not None
            yield running.address, place, found[1], found[2]
    finally:
        sys.stderr.write((place / "said.txt").read_text("utf-8")[-8_000:])  # shown where a test failed
        end_servers(place)
        shutil.rmtree(place, ignore_errors=True)


def end_servers(place: Path) -> None:
    """The server of rooms and the runner that were started for this home, and nothing else."""
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue
        if str(place).encode() in words and b"tenfold" in words:
            subprocess.run(["kill", entry.name], check=False)
    time.sleep(1)


def look_at_room(visit: Visit, name: str) -> None:
    """As `Visit.look`, at the widths that rooms are made for, and without what xterm draws."""
    SCREENSHOTS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (1024, 1280, 1920):
            visit.page.set_viewport_size({"width": width, "height": 800})
            visit.page.wait_for_timeout(300)
            visit.page.screenshot(path=SCREENSHOTS / f"journey-{name}-{width}-{scheme}.png")
            assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide"
        visit.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = visit.page.evaluate("tags => axe.run({exclude: [['.xterm']]}, {runOnly: tags})", STANDARDS)
        told = [
            (v["id"], v["nodes"][0]["html"][:160], v["nodes"][0]["failureSummary"][:300]) for v in found["violations"]
        ]
        assert told == [], f"{name}, {scheme}: {told}"


def shown(visit: Visit, text: str) -> None:
    visit.page.locator(".terminal:not([hidden]) .xterm-rows", has_text=text).wait_for(timeout=TIMEOUT_MS)


def typed(visit: Visit, line: str) -> None:
    visit.page.locator(".terminal:not([hidden]) .xterm-helper-textarea").focus()
    visit.page.keyboard.type(line)
    visit.page.keyboard.press("Enter")


def test_from_an_invitation_to_a_decision(lab: tuple[str, Path, str, str], browser: Any) -> None:
    address, place, pk, link = lab
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(TIMEOUT_MS)
    visit = Visit(context.new_page(), address)
    consented(visit, link)
    practised(visit)
    worked(visit, context)
    submitted_by(visit)
    assert "OUTCOME" in in_django(place, GRADE.replace("WHICH", pk))
    decided(browser, address, pk)
    visit.to(link)
    assert "What the grader observed" in visit.page.inner_text("main")
    visit.look("lab-feedback")


def consented(visit: Visit, link: str) -> None:
    visit.to(link).look("lab-consent")
    visit.page.get_by_label("I have read this").check()
    visit.page.get_by_role("button", name="Continue").click()
    assert "You can begin whenever you like" in visit.page.inner_text("main")
    visit.look("lab-ready")


PASTE = """text => {
  const held = new DataTransfer();
  held.setData("text/plain", text);
  const pasted = new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true });
  document.querySelector(".terminal:not([hidden]) .xterm-helper-textarea").dispatchEvent(pasted);
}"""


def practised(visit: Visit) -> None:
    """A shell that answers; what is pasted is text, and leaves no brackets."""
    visit.page.get_by_role("link", name="Practice room").click()
    shown(visit, "$")
    typed(visit, "echo $((6 * 7))")
    shown(visit, "42")
    typed(visit, "cat -v")
    visit.page.evaluate(PASTE, "a\x1b[201~b\x9b31mc\x07d\n")
    shown(visit, "a[201~b31mcd")
    visit.page.keyboard.press("Control+C")
    visit.page.get_by_role("link", name="Leave").click()


def worked(visit: Visit, context: Any) -> None:
    """Terminal and editor, a conflict with a choice, a cut, a reload: nothing is lost or doubled."""
    page = visit.page
    page.get_by_role("link", name=re.compile("Begin \\(|Back into")).click()
    shown(visit, "$")
    look_at_room(visit, "lab-room")
    page.get_by_role("tab", name="Files").click()
    page.get_by_role("button", name="README.md").click()
    page.locator("#editor .cm-content").wait_for()
    typed(visit, "echo from-the-shell >> README.md")
    page.locator("#editor .cm-content", has_text="from-the-shell").wait_for()  # taken over: nothing was unsaved
    page.locator("#editor .cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("from-the-editor ")
    typed(visit, "echo again-from-the-shell >> README.md")  # before the pause after which the editor saves
    page.get_by_role("button", name="Save the right side").wait_for()
    look_at_room(visit, "lab-conflict")
    page.get_by_role("button", name="Save the right side").click()
    page.locator("#editor-state", has_text=re.compile("^Saved$")).wait_for()
    typed(visit, "grep -c from-the README.md; echo $((40 + 2))-lines")
    shown(visit, "42-lines")
    context.set_offline(True)
    page.locator("#banner").wait_for(state="visible")
    look_at_banner(visit)
    typed(visit, "echo typed-while-$((1 + 1))-cut")
    page.wait_for_timeout(20_000)
    context.set_offline(False)
    shown(visit, "typed-while-2-cut")
    page.reload()
    shown(visit, "typed-while-2-cut")
    rows = page.locator(".terminal:not([hidden]) .xterm-rows").inner_text()
    assert rows.count("typed-while-2-cut") == 1
    visit.wrong = [one for one in visit.wrong if "ERR_INTERNET_DISCONNECTED" not in one]
    assert visit.wrong == []


def look_at_banner(visit: Visit) -> None:
    words = visit.page.locator("#banner").inner_text()
    assert "Your terminals go on" in words
    visit.page.screenshot(path=SCREENSHOTS / "journey-lab-cut.png")


def submitted_by(visit: Visit) -> None:
    visit.page.get_by_role("link", name="Submit …").click()
    assert "README.md" in visit.page.inner_text("main")
    visit.look("lab-submit")
    visit.page.get_by_role("button", name="Submit (final)").click()
    assert "Your work is in" in visit.page.inner_text("main")
    visit.look("lab-submitted")


def decided(browser: Any, address: str, pk: str) -> None:
    lead = signed_in(browser, address).to(f"/hiring/labs/{pk}/")
    lead.page.get_by_label("Ingrid").first.check()
    lead.page.get_by_label("Bao").first.check()
    lead.page.get_by_role("button", name="Ask", exact=True).click()
    lead.look("lab-asked")
    for person in ("ingrid", "bao"):
        reviewed(browser, address, pk, person)
    lead.to(f"/hiring/labs/{pk}/").look("lab-opened")
    assert "Automatic grade" in lead.page.inner_text("main")
    lead.page.get_by_label("Meets part of it").check()
    lead.page.get_by_label("Reasons").fill("Both saw that nothing was measured before it was changed")
    lead.page.get_by_role("button", name=re.compile("Sign as")).click()
    lead.page.get_by_role("button", name="Show the candidate their feedback").click()
    lead.look("lab-decided")
    for path, name in (
        ("/labs/", "labs"),
        ("/labs/slow-inference/", "lab"),
        ("/labs/slow-inference/preview/", "preview"),
    ):
        lead.to(path).look(f"library-{name}")


def reviewed(browser: Any, address: str, pk: str, person: str) -> None:
    """Sees neither the grade nor the other's review; plays the recording again; hands in."""
    visit = colleague(browser, address, person)
    page = visit.page
    visit.to(f"/hiring/labs/{pk}/")
    assert "Automatic grade" not in page.inner_text("main")
    page.get_by_role("link", name="Replay").click()
    page.locator("#player-screen .xterm-rows").wait_for()
    page.locator("#player-at").evaluate("one => { one.value = one.max; one.dispatchEvent(new Event('input')); }")
    page.locator("#player-screen .xterm-rows", has_text="typed-while-2-cut").wait_for()
    assert "README.md saved" in page.inner_text("#mark-list")
    page.locator("#editor-diff .added", has_text="from-the-editor").wait_for()  # the last edit, beside the shell
    assert "saved by Candidate" in page.inner_text("#editor-title")
    if person == "ingrid":
        look_at_room(visit, "lab-replay")
    page.get_by_role("link", name="Write your review").click()
    for group in page.get_by_role("group", name="Rating").all():
        group.get_by_role("radio").nth(1).check()
    for field in page.get_by_label("Evidence").all():
        field.fill("Changed the README at 0:20 and measured nothing")
    if person == "ingrid":
        visit.look("lab-review")
    page.get_by_role("button", name="Submit review").click()
    assert "Your review is in" in page.inner_text("main")
    assert visit.wrong == []


def test_two_people_in_one_room(lab: tuple[str, Path, str, str], browser: Any) -> None:
    """A colleague watches, may not type, takes the keyboard, gives it back, writes; is out once their right ends."""
    address, place, _, _ = lab
    pk, link = invited_anew(place)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(TIMEOUT_MS)
    candidate = Visit(context.new_page(), address).to(link)
    candidate.page.get_by_label("I have read this").check()
    candidate.page.get_by_role("button", name="Continue").click()
    candidate.page.get_by_role("link", name=re.compile("Begin \\(")).click()
    shown(candidate, "$")
    typed(candidate, "echo hello-$((20 + 3))")
    shown(candidate, "hello-23")
    lead = signed_in(browser, address)
    sits_in(lead, pk, "driver")
    guest = colleague(browser, address, "ingrid").to(f"/hiring/labs/{pk}/room/")
    shown(guest, "hello-23")
    typed(guest, "echo not-my-turn")
    guest.page.wait_for_timeout(2_000)
    assert "not-my-turn" not in screen(candidate)
    guest.page.get_by_role("button", name="Take the keyboard").click()
    candidate.page.get_by_role("button", name="Take the keyboard").wait_for()
    typed(guest, "echo guest-$((1 + 1))")
    shown(candidate, "guest-2")
    candidate.page.get_by_role("button", name="Take the keyboard").click()
    guest.page.get_by_role("button", name="Take the keyboard").wait_for()
    typed(candidate, "echo back-$((1 + 2))")
    shown(guest, "back-3")
    guest.page.get_by_role("tab", name="Messages").click()
    guest.page.get_by_label("Message", exact=True).fill("Look at the counters")
    guest.page.get_by_role("button", name="Send", exact=True).click()
    candidate.page.get_by_role("tab", name="Messages").click()
    candidate.page.get_by_text("Look at the counters").wait_for()
    assert "Ingrid" in candidate.page.locator("#people").inner_text()
    look_at_room(guest, "lab-guest")
    sits_in(lead, pk, "none")
    guest.page.locator("#ended").wait_for(state="visible")
    assert "You may not be in this room any more" in guest.page.locator("#ended-words").inner_text()
    assert (candidate.wrong, guest.wrong) == ([], [])


def screen(visit: Visit) -> str:
    return str(visit.page.locator(".terminal:not([hidden]) .xterm-rows").inner_text())


def sits_in(lead: Visit, pk: str, part: str) -> None:
    lead.to(f"/hiring/labs/{pk}/")
    lead.page.select_option("#person", label="Ingrid")
    lead.page.select_option("#part", part)
    lead.page.get_by_role("button", name="Save").first.click()


def colleague(browser: Any, address: str, person: str) -> Visit:
    page = browser.new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    page.set_default_timeout(TIMEOUT_MS)
    visit = Visit(page, address).to("/sign-in/")
    page.fill("input[name=login]", f"{person}@northwind.example")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/plans/**")
    return visit


def invited_anew(place: Path) -> tuple[str, str]:
    """Another invitation: its id and its link."""
    head = INVITE[: INVITE.index("for name in")].replace("User.objects.get()", "User.objects.earliest('joined_at')")
    found = re.search(r"LAB (\S+) (\S+)", in_django(place, head + INVITE[INVITE.index("one = invite(") :]))
    assert found is not None
    return found[1], found[2]


def test_the_plain_version_needs_no_scripts(lab: tuple[str, Path, str, str], browser: Any) -> None:
    """By keyboard and plain text alone: a command, an edit, a conflict that is shown, a submission."""
    address, place, _, _ = lab
    _, link = invited_anew(place)
    context = browser.new_context(java_script_enabled=False, reduced_motion="reduce")
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.goto(address + link)
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Begin in the plain version").click()
    page.get_by_role("textbox", name="Command").fill("pwd; echo $((6 * 7))")
    page.get_by_role("button", name="Run").click()
    assert "/workspace\n42" in page.inner_text(".plain-output")
    page.get_by_role("link", name="README.md").click()
    page.get_by_role("textbox", name="Text").fill("mine\n")
    other = context.new_page()
    other.goto(page.url)
    other.get_by_role("textbox", name="Command").fill("echo theirs >> README.md")
    other.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Save README.md").click()
    assert "Nothing\nwas overwritten" in page.inner_text("main") or "overwritten" in page.inner_text("main")
    assert page.get_by_role("textbox", name="Your text").input_value() == "mine\n"
    page.get_by_role("button", name="Save README.md").click()
    assert "README.md is saved" in page.inner_text("main")
    page.screenshot(path=SCREENSHOTS / "journey-lab-plain.png", full_page=True)
    page.get_by_role("link", name="Submit …").click()
    page.get_by_role("button", name="Submit (final)").click()
    assert "Your work is in" in page.inner_text("main")


def test_the_work_by_git(lab: tuple[str, Path, str, str], browser: Any, tmp_path: Path) -> None:
    """Fetched, pushed and handed in by a real git client; a room that is open is never pushed over; graded the same."""
    address, place, _, _ = lab
    pk, link = invited_anew(place)
    page = browser.new_context(java_script_enabled=False, reduced_motion="reduce").new_page()
    page.goto(address + link)
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Continue").click()
    command = page.locator("pre.commands").inner_text().splitlines()[0].split()
    command[2] = re.sub(r"@[^/]+", f"@{address.removeprefix('http://')}", command[2])
    assert "could not be read" not in by_git(tmp_path, *command[1:])
    work = tmp_path / "slow-inference"
    readme = work / "README.md"
    readme.write_text(readme.read_text("utf-8") + "\nWhat I measured, by git.\n", "utf-8")
    (work / "model.bin").write_bytes(os.urandom(3_000_000))  # above what git sends in one piece
    by_git(work, "add", "-A")
    by_git(work, "commit", "-qm", "measured")
    by_git(work, "push", "-q")
    page.reload()
    page.get_by_role("link", name="Plain version").click()
    assert "What I measured, by git." in text_of(page, "README.md")
    page.get_by_role("textbox", name="Command").fill("echo from-the-room >> README.md")
    page.get_by_role("button", name="Run").click()
    readme.write_text("over it\n", "utf-8")
    by_git(work, "commit", "-qam", "unaware")
    assert "rejected" in by_git(work, "push", "-q", fails=True)
    by_git(work, "reset", "-q", "--hard", "HEAD~1")
    by_git(work, "pull", "-q")
    assert "from-the-room" in readme.read_text("utf-8")
    by_git(work, "tag", "submit")
    by_git(work, "push", "-q", "origin", "submit")
    page.goto(address + link)
    assert "Your work is in" in page.inner_text("main")
    assert "handed in" in by_git(work, "push", "-q", fails=True)
    assert "OUTCOME" in in_django(place, GRADE.replace("WHICH", pk))


def text_of(page: Any, path: str) -> str:
    page.get_by_role("link", name=path).click()
    return str(page.get_by_role("textbox", name="Text").input_value())


def by_git(folder: Path, *words: str, fails: bool = False) -> str:
    who = ["-c", "user.name=Quillon", "-c", "user.email=quillon@invented.example"]
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == fails, (words, done.stderr)
    return done.stdout + done.stderr


KEYS = """
from django.utils import timezone
from tenfold.apps.candidates.models import OpenRole
from tenfold.apps.labroom.services.partners import make_key
from tenfold.core.models import User

by, team = User.objects.earliest("joined_at"), OpenRole.objects.get().team
for system in ("greenhouse", "ashby"):
    print("KEY", make_key(team=team, system=system, their_key="theirs", by=by, now=timezone.now())[1])
"""


def test_hiring_systems_order_labs(lab: tuple[str, Path, str, str]) -> None:
    """Both, over HTTP, in the shapes of their documents; what a system without its key asks is refused."""
    address, place, _, _ = lab
    greenhouse, ashby = re.findall(r"KEY (\S+)", in_django(place, KEYS))
    person = {"first_name": "Quillon", "last_name": "Vexworth", "email": "quillon@invented.example"}
    one = httpx.Client(base_url=f"{address}/partners/greenhouse/", auth=(greenhouse, ""))
    two = httpx.Client(base_url=f"{address}/partners/ashby/", auth=(ashby, ""))
    with one, two:
        tests = {test["partner_test_id"] for test in one.get("list_tests").json()}
        types = {each["assessment_type_id"] for each in two.post("assessment.list", json={}).json()["results"]}
        assert "slow-inference" in tests & types
        order = {"partner_test_id": "slow-inference", "candidate": person, "url": "https://app.greenhouse.io/x/1"}
        made = one.post("send_test", json=order).json()["partner_interview_id"]
        stands = one.get("test_status", params={"partner_interview_id": made}).json()
        assert (stands["partner_status"], stands["partner_score"]) == ("invited", None)
        order = {"assessment_type_id": "slow-inference", "candidate": person, "application": {"ashby_id": "a-1"}}
        begun = two.post("assessment.start", json=order)
        assert two.post("assessment.start", json=order).status_code == 409
        named = {"assessment_id": begun.json()["results"]["assessment_id"]}
        assert two.post("assessment.cancel", json=named).json() == {"success": True, "results": named}
        assert httpx.get(f"{address}/partners/greenhouse/list_tests", auth=(ashby, "")).status_code == 401
