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

from tenfold.core.models.background import Work, WorkState

MAX_TRIES = 3
ELSEWHERE_LASTS = timedelta(hours=1)
"""A worker of another machine is taken for dead where one task takes longer."""
READY, RUNNING, FAILED = "READY", "RUNNING", "FAILED"


@cache
def worker_id() -> str:
    """`machine:process:random`: tells another worker of this machine whether it still lives."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


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
    machine, _, rest = (result.worker_ids or [""])[-1].partition(":")
    process = rest.partition(":")[0]
    if machine != socket.gethostname()[:40] or not process.isdigit():
        return result.started_at is not None and now - result.started_at < ELSEWHERE_LASTS
    if int(process) == os.getpid():  # ours, or an earlier worker's that had our number
        return bool(result.worker_ids[-1] == worker_id())
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _uuids(text: object) -> list[str]:
    return [text] if isinstance(text, str) and len(text) == 36 else []
