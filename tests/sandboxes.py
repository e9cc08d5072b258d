"""Backends that this machine offers; a test of one that it does not offer is skipped with the reason."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tenfold.sandbox import client, sweep
from tenfold.sandbox.boxes import Place
from tenfold.sandbox.client import RunnerSandbox
from tenfold.sandbox.interface import Sandbox


def why_no_boxes() -> str:
    """Why this machine can make no box at all; empty where it can. Asked of bubblewrap itself, not guessed."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (bin/system)"
    tried = subprocess.run(
        ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True, text=True, check=False
    )
    return "" if tried.returncode == 0 else f"bubblewrap can make no box here: {tried.stderr.strip()}"


NO_BOXES = why_no_boxes()
needs_bwrap = pytest.mark.skipif(bool(NO_BOXES), reason=NO_BOXES)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may start a runner")


def runner_root() -> Path:
    """A folder of this worker's own, searchable for other uids as pytest's own folders are not."""
    return Path("/var/lib", f"tenfold-test-{os.getpid()}")


@pytest.fixture(scope="session")
def place() -> Place:
    return Place(runner_root(), runner_root() / "environments", privileged=True)


@pytest.fixture(scope="session")
def runner(place: Place) -> Iterator[RunnerSandbox]:
    """A runner of the tests' own; afterwards nothing of it may be left."""
    if os.geteuid() != 0 or NO_BOXES:
        pytest.skip(NO_BOXES or "only root may start a runner")
    sandbox = client.start_own(place.root, place.environments, idle_s=3600)
    yield sandbox
    left = sandbox.boxes() if runner_pids(place) else []  # a test may have ended it on purpose
    for box in left:
        sandbox.adopt(box["id"]).destroy()
    stop_runner(place)
    with sweep.lock(place):
        swept = sweep.sweep(place)
    shutil.rmtree(place.root)
    assert swept.nothing, f"the runner left something behind: {swept}"
    assert not left, f"a test left boxes behind: {left}"


def stop_runner(place: Place) -> None:
    """Ends the runner that serves this place and waits until it has let go."""
    for pid in runner_pids(place):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 15)
    while True:
        try:
            with sweep.lock(place):
                return
        except Exception:  # noqa: BLE001  the lock is the only thing that can be busy here
            subprocess.run([sys.executable, "-c", "import time; time.sleep(0.05)"], check=True)


def runner_pids(place: Place) -> list[int]:
    return _pids(f"tenfold.sandbox\0{place.root}\0".encode())


def room_server_pids(root: Path) -> list[int]:
    return _pids(f"tenfold.labs.rooms\0{root}\0".encode())


def stop_room_server(root: Path, *, number: int = 15) -> None:
    """Ends the server of rooms of this home, and waits until it has gone."""
    for pid in room_server_pids(root):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    until = time.monotonic() + 30
    while room_server_pids(root) and time.monotonic() < until:
        time.sleep(0.02)


def _pids(words: bytes) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and words in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


BackendFixture = Callable[[], Sandbox]
