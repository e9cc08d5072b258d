"""A room that stands still: nothing runs in it, no time is charged, and nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time

import pytest

from tenfold.kit.errors import UserError
from tenfold.labs import rooms
from tenfold.labs.home import Home
from tenfold.labs.rooms import RoomError
from tenfold.labs.sessions import Session
from tests.labs.rooms.candidate import Candidate
from tests.sandboxes import needs_bwrap, needs_root, stop_room_server

pytestmark = [needs_bwrap, needs_root]
COUNT = "(i=0; while :; do i=$((i+1)); echo $i > .part; mv .part count; sleep 0.01; done) >/dev/null 2>&1 &"


def test_a_frozen_room_does_nothing_and_charges_nothing_and_goes_on(session: Session) -> None:
    asyncio.run(_freeze_and_thaw(session))


async def _freeze_and_thaw(session: Session) -> None:
    candidate = Candidate(session, relayed=False)
    await candidate.connect()
    await rooms.run_command(session, COUNT)
    await asyncio.sleep(1.0)
    frozen = await rooms.freeze(session, why="cut off")
    assert (frozen.frozen, frozen.clock.is_running) == ("cut off", False)
    count, used_s = await _count(session), session.clock().used_s
    await asyncio.sleep(1.0)
    assert await _count(session) == count
    assert session.clock().used_s == used_s
    with pytest.raises(UserError, match="cut off"):
        await rooms.run_command(session, "echo no")
    with pytest.raises(UserError, match="cut off"):
        await rooms.files(session).write("new", b"", version="")
    thawed = await rooms.thaw(session)
    await asyncio.sleep(1.0)
    assert (thawed.frozen, thawed.is_open) == ("", True)
    assert await _count(session) > count
    assert session.clock().used_s > used_s
    candidate.cut()


async def _count(session: Session) -> int:
    """As the workspace holds it, seen from outside the box."""
    return int((await rooms.files(session).read("count")).content)


def test_a_room_that_is_anothers_now_ends_without_saving(session: Session) -> None:
    asyncio.run(_discard(session))


async def _discard(session: Session) -> None:
    await rooms.open_room(session)
    await rooms.save(session)
    await rooms.run_command(session, "echo late > late.txt")
    before = session.snapshots()
    await rooms.freeze(session, why="cut off")
    assert not (await rooms.discard(session)).is_open
    assert session.snapshots() == before
    await rooms.open_room(session)
    assert "late.txt" not in [one.path for one in await rooms.files(session).tree()]


def test_a_hosts_rooms_stand_still_after_a_kill_until_a_lease_says_whose_they_are(home: Home, session: Session) -> None:
    """One machine's own rooms go on at once; a host may have lost its rooms to another meanwhile."""
    assert not asyncio.run(_killed(home, session)).frozen
    home.host_mark.touch()
    assert asyncio.run(_killed(home, session)).frozen
    leased = asyncio.run(rooms.lease(session, 3.0))
    assert (leased.frozen, leased.is_open) == ("", True)
    time.sleep(4.0)
    assert asyncio.run(rooms.room_state(session)).frozen  # and no lease comes again


async def _killed(home: Home, session: Session) -> rooms.RoomState:
    await rooms.open_room(session)
    await asyncio.to_thread(stop_room_server, home.root, number=signal.SIGKILL)
    with contextlib.suppress(RoomError):  # the call that finds it gone starts another
        return await rooms.room_state(session)
    return await rooms.room_state(session)
