"""One attempt of one host at holding one room: taken up from what was saved, kept alive, and given up."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from dataclasses import asdict, dataclass
from datetime import timedelta

from temporalio import activity
from temporalio.client import AsyncActivityHandle, Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from tenfold.kit.errors import UserError
from tenfold.labs import rooms
from tenfold.labs.engines import carry
from tenfold.labs.engines.store import ContentStore
from tenfold.labs.engines.temporal.orders import Answer, Beat, Holding, SessionOrder
from tenfold.labs.home import Home
from tenfold.labs.rooms import RoomError
from tenfold.labs.sessions import Session, utc_now

AGAIN = timedelta(milliseconds=200)
_LAST_BEAT_S = 10.0
_UNHEARD_S, _ANSWER_S = 0.5, 5.0
"""A server that refuses is asked again so soon, so that rooms go on once it is back; one that is slow has time."""


@dataclass(frozen=True, slots=True)
class Place:
    """The host: its name and home, the store, the server, and its limits in seconds."""

    name: str
    home: Home
    store: ContentStore
    client: Client
    heartbeat_timeout_s: float
    freeze_after_s: float
    save_every_s: float = 30.0
    address: str = ""
    """Where web processes reach its rooms, host:port; "" where it has no door for them."""

    @property
    def beat_every_s(self) -> float:
        return self.freeze_after_s / 4


class RoomLost(Exception):
    """The attempt is not current any more: the room is another host's, or will be."""


