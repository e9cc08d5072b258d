"""Whoever asks: the command line, web processes, tests. Holds nothing that must be kept."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from typing import Any

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from tenfold.kit.errors import UserError
from tenfold.labs.engines import carry
from tenfold.labs.engines.port import HostState, NoOtherHost, Phase, Standing
from tenfold.labs.engines.shelf import Shelf
from tenfold.labs.engines.store import ContentStore, store_at
from tenfold.labs.engines.temporal.connect import Settings, client_of
from tenfold.labs.engines.temporal.orders import (
    GRADINGS,
    SESSIONS,
    Answer,
    GradingOrder,
    Holding,
    HostWord,
    Judged,
    SessionOrder,
)
from tenfold.labs.engines.temporal.workflows import AskHostWorkflow, GradingWorkflow, SessionWorkflow
from tenfold.labs.home import Home
from tenfold.labs.rooms import RoomError
from tenfold.labs.sessions import Session, State, utc_now, verdict_from
from tenfold.labs.verdicts import Verdict

HOLD_S = 30.0
_LOOK_S, _POSITION_S = 0.1, 1.0
_QUERY, _QUERIES = timedelta(seconds=3), 4
_TASK = timedelta(seconds=3)
"""How long a host has for one step of a workflow before another one is given it."""


class TemporalEngine:
    """Sessions begin and end in this machine's home; in between the host that holds one has it."""

    name = "temporal"

    def __init__(self, home: Home, client: Client, store: ContentStore, *, heartbeat_timeout_s: float = 60.0) -> None:
        self._home, self._client, self._store = home, client, store
        self._heartbeat_timeout_s = heartbeat_timeout_s
        self.shelf = Shelf(home, store)

    # rooms

    async def hold(self, session: Session) -> Standing:
        await asyncio.to_thread(session.must_be_enterable)
        if (await self.holding(session.id)) is None:
            manifest = await asyncio.to_thread(self.shelf.keep, session)
            order = SessionOrder(session.id, manifest, self._heartbeat_timeout_s)
            try:
                await self._client.start_workflow(
                    SessionWorkflow.run,
                    order,
                    id=_workflow_id(session.id),
                    task_queue=SESSIONS,
                    task_timeout=_TASK,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                )
            except WorkflowAlreadyStartedError:
                raise UserError(f"session {session.id} has been submitted", remedy="start another attempt") from None
        found = await self._wait(session, lambda one: bool(one.host))
        if found.problem:
            raise UserError(found.problem)
        return await self.state(session)

    async def _wait(self, session: Session, is_so: Callable[[Holding], bool]) -> Holding:
        until = time.monotonic() + HOLD_S
        while time.monotonic() < until:
            found = await self.holding(session.id)
            if found is not None and is_so(found) and found.host in await self._names_asked(found):
                return found
            await asyncio.sleep(_LOOK_S)
        raise UserError(
            f"no host takes the room of session {session.id}",
            remedy="tenfold labs hosts shows which are there; start one with tenfold labs host",
        )

    async def _names_asked(self, found: Holding) -> tuple[str, ...]:
        """The host that was named, if it says itself that it holds something: it may have died since."""
        answer = await self._ask(HostWord(found.host, "state"))
        return (found.host,) if answer is not None and answer.sessions else ()

    async def holding(self, session: str) -> Holding | None:
        """Who holds it; None where no host was ever asked for it, or it is over. Raises `RoomError`."""
        handle = self._handle(session)
        try:
            if (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
                return None
            return await _query(handle)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise RoomError(f"the hosts do not answer: {error}") from error

    def _handle(self, session: str) -> WorkflowHandle[SessionWorkflow, Answer]:
        return self._client.get_workflow_handle_for(SessionWorkflow.run, _workflow_id(session))

    async def state(self, session: Session) -> Standing:
        state, taken = session.state, session.snapshots()
        saved = taken[-1].hash if taken else ""
        if state is not State.OPEN:
            phase = Phase.GRADED if state is State.GRADED else Phase.SUBMITTED
            return Standing(session.id, phase, saved=saved)
        found = await self.holding(session.id)
        if found is None or not found.host:
            return Standing(session.id, Phase.PAUSED if session.paused() is not None else Phase.OPEN, saved=saved)
        return Standing(session.id, Phase.HELD, found.host, found.attempt, saved)

    async def move(self, session: Session) -> Standing:
        before = await self.holding(session.id)
        if before is None or not before.host:
            raise UserError(f"no host holds session {session.id}", remedy="hold it first")
        if not any(one.name != before.host and not one.is_cordoned for one in await self.hosts()):
            raise NoOtherHost(f"{before.host} is the only host that takes rooms", remedy="start another one")
        await self._must_answer(HostWord(before.host, "leave", session.id))
        await self._wait(session, lambda one: one.attempt > before.attempt and one.host != before.host)
        return await self.state(session)

    async def submit(self, session: Session) -> str:
        if session.state is State.OPEN and await self.holding(session.id) is not None:
            answer = await self._handle(session.id).execute_update(SessionWorkflow.submit)
        elif session.state is State.OPEN and (ended := await self.past_ending(session.id)) is not None:
            answer = ended
        else:
            return await asyncio.to_thread(self._submit_here, session)
        if answer.problem:
            raise UserError(answer.problem, remedy=answer.remedy)
        await asyncio.to_thread(self.bring_home, session.id, answer)
        return answer.snapshot

    def _submit_here(self, session: Session) -> str:
        """What no host ever held, or what is handed in already."""
        is_news = session.state is State.OPEN
        snapshot = session.submit(None, utc_now())
        if is_news:
            self.shelf.keep(session)
        return snapshot

    def bring_home(self, session: str, ending: Answer) -> None:
        """The folder of a session that was handed in; what only its course needed goes from the store.

        Once: what came since, such as its verdict, is newer.
        """
        if self.shelf.end(session, ending.manifest):
            self.shelf.tidy(session, ending.manifest)
        self.shelf.bring(session)

    async def past_ending(self, session: str) -> Answer | None:
        """Of a session that was handed in, and whose folder has perhaps not come home yet."""
        try:
            return await self._handle(session).result(rpc_timeout=_QUERY)
        except RPCError:
            return None

    async def end(self, session: str) -> None:
        """Whoever holds it discards the room: nothing of it is saved. Harmless where nobody does."""
        try:
            await self._handle(session).terminate("it is erased")
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise RoomError(f"the hosts do not answer: {error}") from error

    # gradings

    async def grade(
        self, session: Session, *, again: bool = False, on_position: Callable[[int], None] = lambda _: None
    ) -> Verdict:
        loop = asyncio.get_running_loop()

        def judge(submission: bytes) -> Verdict:
            work = self._judge(session, submission, again=again, on_position=on_position)
            return asyncio.run_coroutine_threadsafe(work, loop).result()

        verdict = await asyncio.to_thread(session.grade_by, judge, utc_now(), again=again)
        await asyncio.to_thread(self.shelf.keep_shared, session)
        return verdict

    async def times_judged(self, session: Session) -> int:
        """How often hosts took up the first grading of what was handed in: once, but where one failed at it."""
        order = await self._grading_order(session, session.snapshot_bytes(session.facts()["submitted"]))
        history = await self._client.get_workflow_handle(_grading_id(order)).fetch_history()
        return sum(event.HasField("activity_task_started_event_attributes") for event in history.events)

    async def _grading_order(self, session: Session, submission: bytes) -> GradingOrder:
        facts, lab = session.facts(), session.lab
        labs = lab.folder.parent
        return GradingOrder(
            session=session.id,
            snapshot=await asyncio.to_thread(carry.own_store(session.id, self._store).add, submission),
            seed=facts["seed"],
            lab=lab.folder.name,
            edition=labs.name,
            labs=await asyncio.to_thread(carry.pack_folder, labs, self._store),
        )

    async def _judge(
        self, session: Session, submission: bytes, *, again: bool, on_position: Callable[[int], None]
    ) -> Verdict:
        order = await self._grading_order(session, submission)
        handle: WorkflowHandle[Any, Judged] = await self._client.start_workflow(
            GradingWorkflow.run,
            order,
            id=_grading_id(order) + (f"-again-{token_hex(6)}" if again else ""),
            task_queue=SESSIONS,
            task_timeout=_TASK,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        )
        telling = asyncio.create_task(self._tell_position(handle, on_position))
        try:
            return verdict_from((await handle.result()).verdict)
        except WorkflowFailureError as error:
            raise RoomError(f"no host could grade it: {error.cause}") from error
        finally:
            telling.cancel()

    async def _tell_position(self, handle: WorkflowHandle[Any, Judged], on_position: Callable[[int], None]) -> None:
        """How many gradings must end before this one begins: those asked for earlier, less the hosts that grade."""
        told = -1
        with contextlib.suppress(RPCError):  # it is a courtesy: the grading goes on without
            asked_at = (await handle.describe()).start_time.isoformat()
            running = f"WorkflowType='tenfold-grading' AND ExecutionStatus='Running' AND StartTime < '{asked_at}'"
            while told != 0:
                before = (await self._client.count_workflows(running)).count
                position = max(0, before + 1 - max(1, len(await self._names_at(GRADINGS, is_activity=True))))
                if position != told:
                    on_position(position)
                    told = position
                await asyncio.sleep(_POSITION_S)

    # hosts

    async def _names_at(self, queue: str, *, is_activity: bool) -> list[str]:
        """Of the hosts that have asked for work of a queue lately."""
        kinds = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
        asked = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=kinds[0] if is_activity else kinds[1],
        )
        found = await self._client.workflow_service.describe_task_queue(asked)
        return sorted({one.identity for one in found.pollers})

    async def hosts(self) -> tuple[HostState, ...]:
        names = await self._names_at(SESSIONS, is_activity=False)
        answers = await asyncio.gather(*(self._ask(HostWord(name, "state")) for name in names))
        return tuple(
            HostState(name, tuple(one.sessions), one.slots, one.is_cordoned)
            for name, one in zip(names, answers, strict=True)
            if one is not None  # seen by the server a while ago, and gone since
        )

    async def cordon(self, host: str) -> None:
        await self._must_answer(HostWord(host, "cordon"))

    async def uncordon(self, host: str) -> None:
        await self._must_answer(HostWord(host, "uncordon"))

    async def drain(self, host: str) -> tuple[str, ...]:
        return tuple((await self._must_answer(HostWord(host, "drain"))).sessions)

    async def _must_answer(self, word: HostWord) -> Answer:
        answer = await self._ask(word)
        if answer is None:
            raise UserError(f"host {word.host} does not answer", remedy="tenfold labs hosts shows those that are there")
        if answer.problem:
            raise UserError(answer.problem, remedy=answer.remedy)
        return answer

    async def _ask(self, word: HostWord) -> Answer | None:
        return await self._client.execute_workflow(
            AskHostWorkflow.run, word, id=f"tenfold-ask-{token_hex(8)}", task_queue=SESSIONS, task_timeout=_TASK
        )


async def _query(handle: WorkflowHandle[SessionWorkflow, Answer]) -> Holding:
    """A host that was cut off may have been asked: then another one is."""
    for _ in range(_QUERIES - 1):
        try:
            return await handle.query(SessionWorkflow.holding, rpc_timeout=_QUERY)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise
    return await handle.query(SessionWorkflow.holding, rpc_timeout=_QUERY)


def _grading_id(order: GradingOrder) -> str:
    words = f"{order.snapshot} {order.labs} {order.seed}"
    return f"tenfold-grading-{hashlib.sha256(words.encode()).hexdigest()[:40]}"


def _workflow_id(session: str) -> str:
    return f"tenfold-session-{session}"


async def engine_at(found: Settings, home: Home) -> TemporalEngine:
    """Raises `UserError` where no server answers or the store cannot be opened."""
    client = await client_of(found)
    return TemporalEngine(home, client, store_at(found.store), heartbeat_timeout_s=found.heartbeat_timeout_s)
