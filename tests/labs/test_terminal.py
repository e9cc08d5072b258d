"""`tenfold labs` as a candidate and an interviewer use it: real terminals, real processes."""

import contextlib
import io
import os
import select
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenfold.labs import environments, sessions
from tenfold.labs.home import Home
from tenfold.sandbox import client
from tenfold.sandbox.boxes import Place
from tenfold.sandbox.interface import Sandbox
from tests.labs import toy
from tests.sandboxes import needs_bwrap, needs_root, runner_pids, stop_room_server, stop_runner

pytestmark = [needs_bwrap, needs_root]
TENFOLD = [sys.executable, "-m", "tenfold", "labs"]


class Screen:
    """A program on a terminal, and what it has shown."""

    def __init__(self, words: list[str], env: dict[str, str]) -> None:
        self.fd, inner = os.openpty()
        self.process = subprocess.Popen(words, stdin=inner, stdout=inner, stderr=inner, env=env)
        os.close(inner)
        self.shown = ""

    def type(self, text: str) -> None:
        os.write(self.fd, text.encode())

    def until(self, text: str, limit_s: float = 180) -> None:
        """Reads until it is shown. Fails with all that was."""
        end = time.monotonic() + limit_s
        while text not in self.shown:
            if time.monotonic() > end:
                self.process.kill()
                self.process.wait()
                pytest.fail(f"{text!r} was never shown; this was: {self.shown}")
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    block = os.read(self.fd, 65536)
                except OSError:  # the other end has closed
                    block = b""
                assert block or text in self.shown, f"it ended without {text!r}: {self.shown}"
                self.shown += block.decode(errors="replace")

    def end(self) -> int:
        """Its exit status."""
        with contextlib.suppress(OSError):
            while os.read(self.fd, 65536):
                pass
        status = self.process.wait(20)
        os.close(self.fd)
        return status


@pytest.fixture
def lab_home(tmp_path: Path) -> Iterator[tuple[Home, Path]]:
    """A home of its own with the toy's environment built; its runner is ended afterwards."""
    root = Path("/var/lib", f"tenfold-test-terminal-{os.getpid()}")
    home = Home(root)
    folder = toy.write(tmp_path)
    environments.build(environments.environment_named(tmp_path, "tiny"), home.environments, lambda _: None)
    yield home, folder
    stop_room_server(home.root)
    stop_runner(Place(home.runner, home.environments, privileged=True))
    shutil.rmtree(root)


def words_of(home: Home) -> dict[str, str]:
    return {**os.environ, "TENFOLD_HOME": str(home.root), "NO_COLOR": "1"}


def told(home: Home, *words: str) -> str:
    done = subprocess.run([*TENFOLD, *words], env=words_of(home), capture_output=True, text=True, check=True)
    return done.stdout


def test_a_room_that_breaks_says_whose_fault_it_is_and_gives_time_back(lab_home: tuple[Home, Path]) -> None:
    home, folder = lab_home
    screen = Screen([*TENFOLD, "start", str(folder), "--candidate", "c-1"], words_of(home))
    screen.until("$ ")
    screen.type("echo kept > note.txt; echo wri''tten\r")
    screen.until("written")
    for pid in runner_pids(Place(home.runner, home.environments, privileged=True)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    screen.until("our fault: 2 minutes were given back")
    assert screen.end() == 3
    (session,) = sessions.all_sessions(home)
    again = Screen([*TENFOLD, "attach", session.id], words_of(home))
    again.until("$ ")
    again.type("cat note.txt\r")
    again.until("kept")
    again.type("exit\r")
    again.until("Saved.")
    assert again.end() == 0
    (minutes,) = [one.data["minutes"] for one in session.events() if one.kind == "refund"]
    assert 2 <= minutes < 2.5  # two to settle in, and the seconds since the last save


@pytest.mark.parametrize("typed", [b"", b"echo made by a script > made.txt\n"])
def test_an_input_that_ends_ends_the_shell_and_with_it_the_clock(lab_home: tuple[Home, Path], typed: bytes) -> None:
    home, folder = lab_home
    began = time.monotonic()
    words = [*TENFOLD, "start", str(folder), "--candidate", "c-7"]
    done = subprocess.run(words, env=words_of(home), input=typed, capture_output=True, check=False, timeout=600)
    took_s = time.monotonic() - began
    assert done.returncode == 0, done.stderr[-500:]
    (session,) = sessions.all_sessions(home)
    with tarfile.open(fileobj=io.BytesIO(session.snapshot_bytes(session.snapshots()[-1].hash))) as saved:
        assert ("made.txt" in saved.getnames()) is bool(typed)
    used_s = session.clock().used_s
    time.sleep(1.0)
    assert session.clock().used_s == used_s <= took_s, "the clock stands once the shell has ended"


def test_leaving_with_a_job_in_the_background_leaves(lab_home: tuple[Home, Path]) -> None:
    home, folder = lab_home
    screen = Screen([*TENFOLD, "start", str(folder), "--candidate", "c-0"], words_of(home))
    screen.until("$ ")
    screen.type("sleep 600 &\r")
    screen.type("exit\r")
    screen.until("Saved.")
    assert screen.end() == 0


def test_a_pause_closes_the_room_from_outside(lab_home: tuple[Home, Path]) -> None:
    home, folder = lab_home
    screen = Screen([*TENFOLD, "start", str(folder), "--candidate", "c-2"], words_of(home))
    screen.until("$ ")
    (session,) = sessions.all_sessions(home)
    assert "Paused" in told(home, "pause", session.id, "--reason", "fire drill", "--by", "interviewer-2")
    screen.until("paused: fire drill; your clock stands")
    assert screen.end() == 0
    refused = subprocess.run([*TENFOLD, "attach", session.id], env=words_of(home), capture_output=True, check=False)
    assert refused.returncode == 2
    assert b"is paused: fire drill" in refused.stderr
    assert "attach" in told(home, "resume", session.id, "--by", "interviewer-2")
    assert "paused" not in told(home, "list", "--sessions")


def test_handing_in_from_another_terminal_is_no_failure(lab_home: tuple[Home, Path]) -> None:
    home, folder = lab_home
    screen = Screen([*TENFOLD, "start", str(folder), "--candidate", "c-3"], words_of(home))
    screen.until("$ ")
    screen.type("sed -i 's/FACTOR = 1/FACTOR = 2/' service.py; printf factor > told.txt; echo do''ne\r")
    screen.until("done")
    (session,) = sessions.all_sessions(home)
    assert "Passed: 100" in told(home, "submit", session.id)
    screen.until("handed in meanwhile")
    assert screen.end() == 0
    assert not [one for one in session.events() if one.kind == "refund"]


def test_all_that_waits_is_graded_by_one_command(lab_home: tuple[Home, Path]) -> None:
    home, folder = lab_home
    for name in ("c-4", "c-5"):
        told(home, "start", str(folder), "--candidate", name, "--no-shell")
    for one in sessions.all_sessions(home):
        box = one.open_box(home, _sandbox(home), sessions.utc_now())
        one.submit(box, sessions.utc_now())
        box.destroy()
    said = told(home, "grade", "--waiting")
    assert said.count("fail  0 of 100") == 2
    assert told(home, "grade", "--waiting") == "Nothing waits to be graded.\n"


def _sandbox(home: Home) -> Sandbox:
    return client.start_own(home.runner, home.environments)