class Keeping:
    """Made within the activity that holds the room."""

    def __init__(self, place: Place, order: SessionOrder) -> None:
        self._place, self._order = place, order
        self._info = activity.info()
        self._handle: AsyncActivityHandle = place.client.get_async_activity_handle(task_token=self._info.task_token)
        self._before = _last_beat(self._info)
        self._manifest = self._before.manifest if self._before else order.manifest
        self._packer: carry.Packer | None = None
        self._words: asyncio.Queue[tuple[str, asyncio.Future[Answer]]] = asyncio.Queue()
        self._lost = asyncio.Event()
        self._saved_at = time.monotonic()
        self._packs = asyncio.Lock()
        self.is_held = False
        """Whether the room was taken up and is not given up yet."""

        self.session = Session(place.home.sessions / order.session)

    async def run(self) -> Answer:
        """Until the work is handed in. Raises `ApplicationError` where another host is to go on."""
        beating = asyncio.create_task(self._beat_on())
        shutdown = asyncio.create_task(activity.wait_for_worker_shutdown())
        try:
            await self._take_up()
            return await self._serve(shutdown)
        except (RoomLost, asyncio.CancelledError):
            await self._discard()
            raise
        finally:
            self.is_held = False
            beating.cancel()
            shutdown.cancel()
            await asyncio.to_thread(shutil.rmtree, self.session.folder, True)

    async def take_word(self, verb: str) -> Answer:
        """Asks for `submit` or `leave`, from elsewhere in the same process."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        await self._words.put((verb, answer))
        return await answer

    # taking up

    async def _take_up(self) -> None:
        if (self._place.home.rooms / "open" / self.session.id).exists():
            await self._discard()  # of an attempt of ours that is over
            await asyncio.sleep(1.0)
        self.session = await asyncio.to_thread(
            carry.unpack, self._order.session, self._manifest, self._place.store, self._place.home
        )
        await asyncio.to_thread(self._note_taken_up)
        self._packer = carry.Packer(self.session, self._place.store)
        problem = ""
        try:
            await rooms.open_room(self.session)
        except UserError as error:  # out of time or paused: it is held so that it can be handed in
            problem = error.what
        await self._beat()
        workflow = self._place.client.get_workflow_handle(self._info.workflow_id or "")
        news = Holding(self._place.name, self._info.attempt, time.time(), problem, self._place.address)
        await workflow.signal("held", news)
        self.is_held = True

    def _note_taken_up(self) -> None:
        self.session.end_visits()
        gap_s = round(time.time() - self._before.at, 3) if self._before else 0.0
        self.session.note("held", utc_now(), host=self._place.name, attempt=self._info.attempt, not_charged_s=gap_s)

    # keeping

    async def _serve(self, shutdown: asyncio.Task[None]) -> Answer:
        lost = asyncio.create_task(self._lost.wait())
        asked = asyncio.create_task(self._words.get())
        try:
            while True:
                left_s = max(0.05, self._saved_at + self._place.save_every_s - time.monotonic())
                await asyncio.wait((lost, asked, shutdown), timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
                if lost.done():
                    raise RoomLost
                if shutdown.done():
                    await self._leave()
                if asked.done():
                    verb, answer = asked.result()
                    if (ending := await self._do(verb, answer)) is not None:
                        return ending
                    asked = asyncio.create_task(self._words.get())
                elif time.monotonic() - self._saved_at >= self._place.save_every_s:
                    await self._save()
        finally:
            lost.cancel()
            asked.cancel()

    async def _do(self, verb: str, answer: asyncio.Future[Answer]) -> Answer | None:
        try:
            if verb == "submit":
                ending = await self._submit()
                answer.set_result(ending)
                return ending
            await self._leave(answer)
        except UserError as problem:
            answer.set_result(Answer(problem=problem.what, remedy=problem.remedy or ""))
        except RoomError as problem:
            answer.set_result(Answer(problem=str(problem)))
        self.is_held = True
        return None

    async def _submit(self) -> Answer:
        try:
            snapshot = await rooms.submit(self.session)
        except RoomError:  # the room is gone: what was saved last is handed in
            snapshot = await asyncio.to_thread(self.session.submit, None, utc_now())
        return Answer(manifest=await self._pack(), snapshot=snapshot)

    async def _leave(self, answer: asyncio.Future[Answer] | None = None) -> None:
        """Saves and ends the room; the server has the save before another host is asked."""
        self.is_held = False
        await rooms.let_go(self.session)
        await self._pack()
        async with asyncio.timeout(_LAST_BEAT_S):
            while not await self._beat():
                await asyncio.sleep(AGAIN.total_seconds())
        if answer is not None:
            answer.set_result(Answer(sessions=[self.session.id]))
        raise ApplicationError("this host lets the room go", next_retry_delay=AGAIN)

    async def _save(self) -> None:
        self._saved_at = time.monotonic()
        with contextlib.suppress(UserError, RoomError):  # it holds too much, or there is no box: told in the room
            await rooms.save(self.session)
        await self._pack()
        await self._beat()

    async def _pack(self) -> str:
        self._manifest = await self.copy()
        return self._manifest

    async def copy(self) -> str:
        """The session as it is now, for who wants to read it; what a next host would go on from is the last save."""
        async with self._packs:
            return await asyncio.to_thread(self._packer.pack) if self._packer is not None else self._manifest

    async def _discard(self) -> None:
        with contextlib.suppress(UserError, RoomError):
            await rooms.discard(self.session)

    # heartbeats

    async def _beat_on(self) -> None:
        while not self._lost.is_set():
            is_heard = await self._beat()
            await asyncio.sleep(self._place.beat_every_s if is_heard else min(_UNHEARD_S, self._place.beat_every_s))

    async def _beat(self) -> bool:
        """Tells the server what was saved; its answer is what the room's lease rests on."""
        sent = time.monotonic()
        words = asdict(Beat(self._manifest, time.time(), self._place.name))
        try:
            await self._handle.heartbeat(words, rpc_timeout=self._patience)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                self._lost.set()
            return False
        activity.heartbeat(words)
        await self._renew_lease(self._place.freeze_after_s - (time.monotonic() - sent))
        return True

    @property
    def _patience(self) -> timedelta:
        return timedelta(seconds=min(_ANSWER_S, self._place.freeze_after_s / 2))

    async def _renew_lease(self, left_s: float) -> None:
        if left_s > 0 and self._packer is not None:
            with contextlib.suppress(UserError, RoomError):  # it is not open, or about to be opened anew
                await rooms.lease(self.session, left_s)


def _last_beat(info: activity.Info) -> Beat | None:
    return Beat(**info.heartbeat_details[0]) if info.heartbeat_details else None
