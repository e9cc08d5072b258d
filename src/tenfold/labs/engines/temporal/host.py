"""A machine that holds rooms and grades work: what `tenfold labs host` runs."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import PollerBehaviorSimpleMaximum, UnsandboxedWorkflowRunner, Worker

from tenfold.kit.errors import UserError
from tenfold.labs import grading, lab_reader, rooms, variants
from tenfold.labs import home as homes
from tenfold.labs.engines import carry
from tenfold.labs.engines.temporal.connect import Settings
from tenfold.labs.engines.temporal.keeping import AGAIN, Keeping, Place, RoomLost
from tenfold.labs.engines.temporal.orders import (
    GRADINGS,
    ROOMS,
    SESSIONS,
    Answer,
    GradingOrder,
    HostWord,
    Judged,
    SessionOrder,
    host_queue,
)
from tenfold.labs.engines.temporal.relay import Relay, address_of
from tenfold.labs.engines.temporal.workflows import WORKFLOWS
from tenfold.labs.rooms import RoomError
from tenfold.labs.sessions import Session
from tenfold.labs.verdicts import Verdict
from tenfold.sandbox.interface import SandboxError

GRACE = timedelta(seconds=30)
_DECLINES_S = 5.0
_GRADING_BEAT_S = 3.0
_ONE_POLL = PollerBehaviorSimpleMaximum(1)
"""The server may hand a task to the poll of a host that was cut off a moment ago; then it waits out a timeout.

With one poll a queue that happens once for each such host; and no host is asked first because it knew the workflow.
"""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a host listens for web processes, and the certificates by which both sides know each other."""

    host: str
    port: int
    settings: Settings


