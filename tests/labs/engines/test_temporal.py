"""Several machines on a real Temporal server: the same suite as one machine, and what is killed or cut off."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tenfold.kit.errors import UserError
from tenfold.labs import engines, rooms
from tenfold.labs.engines import Standing
from tenfold.labs.rooms import RoomError
from tenfold.labs.sessions import Session
from tenfold.labs.verdicts import Outcome
from tests.labs.engines.clusters import Cluster, ClusterBench
from tests.labs.engines.conformance import CHECKS, RIGHT, Bench
from tests.labs.engines.machines import TIMEOUT_S, Line, Machine, until_there, why_no_server
from tests.labs.rooms.candidate import Candidate
from tests.sandboxes import needs_bwrap, needs_root

if TYPE_CHECKING:
    from tenfold.labs.engines.temporal.engine import TemporalEngine

NO_SERVER = why_no_server()
pytestmark = [needs_bwrap, needs_root, pytest.mark.skipif(bool(NO_SERVER), reason=NO_SERVER)]
nightly = pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE") != "thorough", reason="nightly: HYPOTHESIS_PROFILE=thorough"
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_temporal_engine_does_what_every_engine_must(
    check: Callable[[Bench], Coroutine[Any, Any, None]], cluster: Cluster
) -> None:
    async def run() -> None:
        engine = await cluster.engine()
        await until_there(engine, "one", "two")
        await check(ClusterBench(cluster, engine))

    asyncio.run(run())


@nightly  # its bounds are seconds, which a loaded machine breaks
def test_a_host_that_dies_loses_what_was_not_saved_and_the_candidate_no_second(cluster: Cluster) -> None:
    asyncio.run(_kill(cluster))


async def _kill(cluster: Cluster) -> None:
    engine = await cluster.engine()
    await until_there(engine, "one", "two")
    session, began = cluster.begin(), time.monotonic()
    before = await engine.hold(session)
    usual_s = time.monotonic() - began  # what a holding takes on this machine, busy as it may be
    dying = cluster.machines[before.host]
    candidate = Candidate(dying.room_of(session), relayed=False)
    await candidate.connect()
    came = time.time()
    await rooms.run_command(dying.room_of(session), "echo kept > notes.txt")
    saved_after = time.time()
    while _saved_at(dying.room_of(session)) < saved_after + 1.0:
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)  # the heartbeat that carries the save
    saved_at = _saved_at(dying.room_of(session))
    dying.kill()
    killed = time.monotonic()
    after = await _held_elsewhere(engine, session, before)
    assert time.monotonic() - killed <= TIMEOUT_S + 2.0 + usual_s
    room = cluster.machines[after.host].room_of(session)
    assert (await rooms.run_command(room, "cat notes.txt")).output == "kept\n"
    used_s, save_every_s = room.clock().used_s, TIMEOUT_S / 2
    assert saved_at - came - save_every_s - 1.0 <= used_s <= saved_at - came + save_every_s + 1.0
    assert abs(used_s - (_noted_save(room) - came)) <= 1.0, "what was not saved is not charged, to the second"
    await asyncio.sleep(1.0)
    assert room.clock().used_s == used_s, "nobody is in the room, so nobody is charged"
    candidate.cut()
    await engine.submit(session)
    dying.start()
    await until_there(engine, "one", "two")


def _saved_at(session: Session) -> float:
    text = session.facts().get("saved_at")
    return datetime.fromisoformat(text).timestamp() if text else 0.0


def _noted_save(session: Session) -> float:
    """When the work was saved that the room was made from."""
    taken = [entry for entry in session.events() if entry.kind == "held"]
    assert len(taken) == 2
    return _saved_at_before(session, taken[-1].at)


def _saved_at_before(session: Session, moment: datetime | str) -> float:
    at = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    return max(one.at.timestamp() for one in session.snapshots() if one.at < at) if session.snapshots() else 0.0


async def _held_elsewhere(engine: TemporalEngine, session: Session, before: Standing) -> Standing:
    async with asyncio.timeout(60):
        while True:
            found = await engine.state(session)
            if found.attempt > before.attempt and found.host != before.host:
                return found
            await asyncio.sleep(0.05)


@nightly
def test_a_host_that_is_stopped_hands_over_what_was_just_done(cluster: Cluster) -> None:
    async def run() -> None:
        engine = await cluster.engine()
        await until_there(engine, "one", "two")
        session = cluster.begin()
        before = await engine.hold(session)
        stopping = cluster.machines[before.host]
        await rooms.run_command(stopping.room_of(session), "echo just > notes.txt")
        await asyncio.to_thread(stopping.end)
        after = await _held_elsewhere(engine, session, before)
        room = cluster.machines[after.host].room_of(session)
        assert (await rooms.run_command(room, "cat notes.txt")).output == "just\n"
        assert not [entry for entry in room.events() if entry.kind == "refund"]
        await engine.submit(session)
        stopping.start()
        await until_there(engine, "one", "two")

    asyncio.run(run())


@nightly
def test_rooms_whose_keeper_died_stand_still_and_are_ended_by_the_next(cluster: Cluster) -> None:
    async def run() -> None:
        engine = await cluster.engine()
        await until_there(engine, "one", "two")
        session = cluster.begin()
        before = await engine.hold(session)
        machine = cluster.machines[before.host]
        await asyncio.to_thread(machine.kill_alone)
        await _held_elsewhere(engine, session, before)
        assert (await rooms.room_state(machine.room_of(session))).frozen
        machine.start()
        await until_there(engine, "one", "two")
        assert machine.boxes() == []
        await engine.submit(session)

    asyncio.run(run())


COUNT = "(i=0; while :; do i=$((i+1)); echo $i > .part; mv .part count; sleep 0.02; done) >/dev/null 2>&1 &"


@nightly
@pytest.mark.parametrize(
    "freezes",
    [
        pytest.param(True, id="as it is"),
        pytest.param(False, id="with the freeze taken out"),
    ],
)
def test_a_host_that_is_cut_off_stands_still_before_another_holds_its_room(cluster: Cluster, freezes: bool) -> None:
    """With the freeze taken out two rooms of one session are seen at work: so this can fail."""
    line = Line(cluster.address)
    far = cluster.machine(f"far-{'still' if freezes else 'loose'}", line.address)
    try:
        asyncio.run(_cut(cluster, far, line, freezes=freezes))
    finally:
        line.mend()
        far.remove()
        line.close()


async def _cut(cluster: Cluster, far: Machine, line: Line, *, freezes: bool) -> None:
    engine = await cluster.engine()
    await until_there(engine, "one", "two", far.name)
    for name in ("one", "two"):
        await engine.cordon(name)
    session = cluster.begin()
    before = await engine.hold(session)
    assert before.host == far.name
    old = far.room_of(session)
    await rooms.run_command(old, COUNT)
    await asyncio.sleep(1.0)
    for name in ("one", "two"):
        await engine.uncordon(name)
    line.cut()
    cut_at = time.monotonic()
    if not freezes:
        await rooms.lease(old, 3600)
    last_at, after = await asyncio.gather(_last_change(old), _held_elsewhere(engine, session, before))
    assert after.host in {"one", "two"}
    # The server heard of it last before the cut, so nobody else may hold it before the timeout has passed.
    assert (last_at - cut_at < TIMEOUT_S) == freezes
    line.mend()
    async with asyncio.timeout(60):
        while (far.home.rooms / "open" / session.id).exists():
            await asyncio.sleep(0.1)
    assert await engine.state(session) == after, "what comes late from the host that was cut off changes nothing"
    await engine.submit(session)


async def _last_change(session: Session) -> float:
    """When a program in the room was last seen to work; looks until it stands for long, or the room has ended."""
    last, at = -1, time.monotonic()
    while time.monotonic() - at < 2 * TIMEOUT_S and (count := await _count(session)) is not None:
        if count != last:
            last, at = count, time.monotonic()
        await asyncio.sleep(0.05)
    return at


async def _count(session: Session) -> int | None:
    try:
        return int((await rooms.files(session).read("count")).content)
    except (UserError, RoomError):
        return None


@nightly
def test_a_snapshot_is_judged_once_however_many_ask(cluster: Cluster, tmp_path: Path) -> None:
    async def run() -> None:
        first, second = await cluster.engine(), await cluster.engine()
        await until_there(first, "one", "two")
        session = cluster.begin()
        await first.hold(session)
        await first.submit(session)
        shutil.copytree(session.folder, tmp_path / "sessions" / session.id)
        asked = await asyncio.gather(
            first.grade(session), second.grade(Session(tmp_path / "sessions" / session.id)), second.grade(session)
        )
        assert asked[0] == asked[1] == asked[2]
        assert await first.times_judged(session) == 1

    asyncio.run(run())


def test_pages_have_work_graded_by_hosts_where_the_setting_says_so(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENFOLD_GRADINGS", "hosts")
    monkeypatch.setenv("TENFOLD_TEMPORAL", cluster.address)
    monkeypatch.setenv("TENFOLD_STORE", str(cluster.store))

    async def run() -> None:
        pages = engines.engine(cluster.home)
        await until_there(await cluster.engine(), "one", "two")
        session = cluster.begin()
        await pages.hold(session)
        await rooms.run_command(session, RIGHT)
        await pages.submit(session)
        verdict = await pages.grade(session)
        assert (verdict.outcome, session.verdict()) == (Outcome.PASS, verdict)
        assert await (await cluster.engine()).times_judged(session) == 1

    asyncio.run(run())
