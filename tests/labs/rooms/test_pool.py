"""Rooms that wait: taken once, filled once, and gone with their server."""

from __future__ import annotations

import asyncio
import io
import os
import tarfile
import time
from pathlib import Path

import pytest

from tenfold.kit.errors import UserError
from tenfold.labs import rooms
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.rooms.connect import start_server
from tenfold.labs.rooms.pool import Pool, RoomKind
from tenfold.labs.rooms.warm import parse_warm
from tenfold.labs.sessions import Session
from tenfold.sandbox.client import RunnerSandbox
from tenfold.sandbox.interface import BoxSpec, Limits, SandboxError, Tree
from tests.sandboxes import needs_bwrap, needs_root, stop_room_server

pytestmark = [needs_bwrap, needs_root]
SMALL = Limits(memory_mb=64, disk_mb=16)


def tar_with(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def spec(name: str, limits: Limits = SMALL) -> BoxSpec:
    return BoxSpec(limits=limits, trees=(Tree("/workspace", tar_with(name, b"work")),), keep_s=0.5, label="taken")


def test_a_waiting_room_is_taken_once_and_filled_with_the_candidates_work(runner: RunnerSandbox, home: Home) -> None:
    kind = RoomKind("", SMALL)
    pool = Pool(home, lambda: runner, {kind: 2})

    async def fill() -> None:
        task = asyncio.create_task(pool.keep_filled())
        while pool.waiting()[kind] < 2:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(fill())
    first, second = pool.take(spec("one")), pool.take(spec("two"))
    assert first is not None
    assert second is not None
    try:
        assert first.id != second.id
        assert first.exec(["/bin/cat", "one"]).stdout == b"work"
        assert first.exec(["/bin/sh", "-c", "echo more > one; stat -c %U one"]).stdout == b"candidate\n"
        assert first.exec(["/bin/ls"]).stdout == b"one\n"
        with pytest.raises(SandboxError, match="its workspace already"):
            first.fill(tar_with("x", b""), keep_s=0, label="")
        assert pool.take(spec("three")) is None, "none waits any more"
        assert pool.take(spec("three", Limits(memory_mb=128, disk_mb=16))) is None, "others' limits are others' rooms"
    finally:
        first.destroy()
        second.destroy()
        pool.close()


def test_a_room_with_a_workspace_of_its_own_is_not_filled(runner: RunnerSandbox) -> None:
    box = runner.create(spec("mine"))
    try:
        with pytest.raises(SandboxError):
            box.fill(tar_with("x", b""), keep_s=0, label="")
    finally:
        box.destroy()


def test_rooms_that_wait_end_with_their_server_however_it_ends(
    runner: RunnerSandbox, home: Home, session: Session, toy_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_room_server(home.root)
    monkeypatch.setenv("TENFOLD_WARM_ROOMS", f"{toy_lab.folder}=2")
    for number in (15, 9):
        start_server(home)
        assert _waiting(runner, 2) == 2
        stop_room_server(home.root, number=number)
        assert _waiting(runner, 0) == 0
    start_server(home)
    _waiting(runner, 2)
    began = {one["id"] for one in runner.boxes()}
    asyncio.run(rooms.open_room(session))
    assert session.facts()["box"] in began, "it was one of those that waited"
    assert asyncio.run(rooms.run_command(session, "ls")).output.split() == ["service.py"]
    monkeypatch.delenv("TENFOLD_WARM_ROOMS")
    asyncio.run(rooms.submit(session))
    stop_room_server(home.root)


def _waiting(runner: RunnerSandbox, count: int) -> int:
    until = time.monotonic() + 20
    while True:
        found = sum(one["label"] == "waiting" for one in runner.boxes())
        if found == count or time.monotonic() > until:
            return found
        time.sleep(0.05)


@pytest.mark.parametrize("word", ["toy", "toy=0", "toy=x", "=3", "toy=1000", "no-such-lab=1"])
def test_a_pool_that_is_none_is_refused(home: Home, toy_lab: Lab, word: str) -> None:
    with pytest.raises(UserError):
        parse_warm(home, [word.replace("toy", str(toy_lab.folder))])
    assert os.path.isabs(Path(home.root))  # noqa: PTH117  nothing was made
