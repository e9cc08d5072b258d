"""Each guard of a room is needed: taken out, the test named for it fails. At night only: each runs by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sandboxes import needs_bwrap, needs_root
from tests.sizes import IS_NIGHTLY

ROOT = Path(__file__).parents[3]
pytestmark = [needs_bwrap, needs_root, pytest.mark.skipif(not IS_NIGHTLY, reason="only at night")]


@dataclass(frozen=True)
class Guard:
    """What is taken out of which file, and the test that must miss it."""

    what: str
    file: str
    old: str
    new: str
    test: str


SOCKET, TICKETS = "apps/labroom/views/socket.py", "apps/labroom/services/tickets.py"
PRESENCE, FILES = "apps/labroom/services/presence.py", "sandbox/files.py"
SANITISE, TERMINAL = "labs/rooms/sanitise.py", "labs/rooms/terminal.py"
SOCKETS, TERMINALS = "tests/web/test_sockets.py", "tests/labs/rooms/test_terminals.py"
GUARDS = (
    Guard("a ticket is asked for", SOCKET, "    if seat is None:\n        raise",
          "    if seat is None:\n        return\n        raise",
          f"{SOCKETS}::test_what_is_no_ticket_lets_nobody_in"),
    Guard("our own pages only", SOCKET, "if not comes_from_own_pages(scope):", "if False:",
          f"{SOCKETS}::test_another_site_opens_no_socket_even_with_a_good_ticket"),
    Guard("a ticket is used up", TICKETS,
          "if found is None or not RoomTicket.objects.filter(pk=found.pk).delete()[0]:", "if found is None:",
          f"{SOCKETS}::test_a_ticket_lets_in_once"),
    Guard("a ticket is good for seconds", TICKETS, "found.expires_at > now and is_current", "is_current",
          f"{SOCKETS}::test_a_ticket_is_good_for_seconds"),
    Guard("a renewed link ends tickets", TICKETS, "found.expires_at > now and is_current", "found.expires_at > now",
          f"{SOCKETS}::test_a_ticket_is_worth_nothing_once_the_link_is_over"),
    Guard("colleagues' rights of now", PRESENCE, "seat = seat_of(found.invitation, found.user)",
          "seat = Seat(found.invitation, found.user, 'driver')",
          f"{SOCKETS}::test_a_colleagues_ticket_is_worth_what_their_rights_are_now"),
    Guard("pastes without controls", SANITISE, '_IN_PASTES.sub("", text)', "text",
          "tests/labs/rooms/test_sanitise.py::test_a_paste_holds_nothing_that_leaves_its_brackets"),
    Guard("pastes have a bound", SANITISE, "MAX_PASTE_BYTES = 1024 * 1024", "MAX_PASTE_BYTES = 1 << 40",
          "tests/labs/rooms/test_sanitise.py::test_a_paste_bomb_is_refused"),
    Guard("strings to the terminal", SANITISE, '"P": _STRING_END, ', "",
          "tests/labs/rooms/test_sanitise.py::test_each_way_to_speak_to_a_terminal_is_closed"),
    Guard("others see what is sanitised", TERMINAL, "raw if attachment.sanitiser is None else", "raw if True else",
          f"{TERMINALS}::test_an_observer_who_fell_behind_catches_up_from_the_recording"),
    Guard("only the driver types", TERMINAL, "if attachment.role is not Role.DRIVER:\n            attachment.notify",
          "if False:\n            attachment.notify", f"{TERMINALS}::test_one_person_drives_and_hands_over"),
    Guard("one server of rooms", "labs/rooms/server.py", "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass",
          f"{TERMINALS}::test_a_second_server_is_refused"),
    Guard("programs wait for who drives", TERMINAL, "and not self._is_far_ahead()", "",
          f"{TERMINALS}::test_a_driver_who_shows_nothing_makes_programs_wait"),
    Guard("paths stay beneath", FILES, "_BENEATH | _NO_SYMLINKS | _NO_MAGICLINKS", "0",
          "tests/labs/rooms/test_files.py::test_links_are_listed_and_never_followed"),
    Guard("names are parsed", "sandbox/file_names.py", 'b".."', 'b"..."',
          "tests/labs/rooms/test_files.py::test_no_path_leads_out"),
    Guard("only regular files", FILES, 'raise Refusal("not-a-file", "only regular files are opened")', "pass",
          "tests/labs/rooms/test_files.py::test_what_is_no_file_is_not_opened_and_keeps_nobody_waiting"),
    Guard("files have a bound", FILES, "MAX_FILE_BYTES = ", "MAX_FILE_BYTES = 100 * ",
          "tests/labs/rooms/test_files.py::test_sizes_are_bounded"),
    Guard("nothing is overwritten unseen", FILES, "if version_of(found) != version:", "if False:",
          "tests/labs/rooms/test_files.py::test_what_was_changed_meanwhile_is_not_overwritten"),
    Guard("headers that smuggle", "labs/rooms/panel.py",
          'if name.lower() in {"content-length", "transfer-encoding", "connection", "host"}:', "if False:",
          "tests/labs/rooms/test_panel.py::test_a_request_smuggles_nothing"),
)  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the sources that may be spoilt."""
    at = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src/tenfold", at / "src/tenfold", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests", "labs", "pyproject.toml", "frontend", "examples", "docs", "requirements"):
        (at / name).symlink_to(ROOT / name)
    yield at
    shutil.rmtree(at)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.what)
def test_without_the_guard_its_test_fails(guard: Guard, house: Path) -> None:
    path = house / "src/tenfold" / guard.file
    whole = path.read_text("utf-8")
    assert whole.count(guard.old) >= 1, "this guard is written otherwise now"
    path.write_text(whole.replace(guard.old, guard.new), "utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", guard.test, "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider"],
            cwd=house, env={**os.environ, "PYTHONPATH": str(house / "src"), "HYPOTHESIS_PROFILE": "small"},
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
    finally:
        path.write_text(whole, "utf-8")
    assert done.returncode == 1, f"{guard.test} did not miss it:\n{done.stdout[-1500:]}"
    assert "FAILED" in done.stdout, done.stdout[-1500:]  # and not: no such test, or it cannot be imported
