"""Kinds of background work by name: apps declare them in `tasks`, services ask for them by name.

@job("plans.report")
def draw_report(work_id: str, *, plan: str, number: int) -> None:
with running(work_id) as progress:
...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django_tasks import task

Function = Callable[..., None]
_JOBS: dict[str, Any] = {}


class UnknownJob(LookupError):
    """Work was asked for by a name that no app has declared."""


def job(name: str) -> Callable[[Function], Any]:
    """Declares a kind of work; the function takes the work's id first.

    Raises:
        ValueError: the name is taken by another function.
    """

    def declare(function: Function) -> Any:
        known = _JOBS.get(name)
        if known is not None and known.module_path != f"{function.__module__}.{function.__qualname__}":
            raise ValueError(f"the job {name} is declared twice")
        _JOBS[name] = task()(function)
        return _JOBS[name]

    return declare


def job_named(name: str) -> Any:
    """The task of a name; raises UnknownJob."""
    try:
        return _JOBS[name]
    except KeyError:
        raise UnknownJob(f"no app has declared the job {name}") from None
