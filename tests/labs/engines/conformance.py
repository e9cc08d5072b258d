"""What every engine must do, as functions over a `Bench`; each fails by an assertion.

An engine is done when it passes them all.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import pytest

from tenfold.kit.errors import UserError
from tenfold.labs import rooms
from tenfold.labs.engines import Engine, NoOtherHost, Phase
from tenfold.labs.sessions import Session
from tenfold.labs.verdicts import Outcome
from tenfold.sandbox import trees

RIGHT = "sed -i 's/FACTOR = 1/FACTOR = 2/' service.py; printf factor > told.txt"


class Bench(Protocol):
    """An engine under test, sessions for it, and the way into a room wherever it is held."""

    engine: Engine

    def begin(self) -> Session:
        """Another session of the toy lab."""

    def room_of(self, session: Session, host: str) -> Session:
        """The session as the host that holds the room knows it."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something that a candidate did in a room, and whether it is there."""

    bench: Bench
    session: Session

    async def do(self, line: str) -> str:
        standing = await self.bench.engine.state(self.session)
        done = await rooms.run_command(self.bench.room_of(self.session, standing.host), line)
        assert done.status == 0, done
        return done.output


async def holds_a_room_once(bench: Bench) -> None:
    session = bench.begin()
    before = await bench.engine.state(session)
    assert (before.phase, before.host, before.attempt) == (Phase.OPEN, "", 0)
    first, second = await asyncio.gather(bench.engine.hold(session), bench.engine.hold(session))
    assert first.phase is second.phase is Phase.HELD
    assert (first.host, first.attempt) == (second.host, second.attempt)
    assert first.host
    assert await bench.engine.state(session) == first
    assert sum(session.id in host.holds for host in await bench.engine.hosts()) == 1
    await bench.engine.submit(session)


async def moves_a_room_with_its_work_or_says_why_not(bench: Bench) -> None:
    session = bench.begin()
    before = await bench.engine.hold(session)
    work = Work(bench, session)
    await work.do("echo kept > notes.txt")
    if len(await bench.engine.hosts()) > 1:
        after = await bench.engine.move(session)
        assert after.host != before.host
        assert after.attempt > before.attempt
    else:
        with pytest.raises(NoOtherHost):
            await bench.engine.move(session)
        assert (await bench.engine.state(session)).attempt == before.attempt
    assert await work.do("cat notes.txt") == "kept\n"
    await bench.engine.submit(session)


async def drains_a_host_and_loses_nothing(bench: Bench) -> None:
    session, other = bench.begin(), bench.begin()
    before = await bench.engine.hold(session)
    work = Work(bench, session)
    await work.do("echo kept > notes.txt")
    used_s = bench.room_of(session, before.host).clock().used_s
    assert session.id in await bench.engine.drain(before.host)
    state = {host.name: host for host in await bench.engine.hosts()}[before.host]
    assert (state.holds, state.is_cordoned) == ((), True)
    if len(await bench.engine.hosts()) == 1:
        with pytest.raises(UserError):
            await bench.engine.hold(other)
    else:
        assert (await bench.engine.hold(other)).host != before.host
        await bench.engine.submit(other)
    await bench.engine.uncordon(before.host)
    after = await bench.engine.hold(session)
    assert after.attempt > before.attempt
    assert await work.do("cat notes.txt") == "kept\n"
    room = bench.room_of(session, after.host)
    assert room.clock().used_s == used_s
    assert not [entry for entry in room.events() if entry.kind == "refund"], "nothing failed, so nothing is given back"
    await bench.engine.submit(session)


async def hands_in_what_the_room_holds_once(bench: Bench) -> None:
    session = bench.begin()
    with pytest.raises(UserError):
        await bench.engine.submit(session)
    with pytest.raises(UserError):
        await bench.engine.grade(session)
    await bench.engine.hold(session)
    await Work(bench, session).do(RIGHT)
    name = await bench.engine.submit(session)
    assert dict(trees.files_in(session.snapshot_bytes(name)))["told.txt"] == b"factor"
    assert await bench.engine.submit(session) == name
    standing = await bench.engine.state(session)
    assert (standing.phase, standing.host, standing.saved) == (Phase.SUBMITTED, "", name)
    with pytest.raises(UserError):
        await bench.engine.hold(session)


async def grades_once_and_as_this_machine_does(bench: Bench) -> None:
    """Verdicts equal those of the session's own machine, and asking at the same time judges once."""
    session = bench.begin()
    await bench.engine.hold(session)
    await Work(bench, session).do("printf factor > told.txt")
    await bench.engine.submit(session)
    first, second = await asyncio.gather(bench.engine.grade(session), bench.engine.grade(session))
    assert first == second == session.verdict()
    assert (first.outcome, first.points) == (Outcome.FAIL, 20), (first.outcome, first.points, first.why)
    assert sum(entry.kind == "verdict" for entry in session.events()) == 1
    assert (await bench.engine.state(session)).phase is Phase.GRADED
    again = await bench.engine.grade(session, again=True)
    assert (again.outcome, again.points, again.criteria[1]) == (first.outcome, first.points, first.criteria[1])
    assert session.verdict() == first, "the first verdict is the one that counts"


async def knows_its_hosts(bench: Bench) -> None:
    for call in (bench.engine.cordon, bench.engine.uncordon, bench.engine.drain):
        with pytest.raises(UserError):
            await call("no-such-host")
    for host in await bench.engine.hosts():
        with contextlib.suppress(UserError):
            await bench.engine.cordon(host.name)
        await bench.engine.uncordon(host.name)
    assert not any(host.is_cordoned for host in await bench.engine.hosts())


CHECKS: tuple[Callable[[Bench], object], ...] = (
    holds_a_room_once,
    moves_a_room_with_its_work_or_says_why_not,
    drains_a_host_and_loses_nothing,
    hands_in_what_the_room_holds_once,
    grades_once_and_as_this_machine_does,
    knows_its_hosts,
)
