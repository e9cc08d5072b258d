"""Asking for background work, and doing it (kinds of work are declared with `core.jobs.job`)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.utils import timezone

from tenfold.core.jobs import guard_of, job_named
from tenfold.core.models import Organisation, User
from tenfold.core.models.background import Work, WorkState
from tenfold.kit.errors import UserError

KEPT = timedelta(days=1)
BETWEEN_TELLINGS_S = 0.5
OUR_FAULT = "Something went wrong on our side. It is in the log; try again, and nothing of yours is lost."
NOT_KEPT = "It was made and could not be kept: the database took no more. Ask again once there is room on its disk."
log = structlog.get_logger(__name__)


class Progress:
    """What a task tells of itself while it runs; at most twice a second goes to the database."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._told_at = 0.0

    def report(self, said: str, *, done: int = 0, of: int = 0) -> None:
        if time.monotonic() - self._told_at < BETWEEN_TELLINGS_S and done < of:
            return
        self._told_at = time.monotonic()
        Work.objects.filter(pk=self.work.pk).update(said=said[:500], done=done, of=of)

    def keep(self, file: bytes, *, name: str, media_type: str) -> None:
        self.work.file, self.work.file_name, self.work.media_type = file, name[:120], media_type

    def note(self, **details: Any) -> None:
        """Adds to what the job's guard decides by: kept at once, before there is anything to open."""
        self.work.details = {**self.work.details, **details}
        Work.objects.filter(pk=self.work.pk).update(details=self.work.details)

    def lead_to(self, address: str) -> None:
        self.work.leads_to = address


@transaction.atomic
def enqueue(
    job: str,
    *,
    title: str,
    by: User,
    organisation: Organisation,
    now: datetime,
    key: str = "",
    back_to: str = "",
    **details: Any,
) -> Work:
    """Queues a job by its name, with the work's id and `details`.

    The same work (`key`) that waits, runs or is kept is the answer.

    The queue is in the same database: what a transaction takes back is not done.
    """
    Work.objects.filter(asked_by=by, asked_at__lt=now - KEPT).delete()
    if key:
        same = Work.objects.filter(asked_by=by, key=key).exclude(state=WorkState.FAILED).defer("file").first()
        if same is not None and (not same.is_over or not same.file_name or may_open(same, by)):
            return same
    work = Work.objects.create(
        organisation=organisation,
        asked_by=by,
        title=title[:200],
        job=job,
        details=details,
        key=key[:200],
        back_to=back_to,
        asked_at=now,
    )
    job_named(job).enqueue(str(work.pk), **details)
    return work


def may_open(work: Work, user: User) -> bool:
    """Whether somebody may have the file of a piece of work now: it is theirs, and the job's guard still says yes."""
    guard = guard_of(work.job)
    return work.asked_by_id == user.pk and user.is_active and guard is not None and guard(work, user)


@contextmanager
def running(work_id: str) -> Iterator[Progress]:
    """Around a task: says that it runs, and how it ended. What the asker can mend is told as it is said.

    Work that has gone meanwhile, with whoever asked for it, is done for nobody.
    """
    work = Work.objects.defer("file").filter(pk=work_id).first()
    if work is None:
        work = Work(pk=work_id)
    Work.objects.filter(pk=work_id).update(state=WorkState.RUNNING, said="", done=0, of=0)
    progress = Progress(work)
    try:
        yield progress
    except UserError as error:
        _end(work, WorkState.FAILED, f"{error.what} {error.remedy}".strip())
    except Exception:
        log.exception("work failed", work=work_id)
        _end(work, WorkState.FAILED, OUR_FAULT)
        raise
    else:
        _end_with_result(work)


def _end_with_result(work: Work) -> None:
    """Where the result cannot be kept, the work has failed: left running, it would stand in the way of asking again."""
    try:
        _end(work, WorkState.DONE, "")
    except DatabaseError:
        work.file, work.file_name, work.media_type, work.leads_to = None, "", "", ""
        _end(work, WorkState.FAILED, NOT_KEPT)
        raise


def _end(work: Work, state: WorkState, said: str) -> None:
    Work.objects.filter(pk=work.pk).update(
        state=state,
        said=said[:500],
        file=work.file if "file" not in work.get_deferred_fields() else None,
        file_name=work.file_name,
        media_type=work.media_type,
        leads_to=work.leads_to,
        ended_at=timezone.now(),
    )
