"""The life of a session, of a grading, and of a question to one host, as Temporal runs it."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from tenfold.labs.engines.temporal.orders import (
    GRADINGS,
    ROOMS,
    Answer,
    GradingOrder,
    Holding,
    HostWord,
    Judged,
    SessionOrder,
    host_queue,
)

_ONCE = RetryPolicy(maximum_attempts=1)
_SOON = RetryPolicy(initial_interval=timedelta(milliseconds=200), backoff_coefficient=1.0)


@workflow.defn(name="tenfold-session")
class SessionWorkflow:
    """From the first holding until the work is handed in. Its id is the session's: it is begun once, whoever asks."""

    def __init__(self) -> None:
        self._holding = Holding()
        self._ending: Answer | None = None
        self._session = ""

    @workflow.run
    async def run(self, order: SessionOrder) -> Answer:
        self._session = order.session
        self._ending = await workflow.execute_activity(
            "hold-room",
            order,
            result_type=Answer,
            task_queue=ROOMS,
            heartbeat_timeout=timedelta(seconds=order.heartbeat_timeout_s),
            start_to_close_timeout=timedelta(days=30),
            retry_policy=_SOON,
        )
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._ending

    @workflow.signal(name="held")
    def take_news(self, news: Holding) -> None:
        """An older attempt that speaks late is not heeded."""
        if news.attempt > self._holding.attempt:
            self._holding = news

    @workflow.query
    def holding(self) -> Holding:
        return self._holding

    @workflow.update
    async def submit(self) -> Answer:
        """Whoever holds the room hands it in; where they are lost meanwhile, whoever holds it next."""
        while self._ending is None:
            if host := self._holding.host:
                answer = await _ask(HostWord(host, "submit", self._session))
                if answer is not None and answer.problem:
                    return answer
            with contextlib.suppress(asyncio.TimeoutError):
                await workflow.wait_condition(lambda: self._ending is not None, timeout=timedelta(seconds=1))
        return self._ending


async def _ask(word: HostWord) -> Answer | None:
    """None where the host does not answer."""
    try:
        answer: Answer = await workflow.execute_activity(
            "tell-host",
            word,
            result_type=Answer,
            task_queue=host_queue(word.host),
            schedule_to_start_timeout=timedelta(seconds=3),
            start_to_close_timeout=timedelta(seconds=120),
            retry_policy=_ONCE,
        )
    except ActivityError:
        return None
    return answer


@workflow.defn(name="tenfold-ask-host")
class AskHostWorkflow:
    """One question to one host."""

    @workflow.run
    async def run(self, word: HostWord) -> Answer | None:
        return await _ask(word)


@workflow.defn(name="tenfold-grading")
class GradingWorkflow:
    """One grading. Its id is made of what is judged and by what: it is done once, whoever asks."""

    @workflow.run
    async def run(self, order: GradingOrder) -> Judged:
        judged: Judged = await workflow.execute_activity(
            "grade",
            order,
            result_type=Judged,
            task_queue=GRADINGS,
            heartbeat_timeout=timedelta(seconds=20),
            start_to_close_timeout=timedelta(hours=1),
            schedule_to_close_timeout=timedelta(hours=12),
            retry_policy=_SOON,
        )
        return judged


WORKFLOWS = [SessionWorkflow, AskHostWorkflow, GradingWorkflow]
