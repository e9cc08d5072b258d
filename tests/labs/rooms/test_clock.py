"""The clock of a room: lines cut, servers and runners killed at random, and every second accounted for."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time
from dataclasses import dataclass

import pytest

from tenfold.kit.errors import UserError
from tenfold.labs import rooms, sessions
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.rooms import RoomStatus
from tenfold.labs.session_clock import SETTLING_IN_MINUTES
from tenfold.labs.sessions import Session
from tenfold.sandbox import client
from tenfold.sandbox.boxes import Place
from tenfold.sandbox.client import RunnerSandbox
from tests.labs.rooms.candidate import Candidate
from tests.sandboxes import needs_bwrap, needs_root, runner_pids, stop_room_server
from tests.sizes import size

pytestmark = [needs_bwrap, needs_root]
SESSIONS = size(4, nightly=100)


@dataclass
class Truth:
    """What a stopwatch says: seconds in the room, and what a broken room should give back."""

    used_s: float = 0.0
    refund_s: float = 0.0
    events: int = 0


def test_whatever_is_killed_nobody_loses_time_or_work(home: Home, runner: RunnerSandbox, toy_lab: Lab) -> None:
    for number in range(SESSIONS):
        session = sessions.start(home, runner, toy_lab, candidate=f"clock-{number}", attempt=1, now=sessions.utc_now())
        truth = asyncio.run(_work(home, session, random.Random(number)))  # noqa: S311  moments, no secrets
        clock, account = session.clock(), session.account()
        # What a candidate is charged is never more than a stopwatch says, and at most a second less for each accident.
        assert truth.used_s - 1.0 * truth.events - 0.2 <= clock.used_s <= truth.used_s + 0.5
        assert abs(account.refunded_s - truth.refund_s) <= 1.0
        assert session.state is sessions.State.SUBMITTED
        assert session.snapshot_bytes(session.facts()["submitted"])


async def _work(home: Home, session: Session, chance: random.Random) -> Truth:
    """Sits in the room while things break, with a stopwatch of its own."""
    truth = Truth()
    for _ in range(3):
        candidate = Candidate(session, relayed=True)
        await candidate.connect()
        began = time.monotonic()
        stay_s = chance.uniform(0.6, 2.5)
        while time.monotonic() - began < stay_s:
            assert candidate.line is not None
            await candidate.line.hear()
            await asyncio.sleep(0.25)
        victim = chance.choice(("line", "server", "runner", "nothing", "silence"))
        truth.used_s += time.monotonic() - began
        truth.events += 1
        await _strike(home, session, candidate, victim, truth)
    await rooms.submit(session)
    return truth


async def _strike(home: Home, session: Session, candidate: Candidate, victim: str, truth: Truth) -> None:
    if victim == "line":
        candidate.cut()
        await asyncio.sleep(0.7)
    elif victim == "silence":  # the connection stands, and nobody is behind it
        await asyncio.sleep(4.0)
        candidate.cut()
    elif victim == "server":
        await asyncio.to_thread(stop_room_server, home.root, number=signal.SIGKILL)
    elif victim == "runner":
        unsaved_s = session._unsaved_s()
        for pid in runner_pids(Place(home.root, home.environments, privileged=True)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await candidate.until(lambda: candidate.has("broken"), 20)
        given = sum(one.kind == "refund" for one in session.events())
        truth.refund_s += unsaved_s + (SETTLING_IN_MINUTES * 60 if given <= 2 else 0.0)
        await asyncio.to_thread(client.start_own, home.root, home.environments, idle_s=3600)
    await candidate.leave()


def test_the_clock_runs_for_the_candidate_alone(session: Session) -> None:
    async def work() -> None:
        guest = Candidate(session, who="interviewer-1", role=rooms.Role.OBSERVER)
        await guest.connect()
        await asyncio.sleep(0.8)
        state = await rooms.room_state(session)
        assert (state.status, state.clock.used_s, state.clock.is_running) == (RoomStatus.DETACHED, 0.0, False)
        candidate = Candidate(session)
        await candidate.connect()
        await asyncio.sleep(1.2)
        state = await rooms.room_state(session)
        assert state.status is RoomStatus.ATTACHED
        assert state.clock.is_running
        await candidate.leave()
        await asyncio.sleep(0.3)
        used = (await rooms.room_state(session)).clock.used_s
        await asyncio.sleep(1.0)
        assert (await rooms.room_state(session)).clock.used_s == used
        assert 1.0 < used < 4.0
        await guest.leave()

    asyncio.run(work())


def test_a_pause_closes_the_room_to_the_candidate_and_not_to_others(session: Session) -> None:
    async def work() -> None:
        guest = Candidate(session, who="interviewer-1", role=rooms.Role.OBSERVER)
        candidate = Candidate(session)
        await candidate.connect()
        await guest.connect()
        await rooms.pause(session, reason="fire drill", by="interviewer-1")
        await candidate.until(lambda: candidate.has("paused"), 10)
        with pytest.raises(Exception, match="is paused: fire drill"):
            await rooms.attach(session, role=rooms.Role.DRIVER)
        for work_on_it in (
            rooms.run_command(session, "touch while-paused"),
            rooms.files(session).write("while-paused", b"", version=""),
            rooms.new_terminal(session),
        ):
            with pytest.raises(UserError, match="is paused: fire drill"):
                await work_on_it
        before = session.clock().used_s
        await asyncio.sleep(1.2)
        state = await rooms.room_state(session)
        assert (state.paused, state.clock.is_running) == ("fire drill", False)
        assert state.clock.used_s == pytest.approx(before, abs=0.01)
        assert guest.line is not None
        await rooms.resume(session, by="interviewer-1")
        await candidate.connect()
        await candidate.type(b"echo ba''ck\r")
        await guest.until_shown(b"back")
        await guest.leave()
        await candidate.leave()

    asyncio.run(work())


def test_time_that_is_over_ends_the_stay_with_the_work_saved(session: Session) -> None:
    async def work() -> None:
        candidate = Candidate(session)
        await candidate.connect()
        await candidate.type(b"echo mine > mine; echo ma''de\r")
        await candidate.until_shown(b"made")
        session._add_minutes(-9.98)
        await candidate.until(lambda: candidate.has("over"), 15)
        await candidate.leave()

    asyncio.run(work())
    assert session.snapshots()
    with pytest.raises(Exception, match="the time is over"):
        asyncio.run(rooms.attach(session, role=rooms.Role.DRIVER))
