"""What happens when something dies: the server, the worker, a task."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tenfold.core.jobs import job
from tenfold.core.models.background import Work, WorkerBeat, WorkState
from tenfold.core.services.jobs import enqueue, running
from tenfold.core.services.recovery import BEAT_LASTS, MAX_TRIES, beat, requeue_orphaned_tasks, worker_id
from tenfold.kit.errors import UserError
from tenfold.web.sweep import sweep, sweep_beside
from tests.company import Company
from tests.sizes import size
from tests.worker import do_waiting_work

ROOT = Path(__file__).parent.parent.parent
WRITES = str(size(60, nightly=200))


@job("test.count")
def count_to(work_id: str, *, end: int) -> None:
    with running(work_id) as progress:
        for number in range(end):
            progress.report("Counting", done=number, of=end)
        if end > 3:
            raise UserError("Nobody counts that far.", remedy="Name a smaller number.")
        progress.lead_to("/plans/")


@job("test.breaks")
def breaks(work_id: str) -> None:
    with running(work_id):
        raise ZeroDivisionError


def asked(company: Company, kind: str = "test.count", key: str = "", **details: Any) -> Work:
    return enqueue(
        kind,
        title="Count",
        by=company.administrator,
        organisation=company.organisation,
        now=timezone.now(),
        key=key,
        **details,
    )


def test_work_is_done_in_turn_and_says_where_its_result_is(company: Company) -> None:
    work = asked(company, end=2)
    assert work.state == WorkState.WAITING
    do_waiting_work()
    work.refresh_from_db()
    assert (work.state, work.leads_to, work.said) == (WorkState.DONE, "/plans/", "")


def test_what_the_asker_can_mend_is_told_and_what_is_our_fault_is_in_the_log(company: Company) -> None:
    mendable, ours = asked(company, end=9), asked(company, "test.breaks")
    do_waiting_work()
    mendable.refresh_from_db()
    ours.refresh_from_db()
    assert (mendable.state, mendable.said) == (WorkState.FAILED, "Nobody counts that far. Name a smaller number.")
    assert ours.state == WorkState.FAILED
    assert "our side" in ours.said


def test_the_same_work_is_asked_for_once_and_anew_after_a_failure(company: Company) -> None:
    first = asked(company, key="nine", end=9)
    assert asked(company, key="nine", end=9) == first
    do_waiting_work()
    assert asked(company, key="nine", end=9) != first


def test_a_task_whose_worker_died_is_done_anew_but_not_for_ever(company: Company) -> None:
    work = asked(company, end=2)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    machine = worker_id().partition(":")[0]
    for attempt in range(MAX_TRIES):
        result = DBTaskResult.objects.get()
        result.claim(f"{machine}:{dead.pid}:{attempt}")
        took = requeue_orphaned_tasks(now=timezone.now())
    assert took == 0
    work.refresh_from_db()
    assert (work.state, "in vain" in work.said) == (WorkState.FAILED, True)


@pytest.mark.parametrize("machine", [worker_id().partition(":")[0], "another-machine"])
def test_a_task_is_its_worker_s_as_long_as_that_says_that_it_lives(company: Company, machine: str) -> None:
    asked(company, end=2)
    worker = f"{machine}:{os.getppid()}:x"
    DBTaskResult.objects.get().claim(worker)
    begun = timezone.now()
    for minutes in range(2, 90, 2):
        WorkerBeat.objects.update_or_create(worker_id=worker, defaults={"beat_at": begun + timedelta(minutes=minutes)})
        assert requeue_orphaned_tasks(now=begun + timedelta(minutes=minutes + 1)) == 0
    assert requeue_orphaned_tasks(now=begun + timedelta(minutes=minutes) + BEAT_LASTS) == 1


def test_a_worker_of_another_machine_that_never_spoke_is_given_minutes_and_no_hour(company: Company) -> None:
    asked(company, end=2)
    DBTaskResult.objects.get().claim("another-machine:1:x")
    assert requeue_orphaned_tasks(now=timezone.now()) == 0
    assert requeue_orphaned_tasks(now=timezone.now() + BEAT_LASTS) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_says_that_it_lives_and_sweeps_while_it_works() -> None:
    beat(now=timezone.now() - timedelta(days=2))
    stop = sweep_beside(every_s=0.05)
    until = time.monotonic() + 30
    while time.monotonic() < until and not _spoke_lately():
        time.sleep(0.05)
    stop.set()
    for one in threading.enumerate():
        if one.name == "sweep":
            one.join(30)
    assert _spoke_lately()


def _spoke_lately() -> bool:
    try:
        return _spoke_within_a_minute()
    except OperationalError:  # tables of a database in memory are locked without waiting while the other thread writes
        return False


def _spoke_within_a_minute() -> bool:
    spoken = WorkerBeat.objects.filter(worker_id=worker_id(), beat_at__gt=timezone.now() - timedelta(minutes=1))
    return spoken.exists()


def test_a_worker_that_sweeps_while_it_works_leaves_its_own_task_alone(company: Company) -> None:
    asked(company, end=2)
    DBTaskResult.objects.get().claim(worker_id())
    sweep()
    assert DBTaskResult.objects.get().status == "RUNNING"
    DBTaskResult.objects.update(worker_ids=[f"{worker_id().rpartition(':')[0]}:an-earlier-one"])
    sweep()
    assert DBTaskResult.objects.get().status == "READY"


def test_a_kill_of_server_and_worker_amid_writes_loses_nothing_acknowledged() -> None:
    ours = ("DJANGO_SETTINGS_MODULE", "TENFOLD_SECRET_KEY", "TENFOLD_HOME", "TENFOLD_TESTED")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-m", "benchmarks.web_breakdown", "--writes", WRITES]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
