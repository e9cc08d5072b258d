"""Work whose worker died goes back into the queue; what kills its worker again and again is given up."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from tenfold.core.models.background import Work, WorkerBeat, WorkState

MAX_TRIES = 3
BEAT_LASTS = timedelta(minutes=3)
"""A worker that has not said for so long that it lives is taken for dead; clocks of machines may differ by a minute."""
READY, RUNNING, FAILED = "READY", "RUNNING", "FAILED"


@cache
def worker_id() -> str:
    """`machine:process:random`: tells another worker of this machine whether it still lives."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def beat(*, now: datetime) -> None:
    """This process says that it lives; what dead ones said last is forgotten after a day."""
    WorkerBeat.objects.update_or_create(worker_id=worker_id(), defaults={"beat_at": now})
    WorkerBeat.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()


@transaction.atomic
def requeue_orphaned_tasks(*, now: datetime) -> int:
    """How many tasks went back into the queue."""
    back = 0
    for result in DBTaskResult.objects.select_for_update().filter(status=RUNNING):
        if _lives(result, now):
            continue
        given_up = len(result.worker_ids) >= MAX_TRIES
        result.status, result.started_at = (FAILED if given_up else READY), None
        result.finished_at = now if given_up else None
        result.save(update_fields=["status", "started_at", "finished_at"])
        arguments = result.args_kwargs.get("args") or [""]
        state, said = (WorkState.FAILED, f"Tried {MAX_TRIES} times in vain.") if given_up else (WorkState.WAITING, "")
        Work.objects.filter(pk__in=_uuids(arguments[0])).update(state=state, said=said)
        back += not given_up
    return back


def _lives(result: DBTaskResult[..., Any], now: datetime) -> bool:
    worker = (result.worker_ids or [""])[-1]
    machine, _, rest = worker.partition(":")
    process = rest.partition(":")[0]
    if machine == socket.gethostname()[:40] and process.isdigit():
        if int(process) == os.getpid():  # ours, or an earlier worker's that had our number
            return bool(worker == worker_id())
        if not _is_process(int(process)):
            return False
    beats = WorkerBeat.objects.filter(worker_id=worker, beat_at__gt=now - BEAT_LASTS).exists()
    return beats or (result.started_at is not None and now - result.started_at < BEAT_LASTS)


def _is_process(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _uuids(text: object) -> list[str]:
    return [text] if isinstance(text, str) and len(text) == 36 else []
