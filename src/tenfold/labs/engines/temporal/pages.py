"""Rooms on hosts for pages and the command line: the engine as one process's threads share it, and its sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from tenfold.labs import erasure
from tenfold.labs.engines.port import HostState, Standing
from tenfold.labs.engines.temporal.connect import settings
from tenfold.labs.engines.temporal.engine import TemporalEngine
from tenfold.labs.engines.temporal.gateway import Gateway, NotHeld, gateway_of
from tenfold.labs.engines.temporal.relay import CALL, plain_value
from tenfold.labs.home import Home
from tenfold.labs.sessions import Session
from tenfold.labs.verdicts import Verdict

T = TypeVar("T")


class PagesEngine:
    """The engine of hosts, asked from any thread and any loop."""

    name = "temporal"

    def __init__(self, home: Home) -> None:
        self._home = home

    async def _ask(self, work: Callable[[TemporalEngine], Coroutine[Any, Any, T]]) -> T:
        gateway = gateway_of(self._home, settings())

        async def there() -> T:
            return await work(await gateway.engine())

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(there(), gateway.loop))

    async def hold(self, session: Session) -> Standing:
        return await self._ask(lambda engine: engine.hold(session))

    async def state(self, session: Session) -> Standing:
        return await self._ask(lambda engine: engine.state(session))

    async def move(self, session: Session) -> Standing:
        return await self._ask(lambda engine: engine.move(session))

    async def cordon(self, host: str) -> None:
        await self._ask(lambda engine: engine.cordon(host))

    async def uncordon(self, host: str) -> None:
        await self._ask(lambda engine: engine.uncordon(host))

    async def drain(self, host: str) -> tuple[str, ...]:
        return await self._ask(lambda engine: engine.drain(host))

    async def submit(self, session: Session) -> str:
        return await self._ask(lambda engine: engine.submit(session))

    async def grade(
        self, session: Session, *, again: bool = False, on_position: Callable[[int], None] = lambda _: None
    ) -> Verdict:
        return await self._ask(lambda engine: engine.grade(session, again=again, on_position=on_position))

    async def hosts(self) -> tuple[HostState, ...]:
        return await self._ask(lambda engine: engine.hosts())


class SharedSession(Session):
    """This machine's copy of a session that any machine may work on; what changes it goes to who holds it."""

    __slots__ = ()

    def _write(self, name: str, *arguments: object) -> Any:
        gateway = gateway_of(Home(self.folder.parent.parent), settings())
        return gateway.run(_write(gateway, self, name, arguments))

    def hint(self, now: datetime) -> str | None:
        text = self._write("hint", now)
        return None if text is None else str(text)

    def enter(self, now: datetime) -> int:
        return int(self._write("enter", now))

    def heartbeat(self, visit: int, now: datetime) -> None:
        self._write("heartbeat", visit, now)

    def leave(self, visit: int, now: datetime) -> None:
        self._write("leave", visit, now)

    def extend(self, minutes: float, reason: str, by: str, now: datetime) -> None:
        self._write("extend", minutes, reason, by, now)

    def accommodate(self, factor: float, by: str, now: datetime) -> None:
        self._write("accommodate", factor, by, now)

    def pause(self, reason: str, by: str, now: datetime) -> None:
        self._write("pause", reason, by, now)

    def resume(self, by: str, now: datetime) -> None:
        self._write("resume", by, now)


async def _write(gateway: Gateway, session: Session, name: str, arguments: tuple[object, ...]) -> Any:
    """By the host that holds it; by this machine where none does, and then the copy is the newest."""
    words = {"op": CALL, "session": session.id, "name": name, "arguments": [plain_value(one) for one in arguments]}
    try:
        done = await gateway.ask(words)
    except NotHeld:
        shelf = (await gateway.engine()).shelf
        here = await asyncio.to_thread(shelf.bring, session.id) or session
        value = await asyncio.to_thread(getattr(Session(here.folder), name), *arguments)
        await asyncio.to_thread(shelf.keep, here)
        return value
    await gateway.current(session.id)
    return done["value"]


def session_at(home: Home, name: str) -> Session | None:
    """As it is now, wherever it is held. Raises `RoomError`, `UserError`."""
    gateway = gateway_of(home, settings())
    found = gateway.run(gateway.current(name))
    return SharedSession(found.folder) if found is not None else None


def keep(home: Home, session: Session) -> Session:
    """A session that began, or was graded, on this machine: other machines find it from now on."""
    gateway = gateway_of(home, settings())
    gateway.run(_keep(gateway, session))
    return SharedSession(session.folder)


async def _keep(gateway: Gateway, session: Session) -> None:
    await asyncio.to_thread((await gateway.engine()).shelf.keep, session)


def erase(home: Home, name: str) -> bool:
    """Ends its room, wherever it is held, and removes it here and from the store. Whether there was something."""
    gateway = gateway_of(home, settings())
    return gateway.run(_erase(gateway, home, name))


async def _erase(gateway: Gateway, home: Home, name: str) -> bool:
    engine = await gateway.engine()
    found = await asyncio.to_thread(engine.shelf.bring, name)
    if found is None:
        return False
    await engine.end(name)
    await asyncio.to_thread(erasure.erase_session, home, name)
    await asyncio.to_thread(engine.shelf.erase, name)
    return True
