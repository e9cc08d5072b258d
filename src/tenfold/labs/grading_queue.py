"""A queue of gradings on one host, first come, first served, across processes and threads.

A waiting grading holds a numbered ticket, locked by whoever waits: a process that dies loses its lock, and with it its
place. Who has fewer than `places` tickets before them may begin.
"""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

_LOOK_AGAIN_S, _SELDOM_S = 0.05, 1.0


@contextlib.contextmanager
def slot(folder: Path, *, places: int = 1, on_position: Callable[[int], None] = lambda _: None) -> Iterator[None]:
    """Waits for a place and holds it.

    `on_position` is told how many must end first, whenever that changes, and 0 at last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ticket, file = _take_ticket(folder)
    told = -1
    try:
        while True:
            before = _before(folder, ticket)
            wait_for = max(0, before - places + 1)
            if wait_for != told:
                on_position(wait_for)
                told = wait_for
            if not wait_for:
                break
            time.sleep(min(_SELDOM_S, _LOOK_AGAIN_S * wait_for))  # who is far back looks seldom
        yield
    finally:
        ticket.unlink(missing_ok=True)
        file.close()


def waiting(folder: Path) -> int:
    """How many gradings wait or run."""
    if not folder.is_dir():
        return 0
    with _alone(folder):
        return len(_tickets(folder))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _take_ticket(folder: Path) -> tuple[Path, IO[str]]:
    with _alone(folder):
        counter = folder / "last"
        number = int(counter.read_text("ascii")) + 1 if counter.exists() and counter.stat().st_size else 1
        number = max([number, *(int(one.stem) + 1 for one in folder.glob("*.ticket"))])
        counter.write_text(str(number), "ascii")
        ticket = folder / f"{number:012}.ticket"
        file = ticket.open("w")
        fcntl.flock(file, fcntl.LOCK_EX)
        return ticket, file


def _before(folder: Path, ticket: Path) -> int:
    with _alone(folder):
        return len(_tickets(folder, before=ticket.name))


def _tickets(folder: Path, before: str = "~") -> list[Path]:
    """Those still held; what a dead process left is removed."""
    held = []
    for ticket in (one for one in folder.glob("*.ticket") if one.name < before):
        with contextlib.suppress(FileNotFoundError), ticket.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                held.append(ticket)
            else:
                ticket.unlink()
    return held