@dataclass(slots=True)
class Host:
    """Its activities. `slots`: rooms at most."""

    place: Place
    slots: int
    is_cordoned: bool = False
    keepings: dict[str, Keeping] = field(default_factory=dict)
    _declines: dict[str, float] = field(default_factory=dict)

    @activity.defn(name="hold-room")
    async def hold_room(self, order: SessionOrder) -> Answer:
        """Holds one room until it is handed in."""
        if self.is_cordoned or time.monotonic() < self._declines.get(order.session, 0.0):
            raise ApplicationError("this host takes no new rooms", next_retry_delay=AGAIN)
        keeping = Keeping(self.place, order)
        self.keepings[order.session] = keeping
        try:
            return await keeping.run()
        except RoomLost as error:
            raise ApplicationError("the room is another host's", next_retry_delay=AGAIN) from error
        finally:
            if self.keepings.get(order.session) is keeping:
                del self.keepings[order.session]

    @activity.defn(name="tell-host")
    async def answer_word(self, word: HostWord) -> Answer:
        """What is asked of this host and no other."""
        match word.verb:
            case "cordon" | "uncordon":
                self.is_cordoned = word.verb == "cordon"
            case "drain":
                return await self._drain()
            case "submit" | "leave":
                return await self._tell_room(word)
        return self._state()

    def _state(self) -> Answer:
        return Answer(sessions=sorted(self.keepings), slots=self.slots, is_cordoned=self.is_cordoned)

    async def _drain(self) -> Answer:
        self.is_cordoned = True
        names = sorted(self.keepings)
        await asyncio.gather(*(self.keepings[name].take_word("leave") for name in names))
        return Answer(sessions=names, is_cordoned=True)

    async def _tell_room(self, word: HostWord) -> Answer:
        keeping = self.keepings.get(word.session)
        if keeping is None:
            raise ApplicationError("this host does not hold the room", non_retryable=True)
        if word.verb == "leave":
            self._declines[word.session] = time.monotonic() + _DECLINES_S
        return await keeping.take_word(word.verb)

    @activity.defn(name="grade")
    async def grade(self, order: GradingOrder) -> Judged:
        """Judges one snapshot, alone on this host."""
        if self.is_cordoned:
            raise ApplicationError("this host takes no new work", next_retry_delay=AGAIN)
        beating = asyncio.create_task(_beat_on())
        try:
            verdict = await asyncio.to_thread(self._grade, order)
        except (UserError, SandboxError) as error:  # an environment that is not built here: another host has it
            raise ApplicationError(str(error), next_retry_delay=timedelta(seconds=2)) from error
        finally:
            beating.cancel()
        return Judged(verdict.to_dict(), self.place.name)

    def _grade(self, order: GradingOrder) -> Verdict:
        home = self.place.home
        labs = home.editions / Path(order.edition).name
        carry.unpack_folder(order.labs, self.place.store, labs)
        lab = lab_reader.read(labs / Path(order.lab).name)
        submission = carry.own_store(order.session, self.place.store).get(order.snapshot)
        sandbox = homes.sandbox(home)
        try:
            return grading.grade(home, sandbox, variants.variant(home, sandbox, lab, order.seed), submission)
        finally:
            sandbox.close()

    async def run(
        self, stop: asyncio.Event, ready: Callable[[], None] = lambda: None, *, door: Door | None = None
    ) -> None:
        """Takes rooms and gradings until told to stop; then its rooms are saved and taken over by others.

        `door`: where web processes reach its rooms.
        """
        await prepare_home(self.place)
        async with contextlib.AsyncExitStack() as stack:
            if door is not None:
                await self._open(door, stack)
            await self._work(stop, ready, stack)

    async def _open(self, door: Door, stack: contextlib.AsyncExitStack) -> None:
        relay = Relay(self.place.home, self.keepings)
        server = await relay.listen(door.settings, door.host, door.port)
        stack.callback(relay.close)
        stack.callback(server.close)
        self.place = replace(self.place, address=address_of(server, door.host))

    async def _work(self, stop: asyncio.Event, ready: Callable[[], None], stack: contextlib.AsyncExitStack) -> None:
        client, name = self.place.client, self.place.name
        workers = [
            Worker(
                client, task_queue=SESSIONS, workflows=WORKFLOWS, identity=name, max_cached_workflows=0,
                workflow_runner=UnsandboxedWorkflowRunner(), workflow_task_poller_behavior=_ONE_POLL,
            ),
            Worker(
                client, task_queue=host_queue(name), activities=[self.answer_word], identity=name,
                activity_task_poller_behavior=_ONE_POLL,
            ),
            Worker(
                client, task_queue=ROOMS, activities=[self.hold_room], identity=name,
                max_concurrent_activities=self.slots, graceful_shutdown_timeout=GRACE,
                activity_task_poller_behavior=_ONE_POLL,
            ),
            Worker(
                client, task_queue=GRADINGS, activities=[self.grade], identity=name, max_concurrent_activities=1,
                graceful_shutdown_timeout=GRACE, activity_task_poller_behavior=_ONE_POLL,
            ),
        ]  # fmt: skip
        for worker in workers:
            await stack.enter_async_context(worker)
        ready()
        await stop.wait()
        self.is_cordoned = True


async def _beat_on() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(_GRADING_BEAT_S)


async def prepare_home(place: Place) -> None:
    """Ends what a host that was killed has left here; all that counts of it is in the store.

    Raises `UserError` for a home in which sessions began: a host's is its own.
    """
    home = place.home
    if not home.host_mark.exists() and home.sessions.is_dir() and any(home.sessions.iterdir()):
        raise UserError(
            f"{home.root} holds sessions that began there, so it cannot be a host's home",
            remedy="set TENFOLD_HOME to a folder of the host's own",
        )
    home.root.mkdir(parents=True, exist_ok=True, mode=0o755)
    home.host_mark.touch()
    for marker in sorted((home.rooms / "open").glob("*")):
        with contextlib.suppress(UserError, RoomError):
            await rooms.discard(Session(home.sessions / marker.name))
        marker.unlink(missing_ok=True)
    await asyncio.to_thread(shutil.rmtree, home.sessions, True)
