"""Rooms on hosts as pages use them: one connection to each host, and homes that share nothing but the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("temporalio", reason="temporalio is not installed (tenfold[temporal])")

from tenfold.labs import engines, rooms
from tenfold.labs.engines import Engine, Phase
from tenfold.labs.engines.temporal import gateway as gateways
from tenfold.labs.home import Home
from tenfold.labs.rooms import RoomError
from tenfold.labs.sessions import Session, utc_now
from tenfold.sandbox import trees
from tests.labs.engines.clusters import Cluster
from tests.labs.engines.conformance import CHECKS, RIGHT, Bench
from tests.labs.engines.machines import TIMEOUT_S, until_there, why_no_server
from tests.labs.rooms.candidate import Candidate
from tests.sandboxes import needs_bwrap, needs_root

NO_SERVER = why_no_server()
pytestmark = [needs_bwrap, needs_root, pytest.mark.skipif(bool(NO_SERVER), reason=NO_SERVER)]


@pytest.fixture
def shared(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """The setting by which this process has hosts hold its rooms."""
    monkeypatch.setenv("TENFOLD_ROOMS", "hosts")
    monkeypatch.setenv("TENFOLD_TEMPORAL", cluster.address)
    monkeypatch.setenv("TENFOLD_STORE", str(cluster.store))
    monkeypatch.setenv("TENFOLD_HEARTBEAT_TIMEOUT_S", str(TIMEOUT_S))
    monkeypatch.setenv("TENFOLD_FREEZE_AFTER_S", str(TIMEOUT_S / 2))
    yield cluster
    gateways.stop_gateways()


@dataclass
class PagesBench:
    """What a web process has: its own home, and lines to hosts. It never looks into a host's folders."""

    cluster: Cluster
    engine: Engine

    def begin(self) -> Session:
        return engines.keep(self.cluster.home, self.cluster.begin())

    def room_of(self, session: Session, host: str) -> Session:  # noqa: ARG002  wherever it is
        found = engines.session_at(self.cluster.home, session.id)
        assert found is not None
        return found


def _run(cluster: Cluster, work: Coroutine[Any, Any, None]) -> None:
    async def there() -> None:
        await until_there(await cluster.engine(), "one", "two")
        await work

    asyncio.run(there())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_pages_engine_does_what_every_engine_must(
    check: Callable[[Bench], Coroutine[Any, Any, None]], shared: Cluster
) -> None:
    _run(shared, check(PagesBench(shared, engines.engine(shared.home))))


def test_two_web_processes_with_homes_of_their_own_serve_one_session(shared: Cluster, tmp_path: Path) -> None:
    """Begun through one, worked on and handed in through the other, graded through the first, erased through either."""
    _run(shared, _serve_both(shared, Home(tmp_path / "second")))


async def _serve_both(cluster: Cluster, second: Home) -> None:
    first = cluster.home
    begun = engines.keep(first, cluster.begin())
    there = engines.session_at(second, begun.id)
    assert there is not None
    assert there.folder.is_relative_to(second.root)
    await engines.engine(second).hold(there)
    assert (await rooms.run_command(there, RIGHT)).status == 0
    assert (await rooms.files(begun).read("told.txt")).content == b"factor", "the same room through the other process"
    await asyncio.to_thread(there.accommodate, 1.5, "coordinator", utc_now())
    seen = engines.session_at(first, begun.id)
    assert seen is not None
    assert float(seen.facts()["accommodation"]) == 1.5
    name = await engines.engine(second).submit(there)
    back = engines.session_at(first, begun.id)
    assert back is not None
    assert dict(trees.files_in(back.snapshot_bytes(name)))["told.txt"] == b"factor"
    verdict = await engines.engine(first).grade(back)
    again = engines.session_at(second, begun.id)
    assert again is not None
    assert again.verdict() == verdict
    assert (await engines.engine(second).state(again)).phase is Phase.GRADED
    assert await asyncio.to_thread(engines.erase, second, begun.id)
    for home in (first, second):
        assert engines.session_at(home, begun.id) is None
        assert not (home.sessions / begun.id).exists()
    assert not [path for path in cluster.store.rglob("*") if begun.id in path.as_posix()]


def test_a_terminal_outlives_the_move_of_its_room(shared: Cluster) -> None:
    """What the browser's other end sees: the line ends, it attaches again, and the work is there."""
    _run(shared, _move_under(shared))


async def _move_under(cluster: Cluster) -> None:
    engine = engines.engine(cluster.home)
    session = engines.keep(cluster.home, cluster.begin())
    before = await engine.hold(session)
    candidate = Candidate(session)
    await candidate.connect()
    await candidate.type(b"echo before > notes.txt; echo do''ne\n")
    await candidate.until_shown(b"done")
    await engine.move(session)
    candidate.cut()
    after = await engine.state(session)
    assert after.host != before.host
    assert (await rooms.run_command(session, "cat notes.txt")).output == "before\n"
    await engine.submit(session)


def test_a_host_of_others_is_not_let_in_and_a_web_process_cannot_say_whose_a_room_is(shared: Cluster) -> None:
    async def run() -> None:
        session = engines.keep(shared.home, shared.begin())
        await engines.engine(shared.home).hold(session)
        for ask in (rooms.let_go, rooms.discard, rooms.submit):
            with pytest.raises(RoomError, match="may not ask"):
                await ask(session)
        await engines.engine(shared.home).submit(session)

    _run(shared, run())


def test_what_nobody_begun_is_no_session(shared: Cluster) -> None:
    assert engines.session_at(shared.home, "toy-0000000000") is None
    assert engines.session_at(shared.home, "../etc") is None
    assert not engines.erase(shared.home, "toy-0000000000")
