"""Beside a worker's tasks: it says that it lives, takes back lost work, and erases what has expired."""

from __future__ import annotations

import threading
import time

import structlog
from django.db import DatabaseError, connection
from django.utils import timezone

from tenfold.core.chores import do_chores
from tenfold.core.services.recovery import beat, requeue_orphaned_tasks

SWEEP_EVERY_S, BEAT_EVERY_S = 60.0, 15.0
log = structlog.get_logger(__name__)


def sweep_beside(*, every_s: float) -> threading.Event:
    """Sweeps in a thread until the process ends, or the event that is returned is set."""
    stop = threading.Event()
    threading.Thread(target=_sweep_until, args=(stop, every_s), name="sweep", daemon=True).start()
    return stop


def _sweep_until(stop: threading.Event, every_s: float) -> None:
    swept_at = time.monotonic()
    while not stop.wait(min(every_s, BEAT_EVERY_S)):
        try:
            beat(now=timezone.now())
            if time.monotonic() - swept_at >= every_s:
                swept_at = time.monotonic()
                sweep()
        except DatabaseError:  # locked or away for now: the next round tries again
            log.warning("sweep failed", exc_info=True)
        finally:
            connection.close()


def sweep() -> None:
    now = timezone.now()
    took = requeue_orphaned_tasks(now=now)
    if took:
        log.warning("lost work is done anew", tasks=took)
    do_chores(now)
