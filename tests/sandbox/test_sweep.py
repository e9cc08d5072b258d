"""A runner that is killed leaves nothing behind, and no work is lost."""

import contextlib
import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenfold.sandbox import boxes, cgroups, client, sweep, trees
from tenfold.sandbox.boxes import Place
from tenfold.sandbox.interface import Box, BoxGone, BoxSpec, Limits, SandboxUnavailable
from tests.sandboxes import needs_bwrap, needs_root, runner_pids, stop_runner

pytestmark = [needs_bwrap, needs_root]
SMALL = Limits(memory_mb=64, disk_mb=8, pids=32)


@pytest.fixture
def own_place() -> Iterator[Place]:
    root = Path("/var/lib", f"tenfold-test-sweep-{os.getpid()}")
    place = Place(root, root / "environments", privileged=True)
    yield place
    stop_runner(place)
    shutil.rmtree(root)


def kill_runner(place: Place) -> None:
    for pid in runner_pids(place):  # the runner, and children that it may just have forked
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while runner_pids(place):
        time.sleep(0.01)


def test_a_killed_runner_leaves_nothing_after_a_sweep(own_place: Place) -> None:
    sandbox = client.start_own(own_place.root, own_place.environments)
    kept = sandbox.create(BoxSpec(limits=SMALL, keep_s=600))
    kept.exec(["/bin/sh", "-c", "echo precious > work; setsid sleep 7531 > /dev/null 2>&1 &"])
    passing = sandbox.create(BoxSpec(limits=SMALL))
    kill_runner(own_place)
    assert len(boxes.mounts_below(own_place.boxes)) == 2
    with sweep.lock(own_place):
        swept = sweep.sweep(own_place)
    assert set(swept.boxes) == {kept.id, passing.id}
    assert swept.rescued == [kept.id]
    assert boxes.mounts_below(own_place.boxes) == []
    assert cgroups.left_behind(own_place.family) == []
    assert list(own_place.boxes.iterdir()) == []
    again = client.start_own(own_place.root, own_place.environments)
    assert dict(trees.files_in(again.rescue(kept.id))) == {"work": b"precious\n"}
    kept.destroy()
    passing.destroy()


def test_a_runner_sweeps_when_it_starts(own_place: Place) -> None:
    sandbox = client.start_own(own_place.root, own_place.environments)
    box = sandbox.create(BoxSpec(limits=SMALL))
    kill_runner(own_place)
    box.destroy()
    again = client.start_own(own_place.root, own_place.environments)
    assert again.boxes() == []
    assert list(own_place.boxes.iterdir()) == []


def test_killed_at_random_moments_while_it_makes_boxes(own_place: Place) -> None:
    moments = random.Random(5)  # noqa: S311  moments, no secrets
    for _ in range(12):
        sandbox = client.start_own(own_place.root, own_place.environments)
        made: list[Box] = []
        killer = threading.Timer(moments.uniform(0.005, 0.15), kill_runner, [own_place])
        killer.start()
        with contextlib.suppress(BoxGone, SandboxUnavailable, OSError):
            while True:
                made.append(sandbox.create(BoxSpec(limits=SMALL, keep_s=60)))
                made[-1].exec(["/bin/true"])
        killer.join()
        for box in made:
            box.destroy()
    with sweep.lock(own_place):
        sweep.sweep(own_place)
        assert sweep.sweep(own_place).nothing
    assert boxes.mounts_below(own_place.root) == []
    assert cgroups.left_behind(own_place.family) == []
