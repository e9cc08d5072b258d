"""One machine: the server of rooms of this home, and its own queue of gradings."""

from __future__ import annotations

import asyncio
import contextlib
import platform
from collections.abc import Callable

from tenfold.kit.errors import UserError
from tenfold.labs import home as homes
from tenfold.labs import rooms, sessions
from tenfold.labs.engines.port import HostState, NoOtherHost, Phase, Standing
from tenfold.labs.home import Home
from tenfold.labs.rooms import RoomError
from tenfold.labs.sessions import Session, State
from tenfold.labs.verdicts import Verdict


class LocalEngine:
    """Rooms and gradings of one `TENFOLD_HOME`."""

    name = "local"

    def __init__(self, home: Home) -> None:
        self._home = home
        self._host = platform.node() or "localhost"

    async def hold(self, session: Session) -> Standing:
        await rooms.open_room(session)
        return await self.state(session)

    async def state(self, session: Session) -> Standing:
        return await asyncio.to_thread(self._standing, session)

    def _standing(self, session: Session) -> Standing:
        phase = self._phase(session)
        taken = session.snapshots()
        return Standing(
            session=session.id,
            phase=phase,
            host=self._host if session.id in self._names_held() else "",
            attempt=sum(entry.kind == "box" and entry.data.get("how") == "made" for entry in session.events()),
            saved=taken[-1].hash if taken else "",
        )

    def _phase(self, session: Session) -> Phase:
        if session.state is not State.OPEN:
            return Phase.GRADED if session.state is State.GRADED else Phase.SUBMITTED
        if session.paused() is not None:
            return Phase.PAUSED
        return Phase.HELD if session.id in self._names_held() else Phase.OPEN

    def _names_held(self) -> tuple[str, ...]:
        folder = self._home.rooms / "open"
        return tuple(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else ()

    async def move(self, session: Session) -> Standing:
        raise NoOtherHost(
            f"session {session.id} cannot be moved: this machine is the only host",
            remedy="with several machines, see docs/operate.md",
        )

    def _must_be_here(self, host: str) -> None:
        if host != self._host:
            raise UserError(f"there is no host {host}", remedy=f"the only one is {self._host}")

    async def cordon(self, host: str) -> None:
        self._must_be_here(host)
        self._home.rooms.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._home.cordon.touch(mode=0o600)

    async def uncordon(self, host: str) -> None:
        self._must_be_here(host)
        self._home.cordon.unlink(missing_ok=True)

    async def drain(self, host: str) -> tuple[str, ...]:
        await self.cordon(host)
        let_go = []
        for name in self._names_held():
            with contextlib.suppress(UserError, RoomError):  # it has ended by itself meanwhile
                await rooms.let_go(sessions.find(self._home, name))
                let_go.append(name)
        return tuple(let_go)

    async def submit(self, session: Session) -> str:
        try:
            return await rooms.submit(session)
        except RoomError:  # the room is gone: what was saved last is handed in
            return await asyncio.to_thread(session.submit, None, sessions.utc_now())

    async def grade(
        self, session: Session, *, again: bool = False, on_position: Callable[[int], None] = lambda _: None
    ) -> Verdict:
        return await asyncio.to_thread(self._grade, session, again, on_position)

    def _grade(self, session: Session, again: bool, on_position: Callable[[int], None]) -> Verdict:
        sandbox = homes.sandbox(self._home)
        try:
            return session.grade(self._home, sandbox, sessions.utc_now(), again=again, on_position=on_position)
        finally:
            sandbox.close()

    async def hosts(self) -> tuple[HostState, ...]:
        return (HostState(self._host, self._names_held(), is_cordoned=self._home.cordon.exists()),)
