"""Kinds of background work by name: apps declare them in `tasks`, services ask for them by name.

@job("plans.report", may_open=may_open_report)
def draw_report(work_id: str, *, plan: str, number: int) -> None:
with running(work_id) as progress:
...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django_tasks import task

if TYPE_CHECKING:
    from tenfold.core.models import User
    from tenfold.core.models.background import Work

Function = Callable[..., None]
Guard = Callable[["Work", "User"], bool]
"""Whether somebody may open what a piece of work made, by the rights that they have now."""
_JOBS: dict[str, Any] = {}
_GUARDS: dict[str, Guard] = {}


class UnknownJob(LookupError):
    """Work was asked for by a name that no app has declared."""


def job(name: str, *, may_open: Guard | None = None) -> Callable[[Function], Any]:
    """Declares a kind of work; the function takes the work's id first.

    `may_open` is asked each time when somebody opens the result; without it no file of this kind is ever handed out.

    Raises:
        ValueError: the name is taken by another function.
    """

    def declare(function: Function) -> Any:
        known = _JOBS.get(name)
        if known is not None and known.module_path != f"{function.__module__}.{function.__qualname__}":
            raise ValueError(f"the job {name} is declared twice")
        _JOBS[name] = task()(function)
        if may_open is not None:
            _GUARDS[name] = may_open
        return _JOBS[name]

    return declare


def job_named(name: str) -> Any:
    """The task of a name; raises UnknownJob."""
    try:
        return _JOBS[name]
    except KeyError:
        raise UnknownJob(f"no app has declared the job {name}") from None


def guard_of(name: str) -> Guard | None:
    """Who may open what a kind of work makes; None where its app has declared no guard."""
    return _GUARDS.get(name)
